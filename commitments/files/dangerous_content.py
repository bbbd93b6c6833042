"""Refusals of what an office file may not contain, and what of it leads out of the file or is a program."""

import re
from typing import Final
from urllib.parse import unquote

from vcsportal.common.words import Invalid

SHOWN_CHARACTERS: Final = 60
PLAIN_LINK: Final = re.compile(r"(?:https?|mailto|tel):|#", re.IGNORECASE)
SCHEME: Final = re.compile(r"[a-z][a-z0-9+.\-]*:", re.IGNORECASE)

PROGRAMS: Final = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"L\0\0\0\x01\x14\x02\0")
DOCUMENTS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rt", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"MSCF")
PROGRAM_NAMES: Final = re.compile(
    r"\.(?:exe|dll|scr|com|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|lnk|msi|cpl|reg|py|sh)$", re.IGNORECASE
)


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


def check_bytes(shown: str, name: str, head: bytes) -> None:
    """Refuse a part that is a program or a document of its own, by its first bytes or its name."""
    if head.startswith(PROGRAMS) or PROGRAM_NAMES.search(name):
        raise macros(shown)
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith(DOCUMENTS) or plain.startswith((b"<!doctype html", b"<html", b"mime-version:")):
        raise embedded(shown, name)
