"""Workbooks that come back: what the portal's own sheets say, somebody's own sheets of these names, and headings that come twice."""

import io
import json
import re
import time
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from commitments.workbooks.exchange import STEPS
from tests.common.spreadsheets.made import excel
from vcsportal.common.spreadsheets import Workbook, read_workbook
from vcsportal.common.spreadsheets.columns import (
    SheetColumn,
    Thing,
    Use,
    read_day,
    read_number,
    write_day,
    write_number,
)
from vcsportal.common.spreadsheets.comparison import CellChange, compare
from vcsportal.common.spreadsheets.made import make_book
from vcsportal.common.spreadsheets.made_ods import write_ods
from vcsportal.common.spreadsheets.made_xlsx import write_xlsx
from vcsportal.common.spreadsheets.tables import SheetTable, about, has_headings, read_table

TODAY = date(2026, 11, 30)
COLUMNS = (
    SheetColumn("key", "Key", "The key.", Use.KEY),
    SheetColumn("title", "Title", "What it is."),
    SheetColumn("step", "Step", "How far it is.", choices=("=1+1", "{=2}", '=HYPERLINK("http://evil","x")', "http://x.example/")),
    SheetColumn("due_on", "Due", "The date.", reads=read_day, writes=write_day),
    SheetColumn("count", "Count", "The number.", reads=read_number, writes=write_number),
)  # fmt: skip
THINGS = {
    "a": Thing("a", "The first", {"key": "a", "title": "First", "step": "", "due_on": "2026-03-12", "count": "5"})
}


def written(write: Any = write_xlsx) -> bytes:
    made = make_book(
        title="Things", author="Us", at=datetime(2026, 11, 30, tzinfo=UTC), sheet="Things", sentence="One.",
        columns=COLUMNS, things=list(THINGS.values()), about={"kind": "things"}, steps=(), new=True,
    )  # fmt: skip
    return bytes(write(made))


def read(workbook: Workbook) -> SheetTable:
    return read_table(workbook, COLUMNS, THINGS, sheet="Things", today=TODAY, new=True)


def edited(change: Any) -> Workbook:
    book = openpyxl.load_workbook(io.BytesIO(written()))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return read_workbook(out.getvalue(), "things.xlsx")


def test_words_among_which_people_choose_are_never_formulas_or_links():
    with zipfile.ZipFile(io.BytesIO(written())) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    sheets = [text for name, text in parts.items() if name.startswith("xl/worksheets/")]
    assert not [name for name, text in parts.items() if re.search(r"<f[ >]|<hyperlink|relationships/hyperlink", text)]
    assert any("<dataValidation" in text for text in sheets)
    words = [cell.value for row in read_workbook(written(), "x.xlsx").sheets[-1].rows for cell in row.cells.values()]
    assert words == list(COLUMNS[2].choices)


def test_cells_for_words_are_texts_so_that_nothing_becomes_a_number_or_a_date():
    page = openpyxl.load_workbook(io.BytesIO(written()))["Things"]
    for row in (4, 5):  # a thing, and an empty row
        formats = [page.cell(row, column).number_format for column in range(1, 6)]
        assert formats == ["@", "@", "@", "d mmmm yyyy", "General"]
    with zipfile.ZipFile(io.BytesIO(written(write_ods))) as archive:
        content, styles = archive.read("content.xml").decode(), archive.read("styles.xml").decode()
    rows = re.findall(r"<table:table-row.*?</table:table-row>", content.split('table:name="Things"')[1])
    for row in rows[3:5]:
        assert re.findall(r'table:style-name="(\w+)"', row)[1:] == [
            "LockedText",
            "OpenText",
            "OpenText",
            "OpenDay",
            "Open",
        ]
    assert re.search(r'"OpenText"[^>]*style:data-style-name="Text"', styles)


def test_what_was_there_at_download_is_read_as_its_column_says():
    def retyped(book: Any) -> None:
        sheet = book["Before"]
        sheet["D2"].value, sheet["E2"].value = date(2026, 3, 12), 5

    table = read(edited(retyped))
    assert table.rows[0].was == {"key": "a", "title": "First", "step": "", "due_on": "2026-03-12", "count": "5"}
    assert [row.outcome for row in compare(table, COLUMNS, THINGS, check=lambda *row: None)] == ["same"]

    def spoilt(book: Any) -> None:
        sheet = book["Before"]
        sheet["D2"].value, sheet["E2"].value = "in March", "#REF!"
        sheet["E2"].data_type = "e"

    assert read(edited(spoilt)).rows[0].was == {"key": "a", "title": "First", "step": ""}


def test_a_row_is_shown_whatever_the_file_says_was_there():
    table = read(read_workbook(written(), "things.xlsx"))
    table.rows[0].values["due_on"] = "2027-01-01"
    was = table.rows[0].was
    assert was is not None
    was["due_on"] = "12 March 2026"
    (row,) = compare(table, COLUMNS, THINGS, check=lambda *row: None)
    assert (row.outcome, row.changes[0].before) == ("conflict", "12 March 2026")


@pytest.mark.parametrize("name", ["Portal", "Before"])
def test_a_sheet_of_ones_own_that_is_called_like_one_of_the_portals_is_a_sheet_like_any_other(name):
    def fill(book, sheet):
        own = book.add_worksheet(name)
        own.write_row(0, 0, ["Key", "Title", "Due"])
        own.write_row(1, 0, ["a", "Ours"])
        own.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        own.write_formula(2, 0, "=1/0", None, "#DIV/0!")

    workbook = read_workbook(excel(fill), "own.xlsx")
    assert about(workbook) == {}
    assert has_headings(workbook, COLUMNS)
    table = read(workbook)
    assert (table.knows_before, table.rows[0].values["title"]) == (False, "Ours")
    assert [fault.found for row in table.rows for fault in row.faults] == ["#DIV/0!", "#DIV/0!"]


def test_a_heading_that_comes_twice_is_listed_and_a_doubled_key_hides_no_other_fault():
    text = "Key,Title,Due,Title\na,One,12 March 2026,x\na,Two,soon,y\n"
    table = read(read_workbook(text.encode(), "own.csv"))
    assert table.ignored == ("Title",)
    assert [fault.instead.split(".")[0] for fault in table.rows[1].faults] == [
        "Row 2 has the same key", "Write a date like 25 November 2026",
    ]  # fmt: skip
    assert [fault.place for fault in table.rows[1].faults] == ["Row 3, column Key", "Row 3, column Due"]
    assert (table.place(3, "due_on"), table.place(3, "")) == ("Row 3, column Due", "Row 3")
    assert SheetTable.from_json(json.loads(json.dumps(table.as_json()))) == table


def test_a_number_is_read_as_it_was_typed_where_words_are_expected():
    def numbered(book: Any) -> None:
        book["Things"]["B4"].value = Decimal("5.2")

    assert read(edited(numbered)).rows[0].values["title"] == "5.2"


def test_the_steps_promise_what_a_protected_sheet_allows():
    page = openpyxl.load_workbook(io.BytesIO(written()))["Things"]
    assert page["A4"].protection.locked
    assert (page.protection.sort, page.protection.deleteRows) == (True, True)  # locked, in this format's own words
    steps = " ".join(STEPS)
    assert "To sort or delete rows, take away the protection" in steps
    assert "You can sort" not in steps


def test_a_directory_of_five_thousand_comes_home():
    words = "Two lines on who they are and what they do, at the length that a page of the directory allows for it. " * 5
    things = {}
    for number in range(5_000):
        texts = {f"c{place}": f"{place} of organisation {number}" for place in range(13)}
        things[f"k{number}"] = Thing(f"k{number}", "x", {"key": f"k{number}", "title": f"{number} {words}", **texts})
    columns = (*COLUMNS[:2], *(SheetColumn(f"c{place}", f"Column {place}", "A column.") for place in range(13)))
    made = make_book(
        title="Things", author="Us", at=datetime(2026, 11, 30, tzinfo=UTC), sheet="Things", sentence="Many.",
        columns=columns, things=list(things.values()), about={"kind": "things"}, steps=(), new=True,
    )  # fmt: skip
    began = time.process_time()
    workbook = read_workbook(write_xlsx(made), "things.xlsx", seconds=300)
    table = read_table(workbook, columns, things, sheet="Things", today=TODAY, new=True)
    print(f"5,000 rows of 15 columns written and read in {time.process_time() - began:.1f} s of the processor")
    assert len(table.rows) == 5_000
    assert [row.outcome for row in compare(table, columns, things, check=lambda *row: None)] == ["same"] * 5_000


def test_texts_that_differ_late_are_shown_where_they_differ():
    text = "We met and talked about the hall. " * 12
    change = CellChange("a", "A", f"{text}Then we left.", f"{text}Then we stayed.", "Things!A1", f"{text}We wrote.")
    assert [shown.label for shown in change.texts] == ["When downloaded", "Now", "Will be"]
    assert [shown.part.rsplit(" ", 1)[1] for shown in change.texts] == ["wrote.", "left.", "stayed."]
    assert all(shown.cut and shown.part.startswith("…") and shown.whole.startswith("We met") for shown in change.texts)
    short = CellChange("a", "A", "", "It is short.", "Things!A1", new=True)
    assert [(shown.label, shown.part, shown.cut) for shown in short.texts] == [("", "It is short.", False)]
