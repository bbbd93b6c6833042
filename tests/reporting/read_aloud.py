"""Reads a tagged PDF as a screen reader does: along the tree of tags, and not along what is painted where."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdf
from pypdf.generic import ContentStream, NameObject

MARKS = ("BDC", "BMC")


@dataclass
class Heard:
    """One thing as it is heard: what kind of thing (H1, P, TH, Figure …), its words, on which page, within what."""

    kind: str
    words: str
    page: int
    within: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}: {self.words}"


BLOCKS = {"H1", "H2", "H3", "H4", "H5", "H6", "P", "TH", "TD", "Figure", "Caption", "Lbl", "LBody", "LI", "BlockQuote"}
"""What is heard as one thing; what stands within it (a link, a strong word) is a part of it."""


WITHIN = {"Span", "Link", "NonStruct", "Strong", "Em", "Reference"}


def read_aloud(content: bytes) -> list[Heard]:
    """Return what a screen reader says, in its order: blocks of text, cells, and pictures by their other words."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    said = [_marked(reader, page) for page in reader.pages]
    numbers = {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages) if page.indirect_reference}
    found: list[Heard] = []
    _walk(reader.trailer["/Root"]["/StructTreeRoot"], None, (), 0, said, numbers, found)  # type: ignore[index]
    for one in found:
        one.words = " ".join(one.words.split())
    return [one for one in found if one.words]


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    return list(kids) if isinstance(kids, list) else [kids]


def _walk(
    element: Any, open_: Heard | None, within: tuple[str, ...], page: int, said: Any, numbers: Any, found: list[Heard]
) -> None:
    for kid in _kids(element):
        kid = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(kid, int):
            words = said[page].get(int(kid), "")
            if open_ is None:
                open_ = Heard("(loose)", "", page, within)
                found.append(open_)
            open_.words += words if open_.kind != "Figure" else ""
        elif "/S" in kid:
            kind = str(kid["/S"]).lstrip("/")
            at = numbers[kid.raw_get("/Pg").idnum] if "/Pg" in kid else page
            mine = open_
            if kind in BLOCKS:
                mine = Heard(kind, str(kid.get("/Alt", "")) if kind == "Figure" else "", at, within)
                found.append(mine)
            elif kind not in WITHIN:
                mine = None
            if kind in WITHIN and mine is not None and mine.kind != "Figure":
                mine.words += " "
            _walk(kid, mine, (*within, kind), at, said, numbers, found)
            if kind in BLOCKS and open_ is not None:  # what follows within the outer block is heard after the inner one
                open_ = Heard(open_.kind, "", at, open_.within)
                found.append(open_)
        elif "/MCID" in kid:
            at = numbers[kid.raw_get("/Pg").idnum] if "/Pg" in kid else page
            if open_ is not None and open_.kind != "Figure":
                open_.words += said[at].get(int(kid["/MCID"]), "")


def _marked(reader: pypdf.PdfReader, page: pypdf.PageObject) -> dict[int, str]:
    """Return the words of every marked part of a page by its number. What is marked as no part of the text is left out."""
    fonts = {name: font.get_object() for name, font in page["/Resources"]["/Font"].items()}  # type: ignore[index]
    tables = {name: _letters(font) for name, font in fonts.items()}
    found: dict[int, str] = {}
    stack: list[int | None] = []
    table: dict[int, str] = {}
    height: Any = None
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        name = operator.decode()
        if name in MARKS:
            said = operands[1] if len(operands) > 1 else {}
            stack.append(int(said["/MCID"]) if not isinstance(said, NameObject) and "/MCID" in said else None)
        elif name == "EMC":
            stack.pop()
        elif name == "Tf":
            table = tables[operands[0]]
        elif name == "Tm" and stack and stack[-1] is not None and operands[5] != height:
            found[stack[-1]] = (
                found.get(stack[-1], "") + " "
            )  # another line: the space at the end of the last is not painted
            height = operands[5]
        elif name in {"Tj", "TJ"} and stack and stack[-1] is not None:
            found[stack[-1]] = found.get(stack[-1], "") + "".join(_words(operands[0], table))
    return found


def _words(shown: Any, table: dict[int, str]) -> Iterator[str]:
    for part in shown if isinstance(shown, list) else [shown]:
        if isinstance(part, (int, float)):
            continue
        raw = part if isinstance(part, bytes) else part.original_bytes
        for at in range(0, len(raw), 2):
            yield table.get(int.from_bytes(raw[at : at + 2], "big"), "")


def _letters(font: Any) -> dict[int, str]:
    """Return the letters of a font by the codes with which they are shown."""
    if "/ToUnicode" not in font:
        return {}
    lines = font["/ToUnicode"].get_object().get_data().decode("latin-1").splitlines()
    found: dict[int, str] = {}
    for line in lines:
        parts = [part.strip("<> ") for part in line.replace("><", "> <").split()]
        if len(parts) == 2 and line.lstrip().startswith("<"):
            try:
                found[int(parts[0], 16)] = bytes.fromhex(parts[1]).decode("utf-16-be")
            except ValueError:
                continue
    return found
