"""Pages of lists that may be very long: no more rows are counted or skipped than a page needs.

Up to :data:`MAX_COUNTED` rows there are numbered pages. Beyond that the list only says that there are more, and each
page links to the next by the last row's position, which costs the same on every page.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet

from vcsportal.common import plurals

MAX_COUNTED: Final = 1_000


def count_up_to(rows: QuerySet[Any], most: int = MAX_COUNTED) -> int:
    """Return how many rows there are, or ``most + 1`` where there are more than ``most``."""
    return rows.order_by()[: most + 1].count()


def counted(number: int, noun: str, most: int = MAX_COUNTED) -> str:
    """Return ``3 items``, or ``more than 1,000 items`` for a number from :func:`count_up_to` that is greater than ``most``."""
    return f"more than {plurals.counted(most, noun)}" if number > most else plurals.counted(number, noun)


@dataclass(frozen=True, slots=True)
class ListPlace:
    """The position of a row in a list that is ordered by a day and then by number, newest first."""

    day: date
    key: int

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.key}"

    @classmethod
    def read(cls, text: str) -> "ListPlace | None":
        """Return the place that a page's address names; None for anything else."""
        day, _, key = text.partition(".")
        if not (key.isascii() and key.isdigit() and len(key) < 19 and len(day) == 10):
            return None
        try:
            return cls(date.fromisoformat(day), int(key))
        except ValueError:
            return None

    def older(self, day: str) -> Q:
        """Return the condition that a row stands after this place. ``day`` is the name of the field of the day."""
        return Q(**{f"{day}__lte": self.day}) & (Q(**{f"{day}__lt": self.day}) | Q(pk__lt=self.key))

    def newer(self, day: str) -> Q:
        """Return the condition that a row stands before this place."""
        return Q(**{f"{day}__gte": self.day}) & (Q(**{f"{day}__gt": self.day}) | Q(pk__gt=self.key))


@dataclass(frozen=True, slots=True)
class LongPage:
    """One page of a list. Where ``numbers`` is None the list is too long for numbers, and ``newer`` and ``older`` lead on.

    ``keys`` are the primary keys of the page's rows, in order; ``count`` is from :func:`count_up_to`.
    """

    keys: tuple[int, ...]
    count: int
    numbers: Any = None
    newer: str = ""
    older: str = ""

    @property
    def has_other_pages(self) -> bool:
        """Whether there is another page in either direction."""
        return self.numbers.has_other_pages() if self.numbers else bool(self.newer or self.older)


def long_page(rows: QuerySet[Any], asked: Any, size: int, *, day: str) -> LongPage:
    """Return the page that is asked for of rows that are ordered by a day and then by number, the newest first.

    What can't be read in ``asked`` means the first page.

    :param asked: the query of the page's address: ``page``, ``older`` or ``newer``.
    :param day: the name of the field of the day.
    """
    count = count_up_to(rows)
    if count <= MAX_COUNTED:
        numbers = Paginator(range(count), size).get_page(asked.get("page"))
        first = (numbers.number - 1) * size
        return LongPage(tuple(rows.values_list("pk", flat=True)[first : first + size]) if count else (), count, numbers)
    after, before = ListPlace.read(asked.get("older") or ""), ListPlace.read(asked.get("newer") or "")
    places = rows.values_list("pk", day)
    if before and not after:
        found = list(places.filter(before.newer(day)).order_by(day, "pk")[: size + 1])
        more_newer, more_older = len(found) > size, True
        found = found[:size][::-1]
    else:
        found = list((places.filter(after.older(day)) if after else places)[: size + 1])
        more_newer, more_older = after is not None, len(found) > size
        found = found[:size]
    if not found:  # nothing is newer than the first row, or older than the last
        return long_page(rows, {}, size, day=day) if asked else LongPage((), count)
    newer, older = (str(ListPlace(when, key)) for key, when in (found[0], found[-1]))
    return LongPage(
        tuple(key for key, _ in found), count, newer=newer if more_newer else "", older=older if more_older else ""
    )
