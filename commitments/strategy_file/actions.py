"""Reads the actions of a strategy's file, and reports what is wrong with them. No database."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from commitments.rules.references import MAX_REFERENCE_CHARACTERS, REFERENCE_FORM, folded, is_reference
from vcsportal.common.data_file import Fault, FileTable

MAX_WORDING_CHARACTERS: Final = 200
"""Characters of what will be done."""
MAX_TEAM_CHARACTERS: Final = 120
"""Characters of a team in words."""


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """One action as the file has it. ``reference`` and ``team`` are "" and ``due`` is None where the file gives none.

    ``parts`` are the actions that it is made of, which have no parts of their own.
    """

    wording: str
    line: int
    place: str
    reference: str = ""
    due: date | None = None
    team: str = ""
    parts: tuple["ActionEntry", ...] = ()

    def fault(self, field: str, sentence: str) -> Fault:
        return Fault(self.line, self.place, field, sentence)


def read_actions(table: FileTable, owner: str) -> tuple[ActionEntry, ...]:
    """Return the actions below a commitment's table, in the file's order. What is wrong is noted at the tables.

    :param owner: what faults call the commitment.
    """
    return _actions(table, f"commitment {owner}, action", nested=True)


def read_reference(table: FileTable, kind: str) -> str:
    """Return a table's reference, "" where it has none; one that cannot be a reference is noted as a fault.

    :param kind: what faults call the table, followed by its reference.
    """
    reference = table.text("reference", required=False, longest=MAX_REFERENCE_CHARACTERS)
    if reference:
        table.place = f"{kind} {reference}"
    if 0 < len(reference) <= MAX_REFERENCE_CHARACTERS and not is_reference(reference):
        table.fault("reference", f"“{reference}” can’t be a reference. It may have {REFERENCE_FORM}.")
    return reference


def _actions(table: FileTable, place: str, *, nested: bool) -> tuple[ActionEntry, ...]:
    entries: list[ActionEntry] = []
    for each in table.tables("action", place=place, required=False):
        reference = read_reference(each, place)
        entry = ActionEntry(
            wording=" ".join(each.text("wording", longest=MAX_WORDING_CHARACTERS).split()),
            line=each.line,
            place=each.place,
            reference=reference,
            due=each.day("due", required=False),
            team=_team(each),
            parts=_parts(each, nested=nested),
        )
        _check_once(each, entry, entries)
        entries.append(entry)
        each.finish()
    return tuple(entries)


def _team(table: FileTable) -> str:
    team, lead = (table.text(name, required=False, longest=MAX_TEAM_CHARACTERS) for name in ("team", "lead"))
    if team and lead:
        table.fault("lead", "is another word for team, which is given too. Keep one of them.")
    return " ".join((team or lead).split())


def _parts(table: FileTable, *, nested: bool) -> tuple[ActionEntry, ...]:
    if nested:
        return _actions(table, f"{table.place}, part", nested=False)
    if table.tables("action", place=table.place, required=False):
        table.fault("action", "is a third level. An action can have parts, and a part can’t have parts of its own.")
    return ()


def _check_once(table: FileTable, entry: ActionEntry, before: list[ActionEntry]) -> None:
    """Note a reference, or a wording without a reference, that an action beside this one has."""
    for other in before:
        if entry.reference and folded(other.reference) == folded(entry.reference):
            table.fault("reference", f"“{entry.reference}” is used twice: line {other.line} has it too.")
            return
        if not entry.reference and not other.reference and entry.wording and other.wording == entry.wording:
            table.fault("wording", f"is the same as on line {other.line}. Give each of them a reference.")
            return
