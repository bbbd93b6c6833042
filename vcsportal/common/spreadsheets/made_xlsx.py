"""Writes a workbook that people fill in as Excel's .xlsx. Locked cells are protected without a password."""

from datetime import UTC, date
from io import BytesIO
from typing import Any, Final

from vcsportal.common.spreadsheet_formulas import is_like_formula
from vcsportal.common.spreadsheets.made import HEADINGS_ROW, MadeBook, MadeCell, MadeSheet
from vcsportal.common.spreadsheets.tables import INSTRUCTIONS

FONT: Final = {"font_name": "Arial", "font_size": 12}
BODY: Final = {**FONT, "valign": "top", "text_wrap": True}
LISTS: Final = "Lists"
MAY: Final = {
    "format_cells": True, "format_columns": True, "format_rows": True, "autofilter": True, "insert_rows": True,
}  # fmt: skip
"""What people may do on a protected sheet besides filling it in. Excel neither sorts nor deletes rows that have a locked cell."""


def write_xlsx(book: MadeBook) -> bytes:
    """Return the workbook as a file."""
    import xlsxwriter

    out = BytesIO()
    made = book.at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    file = xlsxwriter.Workbook(out, {"in_memory": True})
    file.set_properties({"title": book.title, "author": book.author, "created": made})
    formats = _Formats(file)
    _instructions(file.add_worksheet(INSTRUCTIONS), book, formats)
    sheet = file.add_worksheet(book.sheet.name)
    lists = _Lists(file)
    _sheet(sheet, book.sheet, formats, lists)
    for name, rows in book.lists.items():
        hidden = file.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, text in enumerate(row):
                if text:
                    hidden.write_string(number, place, text)
        hidden.protect()
        hidden.very_hidden()
    lists.write()
    sheet.activate()
    file.close()
    return out.getvalue()


class _Formats:
    """The looks of cells, each made once: by what it holds, and whether it is locked."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._made: dict[tuple[str, bool], Any] = {}
        self.title = file.add_format({**FONT, "font_size": 16, "bold": True})
        self.sentence = file.add_format(FONT)
        self.header = file.add_format({**BODY, "bold": True, "bottom": 2})
        self.words = file.add_format(BODY)

    def of(self, cell: MadeCell) -> Any:
        kind: str = "day" if isinstance(cell.value, date) else cell.holds
        if isinstance(cell.value, str) and is_like_formula(cell.value):
            kind = "guarded"
        key = (kind, cell.locked)
        if key not in self._made:
            looks: dict[str, dict[str, Any]] = {
                "text": {"num_format": "@"}, "number": {}, "day": {"num_format": "d mmmm yyyy", "align": "left"},
                "guarded": {"num_format": "@", "quote_prefix": True},
            }  # fmt: skip
            look = looks[kind]
            colour: dict[str, Any] = (
                {"bg_color": "#EEEEEE"} if cell.locked else {"border": 1, "border_color": "#BFBFBF"}
            )
            self._made[key] = self._file.add_format({**BODY, **look, **colour, "locked": cell.locked})
        return self._made[key]


class _Lists:
    """The words among which people choose, each list once, on a hidden sheet: Excel allows 255 characters in a cell's own."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._lists: dict[tuple[str, ...], int] = {}

    def source(self, words: tuple[str, ...]) -> str:
        from xlsxwriter.utility import xl_col_to_name

        place = xl_col_to_name(self._lists.setdefault(words, len(self._lists)))
        return f"={LISTS}!${place}$1:${place}${len(words)}"

    def write(self) -> None:
        if not self._lists:
            return
        sheet = self._file.add_worksheet(LISTS)
        for words, place in self._lists.items():
            for number, word in enumerate(words):  # never as a formula or a link
                sheet.write_string(number, place, word)
        sheet.protect()
        sheet.very_hidden()


def _instructions(sheet: Any, book: MadeBook, formats: _Formats) -> None:
    sheet.write_string(0, 0, book.title, formats.title)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    for number, row in enumerate(book.instructions, start=1):
        if len(row) == 1:
            sheet.write_string(number, 0, row[0], formats.sentence)
        else:
            for place, text in enumerate(row):
                sheet.write_string(number, place, text, formats.header if row[0] == "Column" else formats.words)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _sheet(sheet: Any, made: MadeSheet, formats: _Formats, lists: _Lists) -> None:
    sheet.write_string(0, 0, made.title, formats.title)
    sheet.write_string(1, 0, made.sentence, formats.sentence)
    for place, (heading, width) in enumerate(zip(made.headings, made.widths, strict=True)):
        sheet.write_string(HEADINGS_ROW - 1, place, heading, formats.header)
        sheet.set_column(place, place, width)
    for number, row in enumerate(made.rows, start=HEADINGS_ROW):
        for place, cell in enumerate(row):
            _cell(sheet, number, place, cell, formats.of(cell))
    for place in range(len(made.headings)):
        _choices(sheet, made, place, lists)
    sheet.freeze_panes(HEADINGS_ROW, 1)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # 5.2 is a commitment's name
    sheet.protect("", MAY)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADINGS_ROW - 1)


def _choices(sheet: Any, made: MadeSheet, place: int, lists: _Lists) -> None:
    """Offer the words of a column; neighbouring rows with the same words share one drop-down."""
    first = 0
    rows = made.rows
    for number in range(len(rows) + 1):
        if number < len(rows) and rows[number][place].choices == rows[first][place].choices:
            continue
        if first < len(rows) and (words := rows[first][place].choices):
            sheet.data_validation(
                HEADINGS_ROW + first, place, HEADINGS_ROW + number - 1, place,
                {
                    "validate": "list", "source": lists.source(words), "error_type": "warning",
                    "error_title": made.headings[place], "error_message": "Choose one of the words in the list.",
                },
            )  # fmt: skip
        first = number


def _cell(sheet: Any, number: int, place: int, cell: MadeCell, look: Any) -> None:
    value = cell.value
    if value is None:
        sheet.write_blank(number, place, None, look)
    elif isinstance(value, str):
        sheet.write_string(number, place, value, look)
    elif isinstance(value, date):
        sheet.write_datetime(number, place, value, look)
    else:
        sheet.write_number(number, place, value, look)
