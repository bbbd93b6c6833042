"""The parts of an office file: a zip archive whose parts are read once, their XML without building a tree.

A document type declaration, and with it every entity, is refused. Sizes are limited as declared and as read.
"""

import lzma
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Final
from xml.parsers import expat

from vcsportal.common.words import Invalid

MAX_ZIP_ENTRIES: Final = 2_000
MAX_ZIP_BYTES: Final = 150 * 1024 * 1024
MAX_ZIP_RATIO: Final = 200  # of one part larger than a megabyte; honest spreadsheets stay well below
CHUNK_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 500
"""Elements inside each other; office programs stay below 100."""
MAX_XML_BYTES: Final = 80 * 1024 * 1024
"""The most that one part of XML may be; a sheet with a million cells has about 60 MB."""
MAX_FIELD_CHARACTERS: Final = 100_000
"""The most that a field or formula may have; Excel stops at 8,192."""

Attributes = list[tuple[str, str]]
"""Names without their namespaces, and values. A name may come twice, from two namespaces: both are looked at."""
Start = Callable[[str, Attributes], None]
"""Takes an element's name without its namespace, and its attributes."""


class Damaged(Exception):
    """A part that no office program would write."""


DAMAGE: Final = (
    Damaged, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError,
    OverflowError, MemoryError, lzma.LZMAError,
)  # fmt: skip
"""What reading a damaged archive raises."""


def check_parts(shown: str, parts: list[zipfile.ZipInfo], *, field: str, instead: str = "Save it as PDF") -> None:
    """Refuse an archive that is protected, or far larger than it looks, before any of its parts is read.

    :param shown: the file's name, as the sentence of a refusal says it.
    :param field: the form's name for the field of the file.
    :param instead: what to do about a file that is too large.
    :raises Invalid: with a sentence.
    :raises Damaged: its parts are named as no office program names them.
    """
    if any(part.flag_bits & 0x1 for part in parts):
        raise Invalid(f"“{shown}” is protected with a password. Save it without one and choose it again.", field=field)
    swollen = any(part.file_size > 2**20 and part.file_size > MAX_ZIP_RATIO * part.compress_size for part in parts)
    if len(parts) > MAX_ZIP_ENTRIES or sum(part.file_size for part in parts) > MAX_ZIP_BYTES or swollen:
        raise Invalid(f"“{shown}” is far too large once unpacked. {instead} and choose that instead.", field=field)
    names = [part.filename.replace("\\", "/") for part in parts]
    if any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise Damaged
    if len({name.casefold() for name in names}) < len(names):  # programs differ in which of two they open
        raise Damaged


def looks_like_xml(head: bytes) -> bool:
    """Say whether these first bytes are the beginning of XML, in whatever encoding a parser knows."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"").lstrip().startswith(b"<")


def chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo, deadline: float) -> Iterator[bytes]:
    """Yield a part's bytes; its checksum is compared at the end.

    :param deadline: when to stop, on the clock of :func:`time.monotonic`.
    :raises TimeoutError: reading went on for longer.
    """
    with archive.open(part) as file:
        while chunk := file.read(CHUNK_BYTES):
            if time.monotonic() > deadline:
                raise TimeoutError
            yield chunk


class XmlReader:
    """Reads one part of XML, piece by piece. A document type declaration, and with it every entity, is refused.

    :param start: is given each element.
    :param text: is given what is written in an element whose name is in ``heard``, once the element ends.
    """

    def __init__(self, start: Start, text: Callable[[str, str], None], heard: frozenset[str]) -> None:
        self._start, self._text, self._heard = start, text, heard
        self._depth = self._size = self._letters = 0
        self._words: list[tuple[int, str, list[str]]] = []
        parser = self._parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse

    def feed(self, data: bytes, *, last: bool = False) -> None:
        """Take the next bytes. Raise :class:`Damaged` where they are no XML that an office program writes."""
        self._size += len(data)
        if self._size > MAX_XML_BYTES:
            raise Damaged
        try:
            self._parser.Parse(data, last)
        except expat.ExpatError as error:
            raise Damaged from error

    def insert(self, words: str) -> None:
        """Put words into what is being heard: an element that means blanks or the end of a line."""
        self._said(words)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Damaged
        local = name.rpartition(" ")[2]
        if local in self._heard:
            self._letters = 0
            self._words.append((self._depth, local, []))
        self._start(local, [(key.rpartition(" ")[2], value) for key, value in attributes.items()])

    def _end(self, name: str) -> None:
        if self._words and self._words[-1][0] == self._depth:
            _depth, local, words = self._words.pop()
            self._text(local, "".join(words))
        self._depth -= 1

    def _said(self, words: str) -> None:
        if self._words:
            self._letters += len(words)
            if self._letters > MAX_FIELD_CHARACTERS:
                raise Damaged
            self._words[-1][2].append(words)

    def _refuse(self, *given: object) -> int:
        raise Damaged
