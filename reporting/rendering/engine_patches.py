"""Makes WeasyPrint do less work, and paint a list in the order in which it is read. docs/decisions/0012-fast-pages.md has the
numbers. No page looks different."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pydyf
from weasyprint import CSS, HTML, stacking, svg
from weasyprint.html import UA, UA_COUNTER_STYLE

_UNUSED: Final = re.compile(
    r"^\s*(?:::(?:footnote|note)-[a-z]+"
    r"|@(?:footnote|note-area|top-center|bottom-center|(?:left|right)-(?:top|middle|bottom)"
    r"|(?:top|bottom)-(?:left|right)-corner))\s*\{[^{}]*\}$",
    re.MULTILINE,
)
_FORMS: Final = re.compile(r"/\* Form fields \*/.*?(?=/\* )", re.DOTALL)


def own_sheet() -> str:
    """Return the engine's own style sheet without footnotes, forms, and places in the margin that the report leaves empty.

    Each footnote rule makes five styles for every element there is, and each place in the margin one for every page.
    """
    return re.sub(r"^::marker", "li::marker", _FORMS.sub("", _UNUSED.sub("", UA)), flags=re.MULTILINE)


_SHEET: Final = CSS(string=own_sheet(), counter_style=UA_COUNTER_STYLE)


class PlainDocument(HTML):
    """A document that begins from :func:`own_sheet`."""

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_SHEET]


def _page_references(pdf: Any) -> tuple[bytes, ...]:
    """Return what refers to each page: made again only once there are more pages, and not for every tag."""
    kids = pdf.pages["Kids"]
    known: tuple[int, tuple[bytes, ...]] = getattr(pdf, "_known_references", (0, ()))
    if known[0] != len(kids):
        known = (len(kids), tuple(f"{number} 0 R".encode("ascii") for number in kids[::3]))
        pdf._known_references = known
    return known[1]


class _UndividedText(str):
    """Words that are one thing when they are gone through, instead of their letters."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)


_BY_LETTER: Final = {"dx", "dy", "rotate", "letter-spacing", "textLength"}
_text: Final = svg.TAGS["text"]


def _whole_text(picture: Any, node: Any, font_size: float) -> None:
    """Set the words of a picture as a whole, with the kerning that the page's words have.

    The engine sets each letter by itself, in case each has a place of its own; ours never do.
    """
    if node.text and not (_BY_LETTER & node.attrib.keys() or " " in node.get("x", "").strip()):
        node._etree_node.text = _UndividedText(node.text)
    _text(picture, node, font_size)


_SPACES_AT_THE_END: Final = re.compile(
    r"[ \t\r\n]+(?=(?:</(?:a|em|span|strong)>\s*)*</(?:p|li|t[dh]|h[1-6]|caption|figcaption|div|blockquote)>)"
)


def without_spaces_at_the_end(html: str) -> str:
    """Return the page without the spaces before the end of a block, which nobody sees.

    Where a last line fills its width but for less than a space, the engine would set its first word on a line of its own.
    """
    return _SPACES_AT_THE_END.sub("", html)


_dispatch: Final = stacking._dispatch


def _dispatch_in_turn(box: Any, page: Any, *kinds: Any) -> Any:
    """Let the bullet or number of an entry be painted just before its words.

    The engine lays it out as a positioned box, and paints those after all the words of the page. A reader that follows the
    painting, and not the tags, would hear every bullet at the end.
    """
    marker = getattr(box, "_box", box)
    if marker.is_outside_marker:
        box = marker.copy()
        box.style = marker.style.copy()
        box.style["position"] = "static"
    return _dispatch(box, page, *kinds)


def paint_lists_in_turn() -> None:
    """Let the bullets and numbers of lists be painted where they are read."""
    stacking._dispatch = _dispatch_in_turn


def make_quicker() -> None:
    """Let tagging take a time that grows with the tags, and not with tags times pages, and pictures' words be set whole."""
    pydyf.PDF.page_references = property(_page_references)
    svg.TAGS |= {tag: _whole_text for tag, draws in svg.TAGS.items() if draws is _text}
    svg.text = _whole_text  # the engine compares with this name
