"""What is inside a Word, Excel, PowerPoint or OpenDocument file: parts in a zip archive."""

import io
import re
import zipfile
import zlib
from typing import Final

from vcsportal.common.words import Refused

ZIP_ENTRIES: Final = 2_000
ZIP_BYTES: Final = 150 * 1024 * 1024
ZIP_RATIO: Final = 200  # of one part larger than a megabyte; honest spreadsheets stay well below
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OFFICE: Final = {
    f"{_OPEN_XML}wordprocessingml.document.main+xml": (".docx", f"{_OPEN_XML}wordprocessingml.document"),
    f"{_OPEN_XML}spreadsheetml.sheet.main+xml": (".xlsx", f"{_OPEN_XML}spreadsheetml.sheet"),
    f"{_OPEN_XML}presentationml.presentation.main+xml": (".pptx", f"{_OPEN_XML}presentationml.presentation"),
}
OPEN_DOCUMENT: Final = {f"{_OPEN_DOCUMENT}text": ".odt", f"{_OPEN_DOCUMENT}spreadsheet": ".ods"}
OFFICE_RUNS: Final = ("vbaproject", "vbadata", "activex", "oleobject", "macrosheets/")


def check_office(shown: str, data: bytes) -> tuple[str, str] | None:
    """Return the suffix and media type of an Office document, or None for any other archive.

    :param shown: the file's name, as the sentence of a refusal says it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = [part.filename for part in parts]
            _check_parts(shown, parts)
            if archive.testzip() is not None:
                raise zipfile.BadZipFile
            kind = _kind_of_office(shown, archive, names)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError):
        raise Refused(f"“{shown}” is damaged. Open it, save it again and choose that.") from None
    return kind


def _check_parts(shown: str, parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refused(f"“{shown}” is protected with a password. Save it without one and choose it again.")
    swollen = any(part.file_size > 2**20 and part.file_size > ZIP_RATIO * part.compress_size for part in parts)
    if len(parts) > ZIP_ENTRIES or sum(part.file_size for part in parts) > ZIP_BYTES or swollen:
        raise Refused(f"“{shown}” is far larger inside than it looks. Save it as PDF and choose that instead.")
    if any(part.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", part.filename) for part in parts):
        raise zipfile.BadZipFile


def _kind_of_office(shown: str, archive: zipfile.ZipFile, names: list[str]) -> tuple[str, str] | None:
    macros = f"“{shown}” holds macros or other programs. Save it without them (or as PDF) and choose that."
    if any(word in name.lower() for name in names for word in OFFICE_RUNS):
        raise Refused(macros)
    if "[Content_Types].xml" in names:
        types = _words_of(archive, "[Content_Types].xml")
        rels = "".join(_words_of(archive, name) for name in names if name.endswith("settings.xml.rels"))
        if re.search(r"macroEnabled|vbaProject|<!DOCTYPE|&#|addin", types) or re.search(
            r"attachedTemplate[^>]*TargetMode=.External|TargetMode=.External[^>]*attachedTemplate", rels
        ):
            raise Refused(macros)
        for code, kind in OFFICE.items():
            if f'"{code}"' in types or f"'{code}'" in types:
                return kind
    if "mimetype" in names:
        media_type = _words_of(archive, "mimetype").strip()
        if any(name.startswith(("Basic/", "Scripts/")) for name in names):
            raise Refused(macros)
        if "META-INF/manifest.xml" in names and "encryption-data" in _words_of(archive, "META-INF/manifest.xml"):
            raise Refused(f"“{shown}” is protected with a password. Save it without one and choose it again.")
        if media_type in OPEN_DOCUMENT:
            return OPEN_DOCUMENT[media_type], media_type
    return None


def _words_of(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as part:
        return part.read(2**20).decode("utf-8-sig")
