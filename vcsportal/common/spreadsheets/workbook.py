"""A workbook that was read: sheets, rows and cells, as plain values. Empty cells are not in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from vcsportal.common.words import Invalid

Value = str | Decimal | date | bool | None

ITEMS: Final = ""
"""The name of the sheet of a list of items that a program wrote: nobody has seen it as a sheet."""
TEXT_FILE: Final = "/"
"""The name of the one sheet of a CSV file. Nobody reads it: such a file has no sheets, and no sheet of a workbook may be called so."""
MAX_HEADING_CHARACTERS: Final = 40
"""The most of a heading that the place of a cell says."""
_OF_A_TEXT_FILE: Final = re.compile(r"(Row \d+), column [A-Z]+")
MAX_SHEETS: Final = 50
MAX_ROWS: Final = 20_000
"""The most rows with something in them, of one workbook."""
MAX_COLUMNS: Final = 200
"""The last column in which something may be written, counted from 1."""
MAX_CELLS: Final = 250_000
"""The most filled cells, of one workbook, the portal's own hidden sheets included: about 60 MB of memory."""
MAX_CHARACTERS: Final = 30_000_000
"""The most that all texts of one workbook have together. Excel keeps most of them twice: in a list, and in the cells that name them."""
MAX_STRINGS: Final = 200_000
"""The most texts in the list of an Excel workbook."""
MAX_STYLES: Final = 65_490
"""The most styles of cells, which is Excel's own limit."""


MAX_MERGED: Final = 10_000
"""The most merged ranges of one workbook."""


class CellNote(StrEnum):
    """Why somebody should look twice at a cell. Each is worded by :meth:`sentence`."""

    FORMULA = "formula"
    FORMULA_WITHOUT_VALUE = "formula without a value"
    MERGED = "merged"
    HIDDEN_ROW = "hidden row"
    HIDDEN_COLUMN = "hidden column"
    HIDDEN_SHEET = "hidden sheet"
    ERROR = "error"

    def sentence(self) -> str:
        """Return what to say about a cell with this note."""
        return _SENTENCES[self]


_SENTENCES: Final = {
    CellNote.FORMULA: "This cell has a formula. Its last saved result was read.",
    CellNote.FORMULA_WITHOUT_VALUE: (
        "This cell has a formula without a saved result. Open the file in your spreadsheet program, save it and upload it again."
    ),
    CellNote.MERGED: "This cell is merged with others. Its value was read for the first of them only.",
    CellNote.HIDDEN_ROW: "This cell is in a hidden row.",
    CellNote.HIDDEN_COLUMN: "This cell is in a hidden column.",
    CellNote.HIDDEN_SHEET: "This cell is on a hidden sheet.",
    CellNote.ERROR: "This cell shows an error. Correct its formula, or write the value instead.",
}


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell with something in it.

    :ivar value: its text without blanks around it, number, day or yes-or-no; None for an error, or a formula without a value.
    :ivar row: counted from 1, as spreadsheets count.
    :ivar column: counted from 1: 1 is A.
    :ivar percent: the cell shows its number as a percentage, so 0.74 is seen as 74%.
    :ivar error: what the cell shows instead of a value, such as "#REF!"; "" if it has none.
    """

    sheet: str
    row: int
    column: int
    value: Value
    notes: tuple[CellNote, ...] = ()
    percent: bool = False
    error: str = ""

    @property
    def place(self) -> str:
        """Where it is, such as "Figures!B7"."""
        return place(self.sheet, self.row, self.column)

    @property
    def shown(self) -> str:
        """What a person sees there, in words."""
        from vcsportal.common.spreadsheets.values import shown

        return shown(self)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with something in it: its number as spreadsheets count, and its cells by column (1 is A)."""

    number: int
    cells: Mapping[int, SheetCell]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range, its first and last rows and columns included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def covers(self, row: int, column: int) -> bool:
        """Say whether a cell is in the range."""
        return self.first_row <= row <= self.last_row and self.first_column <= column <= self.last_column


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its rows that have something in them, in their order."""

    name: str
    rows: tuple[SheetRow, ...] = ()
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Merged, ...] = ()
    _by_number: dict[int, SheetRow] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for row in self.rows:
            self._by_number[row.number] = row

    def row(self, number: int) -> SheetRow | None:
        """Return the row of this number; None if nothing is in it."""
        return self._by_number.get(number)

    def cell(self, number: int, column: int) -> SheetCell | None:
        """Return a cell; None if nothing is in it."""
        row = self._by_number.get(number)
        return row.cells.get(column) if row else None

    def value_of(self, row: SheetRow, column: int) -> SheetCell | None:
        """Return what a person sees in a column of the row: of a merged range, the cell that has its value."""
        if (found := row.cells.get(column)) is not None:
            return found
        for merged in self.merged:
            if merged.covers(row.number, column):
                return self.cell(merged.first_row, merged.first_column)
        return None


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file that was read.

    :ivar name: the file's name as it is shown to people.
    :ivar kind: "xlsx", "ods", "csv" or "json".
    """

    name: str
    kind: str
    sheets: tuple[Sheet, ...]

    def sheet(self, name: str) -> Sheet | None:
        """Return the sheet of this name, whatever its capital letters; None if there is none."""
        wanted = name.strip().casefold()
        return next((sheet for sheet in self.sheets if sheet.name.strip().casefold() == wanted), None)


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 1: ``A``, ``Z``, ``AA``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number of a column, counted from 1, by its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def place(sheet: str, row: int, column: int, heading: str = "") -> str:
    """Return the place of a cell as people write it, such as "Figures!B7"; of a list of items, which of them.

    :param heading: that of its column. The place is then such as "Figures!B7 (Due)", and in a CSV file "Row 7, column Due".
    """
    letters = column_letters(column)
    if sheet == ITEMS:
        return f"Item {row}, {heading}" if heading else f"Item {row}"
    return with_heading(f"Row {row}, column {letters}" if sheet == TEXT_FILE else f"{sheet}!{letters}{row}", heading)


def with_heading(spot: str, heading: str) -> str:
    """Return the place of a cell, as :func:`place` gives it without a heading, with the heading of its column."""
    said = " ".join(heading.split())
    if not said:
        return spot
    said = said if len(said) <= MAX_HEADING_CHARACTERS else f"{said[:MAX_HEADING_CHARACTERS].rstrip()}…"
    row = _OF_A_TEXT_FILE.fullmatch(spot)
    return f"{row[1]}, column {said}" if row else f"{spot} ({said})"


def is_place_of_cell(spot: str) -> bool:
    """Say whether a text that may be the place of something else is that of a cell."""
    return "!" in spot or spot.startswith("Row ")


def place_of_row(sheet: str, row: int) -> str:
    """Return the place of a row as people write it."""
    if sheet == ITEMS:
        return f"Item {row}"
    return f"Row {row}" if sheet == TEXT_FILE else f"{sheet}, row {row}"


def sheet_called(sheet: str, file: str) -> str:
    """Return the beginning of a sentence about a sheet: a file that has no sheets is called by its own name."""
    return f"“{file}”" if sheet in {ITEMS, TEXT_FILE} else f"The sheet “{sheet}” of “{file}”"


class ReadingLimits:
    """Counts what was read of one workbook, and refuses more than the portal reads.

    :param shown: the file's name.
    """

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self._rows = self._cells = self._characters = self._merged = 0

    def sheet(self, number: int) -> None:
        """Count sheets."""
        if number > MAX_SHEETS:
            raise self._refused(f"more than {MAX_SHEETS} sheets")

    def row(self) -> None:
        """Count a row with something in it."""
        self._rows += 1
        if self._rows > MAX_ROWS:
            raise self._refused(f"more than {MAX_ROWS:,} rows")

    def cell(self, sheet: str, row: int, column: int) -> None:
        """Count a cell with something in it."""
        if column > MAX_COLUMNS:
            raise Invalid(
                f"“{self.shown}” has text in {place(sheet, row, column)}. The portal reads the first {MAX_COLUMNS} columns. "
                "Delete the columns to the right of them, save the file and choose it again.",
                field="file",
            )
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise self._refused(f"more than {MAX_CELLS:,} filled cells")

    def strings(self, number: int) -> None:
        """Count the texts in a list."""
        if number > MAX_STRINGS:
            raise self._refused(f"more than {MAX_STRINGS:,} different texts")

    def styles(self, number: int) -> None:
        """Count styles of cells."""
        if number > MAX_STYLES:
            raise self._refused(f"more than {MAX_STYLES:,} styles of cells")

    def merged(self) -> None:
        """Count a merged range."""
        self._merged += 1
        if self._merged > MAX_MERGED:
            raise self._refused(f"more than {MAX_MERGED:,} merged ranges")

    def text(self, characters: int) -> None:
        """Count the characters of a text."""
        self._characters += characters
        if self._characters > MAX_CHARACTERS:
            raise self._refused("more text than the portal can read")

    def _refused(self, what: str) -> Invalid:
        return Invalid(
            f"“{self.shown}” has {what}. Divide it into smaller files and upload them one by one.", field="file"
        )
