"""What a published dataset is: one table with its columns, each declared once, and the rows that everyone may read.

Pages, files, their descriptions for programs, and the API's CSV all read the same declaration. Rows are read in chunks, so that a
dataset of any length needs the same memory.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from vcsportal.common.cells import Value, settled
from vcsportal.common.columns import as_words

CHUNK_ROWS: Final = 2_000
"""Rows that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class DataColumn:
    """A column of a dataset, declared once.

    ``source`` names the fields of the query's rows that the cell is made of; the column's own name if it is left out. ``shape``
    takes their values and returns the cell; without it the cell is the one value. ``unit`` says what a number counts.
    ``withdrawable`` says that somebody may later withdraw what the cell contains, so that it is left out of snapshots.
    """

    name: str
    kind: str
    meaning: str
    source: str | tuple[str, ...] = ""
    shape: Callable[..., Value] | None = None
    unit: str = field(default="", kw_only=True)
    withdrawable: bool = field(default=False, kw_only=True)

    @property
    def heading(self) -> str:
        """The name as words, for people."""
        return as_words(self.name)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that are read for it."""
        if isinstance(self.source, tuple):
            return self.source
        return (self.source or self.name,)

    def cell(self, values: Sequence[Any]) -> Value:
        """Return the cell for the values of :attr:`fields`. A moment is local time with its distance from UTC."""
        value = self.shape(*values) if self.shape else values[0]
        if isinstance(value, datetime):
            return timezone.localtime(value).isoformat(timespec="seconds")
        return settled(value)


@dataclass(frozen=True, slots=True)
class Dataset:
    """One table that anyone may download.

    ``slug`` is its name in addresses and files, ``says`` one sentence on what there is a row for. ``rows`` returns, for a day,
    a query of what everyone may read on that day, in an order that stays. ``keywords`` are for catalogues. A dataset that is not
    ``in_snapshots`` consists of what people may withdraw, so no snapshot of it is kept.
    """

    slug: str
    title: str
    says: str
    columns: tuple[DataColumn, ...]
    rows: Callable[[date], QuerySet[Any]]
    keywords: tuple[str, ...] = ()
    in_snapshots: bool = field(default=True, kw_only=True)

    @property
    def lasting_columns(self) -> tuple[DataColumn, ...]:
        """The columns that a snapshot has: those whose content nobody may withdraw."""
        return tuple(column for column in self.columns if not column.withdrawable)

    def read(self, day: date, columns: Sequence[DataColumn] = ()) -> Iterator[tuple[Value, ...]]:
        """Yield the cells of each row, in the order of the columns: chunk by chunk, each in the query's order.

        A chunk is so many keys, and two short queries; so neither the database nor the portal has all of it at once, however
        slowly it is downloaded.

        :param columns: some of the columns; all of them if none are given.
        """
        columns = columns or self.columns
        names = tuple(dict.fromkeys(name for column in columns for name in column.fields))
        place = {name: number for number, name in enumerate(names)}
        places = [(column, tuple(place[name] for name in column.fields)) for column in columns]
        rows = self.rows(day)
        keys = rows.order_by("pk").values_list("pk", flat=True)
        last = 0
        while chunk := list(keys.filter(pk__gt=last)[:CHUNK_ROWS]):
            for row in rows.filter(pk__in=chunk).values_list(*names):
                yield tuple(column.cell([row[number] for number in numbers]) for column, numbers in places)
            last = chunk[-1]
