"""A page's text as it can be printed: every letter from one of the portal's fonts, and none as an empty box.

* A letter that no font of ours has is printed as its number in Unicode, in brackets: ``[U+13A0]``.
* A word in Latin, Greek or Cyrillic letters of which the main font lacks some is set in the other font as a whole, so that
  accents stand on their letters.
* Words that are written from right to left are kept apart from what stands beside them, so that a number or a bracket
  after a name stays after it.
"""

import base64
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from html import unescape
from typing import Final

from reporting.rendering.fonts import MAIN, Family, families, families_for
from vcsportal.common.right_to_left import WORDS as RIGHT_TO_LEFT

_NUMBERED: Final = re.compile(r"&#?\w+;")
_PARTS: Final = re.compile(r"<style\b.*?</style>|<title\b.*?</title>|<!--.*?-->|<[^>]*>|[^<]+", re.DOTALL)
_PICTURE: Final = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")
_ACCENTED: Final = re.compile(r"[^\W\d_][\u0300-\u034e\u0350-\u036f]+")
_ACCENT: Final = re.compile(r"[\u0300-\u034e\u0350-\u036f]")
_WORD: Final = re.compile(
    r"[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0300-\u034e\u0350-\u0373\u0376-\u037d\u037f-\u052f\u1ab0-\u1aff"
    r"\u1c80-\u1c8f\u1d00-\u1fff\u2c60-\u2c7f\u2de0-\u2dff\ua640-\ua69f\ua720-\ua7ff]+\s*"
)
_ISOLATED: Final = re.compile("\u2066|\u2067|\u2068")
_UNSEEN: Final = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)


def is_drawn(character: str) -> bool:
    """Return whether a character needs a glyph: spaces, marks of direction and the like are never seen."""
    return unicodedata.category(character) not in {"Cc", "Cf", "Zs", "Zl", "Zp"} and not _UNSEEN.match(character)


def code_point(character: str) -> str:
    """Return a character's number as Unicode writes it: ``U+13A0``."""
    return f"U+{ord(character):04X}"


@cache
def plain() -> frozenset[str]:
    """Return the letters of the main font that can be set as they are, each by itself."""
    return frozenset(letter for letter in families()[0].letters() if not unicodedata.combining(letter))


def fonts_for(html: str) -> tuple[tuple[Family, ...], frozenset[str]]:
    """Return the families that a page needs, and the characters on it that no font of ours has."""
    others = {letter for letter in _characters(html) - plain() if is_drawn(letter)}
    return families_for(others)


def printable(html: str) -> tuple[str, tuple[Family, ...]]:
    """Return a page as it can be printed, and the families that it needs. Most pages come back as they are."""
    needed, missing = fonts_for(html)
    if len(needed) == 1 and not missing and not _ACCENT.search(html):
        return html, needed
    write = _writer(missing)
    html = _PARTS.sub(lambda part: _part(part[0], write, needed), html)
    return html, fonts_for(html)[0]


def bracketed(text: str, missing: Iterable[str]) -> str:
    """Return ``text`` with the number of each character that is ``missing`` in its place."""
    return text.translate({ord(letter): f"[{code_point(letter)}]" for letter in missing})


def _characters(html: str) -> set[str]:
    characters = set(html)
    for name in set(_NUMBERED.findall(html)):
        characters.update(unescape(name))
    for packed in set(_PICTURE.findall(html)):
        characters.update(base64.b64decode(packed).decode())
    return characters


def _part(part: str, write: Callable[[str], str], needed: tuple[Family, ...]) -> str:
    if part.startswith("<style"):
        return _stacked(part, needed)
    if part.startswith("<"):
        return _PICTURE.sub(lambda match: _picture(match[1], write, needed), part)
    return write(part)


def _picture(packed: str, write: Callable[[str], str], needed: tuple[Family, ...]) -> str:
    svg = base64.b64decode(packed).decode()
    svg = re.sub(r">([^<]+)<", lambda match: f">{_apart(match[1])}<", svg)
    _, missing = families_for(letter for letter in set(svg) - plain() if is_drawn(letter))
    svg = _stacked(bracketed(svg, missing), needed, quote="'")
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode('ascii')}"


def _stacked(style: str, needed: tuple[Family, ...], quote: str = '"') -> str:
    """Name the families that help out after the main one."""
    names = ", ".join(f"{quote}{family.name}{quote}" for family in needed)
    return re.sub(rf'"{MAIN}"|(?<=font-family="){MAIN}', names, style)


def _writer(missing: frozenset[str]) -> Callable[[str], str]:
    main, second = plain(), families()[1]

    def word(match: re.Match[str]) -> str:
        letters = set(match[0].rstrip())
        if letters <= main or not letters <= second.letters():
            return match[0]
        return f"<span style='font-family:\"{second.name}\"'>{match[0]}</span>"

    def write(text: str) -> str:
        text = _ACCENTED.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)
        return bracketed(_apart(_WORD.sub(word, text)), missing)

    return write


def _apart(text: str) -> str:
    """Keep words that run from right to left apart, unless whoever wrote them has done so."""
    return text if _ISOLATED.search(text) else RIGHT_TO_LEFT.sub("\u2068\\g<0>\u2069", text)
