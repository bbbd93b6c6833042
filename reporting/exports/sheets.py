"""What both kinds of spreadsheet share: the layout of a sheet, accessible on screen, by screen reader and by keyboard.

Title in A1, one sentence below it, then one table with one header row; no merged cells, no colour, no frozen panes,
no filters that hide the headings, no empty rows. Arial 12, texts wrapped.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from reporting.exports.tables import Table
from vcsportal.common.cells import Cell, cell

HEADER_ROW: Final = 2
"""The row of the headings, counted from 0; the table's rows come right after it."""
MIN_COLUMN_CHARACTERS: Final = 9
MAX_COLUMN_CHARACTERS: Final = 60


def rows(table: Table) -> list[list[Cell]]:
    """Return the cells of the sheet, row by row."""
    return [[cell(value) for value in row] for row in table.rows]


def sentence(table: Table) -> str:
    """Return the line below the title, which says that there is one table, and if it has no rows."""
    return f"{table.says} This sheet has one table{'' if table.rows else ', which has no rows this time'}."


def widths(table: Table, rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Return how many characters wide each column is: wide enough to read, and no wider than a line is read well."""
    return [
        max(
            MIN_COLUMN_CHARACTERS,
            min(MAX_COLUMN_CHARACTERS, max(_needs(value) for value in [column.heading, *(row[place] for row in rows)])),
        )
        for place, column in enumerate(table.columns)
    ]


def link_target(part: Cell, tables: Sequence[Table]) -> str:
    """Return the name of the sheet that a cell of the first sheet names, or ""."""
    return next((table.heading for table in tables if part == f"Table “{table.heading}”"), "")


def _needs(value: Cell) -> int:
    if isinstance(value, str):
        return max(map(len, value.split("\n"))) + 3
    return 19 if isinstance(value, date) else len(f"{value or 0:,}") + 3
