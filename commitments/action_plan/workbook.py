"""Takes the sheets of a workbook that was read as the cells of this room, with their warnings."""

from collections.abc import Iterator

from commitments.action_plan.grid import PlanCell, PlanSheet, sheet_of
from vcsportal.common.spreadsheets import CellNote, Sheet, SheetCell, Workbook

MERGED_DOWN = (
    "This cell is merged over several rows. Its text is used for each row where it names a theme, people or a date."
)
MERGED_ACROSS = "This cell is merged over several columns. Its text is used for the first of them."


def plan_sheets(workbook: Workbook) -> list[PlanSheet]:
    """Return the sheets of a workbook, in its order."""
    return [sheet_of(sheet.name, _cells(sheet)) for sheet in workbook.sheets]


def _cells(sheet: Sheet) -> Iterator[PlanCell]:
    down = {
        (merged.first_row, merged.first_column): merged for merged in sheet.merged if merged.last_row > merged.first_row
    }
    for row in sheet.rows:
        for cell in row.cells.values():
            merged = down.get((cell.row, cell.column))
            made = _cell(cell, down=merged is not None)
            yield made
            for below in range(merged.first_row + 1, merged.last_row + 1) if merged else ():
                if sheet.row(below) is not None:
                    yield PlanCell(below, made.column, made.value, made.place, spread=True)


def _cell(cell: SheetCell, *, down: bool) -> PlanCell:
    value = cell.shown if cell.percent or cell.error or cell.value is None else cell.value
    warnings = [
        (MERGED_DOWN if down else MERGED_ACROSS) if note == CellNote.MERGED else note.sentence() for note in cell.notes
    ]
    return PlanCell(cell.row, cell.column, value, cell.place, tuple(warnings))
