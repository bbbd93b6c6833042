"""The links of a document that was laid out: one for each, described in words that say where it leads."""

from typing import Any, Final
from urllib.parse import urlsplit

import pydyf

EMAIL: Final = "mailto:"


def merge_nested(document: Any) -> None:
    """Leave one link where the engine has one within another, as for a line of the contents and its page number.

    The engine makes a link of every box within a link. The one that stays covers them all.
    """
    for page in document.pages:
        kept: dict[int, list[Any]] = {}
        owners: dict[int, int] = {}
        for kind, target, rectangle, box in page.links:
            owner = owners.get(id(box))
            if owner is None:
                kept[id(box)] = [kind, target, rectangle, box]
                owners.update((id(inner), id(box)) for inner in box.descendants())
            else:
                kept[owner][2] = _around(kept[owner][2], rectangle)
        page.links[:] = map(tuple, kept.values())


def describe(document: Any) -> None:
    """Let each link's annotation say what it is called and where it leads, in place of its address."""
    pages = {name: number for number, page in enumerate(document.pages, start=1) for name in page.anchors}
    for page in document.pages:
        for _kind, target, _rectangle, box in page.links:
            annotation = getattr(box, "link_annotation", None)
            if annotation is not None:
                annotation["Contents"] = pydyf.String(words(_text(box.element), target, pages.get(target)))


def words(text: str, target: str, page: int | None) -> str:
    """Return what a link is called and where it leads.

    :param text: the words of the link, "" for a picture's.
    :param target: an address, or the name of a place in the document.
    :param page: the number of the page with that place; None for an address.
    """
    if page is not None:
        return f"{text}, on page {page}" if text else f"Page {page}"
    if target.startswith(EMAIL):
        return f"Email {target.removeprefix(EMAIL)}"
    host = urlsplit(target).hostname or target
    named = text and "://" not in text and text != target
    return f"{text}, a web page at {host}" if named else f"A web page at {host}"


def _text(element: Any) -> str:
    text = " ".join("".join(element.itertext()).split()) if element is not None else ""
    return text.rstrip(".:;,")


def _around(first: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...]:
    return (*map(min, first[:2], other[:2]), *map(max, first[2:], other[2:]))
