"""Reads a file as a workbook, whatever its name says, or refuses it with a sentence."""

import io
import re
import time
import unicodedata
import zipfile
from typing import Final

from django.conf import settings

from vcsportal.common.office_parts import DAMAGE, Damaged, check_parts
from vcsportal.common.spreadsheets.csv_text import read_csv
from vcsportal.common.spreadsheets.json_rows import is_json, read_json
from vcsportal.common.spreadsheets.ods import read_ods
from vcsportal.common.spreadsheets.workbook import ReadingLimits, Sheet, Workbook
from vcsportal.common.spreadsheets.xlsx import read_xlsx
from vcsportal.common.words import Invalid

SECONDS: Final = 10.0
OPEN_DOCUMENT: Final = b"application/vnd.oasis.opendocument.spreadsheet"
MAX_NAME_CHARACTERS: Final = 100
MACRO_PARTS: Final = ("vbaproject", "macrosheets/")
MACRO_FOLDERS: Final = ("Basic/", "Scripts/", "Dialogs/")


def read_workbook(data: bytes, name: str, *, seconds: float = SECONDS) -> Workbook:
    """Return what is in a spreadsheet file. Its bytes, and not its name, decide what kind it is.

    :param data: the whole file.
    :param name: its name as the browser gave it; it is shown to people.
    :param seconds: how long reading may take.
    :raises Invalid: with a sentence on what is wrong and what to do; its field is ``file``.
    """
    shown = shown_name(name)
    if not data:
        raise Invalid(f"“{shown}” is empty. Choose the file again.", field="file")
    if len(data) > settings.UPLOAD_MAX_BYTES:
        raise too_large(shown)
    limits, deadline = ReadingLimits(shown), time.monotonic() + seconds
    try:
        if data.startswith(b"PK"):
            kind, sheets = _archive(data, shown, limits, deadline)
        elif data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            raise Invalid(
                f"“{shown}” is protected with a password, or is in the old format .xls. Remove the password, save it as .xlsx "
                "and choose that.",
                field="file",
            )
        elif data.lstrip()[:5] in {b"<?xml", b"<html", b"<HTML"} or data.startswith((b"%PDF", b"{\\rtf")):
            raise _not_a_spreadsheet(shown)
        elif is_json(data):
            kind, sheets = "json", read_json(data, limits)
        else:
            kind, sheets = "csv", read_csv(data, limits)
    except TimeoutError:
        raise Invalid(
            f"“{shown}” takes too long to read. Delete rows and columns that you don’t need, save it and choose it again.",
            field="file",
        ) from None
    except DAMAGE:
        raise Invalid(f"“{shown}” is damaged. Open it, save it again and choose that.", field="file") from None
    if not any(sheet.rows for sheet in sheets):
        raise Invalid(f"“{shown}” has nothing in it. Check that you chose the right file.", field="file")
    return Workbook(shown, kind, sheets)


def too_large(shown: str) -> Invalid:
    """Return the refusal of a file that is larger than may be uploaded."""
    megabytes = f"{settings.UPLOAD_MAX_BYTES / 1024 / 1024:.1f}".removesuffix(".0")
    return Invalid(
        f"“{shown}” is larger than {megabytes} MB, which is the limit for a file. Remove pictures and sheets that you don’t "
        "need, or divide it into smaller files.",
        field="file",
    )


def shown_name(name: str) -> str:
    """Return a file's name as it is safe to show: without folders and characters that nobody sees, of a length that fits."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(letter for letter in plain if unicodedata.category(letter)[0] != "C")
    plain = re.sub(r"\s+", " ", plain).strip(" .")
    if len(plain) > MAX_NAME_CHARACTERS:
        stem, _, ending = plain.rpartition(".")
        plain = f"{(stem or plain)[: MAX_NAME_CHARACTERS - 8]}….{ending[:6]}"
    return plain or "The file"


def _archive(data: bytes, shown: str, limits: ReadingLimits, deadline: float) -> tuple[str, tuple[Sheet, ...]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        check_parts(shown, parts, field="file", instead="Delete rows and columns that you don’t need, save it again")
        names = [part.filename for part in parts]
        if {"[Content_Types].xml", "mimetype"} <= set(names):  # a file of two kinds: programs differ in which they see
            raise Damaged
        _refuse_macros(shown, names)
        if "mimetype" in names:
            with archive.open("mimetype") as part:
                if not part.read(200).startswith(OPEN_DOCUMENT):
                    raise _not_a_spreadsheet(shown)
            return "ods", read_ods(archive, limits, deadline)
        if "xl/workbook.bin" in names:
            raise Invalid(f"“{shown}” is in the format .xlsb. Save it as .xlsx and choose that.", field="file")
        if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
            raise _not_a_spreadsheet(shown)
        return "xlsx", read_xlsx(archive, limits, deadline)


def _refuse_macros(shown: str, names: list[str]) -> None:
    if any(word in name.lower() for name in names for word in MACRO_PARTS) or any(
        name.startswith(MACRO_FOLDERS) for name in names
    ):
        raise Invalid(
            f"“{shown}” contains macros, which the portal does not accept. Save it as .xlsx, without macros, and choose that.",
            field="file",
        )


def _not_a_spreadsheet(shown: str) -> Invalid:
    return Invalid(
        f"“{shown}” is not a spreadsheet. Choose an Excel (.xlsx), OpenDocument (.ods) or CSV file.", field="file"
    )
