"""Dates as people write them: "12 March 2026", "12/3/26", "25/11", "25 Nov", "last Wednesday", "yesterday".

The portal has its own parser, because general ones accept too much: they take "10" or "May" for a day, and some put the month first.
"""

import re
from calendar import isleap
from datetime import date, timedelta
from typing import Any, Final, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBER_WORDS: Final = ("a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
Direction = Literal["past", "future"]
"""Where a day without a year, or the name of a weekday, is looked for: at or before today, or at or after it."""
_IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]{3,9})\.?,?(?: (\d{4}|\d{2}))?")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?")
_IN_NUMBERS = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d{2})|(\d{1,2})[/.-](\d{1,2})")
_FOR_MACHINES = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WEEKDAY = re.compile(r"(?:(last|this|next|on) )?([a-z]{3,9})")
_AGO = re.compile(rf"(\d{{1,3}}|{'|'.join(NUMBER_WORDS)}) (day|week)s? ago")


def read_day(text: str, today: date, *, direction: Direction = "past") -> date:
    """Return the day that ``text`` means, day before month.

    Without a year it is the nearest such day in the ``direction``; so is a weekday, but never today. A day that is
    named with its weekday ("Wednesday 25 November") is read by its date alone.

    :raises ValueError: if it means no day.
    """
    words = re.sub(r"\s+", " ", text.strip().lower())
    near = {"today": 0, "yesterday": -1, "the day before yesterday": -2, "tomorrow": 1, "last night": -1}
    if words in near:
        return _days_from(today, near[words])
    if match := _AGO.fullmatch(words):
        count = int(match[1]) if match[1].isdigit() else NUMBER_WORDS.index(match[1]) + 1
        return _days_from(today, -count * (7 if match[2] == "week" else 1))
    if (match := _WEEKDAY.fullmatch(words)) and (weekday := _weekday(match[2])) is not None:
        return _nearest_weekday(
            weekday, today, "past" if match[1] == "last" else "future" if match[1] == "next" else direction
        )
    day, month, year = _numbers(words)
    return _dated(day, month, year, today, direction)


def read_whole_day(text: str) -> date:
    """Return the day that ``text`` names with its year, day before month: a file is read long after it was written.

    :raises ValueError: if it means no day, or leaves the year out, as "25/11" and "March 26" do.
    """
    day, month, year = _numbers(re.sub(r"\s+", " ", text.strip().lower()))
    if not year:
        raise ValueError(f"{text!r} has no year")
    return date(_year(year), month, day)


def _numbers(words: str) -> tuple[int, int, str | None]:
    """Return the day and the month that a date in small letters has, and its year as it is written: None for none."""
    if (match := re.match(r"([a-z]{3,9}),? ", words)) and _weekday(match[1]) is not None:
        words = words[match.end() :]
    if match := _FOR_MACHINES.fullmatch(words):
        return int(match[3]), int(match[2]), match[1]
    if match := _IN_NUMBERS.fullmatch(words):
        return int(match[1] or match[4]), int(match[2] or match[5]), match[3]
    if (match := _IN_WORDS.fullmatch(words)) and (month := _month(match[2])):
        return int(match[1]), month, match[3]
    if (match := _MONTH_FIRST.fullmatch(words)) and (month := _month(match[1])):
        return int(match[2]), month, match[3]
    raise ValueError(f"{words!r} is not a day")


def _days_from(today: date, days: int) -> date:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        raise ValueError("no such day") from None


def _dated(day: int, month: int, year: str | None, today: date, direction: Direction) -> date:
    """Return the day; without a year the nearest one that has it."""
    if year:
        return date(_year(year), month, day)
    step = -1 if direction == "past" else 1
    for candidate in range(today.year, today.year + 9 * step, step):
        if (day, month) == (29, 2) and not isleap(candidate):
            continue
        found = date(candidate, month, day)
        if found == today or (found < today) == (direction == "past"):
            return found
    raise ValueError("no such day")


def _nearest_weekday(weekday: int, today: date, direction: Direction) -> date:
    """Return the last or the next such weekday that is not today."""
    if direction == "past":
        return _days_from(today, -((today.weekday() - weekday) % 7 or 7))
    return _days_from(today, (weekday - today.weekday()) % 7 or 7)


def _weekday(word: str) -> int | None:
    """Return 0 for Monday to 6 for Sunday, by the name or its first three letters or more; None if it is none."""
    return next((number for number, name in enumerate(WEEKDAYS) if len(word) >= 3 and name.startswith(word)), None)


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _month(word: str) -> int:
    """The month's number by its name, or by the first three letters or more; 0 if there is none."""
    return next((number for number, name in enumerate(MONTHS, start=1) if name.startswith(word)), 0)


def in_words(day: date) -> str:
    """Return ``12 March 2026``."""
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"


def with_weekday(day: date) -> str:
    """Return ``Thursday 12 March 2026``."""
    return f"{WEEKDAYS[day.weekday()].capitalize()} {in_words(day)}"


def spelt_out(text: str, day: date) -> bool:
    """Whether ``text`` names ``day`` in full, so that nothing about it had to be worked out."""
    return str(day.year) in text


class DayField(forms.Field):
    """A day, written as people write it.

    :param direction: where a day without a year is looked for.
    """

    widget = forms.TextInput

    def __init__(self, *, direction: Direction = "past", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.direction = direction

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or not str(value).strip():
            return None
        if isinstance(value, date):
            return value
        try:
            day = read_day(str(value)[:100], timezone.localdate(), direction=self.direction)
        except ValueError:
            raise ValidationError(
                f"Enter a date like {in_words(timezone.localdate())}. “{str(value).strip()[:40]}” is not one.",
                code="invalid",
            ) from None
        if not 1990 <= day.year <= 2100:
            raise ValidationError(f"Check the year: {day.year} can't be right.", code="invalid")
        return day

    def prepare_value(self, value: Any) -> Any:
        return in_words(value) if isinstance(value, date) else value
