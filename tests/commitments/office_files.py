"""Office files as people save them, and the same with one thing that may not be in them."""

from typing import Any, Final

from tests.commitments.sample_files import WORD, archive

EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SLIDES: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
RELS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
KIND: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ODF: Final = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
)


def relationship(kind: str, target: str, *, external: bool = False, more: str = "") -> str:
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="rId9" Type="{KIND}/{kind}" Target="{target}"{mode} {more}/>'


def rels(*lines: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{RELS}">{"".join(lines)}</Relationships>'


def run(words: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{words}</w:instrText></w:r>'


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field(*runs: str) -> str:
    """A field whose instruction is split into runs, with a result."""
    return (
        mark("begin") + "".join(run(one) for one in runs) + mark("separate") + "<w:r><w:t>1</w:t></w:r>" + mark("end")
    )


def document(body: str = "") -> str:
    return f'<w:document xmlns:w="{W}"><w:body><w:p>{body}</w:p></w:body></w:document>'


def content_types(main: str, more: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>'
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{more}</Types>"
    )


def word(body: Any = "", links: Any = "", types: Any = "", **parts: str | bytes) -> bytes:
    """A Word document as Word saves it: a table of contents, page numbers, links to the web, a picture."""
    honest = (
        field(' TOC \\o "1-3" \\h ')
        + field(" PAGE ", " \\* MERGEFORMAT ")
        + field(' HYPERLINK "https://example.org/a?b=c#d" ')
    )
    return archive(
        {
            "[Content_Types].xml": content_types(WORD, types),
            "_rels/.rels": rels(
                relationship("officeDocument", "word/document.xml"), relationship("extended-properties", "docProps/app.xml")
            ),
            "word/document.xml": document(honest + body),
            "word/_rels/document.xml.rels": rels(
                relationship("styles", "styles.xml"),
                relationship("image", "media/image1.png"),
                relationship("hyperlink", "https://example.org/page", external=True),
                relationship("hyperlink", "mailto:somebody@example.org?subject=Hello%20you", external=True),
                relationship("hyperlink", "#_Toc1", external=True),
                relationship("settings", "/word/settings.xml"),
                links,
            ),
            "word/styles.xml": f'<w:styles xmlns:w="{W}"/>',
            "word/settings.xml": f'<w:settings xmlns:w="{W}"/>',
            "word/media/image1.png": b"\x89PNG\r\n\x1a\n",
            "docProps/core.xml": '<cp:coreProperties xmlns:cp="x"/>',
            **parts,
        }
    )  # fmt: skip


def sheet(*formulas: str, links: Any = "", **parts: str | bytes) -> bytes:
    """A workbook as Excel saves it, with the printer's settings and formulas that only count."""
    honest = ("SUM(A1:A9)", "IF(A1>0,\"a|b!\",'Other sheet'!B2)", 'HYPERLINK("https://example.org","Our page")')
    cells = "".join(f"<c><f>{one}</f><v>1</v></c>" for one in (*honest, *formulas))
    return archive(
        {
            "[Content_Types].xml": content_types(EXCEL),
            "xl/workbook.xml": f'<workbook xmlns="{S}"><definedNames><definedName>Sheet1!$A$1</definedName></definedNames></workbook>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}"><sheetData><row>{cells}</row></sheetData></worksheet>',
            "xl/worksheets/_rels/sheet1.xml.rels": rels(
                relationship("printerSettings", "../printerSettings/printerSettings1.bin"), links
            ),
            "xl/printerSettings/printerSettings1.bin": "Printer in the hall".encode("utf-16-le"),
            **parts,
        }
    )


def text(body: Any = "", kind: Any = "text", **parts: str | bytes) -> bytes:
    """An OpenDocument file as LibreOffice saves it: a link, a picture, a chart, the template it was made from."""
    return archive(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
            "content.xml": f"<office:document-content {ODF}><office:scripts/><office:body>"
            '<text:a xlink:href="https://example.org/">our page</text:a><text:a xlink:href="#chapter">up</text:a>'
            '<draw:image xlink:href="Pictures/1.png"/><draw:object xlink:href="./Object 1"/>'
            f'<table:table-cell table:formula="of:=SUM([.A1:.A9])"/>{body}</office:body></office:document-content>',
            "meta.xml": f'<office:document-meta {ODF}><meta:template xlink:href="../templates/letter.ott"/></office:document-meta>',
            "Object 1/content.xml": f"<office:document-content {ODF}/>",
            "Pictures/1.png": b"\x89PNG\r\n\x1a\n",
            "layout-cache": b"\1\2\3",
            **parts,
        }
    )
