"""What the period of a reporting round is called: a year, a half-year, a quarter, a month, or else a period; and the words
made from that. Whoever reports every quarter reads “the quarter before” where others read “last year”.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class PeriodKind:
    """A kind of period. ``shortest_days`` and ``longest_days`` count both its first and its last day; None for any length.

    ``before`` names the one before it, as in “What changed since last year”; ``one_by_one`` heads a row of them.
    """

    code: str
    noun: str
    many: str
    shortest_days: int | None
    longest_days: int | None
    before: str
    one_by_one: str

    def fill(self, text: str) -> str:
        """Return a text with its words in braces filled in: ``{year}``, ``{years}``, ``{last year}``, ``{year by year}``."""
        for word, said in self._words():
            text = text.replace(word, said)
        return text

    def _words(self) -> tuple[tuple[str, str], ...]:
        return (
            ("{year}", self.noun), ("{years}", self.many), ("{last year}", self.before),
            ("{Year by year}", self.one_by_one), ("{year by year}", self.one_by_one.lower()),
        )  # fmt: skip


YEAR: Final = PeriodKind("year", "year", "years", 300, 430, "last year", "Year by year")
"""A strategy's first year may be a few weeks shorter or longer than the others, and is still called a year."""
PERIOD: Final = PeriodKind("period", "period", "periods", None, None, "the round before", "Round by round")
PERIODS: Final = (
    YEAR,
    PeriodKind("half-year", "half-year", "half-years", 165, 200, "the half-year before", "Half-year by half-year"),
    PeriodKind("quarter", "quarter", "quarters", 80, 100, "the quarter before", "Quarter by quarter"),
    PeriodKind("month", "month", "months", 28, 33, "the month before", "Month by month"),
    PERIOD,
)


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
