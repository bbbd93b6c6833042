"""What a number of Excel means by the format of its cell: a day, a percentage or a plain number."""

import re
from datetime import date, timedelta
from typing import Final

DAYS: Final = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
"""Formats that every Excel has, by number, and that show a day. From 27 on they are those of East Asian editions."""
PERCENTAGES: Final = frozenset({9, 10})
_NOT_LETTERS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
EPOCH_1900: Final = date(1899, 12, 30)
EPOCH_1904: Final = date(1904, 1, 1)


def shows_day(number: int, code: str) -> bool:
    """Say whether a format shows a day. ``code`` is that of a format that the file defines, "" for one that Excel knows."""
    if not code:
        return number in DAYS
    letters = _NOT_LETTERS.sub("", code).lower()
    return any(letter in letters for letter in "dy") and "general" not in letters


def shows_percentage(number: int, code: str) -> bool:
    """Say whether a format shows a percentage."""
    return "%" in _NOT_LETTERS.sub("", code) if code else number in PERCENTAGES


def day_by_number(number: float, *, from_1904: bool) -> date | None:
    """Return the day that Excel stores as a number; None if there is no such day.

    Counted from 1900, Excel has a 29 February 1900 that never was, so days before it are off by one.
    """
    try:
        whole = int(number)
        if from_1904:
            return EPOCH_1904 + timedelta(days=whole)
        return EPOCH_1900 + timedelta(days=whole + 1 if 0 < whole < 60 else whole) if whole > 0 else None
    except (OverflowError, ValueError):
        return None
