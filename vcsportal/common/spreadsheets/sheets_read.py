"""Collects the rows and cells of a sheet while a file is read."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from math import isfinite

from vcsportal.common.plain_texts import plain
from vcsportal.common.spreadsheets.workbook import CellNote, Merged, ReadingLimits, Sheet, SheetCell, SheetRow, Value


class SheetRead:
    """A sheet that is being read, row by row."""

    def __init__(self, name: str, limits: ReadingLimits, *, hidden: bool = False) -> None:
        self.name, self._limits, self._hidden = plain(name) or "Sheet", limits, hidden
        self._rows: list[SheetRow] = []
        self._merged: list[Merged] = []
        self.hidden_columns: set[int] = set()

    def add(self, number: int, cells: Iterable[SheetCell], *, hidden: bool = False) -> None:
        """Add a row; one without cells is left out."""
        by_column = {cell.column: cell for cell in cells}
        if by_column:
            self._limits.row()
            self._rows.append(SheetRow(number, by_column, hidden))

    def cell(
        self,
        row: int,
        column: int,
        value: Value,
        *,
        hidden_row: bool = False,
        formula: bool = False,
        percent: bool = False,
        error: str = "",
    ) -> SheetCell | None:
        """Return a cell with its notes, or None for one with nothing in it."""
        if isinstance(value, str):
            value = plain(value) or None
        if value is None and not formula and not error:
            return None
        if isinstance(value, str):
            self._limits.text(len(value))
        self._limits.cell(self.name, row, column)
        notes = []
        if error:
            notes.append(CellNote.ERROR)
        elif formula:
            notes.append(CellNote.FORMULA_WITHOUT_VALUE if value is None else CellNote.FORMULA)
        if self._hidden:
            notes.append(CellNote.HIDDEN_SHEET)
        if hidden_row:
            notes.append(CellNote.HIDDEN_ROW)
        if column in self.hidden_columns:
            notes.append(CellNote.HIDDEN_COLUMN)
        return SheetCell(self.name, row, column, value, tuple(notes), percent, error)

    def merge(self, merged: Merged) -> None:
        """Note a merged range of more than one cell."""
        if (merged.first_row, merged.first_column) != (merged.last_row, merged.last_column):
            self._limits.merged()
            self._merged.append(merged)

    def done(self) -> Sheet:
        """Return the sheet."""
        first = {(merged.first_row, merged.first_column) for merged in self._merged}
        rows = [_with_merges(row, first) for row in self._rows] if first else self._rows
        rows = sorted(rows, key=lambda row: row.number)
        return Sheet(self.name, tuple(rows), self._hidden, frozenset(self.hidden_columns), tuple(self._merged))


def _with_merges(row: SheetRow, first: set[tuple[int, int]]) -> SheetRow:
    cells = {
        column: SheetCell(
            cell.sheet, cell.row, cell.column, cell.value, (*cell.notes, CellNote.MERGED), cell.percent, cell.error
        )
        if (row.number, column) in first
        else cell
        for column, cell in row.cells.items()
    }
    return SheetRow(row.number, cells, row.hidden)


def numbered(sheet: SheetRead, rows: Iterable[Sequence[str]]) -> None:
    """Add rows of plain texts, the first of them as row 1."""
    for number, texts in enumerate(rows, start=1):
        found = (sheet.cell(number, column, text) for column, text in enumerate(texts, start=1))
        sheet.add(number, [cell for cell in found if cell is not None])


def day_of(text: str) -> date | None:
    """Return the day of an ISO date or moment; None if it is none."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def decimal_of(number: float) -> Decimal:
    """Return the shortest number that means the same: Excel stores 0.1 as 0.10000000000000001.

    :raises ValueError: it is infinite, or no number.
    """
    if not isfinite(number):
        raise ValueError("no number")
    return Decimal(int(number)) if number.is_integer() else Decimal(repr(number))
