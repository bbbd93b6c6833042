"""A program that knows one address and nobody: it reads what it gets, and asks for every address of the same site in it."""

import json
import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit
from zipfile import ZipFile, is_zipfile

IN_HTML: Final = re.compile(r"""(?:(?:href|src|action)=|content=(?=["'](?:https?:)?/))["']([^"'\s]+)["']""")
IN_XML: Final = re.compile(r"<loc>([^<]+)</loc>|href=\"([^\"]+)\"")
IN_HEADER: Final = re.compile(r"<([^>]+)>")
IN_TEXT: Final = re.compile(r"https?://[^\s<>\"',;]+")
FOLD: Final = re.compile(r"\r\n[ \t]")
"""Where a calendar breaks a long line."""
CHOOSES: Final = frozenset({"format", "page", "cursor"})
"""Parameters with which an address is another one; others only choose among what it shows."""
BEGIN: Final = ("/", "/robots.txt")
"""What any program knows of any site: its first page, and where it says what there is for programs (RFC 9309)."""
MEETS_PEOPLE: Final = ("/account/", "/static/", "/brand.css", "/favicon.ico", "/dev/")
"""Where addresses begin that a program has nothing to find at: signing in, and what pages are drawn with."""


@dataclass(frozen=True)
class Read:
    """One answer: its status and type, the address that it led on to, and its whole content."""

    status: int
    media_type: str
    leads_to: str
    content: bytes
    headers: Any

    @property
    def texts(self) -> Iterator[str]:
        """Every text in it; of an office file or an archive that of each file inside."""
        if is_zipfile(BytesIO(self.content)):
            with ZipFile(BytesIO(self.content)) as archive:
                yield from (archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        else:
            yield self.content.decode("utf-8", "replace")


class Asks(Protocol):
    """What a client of a site does."""

    def get(self, path: str, /) -> Any: ...


def crawl(
    client: Asks, *, site: str, begin: tuple[str, ...] = BEGIN, within: tuple[str, ...] = ("/",), most: int = 3000
) -> dict[str, Read]:
    """Return every answer by its address, from those with which it begins; most sites are known by :data:`BEGIN` alone.

    :param site: the address before every path of this site.
    :param within: how the addresses begin that it asks for.
    :param most: more addresses than this are a fault: it would never end.
    """
    read: dict[str, Read] = {}
    waiting = deque(begin)
    while waiting:
        address = waiting.popleft()
        if address in read:
            continue
        read[address] = answer = _get(client, address)
        assert len(read) <= most, f"There is no end of addresses: {sorted(read)[-20:]}"
        for found in _addresses(answer):
            there = _here(urljoin(f"{site}{address}", found), site)
            if there.startswith(within) and there not in read:
                waiting.append(there)
    return read


def _get(client: Asks, address: str) -> Read:
    answer = client.get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    media_type = answer.headers.get("Content-Type", "").partition(";")[0]
    return Read(answer.status_code, media_type, answer.headers.get("Location", ""), content, answer.headers)


def _addresses(answer: Read) -> Iterator[str]:
    if answer.leads_to:
        yield answer.leads_to
    yield from IN_HEADER.findall(answer.headers.get("Link", ""))
    kind = answer.media_type
    if kind == "text/html":
        yield from map(unescape, IN_HTML.findall(answer.content.decode()))
    elif kind.endswith("xml"):
        yield from (unescape(first or second) for first, second in IN_XML.findall(answer.content.decode()))
    elif kind.endswith("json"):
        with suppress(json.JSONDecodeError):  # an edition’s file that a test made up
            yield from _strings(json.loads(answer.content))
    elif kind.startswith("text/"):
        yield from IN_TEXT.findall(FOLD.sub("", answer.content.decode()))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for each in value.values() for text in _strings(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in _strings(each))
    elif isinstance(value, str) and value.startswith(("http://", "https://")):
        yield value


def _here(address: str, site: str) -> str:
    """Return the path and query of an address of this site; "" for others."""
    address = urldefrag(address)[0]
    if not address.startswith(f"{site}/") or "{" in address:  # a pattern of addresses is none
        return ""
    parts = urlsplit(address)
    if parts.path.startswith(MEETS_PEOPLE):
        return ""
    return f"{parts.path}?{parts.query}" if CHOOSES & parse_qs(parts.query).keys() else parts.path
