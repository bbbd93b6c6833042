"""A dataset as a spreadsheet: OpenDocument's .ods with one sheet of rows and one that says what each column means.

The sheets have the layout of the report's: title, one sentence, then one table with one row of headings. They are written row by
row, so that a longer dataset needs no more memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO, Final
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.utils import timezone

from reporting.exports.dictionary import LICENCE, LICENCE_URL
from vcsportal.common.cells import Cell, Value, cell, clean
from vcsportal.common.columns import DATE, DECIMAL, MARKDOWN, MOMENT, NUMBER, YES_NO
from vcsportal.common.datasets import DataColumn, Dataset
from vcsportal.common.dates import in_words
from vcsportal.common.opendocument import HEAD, SPACES, write_package
from vcsportal.common.opendocument_cells import STYLES, TYPE, cell_xml, row_xml, text_xml

WIDTHS: Final = {NUMBER: 12, DECIMAL: 12, DATE: 19, MOMENT: 27, YES_NO: 10, MARKDOWN: 60}
"""Characters of a column by its kind; rows are not known when the widths are written."""
USUAL_WIDTH: Final = 30
CENTIMETRES_A_CHARACTER: Final = 0.22


def write_spreadsheet(out: IO[bytes], dataset: Dataset, rows: Iterable[tuple[Value, ...]], *, at: datetime) -> None:
    """Write the whole file to ``out``."""
    about = (
        f"<meta:generator>{escape(clean(settings.PORTAL_NAME))}</meta:generator>"
        f"<dc:title>{escape(dataset.title)}</dc:title><dc:creator>{escape(clean(settings.PORTAL_COUNCIL))}</dc:creator>"
    )
    write_package(out, TYPE, content=_content(dataset, rows, at), styles=STYLES, about=about, at=at)


def _content(dataset: Dataset, rows: Iterable[tuple[Value, ...]], at: datetime) -> Iterator[str]:
    columns = "".join(
        f'<style:style style:name="wide{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * CENTIMETRES_A_CHARACTER:.2f}cm"/></style:style>'
        for width in sorted({USUAL_WIDTH, *WIDTHS.values()})
    )
    yield (
        f'{HEAD}<office:document-content {SPACES} office:version="1.3"><office:automatic-styles>{columns}'
        '<style:style style:name="row" style:family="table-row">'
        '<style:table-row-properties style:use-optimal-row-height="true"/></style:style>'
        "</office:automatic-styles><office:body><office:spreadsheet>"
    )
    day = in_words(timezone.localdate(at))
    licence = f"As published on {day} by {settings.PORTAL_COUNCIL}, under the {LICENCE}: {LICENCE_URL}"
    widths = [_width(column) for column in dataset.columns]
    headings = [column.heading for column in dataset.columns]
    shown = ([cell(value) for value in row] for row in rows)
    yield from _sheet(dataset.title, dataset.title, f"{dataset.says} {licence}", widths, headings, shown)
    meanings = (
        [column.name, column.heading, column.kind, column.unit or None, column.meaning] for column in dataset.columns
    )
    yield from _sheet(
        "Columns", "What each column means", "One row for each column, in their order. This sheet has one table.", [30, 30, 30, 12, 60],
        ["Name in CSV and JSON", "Heading", "Contains", "Unit", "Meaning"], meanings,
    )  # fmt: skip
    yield "</office:spreadsheet></office:body></office:document-content>\n"


def _sheet(
    name: str, title: str, sentence: str, widths: Sequence[int], headings: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> Iterator[str]:
    yield f"<table:table table:name={quoteattr(name)}>"
    for width in widths:
        yield f'<table:table-column table:style-name="wide{width}" table:default-cell-style-name="Body"/>'
    yield row_xml(text_xml(title, "Heading_20_1"))
    yield row_xml(text_xml(sentence, "Default"))
    heads = row_xml("".join(text_xml(heading, "Column_20_heading") for heading in headings))
    yield f"<table:table-header-rows>{heads}</table:table-header-rows>"
    for row in rows:
        yield row_xml("".join(cell_xml(value) for value in row))
    yield "</table:table>\n"


def _width(column: DataColumn) -> int:
    return WIDTHS.get(column.kind, USUAL_WIDTH)
