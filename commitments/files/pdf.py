"""What is inside an uploaded PDF: nothing that acts by itself, and no other files."""

import io
import logging
import re
import time
import zlib
from typing import Any, Final

import pikepdf

from commitments.files.dangerous_content import Dangerous, is_plain_link, leads_out, plain_target
from vcsportal.common.words import Invalid, Refused

logger = logging.getLogger(__name__)

MAX_PDF_OBJECTS: Final = 200_000
MAX_PDF_TABLE_BYTES: Final = (
    100 * 1024 * 1024
)  # bytes that a PDF's own tables may swell to; opening it unpacks them all
MAX_DEPTH: Final = 60
"""Objects written inside each other; the rules of PDF/A stop at 28."""
MAX_ACTIONS: Final = 1_000
"""The most actions that may follow upon one."""
RUNS: Final = {"/JavaScript", "/Launch", "/ImportData", "/RichMediaExecute", "/Rendition", "/GoTo3DView"}
MEDIA: Final = {"/Movie", "/Sound", "/Screen", "/RichMedia", "/3D"}
BY_ITSELF: Final = {"/GoTo", "/Named", "/Hide", "/SetOCGState", "/Trans", ""}
"""What a PDF may do without being asked: show a page, a layer or a note."""


class _Found(Exception):
    """Something that may not be there; the sentence about it goes after the file's name."""


PROGRAM: Final = "contains a program that runs when it is opened. Print it to PDF and choose that instead."
FILES: Final = "contains other files. Print it to PDF, and add the other files by themselves."
MOVING: Final = "contains film, sound or a 3D model. Print it to PDF and choose that instead."
UNASKED: Final = "opens an address or sends something without anybody asking. Print it to PDF and choose that instead."
OTHER_FILE: Final = (
    "reaches for another file on a computer or network ({what}). Print it to PDF and choose that instead."
)


def check_pdf(shown: str, data: bytes, seconds: float = 20.0) -> None:
    """Look at every object of a PDF; raise :class:`Refused` where one acts by itself, or holds or fetches other files.

    :param shown: the file's name, as the sentence of a refusal says it.
    :param seconds: how long looking may take.
    """
    deadline = time.monotonic() + seconds
    try:
        if _swells(data):
            raise Invalid(
                f"“{shown}” is far too large once unpacked. Print it to PDF again and choose that.", field="uploads"
            )
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if len(pdf.objects) > MAX_PDF_OBJECTS or not len(pdf.pages):
                raise pikepdf.PdfError("too many objects, or no pages")
            for number, thing in enumerate(pdf.objects):
                if number % 500 == 0 and time.monotonic() > deadline:
                    raise TimeoutError
                _look(thing)
            _look(pdf.trailer)
    except Refused:
        raise
    except _Found as found:
        kind = Dangerous if str(found) in {PROGRAM, UNASKED} else Invalid
        raise kind(f"“{shown}” {found}", field="uploads") from None
    except TimeoutError:
        raise Invalid(
            f"“{shown}” takes too long to check. Print it to PDF again and choose that.", field="uploads"
        ) from None
    except pikepdf.PasswordError:
        raise Invalid(
            f"“{shown}” is protected with a password. Save it without one and choose it again.", field="uploads"
        ) from None
    except Exception as fault:  # a stranger's bytes again
        logger.info("A PDF could not be read: %s", type(fault).__name__)
        raise Invalid(
            f"“{shown}” is a damaged PDF. Save or print it to PDF again and choose that.", field="uploads"
        ) from None


def _name(word: str) -> bytes:
    """A pattern for a PDF name. Any of its letters may be written as a number."""
    return b"/" + b"".join(f"(?:{letter}|#{ord(letter):02x}|#{ord(letter):02X})".encode() for letter in word)


_TABLE = re.compile(_name("ObjStm") + b"|" + _name("XRef"))


def _swells(data: bytes) -> bool:
    """Whether the packed tables of a PDF would unpack to more than :data:`MAX_PDF_TABLE_BYTES`, or are packed oddly."""
    left = MAX_PDF_TABLE_BYTES
    for found in _TABLE.finditer(data):
        begins = data.find(b"stream", found.end(), found.end() + 4096)
        if begins < 0:
            continue
        head = data[max(data.rfind(b"obj", 0, found.start()), found.start() - 4096) : begins]
        if re.sub(rb"FlateDecode|DecodeParms", b"", head, count=2).count(b"Decode") or head.count(b"FlateDecode") > 1:
            return True
        begins += 6 + len(re.match(rb"\r?\n?", data[begins + 6 : begins + 8])[0])  # type: ignore[index]  # the pattern fits an empty text too
        ends = data.find(b"endstream", begins)
        try:
            left -= len(zlib.decompressobj().decompress(data[begins : ends if ends > 0 else None], left + 1))
        except zlib.error:
            continue  # not packed, or broken: the reader says which
        if left < 0:
            return True
    return False


def _look(thing: Any, depth: int = 0) -> None:
    """Look at an object and what is written inside it; indirect objects are in the list of all objects themselves."""
    if depth > MAX_DEPTH:
        raise pikepdf.PdfError("nested too deeply")
    if isinstance(thing, pikepdf.Array):
        parts: Any = thing.as_list()
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        keys = set(thing.keys())
        _look_at(thing, keys)
        parts = [thing.get(key) for key in keys]
    else:
        return
    for part in parts:
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            _look(part, depth + 1)


def _look_at(thing: Any, keys: set[str]) -> None:
    """Look at a dictionary's own entries."""
    kind, subtype, act = (str(thing.get(key, "")) for key in ("/Type", "/Subtype", "/S"))
    if "/JS" in keys or "/XFA" in keys or act in RUNS:
        raise _Found(PROGRAM)
    if keys & {"/EF", "/EmbeddedFiles", "/Collection"} or kind == "/EmbeddedFile" or act == "/GoToE":
        raise _Found(FILES)
    if subtype == "/FileAttachment":
        raise _Found(FILES)
    if subtype in MEDIA or act in MEDIA:
        raise _Found(MOVING)
    if act == "/GoToR" or (act == "/Thread" and "/F" in keys):
        raise _Found(OTHER_FILE.format(what=_words(thing.get("/F"))))
    if isinstance(thing, pikepdf.Stream) and ("/F" in keys or (subtype == "/Form" and "/Ref" in keys)):
        raise _Found(OTHER_FILE.format(what=_words(thing.get("/F"))))
    if act == "/URI" and leads_out(target := _words(thing.get("/URI"))) and not is_plain_link(target):
        raise _Found(OTHER_FILE.format(what=target))
    if isinstance(opening := thing.get("/OpenAction"), pikepdf.Dictionary):
        _unasked(opening)
    if isinstance(more := thing.get("/AA"), pikepdf.Dictionary):
        for key in more.keys():  # noqa: SIM118 - not a mapping of Python's
            _unasked(more.get(key))


def _unasked(action: Any) -> None:
    """Look at an action that nobody asks for, and at those that follow upon it; they may follow in a circle."""
    waiting, seen = [action], set()
    for _ in range(MAX_ACTIONS):
        if not waiting:
            return
        thing = waiting.pop()
        if isinstance(thing, pikepdf.Array):
            waiting.extend(thing.as_list())
        elif isinstance(thing, pikepdf.Dictionary):
            if thing.is_indirect:
                if thing.objgen in seen:
                    continue
                seen.add(thing.objgen)
            _look_at(thing, set(thing.keys()))  # a program is named as such
            if str(thing.get("/S", "")) not in BY_ITSELF:
                raise _Found(UNASKED)
            waiting.append(thing.get("/Next"))
    raise pikepdf.PdfError("too many actions follow upon one another")


def _words(value: Any) -> str:
    """Return what a file's address says, whichever of its spellings is there; without signs that nobody sees."""
    if isinstance(value, pikepdf.Dictionary):
        value = next((value.get(key) for key in ("/UF", "/F", "/Unix", "/DOS") if value.get(key) is not None), "")
    words = plain_target("" if value is None else str(value))
    return words if len(words) <= 60 else f"{words[:60]}…"
