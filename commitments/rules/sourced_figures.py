"""Figures with sources: what they are about, how they are printed, and how two sources compare.

Words and numbers are printed by :mod:`commitments.rules.indicators`, as everywhere; what is new is here: “about” and “over”,
places in an order, and the difference between two sources.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from commitments.rules.engagement_dates import dates_in_words
from commitments.rules.indicators import PERCENTAGES, as_printed, say_aim, say_amount, say_number, say_percent
from vcsportal.common.words import Invalid


@dataclass(frozen=True, slots=True)
class FigureTopic:
    """What figures are about: a code, the heading under which they stand, and what belongs there."""

    code: str
    label: str
    hint: str


MONEY: Final = "money"
TOPICS: Final = (
    FigureTopic("place", "The place and its people", "Who lives where, and how the county compares."),
    FigureTopic("wellbeing", "Health and wellbeing", "How people are."),
    FigureTopic("take_up", "Use of services", "Who uses which services."),
    FigureTopic(MONEY, "Money", "What is spent, and what it achieves."),
)
TOPIC: Final = {topic.code: topic for topic in TOPICS}

RANK: Final = "rank"
FIGURE_KINDS: Final = (
    ("number", "A number"),
    ("ratio", "A share: a part of a whole"),
    ("percentage", "A percentage whose base was not published"),
    (RANK, "A place in an order, such as 10th of 151"),
)
KINDS_WITH_PARTS: Final = ("ratio", RANK)
"""The kinds that are made of two numbers: the part and the whole, or the place and how many there are."""
QUALIFIERS: Final = (("", "Exactly"), ("about", "About"), ("over", "Over"), ("nearly", "Nearly"), ("under", "Under"))
"""How a source hedges a number, as the words that stand before it."""
_YEARS = re.compile(r"(?<!\d)((?:18|19|20)\d\d)(?:\s?[/–-]\s?(\d\d(?:\d\d)?))?(?!\d)")
LONGEST_SPAN: Final = 30
"""How many years a period in words may have: “1999/98” names two, but is no period."""
_TENTHS: Final = {1: "st", 2: "nd", 3: "rd"}


def ordinal(number: int) -> str:
    """Return ``1st``, ``2nd``, ``11th``, ``1,103rd``."""
    ending = "th" if number % 100 in {11, 12, 13} else _TENTHS.get(number % 10, "th")
    return f"{number:,}{ending}"


def say_sourced(figure: Any, *, kind: str, unit: str = "") -> str:
    """Return a value as it is printed: ``over £80 million``, ``10th of 151 authorities``, ``1 of 407 areas (0.2%)``, ``22% of residents``.

    :param figure: anything with ``value``, ``numerator``, ``denominator`` and ``qualifier``. Of a rank, ``value`` is the place.
    """
    if kind == RANK:
        words = f"{ordinal(int(figure.value))} of {say_amount(figure.denominator, unit)}"
    elif kind == "ratio":
        words = (
            f"{say_number(figure.numerator)} of {say_amount(figure.denominator, unit)} ({say_percent(figure.value)})"
        )
    else:
        words = say_aim(figure.value, kind=kind, unit=unit)
    return f"{figure.qualifier} {words}".strip()


def say_when(starts_on: date | None, ends_on: date | None, period: str) -> str:
    """Return the day or period of a figure: its own words where it has any, else its days."""
    if period:
        return period
    return dates_in_words(starts_on, ends_on) if starts_on else ""


def last_day(starts_on: date | None, ends_on: date | None, period: str) -> date | None:
    """Return the last day of a period, so that values can be put in order; None where nothing says which year it is.

    Where only words say when, it is the end of the last year that they name: 31 March 2021 for ``2020/21``, 31 December 2019
    for ``mid-2019``.
    """
    if day := ends_on or starts_on:
        return day
    return max((_end_of_years(int(first), second) for first, second in _YEARS.findall(period)), default=None)


def _end_of_years(first: int, second: str) -> date:
    last = int(str(first)[: 4 - len(second)] + second) if second else first
    if len(second) == 2 and last < first:
        last += 100
    if not first < last <= first + LONGEST_SPAN:
        return date(first, 12, 31)
    return date(last, 3, 31) if last == first + 1 else date(last, 12, 31)


def difference(first: Any, second: Any, *, kind: str, unit: str) -> str:
    """Return how two sources differ, as they are printed: ``by £0.4 million``; "" where they say the same.

    :param first: anything with ``value`` and ``qualifier``, like ``second``.
    """
    before, beside = as_printed(first.value, kind), as_printed(second.value, kind)
    if before != beside:
        return f"by {_amount(abs(before - beside), kind=kind, unit=unit)}"
    if first.qualifier != second.qualifier:
        return f"one says “{first.qualifier or 'exactly'}”, the other “{second.qualifier or 'exactly'}”"
    return ""


def _amount(number: Decimal, *, kind: str, unit: str) -> str:
    if kind in PERCENTAGES:
        return say_amount(number, "percentage points")
    return say_amount(number, "places" if kind == RANK else unit)


def check_qualifier(qualifier: str) -> str:
    """Return the qualifier; raise :class:`Invalid` for one that is not in the table."""
    if qualifier not in dict(QUALIFIERS):
        raise Invalid("Choose one of the words offered.", field="qualifier")
    return qualifier
