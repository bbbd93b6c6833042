"""The committee paper as Word text. python-docx keeps the package, its links, its foot and what it says of itself; the
words go in as text, as 2,500 rows would take seconds one by one.
"""

from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZipFile

from reporting.facts import Report
from reporting.paper.blocks import (
    HeaderLine,
    Heading,
    ListItem,
    Logo,
    Paper,
    Paragraph,
    Quote,
    TableBlock,
    TextRun,
    TextRuns,
    Title,
    is_leftward,
    spoken,
)
from reporting.paper.docx_parts import LETTERS, SPACES, TEXT_WIDTH_TWIPS, empty
from reporting.paper.outline import outline
from vcsportal.common.languages import direction
from vcsportal.common.zips import zipped

BODY: Final = "word/document.xml"
CENTIMETRE_EMUS: Final = 360_000
"""A centimetre, in the units of drawings in Word files."""
_PICTURES: Final = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_DRAWING: Final = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="{_PICTURES}"'
)
AFTER: Final = '<w:spacing w:after="160"/>'
MAX_PROPERTY_CHARACTERS: Final = 255
"""Characters that Word takes in a property of the file."""
Link = Callable[[str], str]


def write(report: Report) -> bytes:
    """Return the committee paper as a file. The same facts give the same bytes."""
    return write_paper(outline(report), at=report.making.at)


def write_paper(paper: Paper, *, at: datetime) -> bytes:
    """Return any paper as a file that says it was made ``at`` a moment. The same paper and moment give the same bytes."""
    from docx import Document
    from docx.opc.constants import RELATIONSHIP_TYPE

    document: Any = Document(BytesIO(empty(paper.font, paper.size, paper.lists, paper.label_width)))
    links: dict[str, str] = {}

    def link(address: str) -> str:
        if address not in links:
            links[address] = document.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return links[address]

    def drawn(logo: Logo) -> str:
        [place, _] = document.part.get_or_add_image(BytesIO(b64decode(logo.picture.file)))
        return _picture(logo, place)

    words = "".join(_blocks(paper, link, drawn))
    _foot(document, paper)
    _describe(document, paper, at)
    out = BytesIO()
    document.save(out)
    with ZipFile(out) as made:  # its entries bear the clock of this moment, and its body is still empty
        parts = {name: made.read(name) for name in made.namelist()}
    begin, opened, end = parts[BODY].decode().partition("<w:body>")
    parts[BODY] = f"{begin}{opened}{words}{end}".encode()
    return zipped(parts.items(), at=at)


def _describe(document: Any, paper: Paper, at: datetime) -> None:
    """Say in the file what it is, and when it was made."""
    said, made = document.core_properties, at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    said.title, said.subject, said.author = (
        paper.title[:MAX_PROPERTY_CHARACTERS],
        paper.subject[:MAX_PROPERTY_CHARACTERS],
        paper.author[:MAX_PROPERTY_CHARACTERS],
    )
    said.last_modified_by, said.comments, said.language = said.author, "", "en-GB"
    said.created = said.modified = made


def _foot(document: Any, paper: Paper) -> None:
    """Put text and page numbers at the foot of each page, if the skeleton asks for them."""
    if not (paper.footer or paper.page_numbers):
        return
    from docx.oxml.parser import parse_xml

    footer = document.sections[0].footer
    footer.is_linked_to_previous = False
    inside = _run(TextRun(f"{paper.footer} ".lstrip() if paper.page_numbers else paper.footer)) if paper.footer else ""
    if paper.page_numbers:
        inside += '<w:r><w:t xml:space="preserve">Page </w:t></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    element = footer.paragraphs[0]._p
    element.getparent().replace(
        element, parse_xml(f'<w:p {SPACES}><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{inside}</w:p>')
    )


def _blocks(paper: Paper, link: Link, drawn: Callable[[Logo], str]) -> Iterator[str]:
    for block in paper.blocks:
        match block:
            case Logo():
                yield drawn(block)
            case Title():
                yield _paragraph(spoken(block), "Title", link)
            case HeaderLine(label, runs):
                label_ = f'<w:r><w:rPr><w:b/><w:bCs/></w:rPr><w:t xml:space="preserve">{escape(label)}</w:t></w:r>'
                yield _paragraph(runs, "HeaderLine", link, before=f"{label_ if label else ''}<w:r><w:tab/></w:r>")
            case Heading(level):
                more = "<w:pageBreakBefore/>" if block.new_page else ""
                yield _paragraph(spoken(block), f"Heading{level}", link, more)
            case Paragraph(runs, number):
                keep = "<w:keepNext/>" if block.leads else ""
                yield _paragraph(runs, "NumberedParagraph" if number else "", link, keep)
            case Quote(runs):
                yield _paragraph(runs, "Quote", link)
            case ListItem(runs, level, 0, last):
                yield _paragraph(runs, f"ListBullet{level + 1 if level else ''}", link, AFTER if last else "")
            case ListItem(runs, level, letters, last):
                numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{LETTERS + letters - 1}"/></w:numPr>'
                yield _paragraph(runs, "LetteredList", link, numbered + (AFTER if last else ""))
            case TableBlock():
                yield _table(block)
    if paper.blocks and isinstance(paper.blocks[-1], TableBlock):  # Word wants a paragraph after the last table
        yield '<w:p><w:pPr><w:pStyle w:val="TableText"/></w:pPr></w:p>'


def _picture(logo: Logo, place: str) -> str:
    """Return a paragraph with the logo; ``place`` is that of its file among the parts of the document."""
    size = f'cx="{round(logo.width * CENTIMETRE_EMUS)}" cy="{round(logo.height * CENTIMETRE_EMUS)}"'
    said = quoteattr(logo.text)
    return (
        f'<w:p><w:r><w:drawing><wp:inline {_DRAWING} distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="1" name="Logo" descr={said}/><a:graphic><a:graphicData uri="{_PICTURES}"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="1" name="Logo" descr={said}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{place}"/>'
        f'<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r></w:p>"
    )


def _paragraph(runs: TextRuns, style: str, link: Link, more: str = "", *, before: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    if is_leftward(runs) and not before:  # a line that begins with a label runs as its label does
        # It stands before the spacing, as the schema wants the parts of a paragraph in one order.
        place = more.find("<w:spacing") if "<w:spacing" in more else len(more)
        more = f"{more[:place]}<w:bidi/>{more[place:]}"
    look = f"<w:pPr>{named}{more}</w:pPr>" if named or more else ""
    return f"<w:p>{look}{before}{''.join(_linked(run, link) for run in runs)}</w:p>"


def _linked(text_run: TextRun, link: Link) -> str:
    if text_run.address:
        return f'<w:hyperlink r:id="{link(text_run.address)}" w:history="1">{_run(text_run)}</w:hyperlink>'
    return _run(text_run)


def _run(text_run: TextRun) -> str:
    look = '<w:rStyle w:val="Hyperlink"/>' if text_run.address else ""
    look += "<w:b/><w:bCs/>" if text_run.bold else ""
    look += "<w:i/><w:iCs/>" if text_run.italic else ""
    look += _language(text_run)
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text_run.text.split("\n"))
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{lines}</w:r>"


def _language(text_run: TextRun) -> str:
    """Return what says the language of a run; Word keeps those that run from right to left apart."""
    tag = text_run.language
    if not tag:
        return "<w:rtl/>" if is_leftward((text_run,)) else ""
    if direction(tag) == "rtl":
        return f"<w:rtl/><w:lang w:bidi={quoteattr(tag)}/>"
    return f"<w:lang w:val={quoteattr(tag)} w:eastAsia={quoteattr(tag)}/>"


def _table(table: TableBlock) -> str:
    """Return a table with a caption above it, whose first row is repeated on every page and told to screen readers."""
    whole = sum(table.widths)
    widths = [TEXT_WIDTH_TWIPS * width // whole for width in table.widths]
    caption = quoteattr(table.caption)
    return "".join(
        [
            f'<w:p><w:pPr><w:pStyle w:val="Caption"/></w:pPr><w:r><w:t>{escape(table.caption)}</w:t></w:r></w:p>',
            f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
            f"<w:tblCaption w:val={caption}/></w:tblPr><w:tblGrid>",
            *(f'<w:gridCol w:w="{width}"/>' for width in widths),
            "</w:tblGrid>",
            _row(table.columns, widths, "TableHeading", "<w:cantSplit/><w:tblHeader/>"),
            *(
                _row(
                    row,
                    widths,
                    "TableText",
                    "" if table.prose else "<w:cantSplit/>",
                    [table.language_of(at, place) for place in range(len(row))],
                )
                for at, row in enumerate(table.rows)
            ),
            "</w:tbl>",
        ]
    )


def _cell(text_run: TextRun, style: str) -> str:
    bidi = "<w:bidi/>" if is_leftward((text_run,)) else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{bidi}</w:pPr>{_run(text_run)}</w:p>'


def _row(cells: tuple[str, ...], widths: list[int], style: str, look: str, languages: Sequence[str] = ()) -> str:
    languages = languages or [""] * len(cells)
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="E7E9EA"/>' if style == "TableHeading" else ""
    return (
        f"<w:tr><w:trPr>{look}</w:trPr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{_cell(TextRun(text, language=language), style)}</w:tc>'
            for text, width, language in zip(cells, widths, languages, strict=True)
        )
        + "</w:tr>"
    )
