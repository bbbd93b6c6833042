"""Writes a workbook that people fill in as OpenDocument's .ods. Locked cells are protected without a password."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from vcsportal.common.dates import in_words
from vcsportal.common.opendocument import HEAD, SPACES, package
from vcsportal.common.opendocument_cells import DAY_STYLE, TYPE, blanks_kept, row_xml, styles_xml
from vcsportal.common.spreadsheets.made import MadeBook, MadeCell, MadeSheet
from vcsportal.common.spreadsheets.tables import INSTRUCTIONS
from vcsportal.common.spreadsheets.values import written

CENTIMETRES_A_CHARACTER: Final = 0.22
_LOCKED: Final = 'style:cell-protect="protected" fo:background-color="#eeeeee"'
_OPEN: Final = 'style:cell-protect="none" fo:border="0.5pt solid #bfbfbf"'
STYLES: Final = styles_xml(f"""<style:style style:name="Words" style:family="table-cell" style:parent-style-name="Default"><style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>
{DAY_STYLE}
<number:text-style style:name="Text"><number:text-content/></number:text-style>
<style:style style:name="Locked" style:family="table-cell" style:parent-style-name="Words"><style:table-cell-properties {_LOCKED}/></style:style>
<style:style style:name="Open" style:family="table-cell" style:parent-style-name="Words"><style:table-cell-properties {_OPEN}/></style:style>
<style:style style:name="LockedText" style:family="table-cell" style:parent-style-name="Locked" style:data-style-name="Text"/>
<style:style style:name="OpenText" style:family="table-cell" style:parent-style-name="Open" style:data-style-name="Text"/>
<style:style style:name="LockedDay" style:family="table-cell" style:parent-style-name="Locked" style:data-style-name="Day"/>
<style:style style:name="OpenDay" style:family="table-cell" style:parent-style-name="Open" style:data-style-name="Day"/>""")


def write_ods(book: MadeBook) -> bytes:
    """Return the workbook as a file."""
    about = f"<dc:title>{escape(book.title)}</dc:title><dc:creator>{escape(book.author)}</dc:creator>"
    return package(TYPE, content=_content(book), styles=STYLES, about=about, at=book.at)


def _content(book: MadeBook) -> str:
    widths = sorted({34, 90, *book.sheet.widths})
    columns = "".join(
        f'<style:style style:name="wide{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * CENTIMETRES_A_CHARACTER:.2f}cm"/></style:style>'
        for width in widths
    )
    choices = list(dict.fromkeys(cell.choices for row in book.sheet.rows for cell in row if cell.choices))
    return (
        f'{HEAD}<office:document-content {SPACES} office:version="1.3"><office:automatic-styles>{columns}'
        '<style:style style:name="row" style:family="table-row">'
        '<style:table-row-properties style:use-optimal-row-height="true"/></style:style>'
        '<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/></style:style>'
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f"{_validations(book.sheet, choices)}{_instructions(book)}{_sheet(book.sheet, choices)}"
        + "".join(_hidden(name, rows) for name, rows in book.lists.items())
        + "</office:spreadsheet></office:body></office:document-content>\n"
    )


def _validations(sheet: MadeSheet, choices: Sequence[tuple[str, ...]]) -> str:
    if not choices:
        return ""
    base = quoteattr(f"'{sheet.name}'.A1")
    found = []
    for number, words in enumerate(choices, start=1):
        quoted = ";".join('"' + word.replace('"', '""') + '"' for word in words)
        condition = quoteattr(f"of:cell-content-is-in-list({quoted})")
        found.append(
            f'<table:content-validation table:name="choice{number}" table:condition={condition} '
            f'table:allow-empty-cell="true" table:base-cell-address={base}>'
            '<table:error-message table:message-type="warning" table:display="true"/></table:content-validation>'
        )
    return f"<table:content-validations>{''.join(found)}</table:content-validations>"


def _instructions(book: MadeBook) -> str:
    rows = [row_xml(_text(book.title, "Heading_20_1"))]
    for row in book.instructions:
        of_columns = "Column_20_heading" if row[0] == "Column" else "Words"
        style = of_columns if len(row) > 1 else "Default"
        rows.append(row_xml("".join(_text(text, style) for text in row)))
    return _table(INSTRUCTIONS, [34, 90], "".join(rows))


def _sheet(sheet: MadeSheet, choices: Sequence[tuple[str, ...]]) -> str:
    numbers = {words: number for number, words in enumerate(choices, start=1)}
    headings = "".join(_text(heading, "Column_20_heading") for heading in sheet.headings)
    rows = [
        row_xml(_text(sheet.title, "Heading_20_1")),
        row_xml(_text(sheet.sentence, "Default")),
        f"<table:table-header-rows>{row_xml(headings)}</table:table-header-rows>",
        *(row_xml("".join(_cell(cell, numbers) for cell in row)) for row in sheet.rows),
    ]
    return _table(sheet.name, sheet.widths, "".join(rows), ' table:protected="true"')


def _hidden(name: str, rows: Sequence[Sequence[str]]) -> str:
    cells = "".join(
        row_xml("".join(_text(text, "Default") if text else "<table:table-cell/>" for text in row)) for row in rows
    )
    return _table(name, [], cells, ' table:style-name="hidden" table:protected="true"')


def _table(name: str, widths: Sequence[int], rows: str, more: str = "") -> str:
    columns = "".join(f'<table:table-column table:style-name="wide{width}"/>' for width in widths)
    return f"<table:table table:name={quoteattr(name)}{more}>{columns or '<table:table-column/>'}{rows}</table:table>\n"


def _cell(cell: MadeCell, numbers: dict[tuple[str, ...], int]) -> str:
    plain = "Locked" if cell.locked else "Open"
    style = plain + {"text": "Text", "number": "", "day": "Day"}[cell.holds]
    more = f' table:content-validation-name="choice{numbers[cell.choices]}"' if cell.choices else ""
    value = cell.value
    if value is None:
        return f'<table:table-cell table:style-name="{style}"{more}/>'
    if isinstance(value, str):
        return _text(value, style, more)
    if isinstance(value, date):
        return (
            f'<table:table-cell table:style-name="{plain}Day"{more} office:value-type="date" '
            f'office:date-value="{value.isoformat()}"><text:p>{in_words(value)}</text:p></table:table-cell>'
        )
    return (
        f'<table:table-cell table:style-name="{style}"{more} office:value-type="float" office:value="{written(value)}">'
        f"<text:p>{written(value)}</text:p></table:table-cell>"
    )


def _text(text: str, style: str, more: str = "") -> str:
    paragraphs = "".join(f"<text:p>{blanks_kept(escape(line))}</text:p>" for line in text.split("\n"))
    return (
        f'<table:table-cell table:style-name="{style}"{more} office:value-type="string">{paragraphs}</table:table-cell>'
    )
