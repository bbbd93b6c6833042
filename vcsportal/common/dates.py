"""Dates as people write them: "12 March 2026", "12/3/26", "12 March", "yesterday"."""

import re
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]{3,9})\.?,?(?: (\d{4}|\d{2}))?")
_IN_NUMBERS = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d{2})")
_FOR_MACHINES = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def read_day(text: str, today: date) -> date:
    """Return the day that ``text`` means, day before month. Without a year it is the last such day.

    Raise ``ValueError`` if it means none.
    """
    words = re.sub(r"\s+", " ", text.strip().lower())
    words = re.sub(r"^(mon|tues|wednes|thurs|fri|satur|sun)day,? ", "", words)
    if words in {"today", "yesterday"}:
        return today - timedelta(days=words == "yesterday")
    if match := _FOR_MACHINES.fullmatch(words):
        return date(*(int(part) for part in match.groups()))
    if match := _IN_NUMBERS.fullmatch(words):
        return date(_year(match[3]), int(match[2]), int(match[1]))
    if (match := _IN_WORDS.fullmatch(words)) and (month := _month(match[2])):
        if match[3]:
            return date(_year(match[3]), month, int(match[1]))
        this_year = date(today.year, month, int(match[1]))
        return this_year if this_year <= today else date(today.year - 1, month, int(match[1]))
    raise ValueError(f"{text!r} is not a day")


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _month(word: str) -> int:
    """The month's number by its name, or by the first three letters or more; 0 if there is none."""
    return next((number for number, name in enumerate(MONTHS, start=1) if name.startswith(word)), 0)


def in_words(day: date) -> str:
    """Return ``12 March 2026``."""
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"


class DayField(forms.Field):
    """A day, written as people write it."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or not str(value).strip():
            return None
        if isinstance(value, date):
            return value
        try:
            day = read_day(str(value)[:100], timezone.localdate())
        except ValueError:
            raise ValidationError(
                f"“{str(value).strip()[:40]}” is not a day that can be read. Write it like 12 March 2026 or 12/3/2026.",
                code="invalid",
            ) from None
        if not 1990 <= day.year <= 2100:
            raise ValidationError(f"Check the year: {day.year} can't be right.", code="invalid")
        return day

    def prepare_value(self, value: Any) -> Any:
        return in_words(value) if isinstance(value, date) else value
