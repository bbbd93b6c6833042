"""Figures of the county and money, where the report prints any: a part of :mod:`reporting.assembly`, in three queries.

They are read as everyone may see them: what has no source, and small numbers of strands, never enter the facts.
"""

from collections.abc import Iterator
from decimal import Decimal

from commitments.models import Award, SourcedFigure, Strategy
from commitments.reading.awards import money
from commitments.reading.sourced_figures import FigureCard, ValueLine, figure_cards
from commitments.reading.strand_breakdowns import StrandBreakdown
from commitments.rules.awards import sums
from reporting import facts


def county_figures(
    strategy: Strategy,
) -> tuple[tuple[facts.CountyFigureFacts, ...], tuple[facts.AwardSumFacts, ...]]:
    """Return the figures that a strategy's report prints, and the sums of the awards under them; two empty ones where it prints none."""
    chosen = SourcedFigure.objects.filter(strategy=strategy, in_report=True).in_use().select_related("part_of")
    figures = list(chosen.in_order())
    if not figures:
        return (), ()
    rows: list[facts.CountyFigureFacts] = []
    printed: list[SourcedFigure] = []
    for card in figure_cards(figures):
        before = len(rows)
        for line in card.values:
            rows += _values(card, line, len(rows))
        if card.by_strand is not None:
            rows += _strands(card.figure, card.by_strand, len(rows))
        if len(rows) > before:
            printed.append(card.figure)
    return tuple(rows), tuple(_sums(printed))


def _values(card: FigureCard, line: ValueLine, after: int) -> Iterator[facts.CountyFigureFacts]:
    first = after + 1
    yield _fact(card.figure, line, first)
    for number, other in enumerate(line.others, start=first + 1):
        yield _fact(card.figure, other, number, beside=first, differs=other.differs)


def _fact(
    figure: SourcedFigure, line: ValueLine, number: int, *, beside: int = 0, differs: str = ""
) -> facts.CountyFigureFacts:
    source = line.source
    return facts.CountyFigureFacts(
        number=number,
        about=figure.about,
        title=figure.title,
        part_of=figure.part_of.title if figure.part_of else "",
        said=line.said,
        value=line.value,
        kind=figure.kind,
        unit=figure.unit,
        when=line.when,
        place=line.place,
        strand="",
        words=line.words,
        source=", ".join(filter(None, [source.title, source.publisher, source.when])) if source else "",
        source_place=source.place if source else "",
        note=line.note,
        beside=beside,
        differs=differs,
    )


def _strands(figure: SourcedFigure, breakdown: StrandBreakdown, after: int) -> Iterator[facts.CountyFigureFacts]:
    source = breakdown.source
    for number, line in enumerate(breakdown.lines, start=after + 1):
        yield facts.CountyFigureFacts(
            number=number,
            about=figure.about,
            title=figure.title,
            part_of="",
            said=line.said,
            value=None if line.count is None else Decimal(line.count),
            kind=figure.kind,
            unit=figure.unit,
            when=breakdown.when,
            place="",
            strand=line.words,
            words="",
            source=", ".join(filter(None, [source.title, source.publisher, source.when])) if source else "",
            source_place=source.place if source else "",
            note=breakdown.says,
        )


def _sums(figures: list[SourcedFigure]) -> Iterator[facts.AwardSumFacts]:
    under = {figure.pk: figure.title for figure in figures if figure.is_money}
    listed = list(Award.objects.current().filter(figure__in=list(under)).order_by("id")) if under else []
    for key, title in under.items():
        for row in sums(award for award in listed if award.figure_id == key):
            said = money(row.amount, row.currency)
            yield facts.AwardSumFacts(title, row.year, row.kind, row.currency, row.count, row.amount, said)
