"""What is inside an uploaded PDF: nothing that acts by itself, and no other files."""

import io
import logging
import re
import zlib
from typing import Any, Final

import pikepdf

from vcsportal.common.words import Refused

logger = logging.getLogger(__name__)

PDF_OBJECTS: Final = 200_000
PDF_TABLES: Final = 100 * 1024 * 1024  # bytes that a PDF's own tables may swell to; opening it unpacks them all
PDF_RUNS: Final = {"/JavaScript", "/Launch", "/ImportData", "/GoToE", "/RichMediaExecute"}


def check_pdf(shown: str, data: bytes) -> None:
    try:
        if _swells(data):
            raise Refused(f"“{shown}” is far larger inside than it looks. Print it to PDF again and choose that.")
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if len(pdf.objects) > PDF_OBJECTS or not len(pdf.pages):
                raise pikepdf.PdfError("too many objects, or no pages")
            found = {word for thing in pdf.objects for word in _active(thing)}
    except Refused:
        raise
    except pikepdf.PasswordError:
        raise Refused(f"“{shown}” is protected with a password. Save it without one and choose it again.") from None
    except Exception as fault:  # a stranger's bytes again
        logger.info("A PDF could not be read: %s", type(fault).__name__)
        raise Refused(f"“{shown}” is a damaged PDF. Save or print it to PDF again and choose that.") from None
    if "runs" in found:
        raise Refused(
            f"“{shown}” holds a program that runs when it is opened. Print it to PDF and choose that instead."
        )
    if "files" in found:
        raise Refused(f"“{shown}” holds other files inside it. Print it to PDF, and add the other files by themselves.")


def _name(word: str) -> bytes:
    """A pattern for a PDF name, any letter of which may be written as its number."""
    return b"/" + b"".join(f"(?:{letter}|#{ord(letter):02x}|#{ord(letter):02X})".encode() for letter in word)


_TABLE = re.compile(_name("ObjStm") + b"|" + _name("XRef"))


def _swells(data: bytes) -> bool:
    """Whether the packed tables of a PDF would unpack to more than :data:`PDF_TABLES`, or are packed oddly."""
    left = PDF_TABLES
    for found in _TABLE.finditer(data):
        begins = data.find(b"stream", found.end(), found.end() + 4096)
        if begins < 0:
            continue
        head = data[max(data.rfind(b"obj", 0, found.start()), found.start() - 4096) : begins]
        if re.sub(rb"FlateDecode|DecodeParms", b"", head, count=2).count(b"Decode") or head.count(b"FlateDecode") > 1:
            return True
        begins += 6 + len(re.match(rb"\r?\n?", data[begins + 6 : begins + 8])[0])  # type: ignore[index]
        ends = data.find(b"endstream", begins)
        try:
            left -= len(zlib.decompressobj().decompress(data[begins : ends if ends > 0 else None], left + 1))
        except zlib.error:
            continue  # not packed, or broken: the reader says which
        if left < 0:
            return True
    return False


def _active(thing: Any, depth: int = 0) -> set[str]:
    """What of ``thing`` would act or carry files: "runs", "files"."""
    found: set[str] = set()
    if depth > 20:
        return found
    if isinstance(thing, pikepdf.Array):
        for part in thing.as_list():
            found |= _nested(part, depth)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        keys = thing.keys()
        if "/JS" in keys or "/XFA" in keys or str(thing.get("/S", "")) in PDF_RUNS:
            found.add("runs")
        if "/EF" in keys or "/EmbeddedFiles" in keys or str(thing.get("/Type", "")) == "/EmbeddedFile":
            found.add("files")
        for key in keys:
            found |= _nested(thing.get(key), depth)
    return found


def _nested(part: Any, depth: int) -> set[str]:
    if isinstance(part, pikepdf.Object) and not part.is_indirect:  # indirect ones are in the list of objects themselves
        return _active(part, depth + 1)
    return set()
