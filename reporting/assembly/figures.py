"""Indicators for the report: a part of :mod:`reporting.assembly`, in three queries, or four where a figure is broken down by strand.

Breakdowns are read as everyone may see them: small numbers never enter the facts.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from commitments.models import Indicator, IndicatorTarget, IndicatorValue, Round
from commitments.reading.indicator_words import IndicatorSummary, no_figure, summarise
from commitments.reading.strand_breakdowns import strands_of
from reporting.facts import AimFacts, FigureFacts, IndicatorFacts, StrandFacts


@dataclass(frozen=True, slots=True)
class StrategyIndicators:
    """The indicators of a strategy up to a round, by the key of the commitment or the priority that they belong to."""

    of_commitment: defaultdict[int, list[IndicatorFacts]] = field(default_factory=lambda: defaultdict(list))
    of_priority: defaultdict[int, list[IndicatorFacts]] = field(default_factory=lambda: defaultdict(list))


def counted(round_: Round) -> StrategyIndicators:
    """Return the figures and targets of the round and those before it; only approved figures.

    Of later rounds only the targets are given, apart: a later round's figure is no part of an earlier round's report.
    """
    strategy = round_.strategy
    indicators = list(Indicator.objects.filter(strategy=strategy).order_by("id"))
    whole = {"indicator__strategy": strategy, "area": None}
    until = {**whole, "round__observes_from__lte": round_.observes_from}
    rounds: defaultdict[int, dict[int, Round]] = defaultdict(dict)
    targets: defaultdict[int, dict[int, IndicatorTarget]] = defaultdict(dict)
    values: defaultdict[int, dict[int, IndicatorValue]] = defaultdict(dict)
    later: defaultdict[int, list[IndicatorTarget]] = defaultdict(list)
    for target in IndicatorTarget.objects.filter(**whole).select_related("round").order_by("id"):
        if target.round.observes_from > round_.observes_from:
            later[target.indicator_id].append(target)
            continue
        targets[target.indicator_id][target.round_id] = target
        rounds[target.indicator_id][target.round_id] = target.round
    approved = list(IndicatorValue.objects.approved().filter(**until).select_related("round").order_by("id"))
    strands = strands_of(approved)
    for value in approved:
        values[value.indicator_id][value.round_id] = value
        rounds[value.indicator_id][value.round_id] = value.round
    found = StrategyIndicators()
    for indicator in indicators:
        order = sorted(rounds[indicator.pk].values(), key=lambda r: (r.observes_from, r.pk))
        if round_.pk not in rounds[indicator.pk]:
            order.append(round_)
        told = summarise(
            indicator, order, targets[indicator.pk], values[indicator.pk], slug=strategy.slug, later=later[indicator.pk],
            strands=strands,
        )  # fmt: skip
        fact = _facts(indicator, told, order, values[indicator.pk])
        if indicator.commitment_id is not None:
            found.of_commitment[indicator.commitment_id].append(fact)
        elif indicator.priority_id is not None:
            found.of_priority[indicator.priority_id].append(fact)
    return found


def _facts(
    indicator: Indicator, told: IndicatorSummary, rounds: list[Round], values: dict[int, IndicatorValue]
) -> IndicatorFacts:
    figures = []
    for round_, cell in zip(rounds, told.cells, strict=True):
        value, breakdown = values.get(round_.pk), cell.by_strand
        figures.append(
            FigureFacts(
                round=cell.round,
                actual=cell.added,
                numerator=value.numerator if value else None,
                denominator=value.denominator if value else None,
                absent_reason=value.absent_reason if value else "",
                total=cell.actual if told.cumulative else None,
                target=cell.aimed,
                target_total=cell.target if told.cumulative else None,
                actual_said=cell.actual_said,
                total_said=cell.total_said if told.cumulative else "",
                target_said=cell.target_said,
                target_total_said=cell.aim_total_said if told.cumulative else "",
                verdict=cell.verdict_said,
                note=cell.note,
                strands=tuple(StrandFacts(line.words, line.count, line.said) for line in breakdown.lines)
                if breakdown
                else (),
                strands_note=breakdown.says if breakdown else "",
            )
        )
    return IndicatorFacts(
        code=told.code, title=told.title, definition=told.definition, unit=told.unit, kind=told.kind,
        cumulative=told.cumulative, direction=told.direction_said, baseline=told.baseline,
        baseline_said=told.baseline_said, sentence=_sentence(told), rounds=tuple(figures),
        later=tuple(AimFacts(aim.round, aim.value, aim.said) for aim in told.later),
    )  # fmt: skip


def _sentence(told: IndicatorSummary) -> str:
    cell = told.cells[-1]
    if cell.has_figure:
        return f"{told.figure(cell)} {cell.verdict_said}.".removesuffix(" .")
    aim = f"The target was {told.quoted(cell.target_said)}." if cell.target is not None else told.without_target(cell)
    return f"{no_figure(cell)} {aim}"
