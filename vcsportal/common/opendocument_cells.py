"""Cells, rows and styles of an OpenDocument spreadsheet, written out by hand: nothing but the values decides its bytes."""

import re
from datetime import date
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from vcsportal.common.cells import Cell
from vcsportal.common.dates import in_words
from vcsportal.common.opendocument import HEAD, SPACES

TYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
DAY_STYLE: Final = (
    '<number:date-style style:name="Day" number:language="en" number:country="GB"><number:day/><number:text> </number:text>'
    '<number:month number:style="long" number:textual="true"/><number:text> </number:text><number:year number:style="long"/></number:date-style>'
)
"""How a date is shown: ``12 March 2026``."""


def styles_xml(own: str) -> str:
    """Return the styles of a spreadsheet: what all have in common, around its own."""
    return f"""{HEAD}<office:document-styles {SPACES} office:version="1.3">
<office:font-face-decls><style:font-face style:name="Arial" svg:font-family="Arial" style:font-family-generic="swiss"/></office:font-face-decls>
<office:styles>
<style:default-style style:family="table-cell"><style:text-properties style:font-name="Arial" fo:font-size="12pt" fo:language="en" fo:country="GB"/></style:default-style>
<style:style style:name="Default" style:family="table-cell"/>
<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="table-cell" style:parent-style-name="Default"><style:text-properties fo:font-size="16pt" fo:font-weight="bold"/></style:style>
<style:style style:name="Column_20_heading" style:display-name="Column heading" style:family="table-cell" style:parent-style-name="Default"><style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top" fo:border-bottom="1pt solid #000000"/><style:text-properties fo:font-weight="bold"/></style:style>
{own}
</office:styles>
<office:automatic-styles><style:page-layout style:name="landscape"><style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape"/></style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Default" style:page-layout-name="landscape"/></office:master-styles>
</office:document-styles>
"""


STYLES: Final = styles_xml(f"""<style:style style:name="Body" style:family="table-cell" style:parent-style-name="Default"><style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>
<number:number-style style:name="Whole"><number:number number:decimal-places="0" number:min-integer-digits="1" number:grouping="true"/></number:number-style>
<number:number-style style:name="Fine"><number:number number:min-integer-digits="1" number:grouping="true"/></number:number-style>
{DAY_STYLE}
<style:style style:name="Number" style:family="table-cell" style:parent-style-name="Body" style:data-style-name="Whole"/>
<style:style style:name="Decimal" style:family="table-cell" style:parent-style-name="Body" style:data-style-name="Fine"/>
<style:style style:name="Date" style:family="table-cell" style:parent-style-name="Body" style:data-style-name="Day"/>""")


def row_xml(cells: str) -> str:
    """Return a row of cells."""
    return f'<table:table-row table:style-name="row">{cells}</table:table-row>'


def cell_xml(value: Cell, *, target: str = "") -> str:
    """Return a cell; None is an empty one.

    :param target: the name of the sheet that a text leads to.
    """
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str):
        return text_xml(value, "Body", target=target)
    if isinstance(value, date):
        return (
            '<table:table-cell table:style-name="Date" office:value-type="date" '
            f'office:date-value="{value.isoformat()}"><text:p>{in_words(value)}</text:p></table:table-cell>'
        )
    style = "Number" if isinstance(value, int) else "Decimal"
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="float" '
        f'office:value="{value}"><text:p>{value:,}</text:p></table:table-cell>'
    )


def text_xml(text: str, style: str, *, target: str = "") -> str:
    """Return a cell of text in a style of :data:`STYLES`; each line of it is a paragraph."""
    lines = [blanks_kept(escape(line)) for line in text.split("\n")]
    if target:
        href = quoteattr(f"#'{target}'.A1" if " " in target else f"#{target}.A1")
        lines = [f'<text:a xlink:type="simple" xlink:href={href}>{line}</text:a>' for line in lines]
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in lines)
    return f'<table:table-cell table:style-name="{style}" office:value-type="string">{paragraphs}</table:table-cell>'


def blanks_kept(line: str) -> str:
    """Keep tabs and several blanks in a row, which OpenDocument would read as one blank."""
    spaced = re.sub("^ | {2,}", lambda found: f'<text:s text:c="{len(found[0])}"/>', line)
    return spaced.replace("\t", "<text:tab/>")
