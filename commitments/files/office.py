"""What is inside a Word, Excel, PowerPoint or OpenDocument file: parts in a zip archive."""

import io
import time
import zipfile
from typing import Final

from commitments.files.dangerous_content import check_bytes, embedded, macros
from commitments.files.open_document import OpenDocument
from commitments.files.open_xml import OpenXml
from vcsportal.common.office_parts import DAMAGE, Damaged, check_parts, chunks, looks_like_xml
from vcsportal.common.words import Invalid

CONTENT_TYPES: Final = "[Content_Types].xml"
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OFFICE: Final = {
    f"{_OPEN_XML}wordprocessingml.document.main+xml": (".docx", f"{_OPEN_XML}wordprocessingml.document"),
    f"{_OPEN_XML}spreadsheetml.sheet.main+xml": (".xlsx", f"{_OPEN_XML}spreadsheetml.sheet"),
    f"{_OPEN_XML}presentationml.presentation.main+xml": (".pptx", f"{_OPEN_XML}presentationml.presentation"),
}
OPEN_DOCUMENT: Final = {f"{_OPEN_DOCUMENT}text": ".odt", f"{_OPEN_DOCUMENT}spreadsheet": ".ods"}


def check_office(shown: str, data: bytes, seconds: float = 20.0) -> tuple[str, str] | None:
    """Return the suffix and media type of an Office document, or None for any other archive.

    Every part is read once: what it is by its first bytes, and if it is XML, every element.

    :param shown: the file's name, as the sentence of a refusal says it.
    :param seconds: how long reading may take.
    :raises Refused: it is damaged or protected, or holds or fetches what it may not.
    """
    deadline = time.monotonic() + seconds
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            check_parts(shown, parts, field="uploads")
            names = {part.filename for part in parts}
            if {CONTENT_TYPES, "mimetype"} <= names:  # a file of two kinds: programs differ in which they see
                raise Damaged
            if CONTENT_TYPES in names:
                return _open_xml(shown, archive, parts, deadline)
            if "mimetype" in names:
                return _open_document(shown, archive, parts, deadline)
            _read(shown, archive, parts, OpenXml(shown), deadline)
            return None
    except TimeoutError:
        raise Invalid(
            f"“{shown}” takes too long to check. Save it as PDF and choose that instead.", field="uploads"
        ) from None
    except DAMAGE:
        raise Invalid(f"“{shown}” is damaged. Open it, save it again and choose that.", field="uploads") from None


def _open_xml(
    shown: str, archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], deadline: float
) -> tuple[str, str] | None:
    for part in parts:
        if any(word in part.filename.lower() for word in ("vbaproject", "vbadata", "activex", "macrosheets/")):
            raise macros(shown)
        if "oleobject" in part.filename.lower():
            raise embedded(shown, part.filename)
    looked = OpenXml(shown)
    _read(shown, archive, parts, looked, deadline)
    return next((kind for code, kind in OFFICE.items() if code in looked.types), None)


def _open_document(
    shown: str, archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], deadline: float
) -> tuple[str, str] | None:
    if any(part.filename.startswith(("Basic/", "Scripts/", "Dialogs/")) for part in parts):
        raise macros(shown)
    with archive.open("mimetype") as part:
        media_type = part.read(200).decode("ascii").strip()
    _read(shown, archive, parts, OpenDocument(shown), deadline)
    return (OPEN_DOCUMENT[media_type], media_type) if media_type in OPEN_DOCUMENT else None


def _read(
    shown: str, archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], looked: OpenXml | OpenDocument, deadline: float
) -> None:
    """Read every part to its end, so that its checksum is compared too."""
    for part in parts:
        reader = None
        first = True
        for chunk in chunks(archive, part, deadline):
            if first:
                first = False
                check_bytes(shown, part.filename, chunk[:512])
                reader = looked.reader() if looks_like_xml(chunk[:512]) else None
                if reader is None and part.filename.lower().endswith((".xml", ".rels")):
                    raise Damaged
            if reader is not None:
                reader.feed(chunk)
        if reader is not None:
            reader.feed(b"", last=True)
            looked.end()
