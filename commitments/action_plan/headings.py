"""Finds the row of headings: the one with the most headings that are known, among the first rows that say something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from commitments.action_plan.columns import PlanColumn, guess_columns, meaning_of_heading
from commitments.action_plan.grid import PlanCell, PlanSheet
from vcsportal.common.spreadsheets import column_letters
from vcsportal.common.spreadsheets.workbook import with_heading

LOOKED_AT_ROWS: Final = 30
FEWEST_HEADINGS: Final = 2
MAX_HEADING_CHARACTERS: Final = 80


@dataclass(frozen=True, slots=True)
class PlanTable:
    """A sheet with its row of headings: ``heading_row`` is its number, ``above`` are the cells over it."""

    sheet: PlanSheet
    heading_row: int
    headings: dict[int, str]
    above: tuple[PlanCell, ...]

    def below(self) -> dict[int, dict[int, PlanCell]]:
        """Return the rows under the headings, by their number."""
        return {row: cells for row, cells in self.sheet.rows.items() if row > self.heading_row}

    def named(self, cell: PlanCell) -> PlanCell:
        """Return a cell below the headings with that of its column in its place."""
        heading = self.sheet.rows[self.heading_row].get(cell.column)
        return replace(cell, place=with_heading(cell.place, heading.text)) if heading else cell

    def cells_of(self, column: int) -> list[PlanCell]:
        """Return what a column says under its heading."""
        return [cells[column] for cells in self.below().values() if column in cells]

    def columns(self, remembered: Mapping[str, str] | None = None) -> list[PlanColumn]:
        """Return the columns with a first guess at each. Parameters as for :func:`guess_columns`."""
        cells = {column: self.cells_of(column) for column in self.headings}
        return guess_columns(self.headings, cells, remembered or {})


def find_table(sheets: Sequence[PlanSheet]) -> PlanTable | None:
    """Return the table of actions: on the sheet whose row of headings has the most known ones; of equals, with more rows."""
    found = [table for sheet in sheets if (table := _table(sheet)) is not None]
    return max(found, key=lambda table: (_known(table.headings), len(table.sheet.rows)), default=None)


def _table(sheet: PlanSheet) -> PlanTable | None:
    best: tuple[int, int] | None = None
    for row, cells in list(sheet.rows.items())[:LOOKED_AT_ROWS]:
        known = _known({column: cell.text for column, cell in cells.items()})
        if known >= FEWEST_HEADINGS and (best is None or known > best[0]):
            best = known, row
    if best is None:
        return None
    row = best[1]
    headings = {column: cell.text[:MAX_HEADING_CHARACTERS] for column, cell in sheet.rows[row].items()}
    _name_the_rest(sheet, row, headings)
    above = tuple(cell for number, cells in sheet.rows.items() if number < row for cell in cells.values())
    return PlanTable(sheet, row, headings, above)


def _known(headings: Mapping[int, str]) -> int:
    return len({meaning for text in headings.values() if (meaning := meaning_of_heading(text))})


def _name_the_rest(sheet: PlanSheet, row: int, headings: dict[int, str]) -> None:
    """Give columns that say something under an empty heading a name, so that nothing in them is passed over."""
    for number, cells in sheet.rows.items():
        if number > row:
            for column in cells:
                headings.setdefault(column, f"Column {column_letters(column)}, without a heading")
