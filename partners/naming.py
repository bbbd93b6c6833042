"""Names of people and organisations: one line, of a bounded length, and words alone.

A name stands in emails, in reports and at the head of pages, so that it must not be able to hold an address, a link or
letters that hide others.
"""

import re
import unicodedata
from typing import Final

from vcsportal.common.words import Invalid

MAXIMUM_PERSON_NAME_CHARACTERS: Final = 150
MAXIMUM_ORGANISATION_NAME_CHARACTERS: Final = 200
_TURNS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN: Final = frozenset("\u200b\u2060\ufeff\u00ad\u180e\u3164\uffa0\u115f\u1160")
_LINK: Final = re.compile(r"://|//|\bwww\.|@|\]\s*\(|[<>]|\bmailto:|\bjavascript:", re.IGNORECASE)
_ENDINGS: Final = (
    "com|org|net|info|biz|co|io|uk|eu|gov|edu|shop|app|dev|online|site|xyz|link|click|top|example|scot|wales|london"
)
_DOMAIN: Final = re.compile(
    rf"[^\W_][\w-]*\.(?:(?i:{_ENDINGS})|(?<=[a-z0-9]\.)[a-z]{{2,}}|xn--[\w-]+)(?![\w-])"
)  # lowercase letters on both sides of a dot, or a well-known ending


def tidy_name(name: str, *, longest: int = MAXIMUM_PERSON_NAME_CHARACTERS) -> str:
    """Return a name on one line, its words a space apart.

    Raise :class:`Refused` if it is empty or longer than ``longest`` characters, or holds an address, a link, or characters
    that nobody sees.
    """
    tidy = one_space(name)
    if not tidy:
        raise Invalid("Enter a name.", field="name")
    if len(tidy) > longest:
        raise Invalid(f"This name has {len(tidy)} characters. Shorten it to {longest} or fewer.", field="name")
    if any(
        letter in _TURNS or letter in _UNSEEN or unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn"}
        for letter in tidy
    ):
        raise Invalid(
            "This name contains a character that cannot be seen. Type the name again instead of copying it.",
            field="name",
        )
    if _LINK.search(tidy) or _DOMAIN.search(tidy):
        raise Invalid("Enter the name only, without an email address, a web address or a link.", field="name")
    return tidy


def one_space(name: str) -> str:
    """Return words with one space for every gap, line breaks too. Nothing else is changed."""
    return " ".join(name.split())
