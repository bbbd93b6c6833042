"""CSV files: UTF-8 with a byte order mark, without which Excel misreads accents; comma, double quotes and CRLF, as RFC 4180 says.

Texts that a spreadsheet could take for a formula have an apostrophe before them.
"""

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final, cast

from django.http import HttpResponse, StreamingHttpResponse

from vcsportal.common.spreadsheet_formulas import guard_formula

_MARK: Final = "\ufeff"


class _Line:
    """What the writer writes to: it gives each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Iterable[str], rows: Iterable[Iterable[str | int | Decimal]]) -> Iterator[str]:
    """Give the lines of a CSV file one by one, each with its line end.

    :param columns: the words of the first line, which are the portal's own and stay as they are.
    :param rows: the cells of each row. Only texts are guarded against formulas: a number may be negative.
    """
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield _MARK + writer.writerow(columns)
    for row in rows:
        yield writer.writerow([guard_formula(cell) if isinstance(cell, str) else cell for cell in row])


def csv_download(name: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> HttpResponse:
    """Return a CSV file as a download that is sent while its rows are read.

    :param name: the name of the file, without its ending; letters, digits and hyphens.
    """
    response = StreamingHttpResponse(csv_lines(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return cast(HttpResponse, response)
