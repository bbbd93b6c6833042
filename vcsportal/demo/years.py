"""The years of the story, counted back from a given day."""

from dataclasses import dataclass
from datetime import date, timedelta

from commitments.strategy_file.strategy import RoundEntry


@dataclass(frozen=True, slots=True)
class Years:
    """Five financial years: 1 to 3 are closed, 4 is the one that finished last and is open now, 5 is under way."""

    today: date

    def starts(self, year: int) -> date:
        """The first day of a year of the story."""
        current = self.today.year if self.today.month >= 4 else self.today.year - 1
        return date(current - 5 + year, 4, 1)

    def ends(self, year: int) -> date:
        """Its last day."""
        return self.starts(year + 1) - timedelta(days=1)

    def rounds(self) -> list[RoundEntry]:
        """The rounds, the oldest first. The open one was opened within the last three weeks."""
        return [self._round(year) for year in range(1, 6)]

    def _round(self, year: int) -> RoundEntry:
        begins, ends = self.starts(year), self.ends(year)
        opens, closes = ends + timedelta(days=1), ends + timedelta(days=61)
        if year == 4:
            opens, closes = max(opens, self.today - timedelta(days=20)), self.today + timedelta(days=40)
        return RoundEntry(f"{begins.year}-{ends.year % 100:02}", begins, ends, opens, closes)

    def day(self, text: str) -> date:
        """``y3-06-30`` is 30 June of the third year; January to March lie in the calendar year after it began."""
        year, month, day = (int(part) for part in text.removeprefix("y").split("-"))
        first = self.starts(year)
        return date(first.year if month >= 4 else first.year + 1, month, day)
