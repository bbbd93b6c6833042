"""Reads the priorities and commitments of a strategy's file, and reports what is wrong with them. No database."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from commitments.commitment_keys import MAX_KEY_CHARACTERS, is_key
from commitments.indicator_file import IndicatorEntry, read_indicators
from vcsportal.common.data_file import Fault, FileTable

MAX_SHORT_TITLE_CHARACTERS: Final = 60
"""Characters that a tile of the board holds."""


@dataclass(frozen=True, slots=True)
class CommitmentEntry:
    """One commitment as the file has it.

    ``key`` is "" where the file leaves it to the portal. A closed commitment whose number has gone to another has no
    ``reference`` ("") and no ``number`` (0). ``merged_into`` is the key of the commitment that carries a closed one on.
    """

    reference: str
    number: int
    wording: str
    short_title: str
    ongoing: bool
    line: int
    indicators: tuple[IndicatorEntry, ...] = ()
    key: str = ""
    note: str = ""
    note_source: str = ""
    added_on: date | None = None
    closed_on: date | None = None
    closed_because: str = ""
    merged_into: str = ""

    @property
    def name(self) -> str:
        """What faults and messages call it."""
        return self.reference or self.key

    def fault(self, field: str, sentence: str) -> Fault:
        return Fault(self.line, f"commitment {self.name}", field, sentence)


@dataclass(frozen=True, slots=True)
class PriorityEntry:
    """One priority and its commitments. ``introduction`` is the strategy's own, ``summary`` the portal team's."""

    number: int
    title: str
    summary: str
    commitments: tuple[CommitmentEntry, ...]
    indicators: tuple[IndicatorEntry, ...] = ()
    introduction: str = ""
    introduction_source: str = ""
    line: int = 0

    def fault(self, field: str, sentence: str) -> Fault:
        return Fault(self.line, f"priority {self.number}", field, sentence)


def read_priorities(tables: list[FileTable]) -> tuple[PriorityEntry, ...]:
    """Return the priorities of a file with their commitments. What is wrong is noted at the tables."""
    entries: list[PriorityEntry] = []
    codes: set[str] = set()
    keys: set[str] = set()
    for expected, table in enumerate(tables, start=1):
        number = table.whole("number")
        table.place = f"priority {expected if number is None else number}"
        if number is not None and number != expected:
            seen = any(entry.number == number for entry in entries)
            table.fault(
                "number",
                f"{number} is used twice." if seen else f"is {number}, and {expected} comes next. Leave no gap.",
            )
        number = expected if number is None else number
        title = table.text("title", longest=200)
        introduction, source = _quoted(table, "introduction")
        entries.append(
            PriorityEntry(
                number=number,
                title=title,
                summary=table.text("summary", required=False),
                introduction=introduction,
                introduction_source=source,
                commitments=_commitments(
                    table.tables("commitment", place=f"commitment {expected}, number"), number, codes, keys
                ),
                indicators=read_indicators(table, number, codes),
                line=table.line,
            )
        )
        table.finish()
    return tuple(entries)


def _commitments(
    tables: list[FileTable], priority: int, codes: set[str], keys: set[str]
) -> tuple[CommitmentEntry, ...]:
    entries: list[CommitmentEntry] = []
    number = 0
    for table in tables:
        closed_on = table.day("closed_on", required=False)
        expected = f"{priority}.{number + 1}"
        reference = table.text("reference", required=closed_on is None, longest=12)
        numbered = bool(reference) or closed_on is None
        number += numbered
        table.place = f"commitment {reference or expected}"
        key = _key(table, keys, required=not numbered)
        if not numbered:
            table.place = f"commitment {key}"
        if reference and reference != expected:
            seen = any(entry.reference == reference for entry in entries)
            table.fault(
                "reference",
                f"“{reference}” is used twice."
                if seen
                else f"is “{reference}”, but commitments are numbered in the file’s order, so this one is “{expected}”.",
            )
        note, note_source = _quoted(table, "note")
        because, into = _closing(table, closed_on, key)
        entries.append(
            CommitmentEntry(
                reference=(reference or expected) if numbered else "",
                number=number if numbered else 0,
                wording=table.text("wording"),
                short_title=table.text("short_title", longest=MAX_SHORT_TITLE_CHARACTERS),
                ongoing=table.flag("ongoing"),
                line=table.line,
                indicators=read_indicators(table, (reference or expected) if numbered else key, codes),
                key=key,
                note=note,
                note_source=note_source,
                added_on=table.day("added_on", required=False),
                closed_on=closed_on,
                closed_because=because,
                merged_into=into,
            )
        )
        table.finish()
    return tuple(entries)


def _key(table: FileTable, keys: set[str], *, required: bool) -> str:
    key = table.text("key", required=required, longest=MAX_KEY_CHARACTERS)
    if key and not is_key(key):
        table.fault(
            "key",
            f"“{key}” should be lowercase letters, digits and single hyphens, with at least one letter, such as “lend-chairs”.",
        )
    if key in keys:
        table.fault("key", f"“{key}” is used twice. Every commitment has a key of its own.")
    keys.update({key} - {""})
    return key


def _quoted(table: FileTable, field: str) -> tuple[str, str]:
    """Return a text that is the strategy's own, and its source: one is not given without the other."""
    text = table.text(field, required=False)
    source = table.text(f"{field}_source", required=bool(text))
    if source and not text:
        table.fault(field, f"is missing, but {field}_source is given.")
    return text, source


def _closing(table: FileTable, closed_on: date | None, key: str) -> tuple[str, str]:
    """Return why a commitment is closed and what carries it on."""
    because = table.text("closed_because", required=closed_on is not None)
    into = table.text("merged_into", required=False, longest=MAX_KEY_CHARACTERS)
    for field, given in (("closed_because", because), ("merged_into", into)):
        if given and closed_on is None:
            table.fault(field, "is for a closed commitment. Give closed_on, the day it was closed, as well.")
    if into and into == key:
        table.fault("merged_into", "is its own key. Give the key of the commitment it was merged into.")
    return because, into
