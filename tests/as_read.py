"""Pages as a browser reads them: how a template's source is laid out in lines makes no difference to a test."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.test.client import ClientHandler

_KEPT = re.compile(r"(<(pre|textarea|script|style)\b.*?</\2>)", re.DOTALL | re.IGNORECASE)
"""White space in these is part of what they hold."""
_TAG = re.compile(r"(<[a-zA-Z/!](?:\"[^\"]*\"|'[^']*'|[^'\">])*>)")
_BLOCKS = (
    "html|head|body|title|meta|link|base|main|header|footer|nav|section|article|aside|div|p|h[1-6]|ul|ol|li|dl|dt|dd|table|"
    "caption|thead|tbody|tfoot|tr|th|td|form|fieldset|legend|figure|figcaption|blockquote|details|summary|hr|br|button|select|"
    "optgroup|option|label|progress|svg|g|rect|path|circle|line|text|pre|textarea|script|style"
)
_AT_A_BLOCK = re.compile(rf"</?(?:{_BLOCKS})\b", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


def as_read(html: str) -> str:
    """Return a page with the white space that is drawn: one space between words, none at the borders of a block."""
    parts = _KEPT.split(html)
    # Every third part is what stands between two kept elements; then come the element itself and its name.
    return "".join(
        _without_layout(part) if place % 3 == 0 else part if place % 3 == 1 else "" for place, part in enumerate(parts)
    )


def _without_layout(html: str) -> str:
    parts = _TAG.split(html)  # text, tag, text and so on
    parts[::2] = [_SPACE.sub(" ", text) for text in parts[::2]]
    for place in range(1, len(parts), 2):
        parts[place], at_a_block = _on_one_line(parts[place])
        if at_a_block:
            parts[place - 1] = parts[place - 1].removesuffix(" ")
            parts[place + 1] = parts[place + 1].removeprefix(" ")
    return "".join(parts).strip(" ")


@lru_cache(maxsize=20_000)  # pages share most of their tags
def _on_one_line(tag: str) -> tuple[str, bool]:
    """Return a tag with one space between its attributes, and whether it is a block's; what stands between quotation marks keeps its spaces."""
    outside = re.split(r"(\"[^\"]*\"|'[^']*')", tag)
    outside[::2] = [_SPACE.sub(" ", part) for part in outside[::2]]
    return re.sub(r" +(/?>)$", r"\1", "".join(outside)), _AT_A_BLOCK.match(tag) is not None


class _Page:
    """What an answer holds, which is laid out when it is first read."""

    def __init__(self, html: bytes, charset: str) -> None:
        self._html, self._charset = html, charset
        self._laid_out: bytes | None = None

    def __iter__(self) -> Iterator[bytes]:
        if self._laid_out is None:
            self._laid_out = as_read(self._html.decode(self._charset)).encode(self._charset)
        yield self._laid_out


def read_pages_as_browsers_do(monkeypatch: Any) -> None:
    """Let Django's test client give every page so, once somebody reads it: many tests ask for the status alone."""
    answer = ClientHandler.__call__

    def laid_out(self: ClientHandler, environ: dict[str, Any]) -> Any:
        response: Any = answer(self, environ)
        plain = isinstance(response, HttpResponse) and not response.has_header("Content-Encoding")
        if plain and response.get("Content-Type", "").startswith("text/html"):
            response.content = page = response.content  # forgets the text that somebody may have read before
            response._container = _Page(page, response.charset)
        return response

    monkeypatch.setattr(ClientHandler, "__call__", laid_out)
