"""The order of a figure's values: the newest first."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from commitments.models import SourcedValue
from commitments.rules.sourced_figures import last_day


def first_entered(rows: Iterable[SourcedValue]) -> dict[int, int]:
    """Return for each row the key of the one that it corrects in the end, or its own.

    :param rows: all rows of a figure, as they were entered.
    """
    found: dict[int, int] = {}
    for row in rows:
        found[row.pk] = found.get(row.replaces_id, row.replaces_id) if row.replaces_id else row.pk
    return found


def newest_first(rows: Iterable[SourcedValue], began: Mapping[int, int]) -> list[SourcedValue]:
    """Return rows by their last day, the newest first; of several sources for the same period, the first entered.

    :param began: what :func:`first_entered` returns, so that a correction has the place of what it corrects.
    """
    period_began: dict[tuple[Any, ...], int] = {}
    rows = sorted(rows, key=lambda row: began[row.pk])
    for row in rows:
        period_began.setdefault(_period_of(row), began[row.pk])

    def place(row: SourcedValue) -> tuple[date, date, int]:
        day = last_day(row.starts_on, row.ends_on, row.period) or date.min
        return day, row.starts_on or date.min, period_began[_period_of(row)]

    return sorted(rows, key=place, reverse=True)  # which leaves rows of one period as they were


def _period_of(row: SourcedValue) -> tuple[Any, ...]:
    return row.area_id, row.strand_id, row.starts_on, row.ends_on, row.period
