"""Reads the parts of an office file, each once: what it is by its first bytes, and its XML without building a tree."""

import re
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import unquote
from xml.parsers import expat

from vcsportal.common.words import Invalid

CHUNK_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 500
"""Elements inside each other; office programs stay below 100."""
MAX_XML_BYTES: Final = 80 * 1024 * 1024
"""The most that one part of XML may be; a sheet with a million cells has about 60 MB."""
MAX_FIELD_CHARACTERS: Final = 100_000
"""The most that a field or formula may have; Excel stops at 8,192."""
SHOWN_CHARACTERS: Final = 60
PLAIN_LINK: Final = re.compile(r"(?:https?|mailto|tel):|#", re.IGNORECASE)
SCHEME: Final = re.compile(r"[a-z][a-z0-9+.\-]*:", re.IGNORECASE)

Attributes = list[tuple[str, str]]
"""Names without their namespaces, and values. A name may come twice, from two namespaces: both are looked at."""
Start = Callable[[str, Attributes], None]
"""Takes an element's name without its namespace, and its attributes."""

PROGRAMS: Final = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"L\0\0\0\x01\x14\x02\0")
DOCUMENTS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rt", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"MSCF")
PROGRAM_NAMES: Final = re.compile(
    r"\.(?:exe|dll|scr|com|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|lnk|msi|cpl|reg|py|sh)$", re.IGNORECASE
)


class Damaged(Exception):
    """A part that no office program would write."""


class Dangerous(Invalid):
    """A file that would have run or sent something. It is recorded for the people who look after the portal's
    security."""

    def __init__(self, sentence: str, *, field: str = "uploads") -> None:
        super().__init__(sentence, field=field)


def macros(shown: str) -> Invalid:
    """Return the refusal of a file with programs in it."""
    return Dangerous(f"“{shown}” contains macros or other programs. Save it without them (or as PDF) and choose that.")


def embedded(shown: str, what: str) -> Invalid:
    """Return the refusal of a file with other files in it. ``what`` is the part or the kind of it."""
    return Invalid(
        f"“{shown}” contains another file ({_short(what)}). Save it as PDF and choose that, and add the other file "
        "by itself.",
        field="uploads",
    )


def external(shown: str, what: str) -> Invalid:
    """Return the refusal of a file that fetches something when it is opened. ``what`` is its address or kind."""
    return Invalid(
        f"“{shown}” fetches something from elsewhere when it is opened ({_short(what)}). Break its links to other files, "
        "or save it as PDF, and choose that.",
        field="uploads",
    )


def command(shown: str, what: str) -> Invalid:
    """Return the refusal of a file with a field or formula that reaches other programs or files. ``what`` is its name."""
    return Dangerous(
        f"“{shown}” contains a field or formula that reaches other programs or files ({_short(what)}). Replace it with its "
        "result, or save the file as PDF, and choose that."
    )


def odd_link(shown: str, target: str) -> Invalid:
    """Return the refusal of a file with a link that leads to no website and no email address."""
    return Invalid(
        f"“{shown}” has a link to a file or program on a computer or network ({_short(target)}). Remove the link, or link "
        "to a web page, and choose the file again.",
        field="uploads",
    )


def _short(what: str) -> str:
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in what).split())
    return plain if len(plain) <= SHOWN_CHARACTERS else f"{plain[:SHOWN_CHARACTERS]}…"


def plain_target(target: str) -> str:
    """Return an address as a program would read it: without percent signs, blanks around it and characters nobody sees."""
    for _ in range(3):
        target = unquote(target)
    return "".join(letter for letter in target if letter.isprintable()).strip()


def leads_out(target: str) -> bool:
    """Say whether an address leads out of the file: to a server, a share or a folder of the computer."""
    plain = plain_target(target).replace("\\", "/")
    return bool(SCHEME.match(plain)) or plain.startswith("//")


def is_plain_link(target: str) -> bool:
    """Say whether a link that somebody clicks leads to a website, an email address, a telephone or within the file."""
    return bool(PLAIN_LINK.match(plain_target(target)))


def looks_like_xml(head: bytes) -> bool:
    """Say whether these first bytes are the beginning of XML, in whatever encoding a parser knows."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"").lstrip().startswith(b"<")


def check_bytes(shown: str, name: str, head: bytes) -> None:
    """Refuse a part that is a program or a document of its own, by its first bytes or its name."""
    if head.startswith(PROGRAMS) or PROGRAM_NAMES.search(name):
        raise macros(shown)
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith(DOCUMENTS) or plain.startswith((b"<!doctype html", b"<html", b"mime-version:")):
        raise embedded(shown, name)


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
