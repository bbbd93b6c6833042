"""The parts of a Word file without the paper's text: styles, numbering, settings. Few and of our own, so that a clerk's list
of styles shows what the paper uses and nothing else.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from xml.sax.saxutils import quoteattr

from vcsportal.common.zips import zipped

WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LINKED: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPACES: Final = f'xmlns:w="{WORD}" xmlns:r="{LINKED}"'
BODY, BULLETS, LETTERS = 1, 2, 3
"""The numberings: the paragraphs of the body, bullets, and from there on one for each lettered list."""
CENTIMETRE_TWIPS: Final = 567
"""A centimetre, in twentieths of a point."""
TEXT_WIDTH_TWIPS: Final = 9638
"""Of an A4 page between margins of two centimetres, in twentieths of a point."""

_TYPES: Final = f"""{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>
<Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/>
<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>
</Types>"""
_RELS: Final = f"""{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{LINKED}/officeDocument" Target="word/document.xml"/></Relationships>"""
_DOCUMENT_RELS: Final = f"""{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{LINKED}/styles" Target="styles.xml"/>
<Relationship Id="rId2" Type="{LINKED}/numbering" Target="numbering.xml"/>
<Relationship Id="rId3" Type="{LINKED}/settings" Target="settings.xml"/></Relationships>"""
_DOCUMENT: Final = f"""{HEAD}<w:document {SPACES}><w:body><w:sectPr><w:pgSz w:w="11906" w:h="16838"/>
<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>"""
_SETTINGS: Final = f"""{HEAD}<w:settings {SPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="{CENTIMETRE_TWIPS}"/>
<w:characterSpacingControl w:val="doNotCompress"/><w:compat>
<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>
<w:themeFontLang w:val="en-GB"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>"""


@lru_cache(maxsize=8)
def empty(font: str, size: int, lists: int, labels: float) -> bytes:
    """Return a Word file without words, in this font and size, with numberings for so many lettered lists.

    :param labels: the width of the header block's labels in centimetres.
    """
    parts = {
        "[Content_Types].xml": _TYPES, "_rels/.rels": _RELS, "word/document.xml": _DOCUMENT,
        "word/_rels/document.xml.rels": _DOCUMENT_RELS, "word/styles.xml": _styles(font, size, round(labels * CENTIMETRE_TWIPS)),
        "word/numbering.xml": _numbering(lists), "word/settings.xml": _SETTINGS,
    }  # fmt: skip
    return zipped(((name, part.encode()) for name, part in parts.items()), at=datetime(1980, 1, 1, tzinfo=UTC))


def _styles(font: str, size: int, labels: int) -> str:
    """Return the styles. Sizes are in half points, spaces in twentieths of a point."""
    name, text = quoteattr(font), size * 2
    heads = "".join(
        _style(
            f"Heading{level}", f"heading {level}", after="NumberedParagraph", ranks=9,
            paragraph=f'<w:keepNext/><w:keepLines/><w:spacing w:before="{before}" w:after="120"/><w:outlineLvl w:val="{level - 1}"/>',
            look=f'<w:b/><w:bCs/>{"<w:i/><w:iCs/>" if level == 4 else ""}{_size(text + bigger)}',
        )
        for level, bigger, before in ((1, 8, 360), (2, 4, 280), (3, 0, 240), (4, 0, 200))
    )  # fmt: skip
    bullets = "".join(
        _style(
            f"ListBullet{level or ''}", f"List Bullet{f' {level}' if level else ''}", ranks=36,
            paragraph=f'<w:numPr><w:ilvl w:val="{place}"/><w:numId w:val="{BULLETS}"/></w:numPr><w:spacing w:after="80"/>',
        )
        for place, level in enumerate((0, 2, 3))
    )  # fmt: skip
    return f"""{HEAD}<w:styles {SPACES}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii={name} w:eastAsia={name} w:hAnsi={name} w:cs={name}/>
{_size(text)}<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr><w:spacing w:after="160" w:line="264" w:lineRule="auto"/></w:pPr></w:style>
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>
<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:uiPriority w:val="99"/><w:semiHidden/></w:style>
<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:uiPriority w:val="99"/><w:rPr><w:color w:val="0B4F8A"/><w:u w:val="single"/></w:rPr></w:style>
{_style("Title", "Title", after="HeaderLine", ranks=10, paragraph='<w:keepNext/><w:spacing w:after="240"/>', look=f"<w:b/><w:bCs/>{_size(text + 16)}")}
{heads}{_style("HeaderLine", "Header line", paragraph=f'<w:tabs><w:tab w:val="left" w:pos="{labels}"/></w:tabs><w:spacing w:after="100"/><w:ind w:left="{labels}" w:hanging="{labels}"/>')}
{_style("NumberedParagraph", "Numbered paragraph", paragraph=f'<w:numPr><w:numId w:val="{BODY}"/></w:numPr>')}
{bullets}{_style("LetteredList", "Lettered list", paragraph='<w:spacing w:after="80"/>')}
{_style("Quote", "Quote", ranks=29, paragraph=f'<w:ind w:left="{2 * CENTIMETRE_TWIPS}" w:right="{CENTIMETRE_TWIPS}"/>', look="<w:i/><w:iCs/>")}
{_style("Caption", "caption", ranks=35, paragraph='<w:keepNext/><w:spacing w:before="240" w:after="80"/>', look="<w:b/><w:bCs/>")}
{_style("TableText", "Table text", paragraph='<w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>', look=_size(min(text, max(text - 4, 18))))}
{_style("TableHeading", "Table heading", base="TableText", paragraph="<w:keepNext/>", look="<w:b/><w:bCs/>")}
{_style("Footer", "footer", ranks=99, paragraph='<w:jc w:val="center"/>', look=_size(min(text, max(text - 4, 18))))}
<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="39"/><w:tblPr><w:tblBorders>
{"".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="5B666B"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV"))}
</w:tblBorders></w:tblPr></w:style></w:styles>"""


def _style(
    key: str, name: str, *, base: str = "Normal", after: str = "", ranks: int = 0, paragraph: str = "", look: str = ""
) -> str:
    return (
        f'<w:style w:type="paragraph" {"" if ranks else "w:customStyle=" + quoteattr("1") + " "}w:styleId="{key}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{base}"/>{f"<w:next w:val={quoteattr(after)}/>" if after else ""}'
        f"{f'<w:uiPriority w:val={quoteattr(str(ranks))}/>' if ranks else ''}<w:qFormat/>"
        f"{f'<w:pPr>{paragraph}</w:pPr>' if paragraph else ''}{f'<w:rPr>{look}</w:rPr>' if look else ''}</w:style>\n"
    )


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _numbering(lists: int) -> str:
    """Return the numberings; each lettered list has one of its own, so that it begins with (a)."""
    bullets = "".join(
        _level(place, "bullet", sign, place + 1, style=f"ListBullet{place + 1 if place else ''}")
        for place, sign in enumerate("•–•")
    )
    letters = "".join(
        _level(place, kind, f"(%{place + 1})", place + 1)
        for place, kind in enumerate(("lowerLetter", "lowerRoman", "upperLetter"))
    )
    body = _level(0, "decimal", "%1.", 0, style="NumberedParagraph")
    lettered = "".join(
        f'<w:num w:numId="{LETTERS + number}"><w:abstractNumId w:val="2"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
        f'<w:lvlOverride w:ilvl="1"><w:startOverride w:val="1"/></w:lvlOverride><w:lvlOverride w:ilvl="2"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for number in range(lists)
    )
    return f"""{HEAD}<w:numbering {SPACES}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>{body}</w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="hybridMultilevel"/>{bullets}</w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:multiLevelType w:val="hybridMultilevel"/>{letters}</w:abstractNum>
<w:num w:numId="{BODY}"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="{BULLETS}"><w:abstractNumId w:val="1"/></w:num>{lettered}</w:numbering>"""


def _level(place: int, kind: str, sign: str, steps: int, *, style: str = "") -> str:
    linked = f'<w:pStyle w:val="{style}"/>' if style else ""
    left = 3 * CENTIMETRE_TWIPS // 2 + steps * CENTIMETRE_TWIPS if steps else 3 * CENTIMETRE_TWIPS // 2
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{linked}<w:lvlText w:val="{sign}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{left}" w:hanging="{CENTIMETRE_TWIPS if steps else left}"/></w:pPr></w:lvl>'
    )
