"""Which glyphs a PDF shows, and how they are drawn in the fonts that it holds, next to our own files."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pypdf
from fontTools import subset
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from pypdf.generic import ContentStream

from reporting.rendering import fonts


@dataclass
class Shown:
    """What stands in one run of text: the glyphs' numbers by the name of their font, as the PDF calls it."""

    glyphs: list[tuple[str, int]] = field(default_factory=list)

    def names(self) -> set[str]:
        return {name for name, _ in self.glyphs}


def shown(content: bytes) -> tuple[list[Shown], dict[str, bytes]]:
    """Return every run of text in the order in which it is painted, and the fonts that the PDF holds, by name."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    runs: list[Shown] = []
    held: dict[str, bytes] = {}
    for page in reader.pages:
        named: dict[str, str] = {}
        for key, reference in page["/Resources"]["/Font"].items():  # type: ignore[index]
            font = reference.get_object()
            name = str(font["/BaseFont"]).partition("+")[2].replace("-", " ")
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            held[name] = descriptor["/FontFile2"].get_object().get_data()
            named[key] = name
        at = ""
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator == b"BT":
                runs.append(Shown())
            elif operator == b"Tf":
                at = named[operands[0]]
            elif operator in {b"Tj", b"TJ"}:
                runs[-1].glyphs += [(at, number) for number in _numbers(operands[0])]
    return runs, held


def _numbers(parts: Any) -> Iterable[int]:
    for part in parts if isinstance(parts, list) else [parts]:
        if not isinstance(part, int | float):
            raw = part if isinstance(part, bytes) else part.original_bytes
            yield from (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))


@cache
def files() -> dict[str, str]:
    """Return our files by the name under which a PDF holds them."""
    words = {400: "", 700: " Bold", "normal": "", "italic": " Italic"}
    return {
        f"{family.name}{words[face.weight]}{words[face.style]}": face.file
        for family in fonts.families()
        for face in family.faces
    }


@cache
def own(file: str) -> TTFont:
    return TTFont(io.BytesIO(fonts.unpacked(file)))


def outline(font: TTFont, number: int) -> list[Any]:
    """Return a glyph's lines and curves."""
    glyphs = font.getGlyphSet()
    pen = DecomposingRecordingPen(glyphs)
    glyphs[font.getGlyphName(number)].draw(pen)
    return list(pen.value)


def may_show(file: str, text: str) -> set[int]:
    """Return the numbers of every glyph that a text can come to in a font, with all its rules for joining letters."""
    font = TTFont(io.BytesIO(fonts.unpacked(file)))
    chooser = subset.Subsetter(subset.Options(layout_features=["*"], notdef_glyph=False))
    chooser.populate(unicodes={ord(letter) for letter in text})
    chooser._closure_glyphs(font)
    return {font.getGlyphID(name) for name in chooser.glyphs_retained}
