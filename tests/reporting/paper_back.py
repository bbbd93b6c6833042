"""Reads a committee paper back, from either format, into what a reader sees: kind, mark, words. Numbers are counted
here from the file's own numbering, as a word processor does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from reporting.paper.blocks import HeaderLine, Heading, ListItem, Paper, Paragraph, Quote, TableBlock, Title, words

Told = tuple[str, str, str]
PLAIN = {
    "Title": "title", "Header line": "line", "Quote": "quote", "Quotations": "quote", "Caption": "caption", "caption": "caption",
    "Normal": "unnumbered", "Standard": "unnumbered", "Numbered paragraph": "numbered", "Lettered list": "item",
    **{f"List Bullet{n}": "item" for n in ("", " 2", " 3")},
    **{f"{name} {n}": f"heading {n}" for n in range(1, 5) for name in ("Heading", "heading")},
}  # fmt: skip


@dataclass
class Counting:
    """Counts the levels of one numbering on."""

    at: dict[tuple[Any, int], int] = field(default_factory=dict)

    def next(self, key: Any, level: int) -> int:
        self.at[key, level] = self.at.get((key, level), 0) + 1
        for deeper in [one for one in self.at if one[0] == key and one[1] > level]:
            del self.at[deeper]
        return self.at[key, level]


def said(number: int, kind: str) -> str:
    """Return the number as the numbering writes it."""
    letter = chr(96 + (number - 1) % 26 + 1)
    roman = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
    return {
        "decimal": str(number), "1": str(number), "lowerLetter": letter, "a": letter, "upperLetter": letter.upper(),
        "A": letter.upper(), "lowerRoman": roman[(number - 1) % 10], "i": roman[(number - 1) % 10],
    }[kind]  # fmt: skip


def expected(paper: Paper) -> list[Told]:
    """Return what a reader of either format must see."""
    found: list[Told] = []
    counting = Counting()
    for block in paper.blocks:
        match block:
            case Title(text):
                found.append(("title", "", text))
            case HeaderLine(label, runs):
                found.append(("line", "", f"{label}\t{words(runs)}"))
            case Heading(level, text):
                found.append((f"heading {level}", "", text))
            case Paragraph(runs, number):
                found.append(("numbered", f"{number}.", words(runs)) if number else ("unnumbered", "", words(runs)))
            case Quote(runs):
                found.append(("quote", "", words(runs)))
            case ListItem(runs, level, 0):
                found.append(("item", "•–•"[level], words(runs)))
            case ListItem(runs, level, letters):
                mark = said(counting.next(letters, level), "aiA"[level])
                found.append(("item", f"({mark})", words(runs)))
            case TableBlock(caption, columns, rows):
                found += [("caption", "", caption), ("head", "", "|".join(columns))]
                found += [("row", "", "|".join(row)) for row in rows]
    return found


def read_docx(content: bytes) -> list[Told]:
    """Return what the Word file shows."""
    document: Any = Document(BytesIO(content))
    numbering = document.part.numbering_part.element
    abstract = {one.get(qn("w:abstractNumId")): one for one in numbering.findall(qn("w:abstractNum"))}
    levels = {
        num.get(qn("w:numId")): {
            level.get(qn("w:ilvl")): (level.find(qn("w:numFmt")).get(qn("w:val")), level.find(qn("w:lvlText")).get(qn("w:val")))
            for level in abstract[num.find(qn("w:abstractNumId")).get(qn("w:val"))].findall(qn("w:lvl"))
        }
        for num in numbering.findall(qn("w:num"))
    }  # fmt: skip
    counting, found = Counting(), []
    for element in document.element.body:
        if element.tag == qn("w:tbl"):
            found += list(_docx_rows(element))
        elif element.tag == qn("w:p"):
            style = document.styles.get_by_id(_val(element, "w:pPr/w:pStyle"), 1)
            number = _val(element, "w:pPr/w:numPr/w:numId") or _val(style.element, "w:pPr/w:numPr/w:numId")
            level = _val(element, "w:pPr/w:numPr/w:ilvl") or _val(style.element, "w:pPr/w:numPr/w:ilvl") or "0"
            mark = ""
            if number:
                kind, mark = levels[number][level]
                if kind != "bullet":
                    mark = mark.replace(f"%{int(level) + 1}", said(counting.next(number, int(level)), kind))
            if style.name != "Table text":  # the empty one after the last table
                found.append((PLAIN[style.name], mark, _docx_text(element)))
    return found


def _val(element: Any, path: str) -> str:
    one = element.find("/".join(qn(part) for part in path.split("/")))
    return one.get(qn("w:val")) if one is not None else ""


def _docx_text(element: Any) -> str:
    signs = {qn("w:tab"): "\t", qn("w:br"): "\n"}
    return "".join(one.text or "" if one.tag == qn("w:t") else signs.get(one.tag, "") for one in element.iter() if one.getparent().tag == qn("w:r"))  # fmt: skip


def _docx_rows(table: Any) -> Iterator[Told]:
    assert not list(table.iter(qn("w:gridSpan"), qn("w:vMerge"))), "no cell is merged"
    for place, row in enumerate(table.findall(qn("w:tr"))):
        heads = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert heads == (place == 0), "the first row is repeated, and no other"
        yield "head" if heads else "row", "", "|".join(_docx_text(cell) for cell in row.findall(qn("w:tc")))


SPACES = {
    short: f"urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"
    for short in ("office", "text", "table", "style", "meta")
}


def read_odt(content: bytes) -> list[Told]:
    """Return what the OpenDocument text shows."""
    with ZipFile(BytesIO(content)) as file:
        body, styles = etree.fromstring(file.read("content.xml")), etree.fromstring(file.read("styles.xml"))
    return list(_Odt(body, styles).walk(body.find(".//office:text", SPACES)))


def o(name: str) -> str:
    """Return a name of OpenDocument as lxml writes it."""
    space, tag = name.split(":")
    return f"{{{SPACES[space]}}}{tag}"


class _Odt:
    def __init__(self, body: Any, styles: Any) -> None:
        self.names = {
            one.get(o("style:name")): one.get(o("style:display-name")) or one.get(o("style:name"))
            for one in styles.iter(o("style:style"))
        }
        self.parents = {
            one.get(o("style:name")): one.get(o("style:parent-style-name")) for one in body.iter(o("style:style"))
        }
        self.lists = {
            one.get(o("style:name")): {
                level.get(o("text:level")): (
                    level.get(o("style:num-format")), level.get(o("style:num-prefix")) or "",
                    level.get(o("style:num-suffix")) or "", level.get(o("text:bullet-char")),
                )
                for level in one
            }
            for one in styles.iter(o("text:list-style"))
        }  # fmt: skip
        self.counting = Counting()

    def walk(self, element: Any, lists: tuple[tuple[str, Any], ...] = ()) -> Iterator[Told]:
        for one in element:
            if one.tag == o("text:list"):
                own = one.get("{http://www.w3.org/XML/1998/namespace}id")
                key = one.get(o("text:continue-list")) or own or id(one)
                yield from self.walk(one, (*lists, (one.get(o("text:style-name")), key)))
            elif one.tag == o("text:list-item"):
                yield from self.walk(one, lists)
            elif one.tag == o("table:table"):
                head = one.find(f"{o('table:table-header-rows')}/{o('table:table-row')}")
                yield "head", "", self._cells(head)
                for row in one.findall(o("table:table-row")):
                    yield "row", "", self._cells(row)
            elif one.tag in {o("text:p"), o("text:h")}:
                style = one.get(o("text:style-name"))
                kind = PLAIN[self.names.get(style) or self.names[self.parents[style]]]
                if one.tag == o("text:h"):
                    assert kind == f"heading {one.get(o('text:outline-level'))}"
                yield kind, self._mark(lists), self._text(one)

    def _mark(self, lists: tuple[tuple[str, Any], ...]) -> str:
        if not lists:
            return ""
        style, key = lists[-1]
        kind, before, after, bullet = self.lists[style][str(len(lists))]
        return bullet or f"{before}{said(self.counting.next(key, len(lists)), kind)}{after}"

    def _cells(self, row: Any) -> str:
        assert all(one.tag == o("table:table-cell") for one in row), "no cell is merged"
        return "|".join(self._text(one) for one in row)

    def _text(self, element: Any) -> str:
        signs = {o("text:tab"): "\t", o("text:line-break"): "\n"}
        return (element.text or "") + "".join(
            signs.get(one.tag, "") + (self._text(one) if one.tag not in signs else "") + (one.tail or "")
            for one in element
        )
