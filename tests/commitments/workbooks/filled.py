"""Fills in a workbook as people do: opens what was downloaded, writes into cells under a heading, saves it."""

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import openpyxl
from django.utils import timezone

from commitments.models import UploadedWorkbook
from commitments.workbooks.exchange import FORMATS, Preview, Saved, make_workbook, preview, save_rows, take_workbook
from commitments.workbooks.kind import Scope, WorkbookKind
from partners.models import User

HEADINGS_ROW = 3


def scope_of(person: User, strategy: Any = None, round_: Any = None) -> Scope:
    return Scope(person, timezone.localdate(), strategy, round_)


def downloaded(scope: Scope, kind: WorkbookKind, ending: str = "xlsx") -> bytes:
    """The workbook's bytes."""
    return FORMATS[ending][0](make_workbook(scope, kind, at=timezone.now(), author="Our portal"))


def filled(data: bytes, sheet: str, rows: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The workbook with cells filled in: by the row's key ("" for the first rows without one), values by heading."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book[sheet]
    headings = {cell.value: cell.column for cell in page[HEADINGS_ROW]}
    places: dict[str, int] = {}
    for row in range(HEADINGS_ROW + 1, page.max_row + 2):
        places.setdefault(str(page.cell(row, 1).value or ""), row)
    for key, values in rows.items():
        number = places[key]
        for heading, value in values.items():
            page.cell(number, headings[heading]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def uploaded(scope: Scope, data: bytes, name: str = "filled.xlsx") -> UploadedWorkbook:
    return take_workbook(by=scope.person, at=timezone.now(), scope=scope, data=data, name=name)


def looked_through(scope: Scope, data: bytes) -> tuple[UploadedWorkbook, Preview]:
    upload = uploaded(scope, data)
    return upload, preview(scope, upload)


def outcomes(shown: Preview) -> dict[str, int]:
    """How many rows have which outcome; those that stay are left out."""
    found: dict[str, int] = {}
    for row in shown.rows:
        if row.outcome not in {"same", "saved"}:
            found[row.outcome.value] = found.get(row.outcome.value, 0) + 1
    return found


def saved(scope: Scope, upload: UploadedWorkbook, shown: Preview) -> Saved:
    """Everything that can be saved, agreed to."""
    agreed = {row.row: row.seen for row in shown.rows}
    return save_rows(by=scope.person, at=timezone.now(), upload=upload, shown=shown, agreed=agreed)


def day(text: str) -> date:
    return date.fromisoformat(text)


def with_rows(data: bytes, sheet: str, *rows: dict[str, Any]) -> bytes:
    """The workbook with new rows, one below the other."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book[sheet]
    headings = {cell.value: cell.column for cell in page[HEADINGS_ROW]}
    first = next(number for number in range(HEADINGS_ROW + 1, page.max_row + 1) if not page.cell(number, 1).value)
    for number, values in enumerate(rows, start=first):
        for heading, value in values.items():
            page.cell(number, headings[heading]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
