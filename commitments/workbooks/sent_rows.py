"""Rows that a program sends at once: looked through, and saved, by the pieces that serve people’s own uploads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from commitments.services.uploaded_workbooks import discard_workbook, keep_workbook, saved_rows
from commitments.workbooks.exchange import Preview, Saved, preview, read_rows, save_rows
from commitments.workbooks.kind import Scope, WorkbookKind
from partners.models import User
from vcsportal.common.spreadsheets.columns import Thing
from vcsportal.common.spreadsheets.comparison import ComparedRow, RowOutcome
from vcsportal.common.spreadsheets.tables import CellFault


class RowResult(StrEnum):
    """What became of a row, or would."""

    NEW = "new"
    """It would add something."""
    ADDED = "added"
    KNOWN = "known"
    """It was added before, and changes nothing."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SentRow:
    """A row and what became of it.

    :ivar row: its number as the file counts: a list of items from 1, a table with its headings.
    :ivar thing: what it added, or was recognised as; None for none.
    :ivar notes: what to look at twice, as sentences.
    """

    row: int
    result: RowResult
    reference: str
    thing: Thing | None = None
    faults: tuple[CellFault, ...] = ()
    notes: tuple[str, ...] = ()


def send_rows(
    *, by: User, at: datetime, kind: WorkbookKind, scope: Scope, data: bytes, name: str, save: bool
) -> list[SentRow]:
    """Look through a file of rows that add things and, if asked to, save those without faults. Each succeeds or fails alone.

    :raises Refused: the file can't be read, or the person may not.
    """
    upload = read_rows(at=at, kind=kind, scope=scope, data=data, name=name)
    shown, saved = preview(scope, upload), Saved(0)
    if save and (agreed := {row.row: row.seen for row in shown.of(RowOutcome.NEW)}):
        keep_workbook(by=by, at=at, workbook=upload, passing=True)
        saved = save_rows(by=by, at=at, upload=upload, shown=shown, agreed=agreed)
        discard_workbook(by=by, at=at, workbook=upload)
    added = _added(shown, saved_rows(upload))
    references = {row.row: row.values.get("reference", "") for row in shown.table.rows}
    return [_sent(row, references[row.row], added, saved) for row in shown.rows]


def _added(shown: Preview, numbers: Mapping[int, object]) -> dict[int, Thing]:
    """Return what rows have added, by their numbers. Asks the database only if there is something."""
    kind, scope = shown.kind, shown.scope
    wanted = {row.row: row.wanted for row in shown.rows if row.row in numbers and row.wanted is not None}
    if not wanted or kind.twins is None or kind.identity is None:
        return {}
    things = kind.twins(scope, list(wanted.values()))
    keys = {row: kind.identity(scope, values) for row, values in wanted.items()}
    return {row: things[key] for row, key in keys.items() if key in things}


def _sent(row: ComparedRow, reference: str, added: Mapping[int, Thing], saved: Saved) -> SentRow:
    notes = tuple(f"{place}: {sentence}" for place, sentence in row.notes)
    if row.row in added:
        return SentRow(row.row, RowResult.ADDED, reference, added[row.row], notes=notes)
    if faults := saved.by_row.get(row.row, row.faults):
        return SentRow(row.row, RowResult.REFUSED, reference, faults=faults, notes=notes)
    result = RowResult.NEW if row.outcome is RowOutcome.NEW else RowResult.KNOWN
    return SentRow(row.row, result, reference, row.thing, notes=notes)
