"""Workbooks as other programs write them, for tests of reading."""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any


def excel(fill: Callable[[Any, Any], Any], **options: Any) -> bytes:
    """Return an .xlsx whose first sheet, "Figures", was filled by ``fill(book, sheet)``."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, options)
    fill(book, book.add_worksheet("Figures"))
    book.close()
    return out.getvalue()


def excel_rows(rows: Sequence[Sequence[Any]]) -> bytes:
    """Return an .xlsx with these rows."""

    def fill(book: Any, sheet: Any) -> None:
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return excel(fill)


def open_document(rows: str, *, head: str = "", manifest: str = "") -> bytes:
    """Return an .ods whose sheet "Figures" has these rows, as XML."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    content = (
        f'<office:document-content {spaces} xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f'{head}<office:body><office:spreadsheet><table:table table:name="Figures">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        if manifest:
            archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return an archive with one of its parts changed, or added if ``change`` is given nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = archive.namelist()
        for name in names:
            new.writestr(name, change(archive.read(name)) if name == part else archive.read(name))
        if part not in names:
            new.writestr(part, change(b""))
    return out.getvalue()


def with_empty_results(data: bytes) -> bytes:
    """Return an .xlsx whose formulas with the result "EMPTY" have an empty text as their saved result, as Excel writes it."""
    return changed(data, "xl/worksheets/sheet1.xml", lambda old: old.replace(b"<v>EMPTY</v>", b"<v></v>"))
