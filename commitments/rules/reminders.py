"""When someone may get a reminder of a round. Only dates go in and out.

Six points around the day on which the window closes: 30, 7 and 1 days before, and 1, 7 and 30 after. A point before it
moves to the working day before where it falls on a weekend or a bank holiday, a point after it to the next one. A point
lasts until the next: people who could not get it on the day itself (they had an email less than five days ago, or the
machine was off) get it on the first possible day within it. If there is none, it is skipped.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import holidays

REMINDER_OFFSETS_DAYS: Final = (-30, -7, -1, 1, 7, 30)
MIN_GAP: Final = timedelta(days=5)
"""The shortest time between two emails that ask the same person for something, in any round."""
CLOSE_POINTS_DAYS: Final = (-7, -1, 1)
"""Points so near to the closing day that only what went less than :data:`MIN_GAP` before them makes them needless."""
REAFFIRMING_POINT_DAYS: Final = -7
"""The only reminder to someone who is asked for nothing but whether they still stand by a charter: the email that opens the
round and one near its end are enough."""
LAST_REMINDER_LASTS: Final = timedelta(days=14)
ASKING_KINDS: Final = ("round:opening", "round:joined", "round:reminder", "round:nudge", "round:handed")
"""The kinds of email that ask for something, so that the next one waits."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ReminderPoint:
    """One point of a round's calendar: reminders of it go out from ``on`` and no longer on ``until``."""

    offset: int
    on: date
    until: date

    @property
    def code(self) -> str:
        return f"{abs(self.offset)}-{'before' if self.offset < 0 else 'after'}"


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Whether it is neither a Saturday or Sunday nor a bank holiday in England."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def next_working_day(day: date) -> date:
    """Return the day itself or the first working day after it."""
    while not is_working_day(day):
        day += _DAY
    return day


def working_day_before(day: date) -> date:
    """Return the day itself or the last working day before it."""
    while not is_working_day(day):
        day -= _DAY
    return day


def points(*, opens_on: date, closes_on: date) -> tuple[ReminderPoint, ...]:
    """Return the points of a round in their order. One that falls before the round opens is left out.

    Two that holidays push onto one day are one: the later of them.
    """
    days = []
    for offset in REMINDER_OFFSETS_DAYS:
        move: Callable[[date], date] = working_day_before if offset < 0 else next_working_day
        days.append(move(closes_on + offset * _DAY))
    ends = [*days[1:], days[-1] + LAST_REMINDER_LASTS]
    return tuple(
        ReminderPoint(offset, on, until)
        for offset, on, until in zip(REMINDER_OFFSETS_DAYS, days, ends, strict=True)
        if opens_on <= on < until
    )


def point_on(day: date, points: Sequence[ReminderPoint]) -> ReminderPoint | None:
    """Return the point whose reminders go out on this day; None on a day that is not a working day."""
    if not is_working_day(day):
        return None
    return next((point for point in points if point.on <= day < point.until), None)


def may_be_asked(day: date, last: date | None) -> bool:
    """Whether the person's last email that asked for something is long enough ago."""
    return last is None or day - last >= MIN_GAP


def needless(point: ReminderPoint, named: date | None) -> bool:
    """Whether another strategy's email that named this round on the day ``named`` stands for the reminder of this point.

    For points far from the closing day a week is near enough.
    """
    if named is None:
        return False
    return point.on - named < (MIN_GAP if point.offset in CLOSE_POINTS_DAYS else timedelta(days=7))
