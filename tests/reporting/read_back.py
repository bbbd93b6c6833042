"""Reads each data format back with a reader that had no part in writing it, into the same plain cells."""

import csv
import re
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import odfdo
import openpyxl

from tests.reporting.exports.json_form import check
from vcsportal.common.spreadsheet_formulas import is_like_formula

Rows = list[list[Any]]


def unguarded(text: str) -> str:
    """What the CSV's guard was given: its rule can be undone by whoever reads the file."""
    return text[1:] if text.startswith("'") and is_like_formula(text) else text


def read(format_: str, content: bytes) -> dict[str, Rows]:
    """Return each table's rows by the table's name, the first being the names of the columns."""
    found: dict[str, Rows] = READERS[format_](content)
    return found


def _csv(content: bytes) -> dict[str, Rows]:
    with ZipFile(BytesIO(content)) as zip_:
        texts = {
            name.removesuffix(".csv"): zip_.read(name).decode("utf-8-sig")
            for name in zip_.namelist()
            if name.endswith(".csv")
        }
    raw = {name: list(csv.reader(StringIO(text, newline=""))) for name, text in texts.items()}
    kinds = {(row[0], row[1]): row[3] for row in raw["dictionary"][1:]}
    return {
        name: [head, *([_typed(text, kinds.get((name, column), "text")) for text, column in zip(row, head, strict=True)] for row in rows)]
        for name, (head, *rows) in raw.items()
    }  # fmt: skip


def _typed(text: str, kind: str) -> Any:
    if text == "":
        return None
    if kind == "whole number":
        return int(text)
    if kind == "number":
        return Decimal(text)
    return date.fromisoformat(text) if kind == "date" else unguarded(text)


def _json(content: bytes) -> dict[str, Rows]:
    data = check(content)
    tables = {"about": data["about"], **{name: t["rows"] for name, t in data["tables"].items()}}
    kinds = {(row["table"], row["column"]): row["kind"] for row in data["dictionary"]}
    names: dict[str, list[str]] = {"about": ["part", "words"], "dictionary": list(data["dictionary"][0])}
    for table, column in kinds:
        names.setdefault(table, []).append(column)
    return {
        name: [names[name], *([_plain(row[column], kinds.get((name, column), "text")) for column in names[name]] for row in rows)]
        for name, rows in {**tables, "dictionary": data["dictionary"]}.items()
    }  # fmt: skip


def _plain(value: Any, kind: str) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(value)
    return date.fromisoformat(value) if kind == "date" and value else _exact(value)


def _exact(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, float) else value


def _xlsx(content: bytes) -> dict[str, Rows]:
    book = openpyxl.load_workbook(BytesIO(content))
    found = {}
    for sheet in book:
        assert not sheet.merged_cells.ranges
        cells = [list(row) for row in sheet.iter_rows()]
        assert all(cell.data_type != "f" for row in cells for cell in row), "nothing is a formula"
        found[sheet.title] = [
            [value.date() if isinstance(value := cell.value, datetime) else _exact(value) for cell in row]
            for row in cells
        ]
    return _sheets(found)


def _ods(content: bytes) -> dict[str, Rows]:
    document = odfdo.Document(BytesIO(content))
    found = {}
    for table in document.body.tables:
        rows: Rows = [list(row.get_values()) for row in table.rows]
        if table.name == "About":  # its first column holds links, which the reader shows as Markdown
            rows = [[re.sub(r"^\[(.*)\]\(#.*\)$", r"\1", row[0]), *row[1:]] for row in rows]
        found[str(table.name)] = rows
    return _sheets(found)


def _sheets(found: dict[str, Rows]) -> dict[str, Rows]:
    """Take the title and the sentence off, and make the headings names again."""
    tables = {}
    for name, (title, sentence, head, *rows) in found.items():
        assert isinstance(title[0], str), name
        assert not any(title[1:]), name
        assert sentence[0].count(".") >= 2, name
        assert not any(sentence[1:]), name
        head = [heading for heading in head if heading is not None]
        tables[_name(name)] = [
            [_name(heading) for heading in head],
            *([*row, *[None] * len(head)][: len(head)] for row in rows),
        ]
    return tables


def _name(heading: str) -> str:
    return heading.lower().replace(" ", "_")


READERS = {"csv": _csv, "json": _json, "xlsx": _xlsx, "ods": _ods}
