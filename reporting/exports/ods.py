"""OpenDocument: one sheet a table. Written out by hand, as it is five small files in a zip: so nothing but the facts
decides its bytes, and a thousand rows take as little time as in Excel's format.
"""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from reporting.exports import sheets
from reporting.exports.dictionary import everything
from reporting.exports.tables import Table
from reporting.facts import Report
from vcsportal.common.cells import Cell, clean
from vcsportal.common.opendocument import HEAD, SPACES, package
from vcsportal.common.opendocument_cells import STYLES, TYPE, cell_xml, row_xml, text_xml


def write(report: Report) -> bytes:
    """Return the document. Its dates are those of the facts."""
    tables = everything(report)
    about = (
        f"<meta:generator>{escape(clean(report.identity.portal))}</meta:generator>"
        f"<dc:title>{escape(tables[0].title)}</dc:title><dc:creator>{escape(clean(report.identity.council))}</dc:creator>"
    )
    return package(TYPE, content=_content(tables), styles=STYLES, about=about, at=report.making.at)


def _content(tables: Sequence[Table]) -> str:
    found = {table.name: sheets.rows(table) for table in tables}
    widths = {table.name: sheets.widths(table, found[table.name]) for table in tables}
    columns = "".join(
        f'<style:style style:name="wide{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * 0.22:.2f}cm"/></style:style>'
        for width in sorted({width for wide in widths.values() for width in wide})
    )
    return (
        f'{HEAD}<office:document-content {SPACES} office:version="1.3"><office:automatic-styles>{columns}'
        '<style:style style:name="row" style:family="table-row">'
        '<style:table-row-properties style:use-optimal-row-height="true"/></style:style>'
        "</office:automatic-styles><office:body><office:spreadsheet>"
        + "".join(_sheet(table, found[table.name], widths[table.name], tables) for table in tables)
        + f"<table:database-ranges>{''.join(map(_range, tables))}</table:database-ranges>"
        + "</office:spreadsheet></office:body></office:document-content>\n"
    )


def _sheet(table: Table, rows: Sequence[Sequence[Cell]], widths: Sequence[int], tables: Sequence[Table]) -> str:
    headings = "".join(text_xml(column.heading, "Column_20_heading") for column in table.columns)
    return "".join(
        [
            f"<table:table table:name={quoteattr(table.heading)}>",
            *(f'<table:table-column table:style-name="wide{width}" table:default-cell-style-name="Body"/>' for width in widths),
            row_xml(text_xml(table.title, "Heading_20_1")),
            row_xml(text_xml(sheets.sentence(table), "Default")),
            f"<table:table-header-rows>{row_xml(headings)}</table:table-header-rows>",
            *(row_xml("".join(_cells(row, table is tables[0], tables))) for row in rows),
            "</table:table>\n",
        ]
    )  # fmt: skip


def _range(table: Table) -> str:
    """Say that there is a table and that its first row holds the headings."""
    from xlsxwriter.utility import xl_col_to_name

    first, last = sheets.HEADER_ROW + 1, sheets.HEADER_ROW + 1 + len(table.rows)
    name = f"'{table.heading}'" if " " in table.heading else table.heading
    target = f"{name}.A{first}:{name}.{xl_col_to_name(len(table.columns) - 1)}{last}"
    return (
        f'<table:database-range table:name={quoteattr(f"{table.name}_table")} table:contains-header="true" '
        f'table:target-range-address={quoteattr(target)} table:display-filter-buttons="false"/>'
    )


def _cells(row: Sequence[Cell], first: bool, tables: Sequence[Table]) -> Iterator[str]:
    target = sheets.link_target(row[0], tables) if first else ""
    for place, value in enumerate(row):
        yield cell_xml(value, target=target if place == 0 else "")
