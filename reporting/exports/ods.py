"""OpenDocument: one sheet a table. Written out by hand, as it is five small files in a zip: so nothing but the facts
decides its bytes, and a thousand rows take as little time as in Excel's format.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from reporting.exports import sheets
from reporting.exports.dictionary import everything
from reporting.exports.tables import Table
from reporting.facts import Report
from vcsportal.common.cells import Cell, clean
from vcsportal.common.dates import in_words
from vcsportal.common.opendocument import HEAD, SPACES, package

TYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
STYLES: Final = f"""{HEAD}<office:document-styles {SPACES} office:version="1.3">
<office:font-face-decls><style:font-face style:name="Arial" svg:font-family="Arial" style:font-family-generic="swiss"/></office:font-face-decls>
<office:styles>
<style:default-style style:family="table-cell"><style:text-properties style:font-name="Arial" fo:font-size="12pt" fo:language="en" fo:country="GB"/></style:default-style>
<style:style style:name="Default" style:family="table-cell"/>
<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="table-cell" style:parent-style-name="Default"><style:text-properties fo:font-size="16pt" fo:font-weight="bold"/></style:style>
<style:style style:name="Column_20_heading" style:display-name="Column heading" style:family="table-cell" style:parent-style-name="Default"><style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top" fo:border-bottom="1pt solid #000000"/><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Body" style:family="table-cell" style:parent-style-name="Default"><style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>
<number:number-style style:name="Whole"><number:number number:decimal-places="0" number:min-integer-digits="1" number:grouping="true"/></number:number-style>
<number:number-style style:name="Fine"><number:number number:min-integer-digits="1" number:grouping="true"/></number:number-style>
<number:date-style style:name="Day" number:language="en" number:country="GB"><number:day/><number:text> </number:text><number:month number:style="long" number:textual="true"/><number:text> </number:text><number:year number:style="long"/></number:date-style>
<style:style style:name="Number" style:family="table-cell" style:parent-style-name="Body" style:data-style-name="Whole"/>
<style:style style:name="Decimal" style:family="table-cell" style:parent-style-name="Body" style:data-style-name="Fine"/>
<style:style style:name="Date" style:family="table-cell" style:parent-style-name="Body" style:data-style-name="Day"/>
</office:styles>
<office:automatic-styles><style:page-layout style:name="landscape"><style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape"/></style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Default" style:page-layout-name="landscape"/></office:master-styles>
</office:document-styles>
"""


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
    headings = "".join(_text(column.heading, "Column_20_heading") for column in table.columns)
    return "".join(
        [
            f"<table:table table:name={quoteattr(table.heading)}>",
            *(f'<table:table-column table:style-name="wide{width}" table:default-cell-style-name="Body"/>' for width in widths),
            _row(_text(table.title, "Heading_20_1")),
            _row(_text(sheets.sentence(table), "Default")),
            f"<table:table-header-rows>{_row(headings)}</table:table-header-rows>",
            *(_row("".join(_cells(row, table is tables[0], tables))) for row in rows),
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


def _row(cells: str) -> str:
    return f'<table:table-row table:style-name="row">{cells}</table:table-row>'


def _cells(row: Sequence[Cell], first: bool, tables: Sequence[Table]) -> Iterator[str]:
    target = sheets.link_target(row[0], tables) if first else ""
    for place, value in enumerate(row):
        if value is None:
            yield "<table:table-cell/>"
        elif isinstance(value, str):
            yield _text(value, "Body", target=target if place == 0 else "")
        elif isinstance(value, date):
            yield (
                '<table:table-cell table:style-name="Date" office:value-type="date" '
                f'office:date-value="{value.isoformat()}"><text:p>{in_words(value)}</text:p></table:table-cell>'
            )
        else:
            style = "Number" if isinstance(value, int) else "Decimal"
            yield (
                f'<table:table-cell table:style-name="{style}" office:value-type="float" '
                f'office:value="{value}"><text:p>{value:,}</text:p></table:table-cell>'
            )


def _text(text: str, style: str, *, target: str = "") -> str:
    lines = [_blanks(escape(line)) for line in text.split("\n")]
    if target:
        href = quoteattr(f"#'{target}'.A1" if " " in target else f"#{target}.A1")
        lines = [f'<text:a xlink:type="simple" xlink:href={href}>{line}</text:a>' for line in lines]
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in lines)
    return f'<table:table-cell table:style-name="{style}" office:value-type="string">{paragraphs}</table:table-cell>'


def _blanks(line: str) -> str:
    """Keep tabs and several blanks in a row, which OpenDocument would read as one blank."""
    spaced = re.sub("^ | {2,}", lambda found: f'<text:s text:c="{len(found[0])}"/>', line)
    return spaced.replace("\t", "<text:tab/>")
