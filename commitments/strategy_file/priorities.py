"""Reads the priorities and commitments of a strategy's file, and reports what is wrong with them. No database."""

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Final

from commitments.rules.commitment_keys import MAX_KEY_CHARACTERS, is_key
from commitments.rules.references import folded, numbered
from commitments.strategy_file.actions import ActionEntry, read_actions, read_reference
from commitments.strategy_file.indicators import IndicatorEntry, read_indicators
from commitments.strategy_file.plans import PlanEntry, read_plan
from vcsportal.common.data_file import Fault, FileTable

MAX_ADDRESSEE_CHARACTERS: Final = 200
MAX_SHORT_TITLE_CHARACTERS: Final = 60
"""Characters that a tile of the board holds."""


@dataclass(frozen=True, slots=True)
class CommitmentEntry:
    """One commitment as the file has it.

    ``number`` is its place within the priority, and ``reference`` what the strategy calls it; where the file gives none,
    it is made of the priority's reference and the place. ``key`` is "" where the file leaves it to the portal. A closed
    commitment whose reference has gone to another has no ``reference`` ("") and no ``number`` (0). ``merged_into`` is the
    key of the commitment that carries a closed one on. ``addressed_to`` are slugs of organisations, or words where the
    addressee is none. ``plan`` says how it is to succeed.
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
    actions: tuple[ActionEntry, ...] = ()
    other_wording: str = ""
    other_wording_source: str = ""
    addressed_to: tuple[str, ...] = ()
    plan: PlanEntry = dataclasses.field(default_factory=PlanEntry)

    @property
    def name(self) -> str:
        """What faults and messages call it."""
        return self.reference or self.key

    def fault(self, field: str, sentence: str) -> Fault:
        return Fault(self.line, f"commitment {self.name}", field, sentence)


@dataclass(frozen=True, slots=True)
class PriorityEntry:
    """One priority and its commitments. ``introduction`` is the strategy's own, ``summary`` the portal team's.

    ``reference`` is what the strategy calls it; "" where that is its ``number``, which gives the order. ``group`` is the slug
    of the group that works at it; "" where the file names none. ``beneficiaries`` has one a line.
    """

    number: int
    title: str
    summary: str
    commitments: tuple[CommitmentEntry, ...]
    indicators: tuple[IndicatorEntry, ...] = ()
    introduction: str = ""
    introduction_source: str = ""
    other_wording: str = ""
    other_wording_source: str = ""
    line: int = 0
    reference: str = ""
    group: str = ""
    beneficiaries: str = ""
    beneficiaries_source: str = ""
    methods: str = ""
    methods_source: str = ""

    def fault(self, field: str, sentence: str) -> Fault:
        return Fault(self.line, f"priority {self.number}", field, sentence)


class _Used:
    """What is used once in a file: codes of indicators, keys, and references with the tables that have them."""

    def __init__(self) -> None:
        self.codes: set[str] = set()
        self.keys: set[str] = set()
        self.given: list[tuple[FileTable, str]] = []
        self.made: list[tuple[FileTable, str]] = []

    def check_references(self) -> None:
        """Note every reference that a commitment before has, whatever its capitals."""
        lines: dict[str, int] = {}
        for table, reference in self.given:
            if line := lines.get(folded(reference)):
                table.fault("reference", f"“{reference}” is used twice: line {line} has it too.")
            lines.setdefault(folded(reference), table.sheet.line((*table.path, "reference")))
        for table, reference in self.made:
            if line := lines.get(folded(reference)):
                table.fault(
                    "reference",
                    f"is left out, so this would be “{reference}”, which line {line} has. Give it a reference of its own.",
                )
            lines.setdefault(folded(reference), table.line)


def read_priorities(tables: list[FileTable]) -> tuple[PriorityEntry, ...]:
    """Return the priorities of a file with their commitments. What is wrong is noted at the tables."""
    entries: list[PriorityEntry] = []
    used = _Used()
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
        reference = read_reference(table, "priority")
        table.place = f"priority {number}"
        if same := next(
            (each for each in entries if _called(each.reference, each.number) == _called(reference, number)), None
        ):
            table.fault("reference", f"“{reference or number}” is used twice: priority {same.number} has it too.")
        title = table.text("title", longest=200)
        introduction, source = _quoted(table, "introduction")
        other_wording, other_source = _quoted(table, "other_wording")
        beneficiaries, beneficiaries_source = _listed(table, "beneficiaries")
        methods, methods_source = _quoted(table, "methods")
        entries.append(
            PriorityEntry(
                number=number,
                title=title,
                summary=table.text("summary", required=False),
                introduction=introduction,
                introduction_source=source,
                other_wording=other_wording,
                other_wording_source=other_source,
                commitments=_commitments(
                    table.tables("commitment", place=f"commitment {expected}, number"), number, reference, used
                ),
                indicators=read_indicators(table, number, used.codes),
                line=table.line,
                reference=reference,
                group=table.text("group", required=False, longest=80),
                beneficiaries=beneficiaries,
                beneficiaries_source=beneficiaries_source,
                methods=methods,
                methods_source=methods_source,
            )
        )
        table.finish()
    used.check_references()
    return tuple(entries)


def _called(reference: str, number: int) -> str:
    return folded(reference or str(number))


def _commitments(
    tables: list[FileTable], priority: int, priority_reference: str, used: _Used
) -> tuple[CommitmentEntry, ...]:
    entries: list[CommitmentEntry] = []
    number = 0
    for table in tables:
        closed_on = table.day("closed_on", required=False)
        reference = read_reference(table, "commitment")
        has_place = bool(reference) or closed_on is None
        number += has_place
        made = numbered(priority_reference, priority, number)
        table.place = f"commitment {reference or made}"
        key = _key(table, used.keys, required=not has_place)
        if not has_place:
            table.place = f"commitment {key}"
        elif reference:
            used.given.append((table, reference))
        else:
            used.made.append((table, made))
        note, note_source = _quoted(table, "note")
        other_wording, other_wording_source = _quoted(table, "other_wording")
        because, into = _closing(table, closed_on, key)
        reference = (reference or made) if has_place else ""
        entries.append(
            CommitmentEntry(
                reference=reference,
                number=number if has_place else 0,
                wording=table.text("wording"),
                short_title=table.text("short_title", longest=MAX_SHORT_TITLE_CHARACTERS),
                ongoing=table.flag("ongoing"),
                line=table.line,
                indicators=read_indicators(table, reference or key, used.codes),
                key=key,
                note=note,
                note_source=note_source,
                added_on=table.day("added_on", required=False),
                closed_on=closed_on,
                closed_because=because,
                merged_into=into,
                actions=read_actions(table, reference or key),
                other_wording=other_wording,
                other_wording_source=other_wording_source,
                addressed_to=_addressees(table),
                plan=read_plan(table, key),
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


def _listed(table: FileTable, field: str) -> tuple[str, str]:
    """Return a list of texts, one a line, and its source: one is not given without the other."""
    lines = [" ".join(text.split()) for text in table.texts(field)]
    source = table.text(f"{field}_source", required=bool(lines))
    if source and not lines:
        table.fault(field, f"is missing, but {field}_source is given.")
    if any(not line for line in lines):
        table.fault(field, "contains an empty text.")
    return "\n".join(lines), source


def _addressees(table: FileTable) -> tuple[str, ...]:
    """Return who a commitment is addressed to, each once and in the file's order."""
    names = tuple(name.strip() for name in table.texts("addressed_to"))
    for place, name in enumerate(names):
        if not name:
            table.fault("addressed_to", "contains an empty text.")
        elif name in names[:place]:
            table.fault("addressed_to", f"names “{name}” twice.")
        elif len(name) > MAX_ADDRESSEE_CHARACTERS:
            table.fault("addressed_to", f"“{name[:40]}…” is longer than {MAX_ADDRESSEE_CHARACTERS} characters.")
    return names


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
