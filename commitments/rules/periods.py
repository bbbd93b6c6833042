"""What the period of a reporting round is called: a year, a half-year, a quarter, a month, or else a period; and the words
made from that. Whoever reports every quarter reads “the quarter before” where others read “last year”.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

_WORDS_OF_A_YEAR: Final = re.compile(
    r"(?P<example>, for example \d{4}-\d\d)|(?P<one_by_one>\byear by year\b)|(?P<of_the_last>\blast year['’]s\b)"
    r"|(?P<before>\blast year\b)|(?P<report>\bannual report\b)|(?P<many>\byears\b)|(?P<noun>\byear\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PeriodKind:
    """A kind of period. ``shortest_days`` and ``longest_days`` count both its first and its last day; None for any length.

    ``before`` names the one before it, as in “What changed since last year”, and ``of_the_last`` what is of that one, as in
    “last year’s words”; ``one_by_one`` heads a row of them.
    """

    code: str
    noun: str
    many: str
    shortest_days: int | None
    longest_days: int | None
    before: str
    of_the_last: str
    one_by_one: str

    @property
    def report(self) -> str:
        """What its report is called."""
        return "annual report" if self.code == "year" else "report"

    def reworded(self, text: str) -> str:
        """Return a sentence of the portal's own, written of years, with the words of this kind of period in their place.

        It is for fixed sentences only, never for what people wrote.
        """
        return text if self == YEAR else _WORDS_OF_A_YEAR.sub(self._in_place, text)

    def _in_place(self, found: re.Match[str]) -> str:
        if found["example"]:
            return ""
        said: str = getattr(self, found.lastgroup or "noun")
        return f"{said[0].upper()}{said[1:]}" if found[0][0].isupper() else f"{said[0].lower()}{said[1:]}"


YEAR: Final = PeriodKind("year", "year", "years", 300, 430, "last year", "last year’s", "Year by year")
"""A strategy's first year may be a few weeks shorter or longer than the others, and is still called a year."""
PERIOD: Final = PeriodKind(
    "period", "period", "periods", None, None, "the round before", "the last round’s", "Round by round"
)
PERIODS: Final = (
    YEAR,
    PeriodKind(
        "half-year", "half-year", "half-years", 165, 200, "the half-year before", "the last half-year’s", "Half-year by half-year"
    ),
    PeriodKind("quarter", "quarter", "quarters", 80, 100, "the quarter before", "the last quarter’s", "Quarter by quarter"),
    PeriodKind("month", "month", "months", 28, 33, "the month before", "the last month’s", "Month by month"),
    PERIOD,
)  # fmt: skip


def period_of(first: date, last: date) -> PeriodKind:
    """Return what the time from a first to a last day is called."""
    days = (last - first).days + 1
    return next(
        (
            period
            for period in PERIODS
            if period.shortest_days and period.longest_days and period.shortest_days <= days <= period.longest_days
        ),
        PERIOD,
    )


def period_of_all(spans: Iterable[tuple[date, date]]) -> PeriodKind:
    """Return what several periods are called together: their common word, or "period" where they differ; a year where there is none."""
    found = {period_of(first, last) for first, last in spans}
    return next(iter(found), YEAR) if len(found) < 2 else PERIOD


def period_among(own: PeriodKind, series: PeriodKind) -> PeriodKind:
    """Return the words for a report: its own period's noun, and where it speaks of others, what all of them are called."""
    return own if own == series else replace(series, code=own.code, noun=own.noun)
