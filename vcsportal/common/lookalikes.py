"""Addresses that look like others: words of mixed scripts, letters that only look like Latin ones, and hidden sign-in parts.

After Unicode Technical Standard 39: a label (what stands between two dots) is of one script. A label wholly of letters that
look like Latin ones ("аррӏе" in Cyrillic) is refused too.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

from vcsportal.common.words import Invalid

_ANY: Final = frozenset({"Zyyy", "Zinh", "Zzzz"})
_TOGETHER: Final = (frozenset({"Hani", "Hira", "Kana"}), frozenset({"Hani", "Hang"}), frozenset({"Hani", "Bopo"}))
"""Scripts that one language writes with together."""
_LIKE_LATIN: Final = frozenset("асԁеһіјӏоԛрѕԝхуүακινορτυχɡɑıոսհօց")
"""Small letters of other scripts, and of Latin's own fringe, that are easily taken for a to z."""


def scripts_of(words: str) -> frozenset[str]:
    """Return the scripts of the letters, as ISO 15924 codes; none for digits and marks, which every script shares."""
    from fontTools.unicodedata import script  # large, and asked only where somebody types an address

    return frozenset(script(letter) for letter in words) - _ANY


def looks_like_another(label: str) -> bool:
    """Whether a part of an address mixes scripts, holds letters in disguise, or could be read as a word in Latin letters."""
    letters = label.casefold()
    if unicodedata.normalize("NFKC", letters) != unicodedata.normalize("NFC", letters):
        return True
    scripts = scripts_of(letters)
    if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
        return True
    foreign = [letter for letter in letters if not letter.isascii() and letter.isalpha()]
    return bool(foreign) and all(letter in _LIKE_LATIN for letter in foreign)


def check_email(address: str) -> None:
    """Raise :class:`Invalid` for an email address in which a part looks like another or holds what nobody sees."""
    local, _, domain = address.rpartition("@")
    if any(looks_like_another(part) for part in (*re.split(r"[.+_-]", local), *_labels(domain))):
        raise Invalid(
            "This email address mixes alphabets, so that it looks like another one. Type it again by hand with your own keyboard.",
            field="email",
        )


def check_link(url: str, *, field: str = "website") -> None:
    """Raise :class:`Invalid` for a web address that names a user or password, or whose host looks like another."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise Invalid("This is not a web address. It looks like https://www.example.org/page.", field=field) from None
    if "@" in parts.netloc:
        raise Invalid(
            "Remove everything before the @ in the web address: readers could be misled about where it goes.",
            field=field,
        )
    if any(looks_like_another(part) for part in _labels(host)):
        raise Invalid(
            "This web address mixes alphabets, so that it looks like another one. Copy it again from the page itself.",
            field=field,
        )


def _labels(domain: str) -> list[str]:
    """Return the parts of a domain in the letters that people see, whatever way it was written in."""
    return [_seen(label) for label in re.split(r"[.\u3002\uff0e\uff61]", domain)]


def _seen(label: str) -> str:
    if not label.lower().startswith("xn--"):
        return label
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return "а"  # a letter in disguise: what can't be read can't be trusted
