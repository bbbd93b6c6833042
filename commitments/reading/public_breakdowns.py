"""Which breakdowns by strand everyone could read, now and before, and which are not shown because of another.

Values are append-only, so what could be read at any time is known: what was entered at the same moment was shown together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from commitments.models import SourcedFigure, SourcedValue
from commitments.reading.value_order import first_entered, newest_first
from commitments.rules.related_breakdowns import Counts, earlier_gives_away, part_gives_away
from commitments.rules.small_numbers import leaves_few
from commitments.rules.sourced_figures import last_day


@dataclass(frozen=True, slots=True)
class PublicBreakdown:
    """The newest breakdown of a figure at some time. ``year`` is None where its period does not say; ``entries`` are its rows', ``wholes`` as in :func:`wholes_of`."""

    counts: Counts
    year: int | None
    period: tuple[Any, ...]
    entries: frozenset[int]
    wholes: frozenset[Decimal] = frozenset()

    def is_in_place_of(self, before: "PublicBreakdown") -> bool:
        """Whether it is about the same period and source, or corrects a row of the other."""
        return self.period == before.period or bool(self.entries & before.entries)

    @property
    def hides_for_its_whole(self) -> bool:
        """Whether a count leaves so few of the whole that it is hidden."""
        return any(leaves_few(count, self.wholes) for count in self.counts.values())

    def may_be_of_year(self, other: "PublicBreakdown") -> bool:
        """Whether both may be about the same year."""
        return self.year is None or other.year is None or self.year == other.year


def breakdowns_of(rows: Iterable[SourcedValue]) -> list[list[SourcedValue]]:
    """Return the rows by strand among those of a figure, each breakdown by itself: those of one period and one source, in their order."""
    found: dict[tuple[Any, ...], list[SourcedValue]] = {}
    for row in rows:
        if row.strand_id is not None:
            found.setdefault(_together(row), []).append(row)
    return list(found.values())


def strands_in_order(rows: Iterable[SourcedValue]) -> list[SourcedValue]:
    """Return the rows of a breakdown in the order of their strands; of several for a strand, the first."""
    by_strand: dict[int | None, SourcedValue] = {}
    for row in rows:
        by_strand.setdefault(row.strand_id, row)
    return sorted(by_strand.values(), key=lambda row: (row.strand.number, row.strand.pk) if row.strand else (0, 0))


def wholes_of(period: Sequence[Any], rows: Iterable[SourcedValue]) -> frozenset[Decimal]:
    """Return what was ever printed as the whole of a figure for a period, by any source.

    :param period: first day, last day and words of the period.
    :param rows: all rows of the figure.
    """
    return frozenset(
        row.value
        for row in rows
        if row.strand_id is None
        and row.area_id is None
        and row.value is not None
        and row.source_id is not None
        and (row.starts_on, row.ends_on, row.period) == tuple(period)
    )


def withheld_breakdowns(rows: Sequence[SourcedValue]) -> set[int]:
    """Return the keys of the figures whose newest breakdown would give a number away together with another.

    :param rows: all rows of a figure and of its parts that are of no area, as they were entered, each with its figure and strand.
    """
    by_figure: dict[SourcedFigure, list[SourcedValue]] = {}
    for row in rows:
        by_figure.setdefault(row.figure, []).append(row)
    public = {figure.pk: _public_breakdowns(of_figure) for figure, of_figure in by_figure.items()}
    whole = [public[figure.pk] for figure in by_figure if figure.part_of_id is None]
    parts = [public[figure.pk] for figure in by_figure if figure.part_of_id is not None]
    if whole and _family_gives_away(whole[0], parts):
        return set(public)
    return {
        key
        for key, shown in public.items()
        if shown
        and earlier_gives_away(
            shown[-1].counts,
            [before.counts for before in shown[:-1] if shown[-1].is_in_place_of(before)],
            shown[-1].wholes,
        )
    }


def _family_gives_away(whole: Sequence[PublicBreakdown], parts: Sequence[Sequence[PublicBreakdown]]) -> bool:
    """Whether a figure and its parts give a number away: at any time each part by itself, now all of them together."""
    for shown in whole:
        near = [[before for before in part if before.may_be_of_year(shown)] for part in parts]
        if any(near) and any(each.hides_for_its_whole for part in ([shown], *near) for each in part):
            return True
        if any(part_gives_away(shown.counts, [before.counts]) for part in near for before in part):
            return True
        if part_gives_away(shown.counts, [part[-1].counts for part in near if part]):
            return True
    return False


def _public_breakdowns(rows: Sequence[SourcedValue]) -> list[PublicBreakdown]:
    """Return the newest breakdown of a figure after each time that one of its rows was entered, corrected or withdrawn."""
    by_strand = [row for row in rows if row.strand_id is not None]
    began = first_entered(by_strand)
    found: list[PublicBreakdown] = []
    for moment in sorted({row.entered_at for row in by_strand}):
        then = [row for row in by_strand if row.entered_at <= moment]
        replaced = {row.replaces_id for row in then}
        current = [
            row for row in then if row.pk not in replaced and row.value is not None and row.source_id is not None
        ]
        if current:
            newest = breakdowns_of(newest_first(current, began))[0]
            found.append(_public(newest, began, rows))
    return found


def _public(rows: Sequence[SourcedValue], began: dict[int, int], everything: Sequence[SourcedValue]) -> PublicBreakdown:
    counts = {row.strand_id: int(row.value or 0) for row in strands_in_order(rows) if row.strand_id is not None}
    day = last_day(rows[0].starts_on, rows[0].ends_on, rows[0].period)
    return PublicBreakdown(
        counts,
        day.year if day else None,
        _together(rows[0]),
        frozenset(began[row.pk] for row in rows),
        wholes_of(_together(rows[0])[:3], everything),
    )


def _together(row: SourcedValue) -> tuple[Any, ...]:
    return row.starts_on, row.ends_on, row.period, row.source_id
