"""Excel: one sheet a table. Texts are written as texts and never as formulas or links; dates and numbers as such."""

from datetime import UTC, date
from io import BytesIO
from typing import Any, Final

from reporting.exports import sheets
from reporting.exports.dictionary import LICENCE, LICENCE_URL, everything
from reporting.exports.tables import Table
from reporting.facts import Report
from vcsportal.common.cells import Cell, clean
from vcsportal.common.spreadsheet_formulas import is_like_formula

FONT: Final = {"font_name": "Arial", "font_size": 12}
BODY: Final = {**FONT, "valign": "top", "text_wrap": True}


def write(report: Report) -> bytes:
    """Return the workbook. Its dates are those of the facts."""
    import xlsxwriter

    out, tables = BytesIO(), everything(report)
    made = report.making.at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties(
        {
            "title": tables[0].title, "author": clean(report.identity.council), "comments": f"{LICENCE}: {LICENCE_URL}", "created": made,
        }
    )  # fmt: skip
    formats = {
        "title": book.add_format({**FONT, "font_size": 16, "bold": True}),
        "sentence": book.add_format(FONT),
        "header": book.add_format({**BODY, "bold": True, "bottom": 2}),
        "body": book.add_format(BODY),
        "guarded": book.add_format({**BODY, "quote_prefix": True}),
        "number": book.add_format({**BODY, "num_format": "#,##0"}),
        "decimal": book.add_format({**BODY, "num_format": "#,##0.0###"}),
        "date": book.add_format({**BODY, "num_format": "d mmmm yyyy"}),
        "link": book.add_format({**BODY, "underline": 1}),
    }
    for table in tables:
        _sheet(book.add_worksheet(table.heading), table, formats, tables)
    book.close()
    return out.getvalue()


def _sheet(sheet: Any, table: Table, formats: dict[str, Any], tables: list[Table]) -> None:
    found = sheets.rows(table)
    sheet.write_string(0, 0, table.title, formats["title"])
    sheet.write_string(1, 0, sheets.sentence(table), formats["sentence"])
    for place, width in enumerate(sheets.widths(table, found)):
        sheet.set_column(place, place, width)
    headings = [{"header": column.heading, "header_format": formats["header"]} for column in table.columns]
    if found:
        last = sheets.HEADER_ROW + len(found), len(table.columns) - 1
        options = {"name": f"{table.name}_table", "columns": headings, "autofilter": False, "style": None}
        sheet.add_table(sheets.HEADER_ROW, 0, *last, options)
    else:  # Excel has no table without rows
        sheet.write_row(sheets.HEADER_ROW, 0, [column.heading for column in table.columns], formats["header"])
    for number, row in enumerate(found, start=sheets.HEADER_ROW + 1):
        for place, value in enumerate(row):
            _cell(sheet, number, place, value, formats)
        if table is tables[0] and (target := sheets.link_target(row[0], tables)):
            sheet.write_url(number, 0, f"internal:'{target}'!A1", formats["link"], str(row[0]))
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # 5.2 is a commitment's name
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(sheets.HEADER_ROW)


def _cell(sheet: Any, number: int, place: int, value: Cell, formats: dict[str, Any]) -> None:
    if isinstance(value, str):
        sheet.write_string(number, place, value, formats["guarded" if is_like_formula(value) else "body"])
    elif isinstance(value, date):
        sheet.write_datetime(number, place, value, formats["date"])
    elif value is not None:
        sheet.write_number(number, place, value, formats["number" if isinstance(value, int) else "decimal"])
