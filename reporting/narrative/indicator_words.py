"""An indicator's target, baseline, direction and later targets as sentences, from the facts alone."""

from collections.abc import Sequence

from commitments.reading.indicator_words import NO_TARGET, beside_in_words
from commitments.rules.indicators import in_sentence
from reporting.facts import FigureFacts, IndicatorFacts, Report


def in_round(report: Report, indicators: Sequence[IndicatorFacts]) -> list[tuple[IndicatorFacts, FigureFacts]]:
    """Return the indicators that the report prints, each with its figure of the reported round.

    One with neither a number, a reason for none, a target nor a later target is left out.
    """
    pairs = [(indicator, indicator.in_round(report.round.slug)) for indicator in indicators]
    return [
        (indicator, figure)
        for indicator, figure in pairs
        if figure
        and (figure.actual is not None or figure.absent_reason or figure.target is not None or indicator.later)
    ]


def target(report: Report, indicator: IndicatorFacts, figure: FigureFacts) -> str:
    """Return a round's target in words; "No target was set" only where no round has one."""
    some = indicator.later or any(figure.target is not None for figure in indicator.rounds)
    return (
        f"No target for {report.label_of(figure.round)}"
        if figure.target_said == NO_TARGET and some
        else figure.target_said
    )


def beside(report: Report, indicator: IndicatorFacts, *, later: bool = True) -> str:
    """Return the baseline, which way is good and the later targets, a sentence each.

    :param later: False where the sentence before it names the later targets already.
    """
    aims = (
        [(report.label_of(aim.round), in_sentence(aim.said, indicator.kind)) for aim in indicator.later]
        if later
        else []
    )
    return beside_in_words(indicator.baseline_said, indicator.direction, aims)


def by_strand(figure: FigureFacts) -> str:
    """Return a figure's breakdown by strand and what of it is hidden, or why it is not shown; "" where there is none."""
    if not figure.strands:
        return figure.strands_note
    lines = "; ".join(f"{strand.strand} {strand.said}" for strand in figure.strands)
    return f"By strand: {lines}. {figure.strands_note}".rstrip()
