"""How a value appears in an email: escaped, on one line, and with no working link but the portal's own.

A template of an email is our own Markdown. Whatever it is filled with is words: it can neither begin a heading or a list
nor hold a link. Mailboxes turn bare addresses into links by themselves, in plain text too, so those that are not ours are
broken up where everybody can see it: ``https: //evil[.]example``.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from vcsportal.common.plain_texts import tidy_line_ends

_MARKS: Final = re.compile(r"[!-/:-@\[-`{-~]")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_ADDRESS: Final = re.compile(r"https?://[^\s<>()\[\]\"'\\*`]+")
_SCHEME: Final = re.compile(r"(\w):(?=//)")
_MAILTO: Final = re.compile(r"\b(mailto|tel|javascript|data):(?=\S)", re.IGNORECASE)
_DOT: Final = re.compile(r"(?<=\w)\.(?=(?:[\w-]{1,63}\.){0,8}(xn--[\w-]+|[^\W\d_]{2,63})(?![\w-]))")
_FILES: Final = frozenset(
    ["csv", "doc", "docx", "html", "jpeg", "jpg", "ods", "odt", "pdf", "png", "txt", "webp", "xls", "xlsx"]
)
_HIDDEN: Final = frozenset(
    "\u200b\u2060\ufeff\u00ad\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""Invisible characters: zero-width breaks, and marks that reverse the direction of writing."""


OWN: Final = ("portal_url", "contact_email", "to", "email_of_recipient")
"""The names of an email's values that say which addresses are our own, or the recipient's."""


class Markdown(str):
    """Markdown that a filter of ours made of a value; it enters an email as it is."""

    __slots__ = ()


def one_line(words: str) -> str:
    """Return words as one line, without control characters and without letters that hide or turn others."""
    seen = (letter for letter in words if letter not in _HIDDEN)
    return " ".join(
        "".join(
            " " if unicodedata.category(character) in {"Cc", "Cs", "Co"} else character for character in seen
        ).split()
    )


def in_email(value: str, context: Mapping[str, Any]) -> str:
    """Return a value as Markdown for an email: the portal's own addresses live, everything else as plain words.

    :param context: the values of the email; ``portal_url``, ``contact_email`` and the recipient ``to`` say what is our own.
    """
    if isinstance(value, Markdown):
        return value
    line = one_line(value)
    if _is_own_address(line, context):
        return line
    own = {context.get("contact_email"), getattr(context.get("to"), "email", None), context.get("email_of_recipient")}
    return escape(line if line in own else without_live_addresses(line))


def quoted(words: str) -> Markdown:
    """Return what a person wrote, in several lines, as a quotation: all of it escaped, its paragraphs and lines kept."""
    paragraphs = re.split(r"\n\s*\n", tidy_line_ends(words).strip())
    tidy = [[one_line(line) for line in paragraph.split("\n")] for paragraph in paragraphs]
    written = ["  \n> ".join(escape(without_live_addresses(line)) for line in lines if line) for lines in tidy]
    return Markdown("> " + "\n>\n> ".join(filter(None, written)) if any(written) else "")


def escape(line: str) -> str:
    """Return a line of words as Markdown that shows just these words."""
    return _MARKS.sub(r"\\\g<0>", line)


def unescape(source: str) -> str:
    """Return Markdown with every escaped mark as the mark alone."""
    return _ESCAPED.sub(r"\1", source)


def without_live_addresses(line: str) -> str:
    """Return words in which no mailbox finds an address: visibly broken up, nothing left out."""
    line = _MAILTO.sub(r"\1: ", _SCHEME.sub(r"\1: ", line))
    return _DOT.sub(lambda dot: dot[0] if dot[1].lower() in _FILES else "[.]", line)


def _is_own_address(line: str, context: Mapping[str, Any]) -> bool:
    root = str(context.get("portal_url") or "").rstrip("/")
    rest = line.removeprefix(root)
    return bool(root) and rest != line and rest[:1] in {"", "/", "?", "#"} and _ADDRESS.fullmatch(line) is not None
