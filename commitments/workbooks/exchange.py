"""How a workbook travels: downloaded, uploaded and read, compared with what is there, and saved row by row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from django.db import IntegrityError, OperationalError

from commitments.models import Round, Strategy, UploadedWorkbook
from commitments.services.uploaded_workbooks import (
    hold_workbook,
    is_saved,
    keep_workbook,
    note_saved_rows,
    saved_rows,
)
from commitments.workbooks.kind import SavedRow, Scope, WorkbookKind
from commitments.workbooks.kinds import BY_CODE, KINDS, may_use
from partners.models import User
from vcsportal.common.plurals import capital, counted
from vcsportal.common.saving_together import RowFailed, saving_together
from vcsportal.common.spreadsheets import Workbook, read_workbook
from vcsportal.common.spreadsheets.columns import SheetColumn, Thing, Use, write_text
from vcsportal.common.spreadsheets.comparison import ComparedRow, RowOutcome, compare, fault_of
from vcsportal.common.spreadsheets.made import MadeBook, make_book
from vcsportal.common.spreadsheets.made_ods import write_ods
from vcsportal.common.spreadsheets.made_xlsx import write_xlsx
from vcsportal.common.spreadsheets.tables import CORRECTION, CellFault, SheetTable, about, has_headings, read_table
from vcsportal.common.spreadsheets.workbook import sheet_called
from vcsportal.common.words import Invalid, NotNow, Refused

FORMATS: Final[Mapping[str, tuple[Callable[[MadeBook], bytes], str, str]]] = {
    "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"),
    "ods": (write_ods, "application/vnd.oasis.opendocument.spreadsheet", "OpenDocument"),
}
CHANGED: Final = "Someone has changed this since you opened the page. Look at the row again."
TOGETHER: Final = 100
"""How many rows are saved in one transaction: enough to read once what they share, few enough that nobody waits long for them."""
TO_CORRECT: Final = "to_correct"
STEPS: Final = (
    "1. Fill in the white cells of the next sheet. You can work without a connection.",
    "2. Save the file, sign in to the portal and upload it where you downloaded it.",
    "3. The portal shows what will change, row by row. Nothing is saved until you agree.",
    "Leave the key column and the headings as they are. Rows that you don’t fill in stay as they are in the portal.",
    "To sort or delete rows, take away the protection of the sheet first. It has no password.",
)
STEPS_TO_ADD: Final = (*STEPS[:3], STEPS[4])
"""Those of a kind whose rows have no keys."""


def make_workbook(scope: Scope, kind: WorkbookKind, *, at: datetime, author: str) -> MadeBook:
    """Return the workbook as it is to be downloaded now.

    :raises Refused: the person may not use it.
    """
    kind.check_may(scope)
    things, columns = kind.things(scope), kind.columns(scope)
    return make_book(
        title=title_of(kind, scope),
        author=author,
        at=at,
        sheet=kind.sheet,
        sentence=f"{capital(kind.noun[1])}, one in each row."
        if kind.adds_only
        else f"{capital(counted(len(things), *kind.noun))}, one in each row. White cells can be filled in.",
        columns=columns,
        things=things,
        about=_about(kind, scope, at),
        steps=(*(STEPS_TO_ADD if kind.adds_only else STEPS), *kind.steps),
        new=kind.takes_new,
    )


def make_corrections(shown: "Preview", *, at: datetime, author: str) -> MadeBook:
    """Return the rows of an upload that can't be saved as a workbook of their own, each with what to correct. Cells that could not be
    read are as they were.

    :raises NotNow: there is none, or its rows have keys: those belong into the workbook that says what was there before.
    """
    kind, scope = shown.kind, shown.scope
    refused = {row.row: row for row in shown.of(RowOutcome.REFUSED)}
    if not (kind.adds_only and refused):
        raise NotNow("There are no rows here to correct.")
    columns = tuple(replace(column, writes=write_text) for column in kind.columns(scope))
    headings = {column.name: column.heading for column in columns}
    things = [
        Thing("", "", {**row.values, **row.unread, TO_CORRECT: _to_correct(refused[row.row], headings)})
        for row in shown.table.rows
        if row.row in refused
    ]
    return make_book(
        title=f"{title_of(kind, scope)}: rows to correct",
        author=author,
        at=at,
        sheet=kind.sheet,
        sentence=f"The last column says what to correct in each of these {counted(len(things), 'row')}. Then upload this file.",
        columns=(*columns, SheetColumn(TO_CORRECT, CORRECTION, "What to correct in the row.", Use.SHOWN, width=70)),
        things=things,
        about=_about(kind, scope, at),
        steps=kind.steps,
        new=False,
    )


def _to_correct(row: ComparedRow, headings: Mapping[str, str]) -> str:
    return " ".join(
        f"{headings[fault.column]}: {fault.instead}" if fault.column in headings else fault.instead
        for fault in row.faults
    )


def _about(kind: WorkbookKind, scope: Scope, at: datetime) -> dict[str, str]:
    return {
        "kind": kind.code,
        "strategy": scope.strategy.slug if scope.strategy else "",
        "round": scope.round.slug if scope.round else "",
        "downloaded": at.isoformat(timespec="seconds"),
    }


def title_of(kind: WorkbookKind, scope: Scope) -> str:
    """Return what a workbook is called: its kind, round and strategy."""
    parts = [kind.label, scope.round.label if scope.round else "", scope.strategy.title if scope.strategy else ""]
    return ", ".join(part for part in parts if part)


def file_name(kind: WorkbookKind, scope: Scope, ending: str) -> str:
    """Return the name under which a workbook is downloaded."""
    parts = [scope.strategy.slug if scope.strategy else "", kind.code, scope.round.slug if scope.round else ""]
    return "-".join(part for part in parts if part) + f".{ending}"


def take_workbook(*, by: User, at: datetime, scope: Scope, data: bytes, name: str) -> UploadedWorkbook:
    """Read an uploaded file and keep its rows for the person to look through.

    :param scope: where it was uploaded. A file from the portal says itself what it is about; another is matched by its
        headings.
    :raises Refused: with a sentence, if it can't be read, is of another strategy or person, or may not be used now.
    """
    workbook = read_workbook(data, name)
    kind, scope = _recognised(workbook, scope)
    return keep_workbook(by=by, at=at, workbook=_read(at, kind, scope, workbook))


def read_rows(*, at: datetime, kind: WorkbookKind, scope: Scope, data: bytes, name: str) -> UploadedWorkbook:
    """Read a file of a kind that is known, such as one that a program sends. Nothing is kept.

    :raises Refused: with a sentence, if it can't be read or may not be used now.
    """
    return _read(at, kind, scope, read_workbook(data, name))


def _read(at: datetime, kind: WorkbookKind, scope: Scope, workbook: Workbook) -> UploadedWorkbook:
    kind.check_may(scope)
    things = {thing.key: thing for thing in kind.things(scope)}
    table = read_table(workbook, kind.columns(scope), things, sheet=kind.sheet, today=scope.today, new=kind.takes_new)
    if not table.rows:
        raise Invalid(f"{sheet_called(table.sheet, workbook.name)} has headings but no rows below them.", field="file")
    if kind.most_rows and len(table.rows) > kind.most_rows:
        raise Invalid(
            f"“{workbook.name}” has {len(table.rows):,} rows. The limit is {kind.most_rows:,}: divide it into smaller files.",
            field="file",
        )
    return UploadedWorkbook(
        owner=scope.person, kind=kind.code, strategy=scope.strategy, round=scope.round, file_name=workbook.name,
        table=table.as_json(), uploaded_at=at,
    )  # fmt: skip


def _recognised(workbook: Workbook, scope: Scope) -> tuple[WorkbookKind, Scope]:
    said = about(workbook)
    if (kind := BY_CODE.get(said.get("kind", ""))) is not None:
        slug = said.get("strategy", "")
        if kind.of_strategy and (scope.strategy is None or scope.strategy.slug != slug):
            strategy = Strategy.objects.filter(slug=slug).first()
            where = f"“{strategy.title}”" if strategy else "a strategy that is not in this portal"
            raise Invalid(f"“{workbook.name}” is about {where}. Upload it on the page of that strategy.", field="file")
        round_ = None
        if kind.of_round:
            round_ = Round.objects.filter(strategy=scope.strategy, slug=said.get("round", "")).first()
            if round_ is None:
                raise Invalid(f"“{workbook.name}” is about a round that the strategy does not have.", field="file")
        return kind, _in(scope, kind, round_)
    for kind in KINDS:
        if kind.of_strategy != (scope.strategy is not None):
            continue
        round_ = _only_round(scope) if kind.of_round else None
        if kind.of_round and round_ is None:
            continue
        tried = _in(scope, kind, round_)
        if may_use(kind, tried) and has_headings(workbook, kind.columns(tried)):
            return kind, tried
    raise Invalid(
        f"“{workbook.name}” is not one of the portal’s workbooks. Download one from this page, fill it in and upload it.",
        field="file",
    )


def _only_round(scope: Scope) -> Round | None:
    running = list(Round.objects.filter(strategy=scope.strategy).running()[:2])
    return running[0] if len(running) == 1 else None


def _in(scope: Scope, kind: WorkbookKind, round_: Round | None) -> Scope:
    return Scope(scope.person, scope.today, scope.strategy if kind.of_strategy else None, round_)


@dataclass(frozen=True, slots=True)
class Preview:
    """An uploaded workbook, compared with what is there now."""

    kind: WorkbookKind
    scope: Scope
    table: SheetTable
    rows: tuple[ComparedRow, ...]

    def of(self, *outcomes: RowOutcome) -> list[ComparedRow]:
        """Return the rows with one of these outcomes."""
        return [row for row in self.rows if row.outcome in outcomes]


def preview(scope: Scope, upload: UploadedWorkbook) -> Preview:
    """Compare an upload with what is there now.

    :param scope: who and when.
    :raises Refused: the person may not use this workbook any more.
    """
    kind = BY_CODE.get(upload.kind)
    if kind is None:
        raise NotNow("This kind of workbook can no longer be uploaded.")
    scope = Scope(scope.person, scope.today, upload.strategy, upload.round)
    kind.check_may(scope)
    table = SheetTable.from_json(upload.table)
    things = kind.things(scope)
    identity, columns = kind.identity, kind.columns(scope)
    rows = compare(
        table,
        columns,
        {thing.key: thing for thing in things},
        check=lambda thing, wanted, changed: kind.check(scope, thing, wanted, changed),
        identity=(lambda values: identity(scope, values)) if identity else lambda values: None,
        saved=saved_rows(upload),
        twins=kind.twins(scope, [row.values for row in table.rows]) if kind.twins else None,
        check_twin=kind.check_twin,
    )
    return Preview(kind, scope, table, tuple(rows))


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of the rows that someone agreed to: how many were saved, and what was refused, also by the numbers of the rows."""

    count: int
    refused: tuple[CellFault, ...] = ()
    by_row: Mapping[int, tuple[CellFault, ...]] = field(default_factory=dict)


def save_rows(*, by: User, at: datetime, upload: UploadedWorkbook, shown: Preview, agreed: Mapping[int, str]) -> Saved:
    """Save the rows that the person agreed to, :data:`TOGETHER` in a transaction, so that a row that fails costs no other.

    :param shown: the upload compared with what is there now.
    :param agreed: by the number of the row, the checksum of what was shown when they agreed. A row that would do something
        else now is not saved.
    """
    refused, wanted = dict[int, tuple[CellFault, ...]](), list[ComparedRow]()
    for row in shown.rows:
        if row.row not in agreed:
            continue
        refused[row.row] = row.faults  # someone has changed something since, so that it can't be saved now
        if row.wanted is None:
            continue
        if agreed[row.row] == row.seen:
            wanted.append(row)
        else:
            refused[row.row] = (*row.faults, _fault(shown, row, NotNow(CHANGED)))
    saving, count = _Saving(by, at, upload, shown), 0
    for first in range(0, len(wanted), TOGETHER):
        part = saving.save(wanted[first : first + TOGETHER])
        count += len(part.saved)
        refused.update({row: (*refused[row], fault) for row, fault in part.refused.items()})
    if count and shown.kind.after is not None:
        shown.kind.after(shown.scope, at)
    by_row = {row: refused[row] for row in sorted(refused) if refused[row]}
    return Saved(count, tuple(fault for faults in by_row.values() for fault in faults), by_row)


def _fault(shown: Preview, row: ComparedRow, wrong: Refused) -> CellFault:
    return fault_of(shown.table, row.row, wrong, row.changes)


@dataclass(frozen=True, slots=True)
class _SavedPart:
    """What became of rows that were saved in one transaction, by their numbers: the checksum of what was agreed to, or the fault."""

    saved: dict[int, str] = field(default_factory=dict)
    refused: dict[int, CellFault] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Saving:
    """Saves rows of an upload to which a person has agreed."""

    by: User
    at: datetime
    upload: UploadedWorkbook
    shown: Preview

    def save(self, rows: Sequence[ComparedRow]) -> _SavedPart:
        """Save rows in one transaction, or each by itself if the database refuses them together.

        Hardly ever is a row refused that was just shown. So they are tried first without what lets a row fail by itself.
        """
        try:
            try:
                return self._together(rows, row_by_row=False)
            except RowFailed:
                return self._together(rows, row_by_row=True)
        except (IntegrityError, OperationalError):
            if len(rows) == 1:
                raise
        part = _SavedPart()
        for row in rows:
            try:
                alone = self.save([row])
            except IntegrityError:
                part.refused[row.row] = _fault(self.shown, row, NotNow(CHANGED))
            else:
                part.saved.update(alone.saved)
                part.refused.update(alone.refused)
        return part

    def _together(self, rows: Sequence[ComparedRow], *, row_by_row: bool) -> _SavedPart:
        part = _SavedPart()
        with saving_together(row_by_row=row_by_row) as together:
            try:
                hold_workbook(by=self.by, workbook=self.upload)
            except Refused as wrong:
                return _SavedPart(refused={row.row: _fault(self.shown, row, wrong) for row in rows})
            todo = [row for row in rows if not is_saved(self.upload, row.row, row.seen)]  # the second click of two
            self.shown.kind.read_ahead(self.shown.scope, todo)
            for row in todo:
                try:
                    with together.row():
                        self._save_row(row)
                except Refused as wrong:
                    part.refused[row.row] = _fault(self.shown, row, wrong)
                except IntegrityError:
                    part.refused[row.row] = _fault(self.shown, row, NotNow(CHANGED))
                else:
                    part.saved[row.row] = row.seen
            note_saved_rows(at=self.at, workbook=self.upload, seen=part.saved)
        return part

    def _save_row(self, row: ComparedRow) -> None:
        if row.wanted is not None:
            scope, file = self.shown.scope, self.upload.file_name
            self.shown.kind.save(SavedRow(scope, self.at, row.thing, row.wanted, row.changed, file))
