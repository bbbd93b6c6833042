"""CSV: one file a table and the dictionary, in one zip, with a description of the columns for programs.

UTF-8 with a byte order mark, as Excel reads names with accents wrongly without it (``utf-8-sig`` in Python reads it);
comma, double quotes and CRLF as RFC 4180 says. A line end inside a text is LF. Texts that a spreadsheet could take for
a formula have an apostrophe before them; numbers and dates never do.
"""

from datetime import date
from decimal import Decimal

from reporting.exports import csvw
from reporting.exports.dictionary import everything
from reporting.exports.tables import Table
from reporting.facts import Report
from vcsportal.common.cells import Cell, cell
from vcsportal.common.csv_files import csv_lines
from vcsportal.common.zips import zipped


def write(report: Report) -> bytes:
    """Return the zip."""
    tables = everything(report)
    files = [(f"{table.name}.csv", lines(table)) for table in tables]
    return zipped([*files, (csvw.FILE, csvw.metadata(report, tables))], at=report.making.at)


def lines(table: Table) -> bytes:
    """Return one table as CSV; the first line holds the columns' names."""
    found = csv_lines(
        (column.name for column in table.columns), ([_shown(cell(value)) for value in row] for row in table.rows)
    )
    return "".join(found).encode()


def _shown(value: Cell) -> str | int | Decimal:
    """Numbers stay numbers, as one below zero is no formula."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else value
