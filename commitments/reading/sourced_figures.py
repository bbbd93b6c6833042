"""Figures with sources as pages, the API and reports show them: each value with its day and source, another source beside it.

What has no source, and small numbers of strands, are shown to the people responsible for the strategy and to no one else.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from commitments.models import SourcedFigure, SourcedValue, Strategy
from commitments.permissions.sourced_figures import can_keep_figures
from commitments.reading.public_breakdowns import breakdowns_of, strands_in_order, wholes_of, withheld_breakdowns
from commitments.reading.source_lines import SourceLine
from commitments.reading.strand_breakdowns import StrandBreakdown, StrandLine, breakdown
from commitments.reading.value_order import first_entered, newest_first
from commitments.rules.sourced_figures import TOPICS, difference, say_sourced, say_when
from partners import roles
from partners.permissions import strategies_where
from partners.reading.public_names import NameOf, names_for


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A value in words. ``place`` is its area, "" for the whole, and ``area`` the GSS code of that. ``others`` are what other sources say of the same thing.

    ``differs`` says of one of those how it differs from the first source, "" if it says the same.
    """

    key: int
    said: str
    value: Decimal
    when: str
    place: str
    words: str
    source: SourceLine | None
    note: str
    correction: str = ""
    others: tuple["ValueLine", ...] = ()
    differs: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class ValueCorrection:
    """A value that was corrected, or withdrawn if ``now`` is "". ``who`` is the post, "" for the strategy's file."""

    was: str
    was_when: str
    now: str
    now_when: str
    place: str
    reason: str
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class FigureCard:
    """A figure with its newest value, those of areas, its newest breakdown, and its earlier values.

    ``earlier_by_strand`` are the other breakdowns, which only the people who keep the figure see.
    """

    figure: SourcedFigure
    lead: ValueLine | None
    by_area: tuple[ValueLine, ...]
    by_strand: StrandBreakdown | None
    earlier: tuple[ValueLine, ...]
    keeps: bool = False
    earlier_by_strand: tuple[StrandBreakdown, ...] = ()

    @property
    def values(self) -> tuple[ValueLine, ...]:
        """The newest value and those of areas."""
        return (*([self.lead] if self.lead else []), *self.by_area)


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """A figure with its parts below it."""

    card: FigureCard
    parts: tuple[FigureCard, ...]


@dataclass(frozen=True, slots=True)
class FigureTopicCards:
    """The figures about one thing, under its heading."""

    code: str
    title: str
    groups: tuple[FigureGroup, ...]


def figure_cards(figures: Sequence[SourcedFigure], person: Any = None) -> list[FigureCard]:
    """Return the cards of figures, in their order, as a person may see them; None is everyone. Two queries.

    Each figure's strategy has to be read with it if ``person`` is given.
    """
    kept = {figure.strategy_id: person is not None and can_keep_figures(person, figure.strategy) for figure in figures}
    rows: defaultdict[int, list[SourcedValue]] = defaultdict(list)
    without_area: defaultdict[int, list[SourcedValue]] = defaultdict(list)
    wholes = {figure.part_of_id or figure.pk for figure in figures}
    related = Q(area__isnull=True) & (Q(figure__in=wholes) | Q(figure__part_of__in=wholes))
    everything = SourcedValue.objects.filter(Q(figure__in=[figure.pk for figure in figures]) | related)
    for value in everything.select_related("figure", "area", "strand", "source").as_entered():
        rows[value.figure_id].append(value)
        if value.area_id is None:
            without_area[value.figure.part_of_id or value.figure_id].append(value)
    withheld = {key for values in without_area.values() for key in withheld_breakdowns(values)}
    return [
        _card(figure, rows[figure.pk], keeps=kept[figure.strategy_id], withheld=figure.pk in withheld)
        for figure in figures
    ]


def value_corrections(figure: SourcedFigure, person: Any = None) -> list[ValueCorrection]:
    """Return what was corrected and withdrawn of a figure, the newest first, as a person may see it; None is everybody. One query.

    Only the people responsible for the strategy read of rows that had no source, and of counts by strand: what such a count was
    could give a small number away. The figure's strategy and its owner have to be read with it.
    """
    rows = SourcedValue.objects.filter(figure=figure, replaces__isnull=False)
    if person is None or not can_keep_figures(person, figure.strategy):
        rows = rows.filter(replaces__source__isnull=False, strand__isnull=True, replaces__strand__isnull=True)
        rows = rows.filter(Q(value__isnull=True) | Q(source__isnull=False))
    name = names_for(person, figure.strategy.owner)
    related = ("replaces__area", "replaces__strand", "entered_by")
    found = rows.select_related(*related).order_by("-entered_at", "-id")
    return [_correction(figure, row.replaces, row, name) for row in found if row.replaces is not None]


def _correction(figure: SourcedFigure, was: SourcedValue, row: SourcedValue, name: NameOf) -> ValueCorrection:
    now, when = ("", "") if row.value is None else _said_and_when(figure, row)
    place = was.area.name if was.area else was.strand.words if was.strand else ""
    who = name(row.entered_by) if row.entered_by else ""
    return ValueCorrection(*_said_and_when(figure, was), now, when, place, row.reason, row.entered_at, who)


def _said_and_when(figure: SourcedFigure, row: SourcedValue) -> tuple[str, str]:
    return say_sourced(row, kind=figure.kind, unit=figure.unit), say_when(row.starts_on, row.ends_on, row.period)


def topics_with_figures(strategy: Strategy) -> set[str]:
    """Return the codes of the topics about which a strategy has public figures. One query."""
    found = SourcedFigure.objects.filter(strategy=strategy).in_use().visible_to(None)
    return set(found.order_by().values_list("about", flat=True))


def topics(cards: Iterable[FigureCard]) -> list[FigureTopicCards]:
    """Return cards under the headings of what they are about, parts below their whole; each heading only where there is a figure."""
    rows = list(cards)
    there = {card.figure.pk for card in rows}
    found = []
    for topic in TOPICS:
        groups = tuple(
            FigureGroup(card, tuple(part for part in rows if part.figure.part_of_id == card.figure.pk))
            for card in rows
            if card.figure.about == topic.code and card.figure.part_of_id not in there
        )
        if groups:
            found.append(FigureTopicCards(topic.code, topic.label, groups))
    return found


def kept_strategies(person: Any) -> Any:
    """Return the condition that a person keeps the figures of a strategy."""
    return strategies_where(person, roles.MANAGE_COMMITMENTS)


def _card(figure: SourcedFigure, rows: list[SourcedValue], *, keeps: bool, withheld: bool) -> FigureCard:
    after = {row.replaces_id: row for row in rows if row.replaces_id}
    known = {row.pk: row for row in rows}
    current = newest_first(
        [row for row in rows if row.value is not None and row.pk not in after and (keeps or row.source_id is not None)],
        first_entered(rows),
    )
    beside: defaultdict[int, list[SourcedValue]] = defaultdict(list)
    leads: list[SourcedValue] = []
    there = {row.pk for row in current}
    for row in current:
        first = known.get(row.beside_id) if row.beside_id else None
        while first is not None and first.pk in after:
            first = after[first.pk]
        if first is not None and first.pk in there and first.pk != row.pk and _is_same_thing(first, row):
            beside[first.pk].append(row)
        else:
            leads.append(row)
    whole = [_line(figure, row, beside[row.pk]) for row in leads if row.area_id is None and row.strand_id is None]
    areas: dict[int, ValueLine] = {}
    earlier = whole[1:]
    for row in leads:
        if row.area_id is not None:
            line = _line(figure, row, beside[row.pk])
            if areas.setdefault(row.area_id, line) is not line:
                earlier.append(line)
    by_area = tuple(sorted(areas.values(), key=lambda line: line.place))
    breakdowns: list[StrandBreakdown] = []
    for rows_of_it in breakdowns_of(leads):
        is_newest = not breakdowns
        breakdowns.append(_breakdown(figure, rows_of_it, rows, keeps=keeps, withheld=is_newest and withheld))
    return FigureCard(
        figure, whole[0] if whole else None, by_area, breakdowns[0] if breakdowns else None, tuple(earlier), keeps,
        tuple(breakdowns[1:]) if keeps else (),
    )  # fmt: skip


def _is_same_thing(first: SourcedValue, other: SourcedValue) -> bool:
    return first.area_id == other.area_id and first.strand_id is None and other.strand_id is None


def _line(
    figure: SourcedFigure, row: SourcedValue, others: Sequence[SourcedValue] = (), first: SourcedValue | None = None
) -> ValueLine:
    lines = tuple(_line(figure, other, first=row) for other in sorted(others, key=lambda other: other.pk))
    differs = "" if first is None else difference(first, row, kind=figure.kind, unit=figure.unit)
    return ValueLine(
        row.pk,
        say_sourced(row, kind=figure.kind, unit=figure.unit),
        row.value or Decimal(0),
        say_when(row.starts_on, row.ends_on, row.period),
        row.area.name if row.area else "",
        row.words,
        _source(row),
        row.note,
        row.reason,
        lines,
        differs,
        row.area.gss_code if row.area else "",
    )


def _source(row: SourcedValue) -> SourceLine | None:
    source = row.source
    if source is None:
        return None
    when = say_when(source.published_on, None, source.period)
    return SourceLine(
        source.title, source.publisher, when, row.source_place, source.url, source.licence, source.note, source.slug
    )


def _breakdown(
    figure: SourcedFigure,
    rows: Sequence[SourcedValue],
    everything: Sequence[SourcedValue],
    *,
    keeps: bool,
    withheld: bool,
) -> StrandBreakdown:
    """Return a breakdown, small numbers hidden from everyone but those who keep it.

    :param everything: all rows of the figure.
    :param withheld: whether it gives a number away together with another, so that nobody else may see it.
    """
    lines = [_strand_line(figure, row) for row in strands_in_order(rows)]
    when = say_when(rows[0].starts_on, rows[0].ends_on, rows[0].period)
    wholes = wholes_of((rows[0].starts_on, rows[0].ends_on, rows[0].period), everything)
    return breakdown(lines, when=when, source=_source(rows[0]), keeps=keeps, wholes=wholes, withheld=withheld)


def _strand_line(figure: SourcedFigure, row: SourcedValue) -> StrandLine:
    said, strand = say_sourced(row, kind=figure.kind, unit=figure.unit), row.strand
    code, words = (strand.code, strand.words) if strand else ("", "")
    return StrandLine(code, words, said, int(row.value or 0), row.pk)
