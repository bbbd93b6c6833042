"""Joins the tags of what the end of a page divides, so that a paragraph, a list or a table is one thing on however many pages.

WeasyPrint makes a structure element for the part on each page. A screen reader would announce a table anew on every page, take the
rest of an entry for another entry, and read the heads that a table repeats as if they were rows.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import pydyf
from weasyprint.pdf import tags

_JOINED: Final = frozenset({
    "/Sect", "/Div", "/NonStruct", "/BlockQuote", "/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/L", "/LI", "/LBody",
    "/Table", "/TBody", "/TR", "/TH", "/TD",
})  # fmt: skip
"""Elements that only hold others. A link is none of them: it belongs to an annotation on one page."""
_IN_PARALLEL: Final = frozenset({"/Table", "/TR"})
"""Elements any of whose kids may go on: every cell of a row, and the rows of a table below its heads, which come again before them."""
_HEADS: Final = "/THead"
_build: Final = tags._build_box_tree


def _build_and_remember(box: Any, *rest: Any) -> Iterator[pydyf.Dictionary]:
    for element in _build(box, *rest):
        if not hasattr(element, "drawn_from"):
            element.drawn_from = box.element
        yield element


def remember_what_tags_are_drawn_from() -> None:
    """Let each structure element know the element of the HTML that it is drawn from."""
    tags._build_box_tree = _build_and_remember


def join(dictionaries: dict[bytes, pydyf.Dictionary], top: pydyf.Dictionary) -> None:
    """Join what was divided. Heads that a table repeats are taken out of the tree: they name ``top``, which does not name them.

    :param dictionaries: the PDF's dictionaries by their reference.
    :param top: the structure element of the whole document.
    """
    joining = _Joining(dictionaries, top)
    parts, top["K"] = top["K"], pydyf.Array()
    joining.append(top, parts)
    for cell in [item for item in dictionaries.values() if item.get("S") == "/TD"]:
        if headers := cell["A"].get("Headers"):
            cell["A"]["Headers"] = pydyf.Array(joining.repeated.get(name.string, name) for name in headers)


class _Joining:
    """The work on one document."""

    def __init__(self, dictionaries: dict[bytes, pydyf.Dictionary], top: pydyf.Dictionary) -> None:
        self.dictionaries = dictionaries
        self.top = top
        self.repeated: dict[str, pydyf.String] = {}
        """The name of each repeated head, and the name of the first one."""

    def append(self, element: pydyf.Dictionary, kids: Iterable[Any]) -> None:
        """Put ``kids`` at the end of an element. Those that continue what it has are joined to that."""
        for reference in list(kids):
            kid = self.dictionaries.get(reference, pydyf.Dictionary())
            begun = self._begun(element, kid)
            if begun is None:
                element["K"].append(reference)
                if "S" in kid:
                    kid["P"] = element.reference
            elif kid["S"] == _HEADS:
                self._leave_out(kid, begun)
            else:
                self.append(begun, kid["K"])
                kid.clear()

    def _begun(self, element: pydyf.Dictionary, kid: pydyf.Dictionary) -> pydyf.Dictionary | None:
        """Return the part of an element that ``kid`` goes on with, or repeats."""
        drawn_from = getattr(kid, "drawn_from", None)
        if drawn_from is None or kid["S"] not in _JOINED | {_HEADS}:
            return None
        several = element["S"] in _IN_PARALLEL
        for reference in element["K"] if several else element["K"][-1:]:
            mine = self.dictionaries.get(reference, pydyf.Dictionary())
            if mine.get("S") == kid["S"] and getattr(mine, "drawn_from", None) is drawn_from:
                return mine
        return None

    def _leave_out(self, heads: pydyf.Dictionary, first: pydyf.Dictionary) -> None:
        """Take heads out of the tree that a table has on an earlier page."""
        self.repeated |= {
            again["ID"].string: head["ID"] for again, head in zip(self._cells(heads), self._cells(first), strict=True)
        }
        heads["P"] = self.top.reference

    def _cells(self, group: pydyf.Dictionary) -> list[pydyf.Dictionary]:
        rows = [self.dictionaries[row] for row in group["K"]]
        return [self.dictionaries[cell] for row in rows for cell in row["K"]]
