"""Reads the engagement of a strategy's file, and reports what is wrong with it. No database."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from commitments.engagement_dates import whole_month
from commitments.engagement_kinds import ENGAGEMENT_KINDS
from vcsportal.common.data_file import Fault, FileTable

MOST_PEOPLE: Final = 10_000_000
NUMBERS: Final = {"attended": "people_attended", "asked": "people_asked", "answered": "people_answered"}
"""The keys of the file and the fields of the table that they fill."""
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class EngagementEntry:
    """One occasion as the file has it. Where only the month is known, the days are its first and last. With a summary it is
    written up; numbers are None where nobody counted.
    """

    kind: str
    title: str
    starts_on: date
    ends_on: date | None
    month_only: bool
    place: str
    question: str
    method: str
    people_attended: int | None
    people_asked: int | None
    people_answered: int | None
    summary: str
    source: str
    line: int

    def fault(self, field: str, sentence: str) -> Fault:
        """Return what is wrong with a field of it."""
        return Fault(self.line, f"engagement {self.title}", field, sentence)


def read_engagement(tables: list[FileTable]) -> tuple[EngagementEntry, ...]:
    """Return the engagement of a file. What is wrong is noted at the tables."""
    found: list[EngagementEntry] = []
    for table in tables:
        title = table.text("title", longest=200)
        table.place = f"engagement {title}" if title else table.place
        kind = table.choice("kind", [kind.code for kind in ENGAGEMENT_KINDS])
        texts: dict[str, Any] = {
            "place": table.text("place", required=False, longest=200),
            "question": table.text("question", required=False, longest=2_000),
            "method": table.text("method", required=False, longest=2_000),
            "summary": table.text("summary", required=False, longest=20_000),
            "source": table.text("source", required=False, longest=1_000),
        }
        days = _days(table)
        numbers: dict[str, Any] = {field: _people(table, key) for key, field in NUMBERS.items()}
        table.finish()
        _check_account(table, numbers, texts["summary"], texts["source"])
        if days is None:
            continue
        starts_on, ends_on, month_only = days
        if any((same.title, same.starts_on) == (title, starts_on) for same in found):
            table.fault("title", "is used twice for the same day. Tell them apart by their titles.")
        found.append(
            EngagementEntry(
                kind=kind,
                title=title,
                starts_on=starts_on,
                ends_on=ends_on,
                month_only=month_only,
                line=table.line,
                **texts,
                **numbers,
            )
        )
    return tuple(found)


def _days(table: FileTable) -> tuple[date, date | None, bool] | None:
    """Return the first day, the last one, and whether only the month is known; None for what can't be read."""
    month = table.text("month", required=False)
    starts_on, ends_on = table.day("starts_on", required=False), table.day("ends_on", required=False)
    if month:
        parts = _MONTH.fullmatch(month)
        if parts is None or not 1990 <= int(parts[1]) <= 2100:
            table.fault("month", f"“{month[:40]}” is not a month such as “2021-12”.")
            return None
        for field, day in (("starts_on", starts_on), ("ends_on", ends_on)):
            if day:
                table.fault(field, "is given with a month. Give the month where no day is known, and days otherwise.")
        return *whole_month(date(int(parts[1]), int(parts[2]), 1)), True
    if starts_on is None:
        if "starts_on" not in table.values:
            table.fault("starts_on", "is missing. Give the first day, or the month where no day is known.")
        return None
    for field, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if day and not 1990 <= day.year <= 2100:
            table.fault(field, f"Check the year: {day.year} can’t be right.")
    if ends_on and ends_on < starts_on:
        table.fault("ends_on", "comes before the first day.")
    return starts_on, None if ends_on == starts_on else ends_on, False


def _people(table: FileTable, field: str) -> int | None:
    number = table.number(field)
    if number is None:
        return None
    if number != int(number) or not 0 <= number <= MOST_PEOPLE:
        table.fault(field, f"should be a whole number from 0 to {MOST_PEOPLE:,}, or left out where nobody counted.")
        return None
    return int(number)


def _check_account(table: FileTable, numbers: dict[str, int | None], summary: str, source: str) -> None:
    asked, answered = numbers["people_asked"], numbers["people_answered"]
    if asked is not None and answered is not None and answered > asked:
        table.fault("answered", f"{answered:,} can’t have answered if {asked:,} were asked.")
    if summary and not source:
        table.fault("source", "is missing. A summary needs the place that it comes from.")
    for key, field in NUMBERS.items():
        if numbers[field] is not None and not summary:
            table.fault(key, "is given without a summary. Numbers are published with the summary.")
