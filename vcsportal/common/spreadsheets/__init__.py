"""Reads spreadsheets that people upload: .xlsx, .ods, .csv and lists of objects in JSON into plain rows. It knows no app.

::

    workbook = read_workbook(data, "Action plan.xlsx")   # raises Invalid(field="file") with a sentence
    for sheet in workbook.sheets:                         # in the file's order; sheet.hidden says if people see it
        for row in sheet.rows:                            # rows with something in them; row.number as Excel counts
            cell = row.cells[2]                           # by column: 1 is A. Empty cells are not there
            cell.place                                    # "Figures!B7"
            cell.value                                    # str | Decimal | date | bool | None
            cell.notes                                    # why to look twice: FORMULA, MERGED, HIDDEN_ROW, …
    sheet.value_of(row, 3)                                # what a person sees there: of a merged range, its first cell

:mod:`values` reads what a cell means where a number, a day or words are expected, with the comma decimals and dates that
people type; it raises :class:`values.UnreadableCell` whose sentence says what to write instead.
"""

from vcsportal.common.spreadsheets.reading import read_workbook
from vcsportal.common.spreadsheets.workbook import CellNote, Sheet, SheetCell, SheetRow, Value, Workbook, column_letters

__all__ = ["CellNote", "Sheet", "SheetCell", "SheetRow", "Value", "Workbook", "column_letters", "read_workbook"]
