"""What people wrote in the Markdown subset, as a paper's blocks: paragraphs are numbered, lists become items."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from markdown_it.token import Token

from reporting.paper.blocks import TextRun, TextRuns, run
from reporting.paper.writing import PaperWriter
from vcsportal.common.cells import clean
from vcsportal.common.markdown import parse

MAX_LIST_LEVEL: Final = 2
"""Lists inside lists beyond this level stay at it."""
MAX_HEADING_LEVEL: Final = 4
"""Headings below this level stay at it."""
MAX_ADDRESS_CHARACTERS: Final = 2000
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?")
_ADDRESS: Final = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")


def tell(
    writing: PaperWriter, text: str, *, under: int, lead: str = "", language: str = "", number_items: bool = False
) -> bool:
    """Write the text below a heading of the level ``under``; return whether there was any.

    :param lead: words that stand in bold before its first paragraph.
    :param language: the language of the text; "" for the portal's.
    :param number_items: whether each item of a list is a numbered paragraph; lists inside it stay lists.
    """
    tokens = parse(clean(text))
    first: TextRuns = (run(f"{lead} ", bold=True),) if lead else ()
    if tokens and first and tokens[0].type != "paragraph_open":
        writing.paragraph(*first)
        first = ()
    orders: list[int] = []  # of the lists that we are in: 0 for bullets, else the lettered list
    quoted, items = 0, 0
    waiting: list[TextRun] = []  # an item's words, which may stand in several paragraphs
    for place, token in enumerate(tokens):
        if token.type in {"bullet_list_open", "ordered_list_open", "list_item_close", "list_item_open"}:
            _item(writing, waiting, orders, number_items=number_items)
        match token.type:
            case "bullet_list_open":
                orders.append(0)
            case "ordered_list_open":
                orders.append(0 if number_items and not orders else writing.new_list())
            case "bullet_list_close" | "ordered_list_close":
                orders.pop()
            case "blockquote_open":
                quoted += 1
            case "blockquote_close":
                quoted -= 1
            case "inline":
                runs = [replace(text_run, language=language) for text_run in _runs(token.children or [])]
                if orders:
                    waiting += [run("\n"), *runs] if waiting else runs
                elif tokens[place - 1].type == "heading_open":
                    deep = 1 if tokens[place - 1].tag in {"h1", "h2", "h3"} else 2
                    heading = "".join(text_run.text for text_run in runs)
                    writing.heading(min(under + deep, MAX_HEADING_LEVEL), heading, foreign=heading, language=language)
                elif quoted:
                    writing.quote(*runs)
                elif runs:
                    writing.paragraph(*first, *runs)
                    first = ()
                items += 1
    return bool(items)


def _item(writing: PaperWriter, waiting: list[TextRun], orders: Sequence[int], *, number_items: bool) -> None:
    if waiting and number_items and len(orders) == 1:
        writing.paragraph(*waiting)
        waiting.clear()
    elif waiting:
        writing.item(*waiting, level=min(len(orders) - 1, MAX_LIST_LEVEL), letters=orders[-1])
        waiting.clear()


def _runs(tokens: Sequence[Token]) -> list[TextRun]:
    found: list[TextRun] = []
    bold = italic = 0
    address = ""
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "em_open" | "em_close":
                italic += token.nesting
            case "link_open":
                address = _sound(str(token.attrs.get("href", "")))
            case "link_close":
                address = ""
            case "softbreak":
                found.append(run(" ", bold=bold > 0, italic=italic > 0, address=address))
            case "hardbreak":
                found.append(run("\n"))
            case _ if token.content:
                found.append(run(token.content, bold=bold > 0, italic=italic > 0, address=address))
    return _joined(found)


def _joined(runs: Sequence[TextRun]) -> list[TextRun]:
    """Return the runs with neighbours of one look put together."""
    found: list[TextRun] = []
    for text_run in runs:
        look = (text_run.bold, text_run.italic, text_run.address)
        if found and (found[-1].bold, found[-1].italic, found[-1].address) == look:
            found[-1] = TextRun(found[-1].text + text_run.text, *look)
        elif text_run.text:
            found.append(text_run)
    return found


def _sound(address: str) -> str:
    """Return the address if a word processor can take it: one that it can't read makes it call the whole file broken."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return ""
    known = parts.scheme == "mailto" or (parts.scheme in {"http", "https"} and _HOST.fullmatch(parts.hostname or ""))
    return address if known and len(address) <= MAX_ADDRESS_CHARACTERS and _ADDRESS.fullmatch(address) else ""
