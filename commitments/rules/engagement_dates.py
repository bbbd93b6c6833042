"""The days of engagement in words, never more exactly than they are known."""

from calendar import monthrange
from datetime import date, time

from vcsportal.common.dates import MONTHS, in_words


def dates_in_words(
    starts_on: date, ends_on: date | None = None, *, month_only: bool = False, starts_at: time | None = None
) -> str:
    """Return ``12 March 2026``, ``12 March 2026 at 5:30pm``, ``12 to 14 March 2026``, ``30 March to 2 April 2026`` or,
    where only the month is known, ``December 2021``.
    """
    if month_only:
        return f"{MONTHS[starts_on.month - 1].capitalize()} {starts_on.year}"
    words = in_words(starts_on)
    if ends_on is not None and ends_on != starts_on:
        if (ends_on.year, ends_on.month) == (starts_on.year, starts_on.month):
            words = f"{starts_on.day} to {in_words(ends_on)}"
        elif ends_on.year == starts_on.year:
            words = f"{words.rpartition(' ')[0]} to {in_words(ends_on)}"
        else:
            words = f"{words} to {in_words(ends_on)}"
    return f"{words} at {time_in_words(starts_at)}" if starts_at is not None else words


def time_in_words(of_day: time) -> str:
    """Return ``5:30pm``."""
    return f"{of_day.hour % 12 or 12}:{of_day:%M}{'am' if of_day.hour < 12 else 'pm'}"


def whole_month(day: date) -> tuple[date, date]:
    """Return the first and the last day of the month of a day."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
