"""Compares what a workbook says with what is there now and what was there when it was downloaded, row by row."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vcsportal.common.spreadsheets.columns import SheetColumn, Thing, Use
from vcsportal.common.spreadsheets.tables import CellFault, FileRow, SheetTable
from vcsportal.common.words import Invalid, Refused


class RowOutcome(StrEnum):
    """What saving a row would do."""

    REFUSED = "refused"
    CONFLICT = "conflict"
    CHANGE = "change"
    NEW = "new"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that would change.

    :ivar was: what is there now, as people read it.
    :ivar will: what will be there.
    :ivar before: what was there at download, where someone has changed it since; None where nobody has.
    """

    column: str
    heading: str
    was: str
    will: str
    place: str
    before: str | None = None


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A row of the uploaded sheet, compared.

    :ivar wanted: what would be there after saving, by column.
    :ivar changed: the names of the columns that change.
    :ivar seen: a checksum of what is there now and of what would be saved: who agrees to the row, agrees to these.
    :ivar elsewhere: headings of cells that someone else has changed since the download and this file leaves alone.
    """

    row: int
    outcome: RowOutcome
    thing: Thing | None
    name: str
    changes: tuple[CellChange, ...] = ()
    faults: tuple[CellFault, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    wanted: Mapping[str, str] | None = None
    changed: frozenset[str] = frozenset()
    seen: str = ""
    elsewhere: tuple[str, ...] = ()


Checks = Callable[[Thing | None, Mapping[str, str], frozenset[str]], None]
"""Raises ``Refused`` for what can't be saved: of a thing (None for a new one), what is wanted, and the columns that change."""
Alike = Callable[[Mapping[str, str]], Thing | None]
"""Returns the thing that a new row would add once more, or None."""


def compare(
    table: SheetTable,
    columns: Sequence[SheetColumn],
    things: Mapping[str, Thing],
    *,
    check: Checks,
    alike: Alike = lambda values: None,
) -> list[ComparedRow]:
    """Return the rows in the order of the sheet, each with what saving it would do."""
    return [_compared(table, row, columns, things, check, alike) for row in table.rows]


def _compared(
    table: SheetTable, row: FileRow, columns: Sequence[SheetColumn], things: Mapping[str, Thing], check: Checks, alike: Alike
) -> ComparedRow:  # fmt: skip
    thing = things.get(row.key)
    name = thing.name if thing else next((text for text in row.values.values() if text), row.key)
    if row.faults:
        return ComparedRow(row.row, RowOutcome.REFUSED, thing, name, faults=row.faults, notes=row.notes)
    if row.key and thing is None:  # it has gone since the file was uploaded
        fault = CellFault("", table.place(row.row, ""), row.key, "It is no longer in the portal. Delete the row.")
        return ComparedRow(row.row, RowOutcome.REFUSED, None, row.key, faults=(fault,), notes=row.notes)
    if thing is None and alike(row.values) is not None:
        return ComparedRow(row.row, RowOutcome.SAME, None, name, notes=row.notes)
    changes, elsewhere, clash = [], [], False
    now = thing.values if thing else {}
    wanted = {column.name: now.get(column.name, "") for column in columns}
    for column in columns:
        if column.name not in row.values:
            continue
        text, there = row.values[column.name], now.get(column.name, "")
        before = row.was.get(column.name, "") if row.was is not None and column.name in row.was else there
        if column.use is Use.REASON:
            wanted[column.name] = text
            continue
        if text == there:
            continue
        if thing and text == before:  # someone else changed it, and this file did not
            elsewhere.append(column.heading)
            continue
        wanted[column.name] = text
        stale = bool(thing) and before != there
        clash = clash or stale
        changes.append(
            CellChange(
                column.name, column.heading, column.say(there), column.say(text), table.place(row.row, column.name),
                column.say(before) if stale else None,
            )
        )  # fmt: skip
    if not changes:
        return ComparedRow(row.row, RowOutcome.SAME, thing, name, notes=row.notes, elsewhere=tuple(elsewhere))
    changed = frozenset(change.column for change in changes)
    found = ComparedRow(
        row.row,
        RowOutcome.CONFLICT if clash else RowOutcome.CHANGE if thing else RowOutcome.NEW,
        thing, name, tuple(changes), (), row.notes, wanted, changed, _seen(now, wanted), tuple(elsewhere),
    )  # fmt: skip
    try:
        check(thing, wanted, changed)
    except Refused as refused:
        fault = fault_of(table, row.row, refused, changes)
        return ComparedRow(row.row, RowOutcome.REFUSED, thing, name, tuple(changes), (fault,), row.notes)
    return found


def fault_of(table: SheetTable, row: int, refused: Refused, changes: Sequence[CellChange]) -> CellFault:
    """Return a refusal as what is wrong in a cell: that of the field it names, else the first that changes."""
    column = refused.field if isinstance(refused, Invalid) and refused.field in table.columns else ""
    column = column or next((change.column for change in changes), "")
    found = " ".join(next((change.will for change in changes if change.column == column), "").split())
    return CellFault(column, table.place(row, column), f"{found[:60]}…" if len(found) > 60 else found, refused.sentence)


def _seen(now: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    text = json.dumps([sorted(now.items()), sorted(wanted.items())], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
