"""CSV: one file a table and the dictionary, in one zip, with a description of the columns for programs.

UTF-8 with a byte order mark, as Excel reads names with accents wrongly without it (``utf-8-sig`` in Python reads it);
comma, double quotes and CRLF as RFC 4180 says. A line end inside a text is LF. Texts that a spreadsheet could take for
a formula have an apostrophe before them; numbers and dates never do.
"""

import csv
from datetime import date
from io import StringIO

from reporting.exports import csvw
from reporting.exports.cells import Cell, cell
from reporting.exports.dictionary import everything
from reporting.exports.tables import Table
from reporting.facts import Report
from vcsportal.common.spreadsheet_formulas import guard_formula
from vcsportal.common.zips import zipped


def write(report: Report) -> bytes:
    """Return the zip."""
    tables = everything(report)
    files = [(f"{table.name}.csv", lines(table)) for table in tables]
    return zipped([*files, (csvw.FILE, csvw.metadata(report, tables))], at=report.making.at)


def lines(table: Table) -> bytes:
    """Return one table as CSV; the first line holds the columns' names."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(column.name for column in table.columns)
    writer.writerows([_shown(cell(value)) for value in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def _shown(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guard_formula(value)
    return value.isoformat() if isinstance(value, date) else str(value)
