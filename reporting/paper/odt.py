"""The committee paper as OpenDocument text, written out by hand as the spreadsheet is: five small files in a zip."""

import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from reporting.facts import LogoFacts, Report
from reporting.paper.blocks import (
    Block,
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
from reporting.paper.odt_parts import TYPE, styles
from reporting.paper.outline import outline
from vcsportal.common.opendocument import HEAD, SPACES, package

BODY: Final = "body"
"""The key of the list of numbered paragraphs, which goes on through headings, bullets and tables."""
_DRAWING: Final = ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
WIDTH: Final = 17.0
"""Of the text, in centimetres."""
LOOKS: Final = {
    (True, False): "Strong_20_Emphasis", (False, True): "Emphasis", (True, True): "Strong_20_and_20_Emphasis",
}  # fmt: skip


def write(report: Report) -> bytes:
    """Return the document. The same facts give the same bytes."""
    paper = outline(report)
    about = (
        f"<dc:title>{escape(paper.title)}</dc:title><dc:subject>{escape(paper.subject)}</dc:subject>"
        f"<meta:initial-creator>{escape(paper.author)}</meta:initial-creator><dc:creator>{escape(paper.author)}</dc:creator>"
    )
    return package(
        TYPE, content=_content(paper), styles=styles(paper), about=about, at=report.making.at, pictures=_pictures(paper)
    )


def _pictures(paper: Paper) -> dict[str, tuple[str, bytes]]:
    """Return the logo, if there is one, by its place in the file: its media type and its bytes."""
    logos = [block.picture for block in paper.blocks if isinstance(block, Logo)]
    return {_place_of(logo): (logo.media_type, b64decode(logo.file)) for logo in logos}


def _place_of(logo: LogoFacts) -> str:
    return f"Pictures/logo.{logo.media_type.partition('/')[2]}"


def _content(paper: Paper) -> str:
    tables = [block for block in paper.blocks if isinstance(block, TableBlock)]
    columns = "".join(
        f'<style:style style:name="t{number}c{place}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{WIDTH * width / sum(table.widths):.3f}cm"/></style:style>'
        for number, table in enumerate(tables, start=1)
        for place, width in enumerate(table.widths, start=1)
    )
    blocks = "".join(_blocks(paper))
    return (
        f'{HEAD}<office:document-content {SPACES}{_DRAWING if _pictures(paper) else ""} office:version="1.3"><office:automatic-styles>{columns}{_AUTOMATIC}{_languages(paper)}{_leftward(blocks)}'
        f"</office:automatic-styles><office:body><office:text>{blocks}</office:text></office:body>"
        "</office:document-content>\n"
    )


def _leftward(blocks: str) -> str:
    """Return a style for each style of a paragraph that is also used from right to left."""
    return "".join(
        f'<style:style style:name="{LEFTWARD}{name}" style:family="paragraph" style:parent-style-name="{parent}"><style:paragraph-properties '
        f'{more}style:writing-mode="rl-tb" fo:text-align="right"/></style:style>'
        for name in sorted(set(re.findall(f'text:style-name="{LEFTWARD}([^"]+)"', blocks)))
        for parent, more in [_DERIVED.get(name, (name, ""))]
    )


def _style_of(runs: TextRuns, style: str) -> str:
    return f"{LEFTWARD}{style}" if is_leftward(runs) else style


def _languages(paper: Paper) -> str:
    """Return a style for each language that is not the paper's own."""
    found = {text_run.language for block in paper.blocks for text_run in _runs_of(block)}
    found |= {tag for block in paper.blocks if isinstance(block, TableBlock) for row in block.languages for tag in row}
    return "".join(
        f'<style:style style:name="language-{tag}" style:family="text"><style:text-properties '
        + " ".join(f'{place}="{tag}"' for place in ("style:rfc-language-tag", "style:rfc-language-tag-complex"))
        + f' fo:language="{tag.split("-")[0]}" style:language-complex="{tag.split("-")[0]}"/></style:style>'
        for tag in sorted(found - {""})
    )


def _runs_of(block: Block) -> TextRuns:
    if isinstance(block, Title | Heading):
        return spoken(block)
    return () if isinstance(block, TableBlock | Logo) else block.runs


LEFTWARD: Final = "leftward-"
"""How the names of styles for paragraphs from right to left begin."""
_DERIVED: Final = {
    "appendix": ("Heading_20_1", 'fo:break-before="page" '),
    "leads": ("Numbered_20_paragraph", 'fo:keep-with-next="always" '),
    "bullet-last": ("List_20_Bullet", 'fo:margin-bottom="8pt" '),
    "letter-last": ("Lettered_20_list", 'fo:margin-bottom="8pt" '),
}
"""The paper's own styles that are no parents for others: what they are derived from, and what they add."""
_EDGE: Final = 'fo:border="0.5pt solid #5b666b" fo:padding-left="0.18cm" fo:padding-right="0.18cm" fo:padding-top="0.02cm" fo:padding-bottom="0.02cm"'
_AUTOMATIC: Final = (
    f'<style:style style:name="table" style:family="table"><style:table-properties style:width="{WIDTH}cm" table:align="left" fo:margin-bottom="0.4cm"/></style:style>'
    '<style:style style:name="row" style:family="table-row"><style:table-row-properties fo:keep-together="always"/></style:style>'
    '<style:style style:name="long-row" style:family="table-row"><style:table-row-properties fo:keep-together="auto"/></style:style>'
    f'<style:style style:name="cell" style:family="table-cell"><style:table-cell-properties {_EDGE}/></style:style>'
    f'<style:style style:name="head" style:family="table-cell"><style:table-cell-properties {_EDGE} fo:background-color="#e7e9ea"/></style:style>'
    '<style:style style:name="appendix" style:family="paragraph" style:parent-style-name="Heading_20_1"><style:paragraph-properties fo:break-before="page"/></style:style>'
    '<style:style style:name="leads" style:family="paragraph" style:parent-style-name="Numbered_20_paragraph"><style:paragraph-properties fo:keep-with-next="always"/></style:style>'
    + "".join(
        f'<style:style style:name="{name}-last" style:family="paragraph" style:parent-style-name="{parent}"><style:paragraph-properties fo:margin-bottom="8pt"/></style:style>'
        for name, parent in (("bullet", "List_20_Bullet"), ("letter", "Lettered_20_list"))
    )
)


def _blocks(paper: Paper) -> Iterator[str]:
    tables = 0
    begun: set[str] = set()
    for are_items, blocks in groupby(paper.blocks, lambda block: isinstance(block, ListItem)):
        if are_items:
            yield from _lists([block for block in blocks if isinstance(block, ListItem)], begun)
            continue
        for block in blocks:
            tables += isinstance(block, TableBlock)
            yield _block(block, tables, begun)


def _block(block: Block, table: int, begun: set[str]) -> str:
    match block:
        case Logo(picture, text, width, height):
            return (
                f'<text:p text:style-name="Standard"><draw:frame draw:name="Logo" text:anchor-type="as-char" svg:width="{width}cm" '
                f'svg:height="{height}cm"><draw:image xlink:href="{_place_of(picture)}" xlink:type="simple" xlink:show="embed" '
                f'xlink:actuate="onLoad"/><svg:title>{escape(text)}</svg:title></draw:frame></text:p>'
            )
        case Title():
            return _paragraph(spoken(block), "Title")
        case HeaderLine(label, runs):
            bold = f'<text:span text:style-name="Strong_20_Emphasis">{escape(label)}</text:span>' if label else ""
            return f'<text:p text:style-name="Header_20_line">{bold}<text:tab/>{_words(runs)}</text:p>'
        case Heading(level):
            style = "appendix" if block.new_page else f"Heading_20_{level}"
            words = _words(spoken(block))
            style = _style_of(spoken(block), style)
            return f'<text:h text:style-name="{style}" text:outline-level="{level}">{words}</text:h>'
        case Paragraph(runs, 0):
            return _paragraph(runs, "Standard")
        case Paragraph(runs):
            style = "leads" if block.leads else "Numbered_20_paragraph"
            item = f"<text:list-item>{_paragraph(runs, style)}</text:list-item>"
            return f"{_list('Body', BODY, begun)}{item}</text:list>"
        case Quote(runs):
            return _paragraph(runs, "Quotations")
        case TableBlock():
            return _table(block, table)
    raise TypeError(f"{type(block).__name__} is no block of a paper")


def _list(style: str, key: str, begun: set[str]) -> str:
    """Begin a list, or continue it where it was begun before."""
    if key in begun:
        return f'<text:list text:continue-list="{key}" text:style-name="{style}">'
    begun.add(key)
    return f'<text:list xml:id="{key}" text:style-name="{style}">'


def _lists(items: Sequence[ListItem], begun: set[str], level: int = 0) -> Iterator[str]:
    """Put items that follow each other into lists, deeper ones inside the item before them."""
    place = 0
    while place < len(items):
        letters = items[place].letters if items[place].level <= level else -1
        style = "Letters" if items[place].letters else "Bullets"
        yield _list(style, f"letters-{letters}", begun) if letters > 0 else f'<text:list text:style-name="{style}">'
        while place < len(items):
            item, inside = items[place], items[place].level <= level
            if inside and item.letters != letters and letters >= 0:
                break
            yield "<text:list-item>"
            if inside:
                letters = item.letters
                yield _paragraph(
                    item.runs,
                    f"{'letter' if letters else 'bullet'}-last"
                    if item.last
                    else "Lettered_20_list"
                    if letters
                    else "List_20_Bullet",
                )
                place += 1
            end = place
            while end < len(items) and items[end].level > level:
                end += 1
            yield from _lists(items[place:end], begun, level + 1)
            place = end
            yield "</text:list-item>"
        yield "</text:list>"


def _paragraph(runs: TextRuns, style: str) -> str:
    return f'<text:p text:style-name="{_style_of(runs, style)}">{_words(runs)}</text:p>'


def _words(runs: TextRuns) -> str:
    return "".join(map(_run, runs))


def _run(text_run: TextRun) -> str:
    words = "<text:line-break/>".join(map(escape, text_run.text.split("\n")))
    if look := LOOKS.get((text_run.bold, text_run.italic)):
        words = f'<text:span text:style-name="{look}">{words}</text:span>'
    if text_run.language:
        words = f'<text:span text:style-name="language-{text_run.language}">{words}</text:span>'
    if text_run.address:
        words = f'<text:a xlink:type="simple" xlink:href={quoteattr(text_run.address)} text:style-name="Internet_20_link">{words}</text:a>'
    return words


def _table(table: TableBlock, number: int) -> str:
    """Return a table with a caption above it, whose first row is repeated on every page and told to screen readers."""
    return "".join(
        [
            _paragraph((TextRun(table.caption),), "Caption"),
            f'<table:table table:name="Table {number}" table:style-name="table"><table:title>{escape(table.caption)}</table:title>',
            *(f'<table:table-column table:style-name="t{number}c{place}"/>' for place in range(1, len(table.widths) + 1)),
            f"<table:table-header-rows>{_row(table.columns, 'head', 'Table_20_Heading')}</table:table-header-rows>",
            *(
                _row(
                    row, "cell", "Table_20_Contents", [table.language_of(at, place) for place in range(len(row))],
                    "long-row" if table.prose else "row",
                )
                for at, row in enumerate(table.rows)
            ),
            "</table:table>",
        ]
    )  # fmt: skip


def _row(cells: Sequence[str], cell: str, style: str, languages: Sequence[str] = (), row: str = "row") -> str:
    languages = languages or [""] * len(cells)
    return (
        f'<table:table-row table:style-name="{row}">'
        + "".join(
            f'<table:table-cell table:style-name="{cell}" office:value-type="string">{_paragraph((TextRun(text, language=language),), style)}</table:table-cell>'
            for text, language in zip(cells, languages, strict=True)
        )
        + "</table:table-row>"
    )
