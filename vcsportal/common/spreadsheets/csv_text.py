"""CSV as spreadsheet programs write it: several encodings, and a comma, semicolon or tab between the cells."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Final

from vcsportal.common.office_parts import Damaged
from vcsportal.common.spreadsheets.sheets_read import SheetRead, numbered
from vcsportal.common.spreadsheets.workbook import TEXT_FILE, ReadingLimits, Sheet
from vcsportal.common.words import Invalid

SEPARATORS: Final = (",", ";", "\t")
LOOKED_AT_LINES: Final = 20
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def read_csv(data: bytes, limits: ReadingLimits) -> tuple[Sheet, ...]:
    """Return the one sheet of a CSV file. Every value is a text.

    :raises Invalid: it is no text, or has more than is read.
    """
    text = _decoded(data, limits.shown)
    hint = text[:5].lower()
    separator = ""
    if hint.startswith("sep=") and len(hint) == 5:  # Excel's own way to say it
        separator, text = hint[4], text.partition("\n")[2]
    separator = separator or _separator(text)
    sheet = SheetRead(TEXT_FILE, limits)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = 0

    def counted() -> Iterator[list[str]]:
        nonlocal rows
        for row in reader:
            rows += 1
            yield row

    try:
        numbered(sheet, counted())
    except csv.Error as error:
        if "field larger" in str(error):
            raise Damaged from None
        raise Invalid(
            f"A quotation mark in row {rows + 1} of “{limits.shown}” is not closed, or is out of place. Correct it, or save the file as "
            ".xlsx and choose that.",
            field="file",
        ) from None
    return (sheet.done(),)


def _decoded(data: bytes, shown: str) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding, shown)
    zeros = data[:2_000].count(0)
    if zeros > len(data[:2_000]) // 4:  # UTF-16 without its mark: English letters have a zero beside each
        return _strictly(data, "utf-16-le" if data[1:2] == b"\0" else "utf-16-be", shown)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _strictly(data, "cp1252", shown)
    if "\0" in text:
        raise _no_text(shown)
    return text


def _strictly(data: bytes, encoding: str, shown: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise _no_text(shown) from None


def _no_text(shown: str) -> Invalid:
    return Invalid(
        f"“{shown}” is not a spreadsheet that the portal can read. Save it as .xlsx and choose that.", field="file"
    )


def _separator(text: str) -> str:
    """Return what stands between the cells: what divides the first lines into the most columns, equally in most of them."""
    best, most = ",", 0
    lines = "\n".join(text.splitlines()[:LOOKED_AT_LINES])
    for separator in SEPARATORS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(lines, newline=""), delimiter=separator) if row]
        except csv.Error:
            continue
        common = max(set(widths), key=widths.count, default=1)
        score = widths.count(common) * 100 + common if common > 1 else 0
        if score > most:
            best, most = separator, score
    return best
