"""Reads the table of a workbook that was downloaded from the portal, filled in and uploaded, and finds what is wrong in it.

A workbook has a sheet of instructions, the sheet that people fill in, and two hidden ones: :data:`ABOUT` says what the
workbook is about, and :data:`BEFORE` what was there when it was downloaded.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Final

from vcsportal.common.plurals import join_with_and
from vcsportal.common.spreadsheets.columns import SheetColumn, Thing, Use, write_text
from vcsportal.common.spreadsheets.values import UnreadableCell, text_of
from vcsportal.common.spreadsheets.workbook import (
    Sheet,
    SheetCell,
    SheetRow,
    Workbook,
    place,
    place_of_row,
    sheet_called,
)
from vcsportal.common.words import Invalid

ABOUT: Final = "Portal"
BEFORE: Final = "Before"
INSTRUCTIONS: Final = "Read me first"
CORRECTION: Final = "What to correct"
"""The heading of the portal's own remarks in rows that it gives back."""
HEADINGS_WITHIN_ROWS: Final = 20
NEW_DOWNLOAD: Final = "Download a new workbook and copy what you wrote into it."


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in a cell: where, what was found and what to write instead."""

    column: str
    place: str
    found: str
    instead: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of the uploaded sheet.

    :ivar row: its number, as spreadsheets count.
    :ivar key: the thing that it is about; "" for a new one.
    :ivar values: plain texts by the names of columns, those whose heading is missing left out.
    :ivar was: what was there at download; None if the workbook does not say.
    :ivar notes: why to look twice: a place and a sentence.
    :ivar unread: the whole texts of cells that can't be read, by the names of columns.
    """

    row: int
    key: str
    values: dict[str, str]
    was: dict[str, str] | None = None
    faults: tuple[CellFault, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    unread: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetTable:
    """The table of an uploaded sheet. It can be kept as JSON.

    :ivar columns: where the columns are, by name, counted from 1.
    :ivar ignored: headings that the portal does not know.
    :ivar knows_before: whether the workbook says what was there at download.
    :ivar headings: the headings of the columns as the file has them, by name.
    """

    sheet: str
    columns: dict[str, int]
    rows: tuple[FileRow, ...]
    ignored: tuple[str, ...] = ()
    knows_before: bool = True
    headings: dict[str, str] = field(default_factory=dict)

    def place(self, row: int, column: str) -> str:
        """Return the place of a cell; that of its row where the column is not there."""
        number = self.columns.get(column)
        return (
            place(self.sheet, row, number, self.headings.get(column, "")) if number else place_of_row(self.sheet, row)
        )

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "SheetTable":
        """Return what :meth:`as_json` gave."""
        rows = tuple(
            FileRow(
                row["row"], row["key"], row["values"], row["was"],
                tuple(CellFault(**fault) for fault in row["faults"]), tuple(tuple(note) for note in row["notes"]),
                row.get("unread", {}),
            )
            for row in data["rows"]
        )  # fmt: skip
        return cls(
            data["sheet"], data["columns"], rows, tuple(data["ignored"]), data["knows_before"], data.get("headings", {})
        )


def about(workbook: Workbook) -> dict[str, str]:
    """Return what the workbook says that it is about; empty for a workbook of somebody's own that has a sheet of this name."""
    sheet = workbook.sheet(ABOUT)
    found: dict[str, str] = {}
    for row in sheet.rows if sheet else ():
        name, value = _text(row.cells.get(1)), _text(row.cells.get(2))
        if not found and name != "kind":
            return {}
        if name and value:
            found[name] = value
    return found


def _text(cell: SheetCell | None) -> str:
    """Return the words of a cell; "" where it shows an error."""
    try:
        return text_of(cell)
    except UnreadableCell:
        return ""


def _seen(workbook: Workbook) -> list[Sheet]:
    """Return the sheets but for the portal's own hidden ones."""
    own = {ABOUT, BEFORE} if about(workbook) else set()
    return [sheet for sheet in workbook.sheets if sheet.name not in own]


def has_headings(workbook: Workbook, columns: Sequence[SheetColumn]) -> bool:
    """Say whether some sheet has most of these headings."""
    return any(_headings(sheet, columns) for sheet in _seen(workbook))


def read_table(
    workbook: Workbook,
    columns: Sequence[SheetColumn],
    things: Mapping[str, Thing],
    *,
    sheet: str,
    today: date,
    new: bool,
) -> SheetTable:
    """Return the rows of the sheet with what is wrong in them.

    :param things: what the rows may be about, by key.
    :param sheet: the name of the sheet, as it was downloaded; without it the first with these headings.
    :param new: whether a row without a key adds a thing.
    :raises Invalid: the sheet or its column of keys is missing. Where no column is one of keys, every row adds a thing.
    """
    found, headings = _find(workbook, columns, sheet)
    key = _key_column(columns)
    if key is not None and key.name not in headings.columns:
        raise Invalid(
            f"{sheet_called(found.name, workbook.name)} has no column “{key.heading}”, which identifies each row. {NEW_DOWNLOAD}",
            field="file",
        )
    before = _before(workbook, columns, things, today)
    rows: list[FileRow] = []
    seen: dict[str, int] = {}
    for row in found.rows:
        if row.number <= headings.row:
            continue
        read = _row(found, row, columns, headings, things, today=today, new=new, seen=seen)
        if read is not None:
            was = before.get(read.key) if read.key else None
            rows.append(replace(read, was=was))
    names = {name: headings.texts[number] for name, number in headings.columns.items()}
    return SheetTable(found.name, headings.columns, tuple(rows), headings.ignored, bool(before), names)


def _key_column(columns: Sequence[SheetColumn]) -> SheetColumn | None:
    return next((column for column in columns if column.use is Use.KEY), None)


@dataclass(frozen=True, slots=True)
class _Headings:
    """The row of headings: ``columns`` by name, and ``texts`` of all headings, by the number of their column."""

    row: int
    columns: dict[str, int]
    texts: dict[int, str]
    ignored: tuple[str, ...] = field(default=())

    def place(self, sheet: Sheet, row: SheetRow, column: int) -> str:
        """Return the place of a cell in the table."""
        return place(sheet.name, row.number, column, self.texts.get(column, ""))


def _headings(sheet: Sheet, columns: Sequence[SheetColumn]) -> _Headings | None:
    """Return where the headings are: in the first row that has those that are needed or, where none is, at least half of them."""
    needed = {column.name for column in columns if column.needed}
    by_heading = {_folded(column.heading): column.name for column in columns}
    if not _key_column(columns):  # a program may write the table, and knows the columns by their names
        by_heading = {column.name: column.name for column in columns} | by_heading
    for row in sheet.rows:
        if row.number > HEADINGS_WITHIN_ROWS:
            return None
        found: dict[str, int] = {}
        texts: dict[int, str] = {}
        ignored = []
        for number, cell in sorted(row.cells.items()):
            heading = texts[number] = cell.value if isinstance(cell.value, str) else ""
            name = by_heading.get(_folded(heading))
            if name and name not in found:
                found[name] = number
            elif heading and heading != CORRECTION:
                ignored.append(heading)
        if needed <= set(found) if needed else len(found) * 2 >= len(columns):
            return _Headings(row.number, found, texts, tuple(ignored))
    return None


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _find(workbook: Workbook, columns: Sequence[SheetColumn], name: str) -> tuple[Sheet, _Headings]:
    named = workbook.sheet(name)
    for sheet in ([named] if named else []) + _seen(workbook):
        if (headings := _headings(sheet, columns)) is not None:
            return sheet, headings
    if needed := [f"“{column.heading}”" for column in columns if column.needed]:
        raise Invalid(f"“{workbook.name}” needs columns with the headings {join_with_and(needed)}.", field="file")
    raise Invalid(f"“{workbook.name}” has no sheet with the headings of “{name}”. {NEW_DOWNLOAD}", field="file")


def _before(
    workbook: Workbook, columns: Sequence[SheetColumn], things: Mapping[str, Thing], today: date
) -> dict[str, dict[str, str]]:  # fmt: skip
    """Return what was there at download, by key. A value that can't be read is left out, as if the file did not say."""
    sheet = workbook.sheet(BEFORE) if about(workbook) else None
    if sheet is None or not sheet.rows:
        return {}
    known = {column.name: column for column in columns}
    places = {number: known.get(_text(cell)) for number, cell in sheet.rows[0].cells.items()}
    found: dict[str, dict[str, str]] = {}
    for row in sheet.rows[1:]:
        thing = things.get(_text(row.cells.get(1)))
        if thing is None:
            continue
        values = found[thing.key] = dict[str, str]()
        for number, column in places.items():
            if column is None:
                continue
            cell = row.cells.get(number)
            with suppress(UnreadableCell):  # programs turn the texts of this sheet into days and numbers
                values[column.name] = text_of(cell) if column.writes is write_text else column.reads(cell, thing, today)
    return found


def _row(
    sheet: Sheet, row: SheetRow, columns: Sequence[SheetColumn], headings: _Headings, things: Mapping[str, Thing],
    *, today: date, new: bool, seen: dict[str, int],
) -> FileRow | None:  # fmt: skip
    """Return a row, or None for one in which nothing is filled in."""
    faults: list[CellFault] = []
    notes: list[tuple[str, str]] = []
    unread: dict[str, str] = {}
    key_column, where = _key_column(columns), headings.columns

    def about_key(found: str, instead: str) -> CellFault:
        name = key_column.name if key_column else ""
        return CellFault(name, headings.place(sheet, row, where.get(name, 1)), found, instead)

    try:
        key = text_of(row.cells.get(where[key_column.name])) if key_column else ""
    except UnreadableCell as wrong:
        return FileRow(row.number, "", {}, None, (about_key(wrong.found, wrong.instead),))
    thing = things.get(key)
    read_uses = {Use.FILLED, Use.REASON} if key else {Use.FILLED, Use.REASON, Use.BEGUN}
    values: dict[str, str] = {}
    for column in columns:
        if column.name not in where or column.use not in read_uses:
            continue
        cell = row.cells.get(where[column.name])
        try:
            values[column.name] = column.read(cell, thing, today)
        except UnreadableCell as wrong:
            spot = headings.place(sheet, row, where[column.name])
            faults.append(CellFault(column.name, spot, wrong.found, wrong.instead))
            unread[column.name] = cell.value if cell and isinstance(cell.value, str) else wrong.found
        if cell is not None and not cell.error and cell.value is not None:
            notes += [(headings.place(sheet, row, cell.column), note.sentence()) for note in cell.notes]
    if not key and not faults and not any(values.values()):
        return None
    if key and thing is None:
        said = f"There is nothing in the portal with this key. Copy the key from the workbook that you downloaded{', or leave it empty to add a new row' if new else ''}."
        return FileRow(row.number, key, values, None, (about_key(key, said),))
    if not key and not new:
        said = "This row has no key, so the portal can’t tell what the row is about. Copy the key from the workbook that you downloaded."
        return FileRow(row.number, "", values, None, (about_key("nothing", said),))
    if key in seen:
        said = f"Row {seen[key]} has the same key. Keep one of the two."
        faults.insert(0, about_key(key, said))
    elif key:
        seen[key] = row.number
    return FileRow(row.number, key, values, None, tuple(faults), tuple(notes), unread)
