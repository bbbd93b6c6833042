"""Reads the engagement of a strategy's file, and reports what is wrong with it. No database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from commitments.rules.engagement_dates import whole_month
from commitments.rules.engagement_kinds import DECISION, ENGAGEMENT_KINDS, SAID
from commitments.rules.point_limits import MAX_WORDS_CHARACTERS
from commitments.rules.stances import BY_CODE, STANCES
from vcsportal.common.data_file import Fault, FileTable

MOST_PEOPLE: Final = 10_000_000
NUMBERS: Final = {"attended": "people_attended", "asked": "people_asked", "answered": "people_answered"}
"""The keys of the file and the fields of the table that they fill."""
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class PointEntry:
    """What was said or decided at an occasion, in the words that everyone reads, and what became of it.

    ``commitment`` is a reference or a key; ``owner`` says in words who has to answer it or do it. ``raised_on`` is None where it
    is the first day. ``source`` is "" where it is that of the engagement. ``line`` and ``lines`` are for faults found later.
    """

    kind: str
    words: str
    raised_on: date | None
    raised_by: str
    commitment: str
    owner: str
    due_on: date | None
    stance: str
    response: str
    answered_on: date | None
    done_on: date | None
    source: str
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)

    def fault(self, name: str, sentence: str) -> Fault:
        """Return what is wrong with a field of it."""
        return Fault(self.lines.get(name, self.line), "point", name, sentence)


@dataclass(frozen=True, slots=True)
class EngagementEntry:
    """One occasion as the file has it. Where only the month is known, the days are its first and last. With a summary it is
    written up; numbers are None where nobody counted. ``commitments`` are references or keys, or None where the file names none.
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
    commitments: tuple[str, ...] | None = None
    points: tuple[PointEntry, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)

    def fault(self, name: str, sentence: str) -> Fault:
        """Return what is wrong with a field of it."""
        return Fault(self.lines.get(name, self.line), f"engagement {self.title}", name, sentence)


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
        numbers: dict[str, Any] = {name: _people(table, key) for key, name in NUMBERS.items()}
        about = tuple(table.texts("commitments"))
        commitments = about if "commitments" in table.values else None
        tables_of_points = table.tables("point", place="point", required=False)
        points = _points(tables_of_points, days, texts["source"])
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
                commitments=commitments,
                points=points,
                lines=_lines(table, "commitments"),
                **texts,
                **numbers,
            )
        )
    return tuple(found)


def _points(
    tables: list[FileTable], days: tuple[date, date | None, bool] | None, source: str
) -> tuple[PointEntry, ...]:
    found: list[PointEntry] = []
    for table in tables:
        entry = PointEntry(
            kind=table.choice("kind", (SAID, DECISION)),
            words=table.text("words", longest=MAX_WORDS_CHARACTERS),
            raised_on=table.day("raised_on", required=False),
            raised_by=table.text("raised_by", required=False, longest=200),
            commitment=table.text("commitment", required=False, longest=60),
            owner=table.text("owner", required=False, longest=200),
            due_on=table.day("due_on", required=False),
            stance=table.text("stance", required=False),
            response=table.text("response", required=False, longest=MAX_WORDS_CHARACTERS),
            answered_on=table.day("answered_on", required=False),
            done_on=table.day("done_on", required=False),
            source=table.text("source", required=False, longest=1_000),
            line=table.line,
            lines=_lines(table, *table.values),
        )
        table.finish()
        if entry.stance and entry.stance not in BY_CODE:
            table.fault("stance", f"“{entry.stance}” is not one of: {', '.join(stance.code for stance in STANCES)}.")
        _check_point(table, entry, days, source)
        if entry.words and any(entry.words == other.words for other in found):
            table.fault("words", "are used twice at the same occasion. The words tell points apart.")
        found.append(entry)
    return tuple(found)


def _check_point(table: FileTable, entry: PointEntry, days: tuple[date, date | None, bool] | None, source: str) -> None:
    if not entry.source and not source:
        table.fault(
            "source", "is missing. Give it here or with the engagement: a point needs the place that it comes from."
        )
    if days is not None and days[2] and entry.raised_on is None:
        table.fault("raised_on", "is missing. Give the day, since only the month of the engagement is known.")
    answer = {"stance": entry.stance, "response": entry.response, "answered_on": entry.answered_on}
    if entry.kind == DECISION:
        for name, value in answer.items():
            if value:
                table.fault(name, "is given for a decision. A decision is done rather than answered: use done_on.")
        if not entry.owner:
            table.fault("owner", "is missing. Say who will do what was decided.")
    elif any(answer.values()):
        for name, value in answer.items():
            if not value:
                table.fault(name, "is missing. Give stance, response and answered_on together, or none of them.")
    elif entry.done_on:
        table.fault("done_on", "is given without an answer. Give stance, response and answered_on too.")
    first = entry.raised_on or (days[0] if days else None)
    for name, day in (("answered_on", entry.answered_on), ("done_on", entry.done_on), ("due_on", entry.due_on)):
        if day and first and day < first:
            table.fault(name, "comes before the day on which it was raised.")


def _lines(table: FileTable, *names: str) -> dict[str, int]:
    return {name: table.sheet.line((*table.path, name)) for name in names if name in table.values}


def _days(table: FileTable) -> tuple[date, date | None, bool] | None:
    """Return the first day, the last one, and whether only the month is known; None for what can't be read."""
    month = table.text("month", required=False)
    starts_on, ends_on = table.day("starts_on", required=False), table.day("ends_on", required=False)
    if month:
        parts = _MONTH.fullmatch(month)
        if parts is None or not 1990 <= int(parts[1]) <= 2100:
            table.fault("month", f"“{month[:40]}” is not a month such as “2021-12”.")
            return None
        for name, day in (("starts_on", starts_on), ("ends_on", ends_on)):
            if day:
                table.fault(name, "is given with a month. Give the month where no day is known, and days otherwise.")
        return *whole_month(date(int(parts[1]), int(parts[2]), 1)), True
    if starts_on is None:
        if "starts_on" not in table.values:
            table.fault("starts_on", "is missing. Give the first day, or the month where no day is known.")
        return None
    for name, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if day and not 1990 <= day.year <= 2100:
            table.fault(name, f"Check the year: {day.year} can’t be right.")
    if ends_on and ends_on < starts_on:
        table.fault("ends_on", "comes before the first day.")
    return starts_on, None if ends_on == starts_on else ends_on, False


def _people(table: FileTable, key: str) -> int | None:
    number = table.number(key)
    if number is None:
        return None
    if number != int(number) or not 0 <= number <= MOST_PEOPLE:
        table.fault(key, f"should be a whole number from 0 to {MOST_PEOPLE:,}, or left out where nobody counted.")
        return None
    return int(number)


def _check_account(table: FileTable, numbers: dict[str, int | None], summary: str, source: str) -> None:
    asked, answered = numbers["people_asked"], numbers["people_answered"]
    if asked is not None and answered is not None and answered > asked:
        table.fault("answered", f"{answered:,} can’t have answered if {asked:,} were asked.")
    if summary and not source:
        table.fault("source", "is missing. A summary needs the place that it comes from.")
    for key, name in NUMBERS.items():
        if numbers[name] is not None and not summary:
            table.fault(key, "is given without a summary. Numbers are published with the summary.")
