"""Takes the sheets of a workbook that was read as the cells of this package, with their warnings."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from commitments.action_plan.grid import PlanCell, PlanSheet, sheet_of
from vcsportal.common.spreadsheets import CellNote, Sheet, SheetCell, Workbook
from vcsportal.common.words import Invalid

MAX_SPREAD_CELLS: Final = 100_000
"""The most cells of one sheet that may have the text of a merged cell above them."""
MERGED_DOWN = (
    "This cell is merged over several rows. Its text is used for each row where it names a theme, people or a date."
)
MERGED_ACROSS = "This cell is merged over several columns. Its text is used for the first of them."


def plan_sheets(workbook: Workbook) -> list[PlanSheet]:
    """Return the sheets of a workbook, in its order.

    :raises Invalid: its merged cells reach over more rows than are read.
    """
    return [sheet_of(sheet.name, _cells(sheet, workbook.name)) for sheet in workbook.sheets]


def _cells(sheet: Sheet, name: str) -> Iterator[PlanCell]:
    numbers, spread = [row.number for row in sheet.rows], 0
    down = {
        (merged.first_row, merged.first_column): merged for merged in sheet.merged if merged.last_row > merged.first_row
    }
    for row in sheet.rows:
        for cell in row.cells.values():
            merged = down.get((cell.row, cell.column))
            made = _cell(cell, down=merged is not None)
            yield made
            if merged is None or made.unread:
                continue
            below = numbers[bisect_right(numbers, cell.row) : bisect_right(numbers, merged.last_row)]
            if (spread := spread + len(below)) > MAX_SPREAD_CELLS:
                raise Invalid(
                    f"“{name}” has merged cells over more rows than the portal can read. Unmerge them, save it and choose it again.",
                    field="file",
                )
            for number in below:
                yield PlanCell(number, made.column, made.value, made.place, spread=True)


def _cell(cell: SheetCell, *, down: bool) -> PlanCell:
    unread = cell.shown if cell.error or cell.value is None else ""
    value = None if unread else cell.shown if cell.percent else cell.value
    warnings = [
        (MERGED_DOWN if down else MERGED_ACROSS) if note == CellNote.MERGED else note.sentence() for note in cell.notes
    ]
    return PlanCell(cell.row, cell.column, value, cell.place, tuple(warnings), unread=unread)
