"""Years and quarters as headings and cells name them: 22/23, 2022-23, 2022/2023, Q4 25/26."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

FIRST_MONTH: Final = 4
"""The financial year of English councils begins in April (Local Government Finance Act 1992, section 69)."""
_YEARS = re.compile(r"(?<!\d)(20\d{2}|\d{2})\s?[/–-]\s?(20\d{2}|\d{2})(?![\d/])")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_QUARTER = re.compile(r"\b(?:q|qtr|quarter)\.?\s?([1-4])\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PlanYear:
    """A financial year by the calendar year in which it begins, or a calendar year."""

    begins: int
    financial: bool

    @property
    def slug(self) -> str:
        """How rounds call it: 2022-23, or 2022 for a calendar year."""
        return f"{self.begins}-{(self.begins + 1) % 100:02}" if self.financial else str(self.begins)

    @property
    def label(self) -> str:
        return self.slug.replace("-", "–")

    @property
    def first_day(self) -> date:
        return date(self.begins, FIRST_MONTH if self.financial else 1, 1)

    @property
    def last_day(self) -> date:
        return date(self.begins + 1, 3, 31) if self.financial else date(self.begins, 12, 31)

    def quarter_end(self, quarter: int) -> date:
        """Return the last day of a quarter, 1 to 4, of the year."""
        months = self.first_day.month - 1 + 3 * quarter
        year, month = self.begins + (months - 1) // 12, (months - 1) % 12 + 1
        return date(year, month, calendar.monthrange(year, month)[1])


def year_in(text: str) -> PlanYear | None:
    """Return the year that a text names; None for none."""
    if found := _YEARS.search(text):
        first, second = (int(part) % 100 for part in found.groups())
        if second == (first + 1) % 100:
            return PlanYear(2000 + first, financial=True)
    if found := _YEAR.search(text):
        return PlanYear(int(found[1]), financial=False)
    return None


def quarter_in(text: str) -> int | None:
    """Return the quarter that a text names, 1 to 4; None for none."""
    found = _QUARTER.search(text)
    return int(found[1]) if found else None


def without_period(text: str) -> str:
    """Return a text without the years and quarters that it names."""
    return " ".join(_QUARTER.sub(" ", _YEAR.sub(" ", _YEARS.sub(" ", text))).split())
