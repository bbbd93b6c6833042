"""The fonts for print: the files, the characters each can draw, and their CSS rules.

One file is one family. The engine tells fonts apart by family, weight and style alone: of two files that share them it would
put one into the PDF and draw with the glyph numbers of the other.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from django.conf import settings

OWN_SCHEME: Final = "report:/"
"""The one scheme, beside ``data:``, that a report may name."""
MAIN: Final = "Report Hyperlegible"
"""The family that style sheets and pictures name. Others help out with letters that it lacks."""


class FontsMissing(Exception):
    """The report's own fonts are not where the front end's build puts them."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """One file: a family in a weight (400 or 700) and a style (``normal`` or ``italic``)."""

    weight: int
    style: str
    file: str


@dataclass(frozen=True, slots=True)
class Family:
    """A family of its own name, with a file for each weight and style that it has."""

    name: str
    faces: tuple[FontFile, ...]

    def letters(self) -> frozenset[str]:
        """Return the characters that every one of its files has a glyph for."""
        return frozenset.intersection(*(_letters(face.file) for face in self.faces))


@cache
def families() -> tuple[Family, ...]:
    """Return our families in the order in which they are asked for a letter; :data:`MAIN` is the first."""
    listed = json.loads(_read("fonts.json"))
    return tuple(Family(family["family"], tuple(FontFile(**face) for face in family["faces"])) for family in listed)


def families_for(characters: Iterable[str]) -> tuple[tuple[Family, ...], frozenset[str]]:
    """Return the families that draw ``characters``, and those characters that none of them draws.

    The main family is always among them. A file is read only if a character is missing from the files before it.
    """
    wanted = set(characters)
    found: list[Family] = []
    for family in families():
        if not found or wanted:
            drawn = wanted & family.letters()
            if drawn or not found:
                found.append(family)
                wanted -= drawn
    return tuple(found), frozenset(wanted)


def rules(families: Sequence[Family]) -> str:
    """Return the ``@font-face`` rules of families, for a print style sheet."""
    return "".join(
        f'@font-face{{font-family:"{family.name}";font-weight:{face.weight};font-style:{face.style};'
        f"src:url({OWN_SCHEME}fonts/{face.file})}}"
        for family in families
        for face in family.faces
    )


@cache
def unpacked(file: str) -> bytes:
    """Return a font as the engine and the PDF take it, read once in a process."""
    packed = _read(file)
    if packed[:4] != b"wOF2":
        return packed
    from fontTools.ttLib import woff2

    content = BytesIO()
    woff2.decompress(BytesIO(packed), content)
    return content.getvalue()


@cache
def _letters(file: str) -> frozenset[str]:
    from fontTools.ttLib import TTFont

    return frozenset(map(chr, TTFont(BytesIO(_read(file)), lazy=True).getBestCmap()))


@cache
def _read(file: str) -> bytes:
    try:
        return (Path(settings.BASE_DIR) / "static" / "build" / "fonts" / file).read_bytes()
    except OSError as error:
        raise FontsMissing(
            f"The report's font {file} is not in static/build/fonts. Build the front end (npm ci, then npm run build), and try again."
        ) from error


def forget() -> None:
    """Forget every font that was read, so that they are looked for again."""
    for remembered in (families, unpacked, _letters, _read):
        remembered.cache_clear()
