"""Pages as a browser reads them: how a template's source is laid out in lines makes no difference to a test."""

import re
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
_AT_A_BLOCK = re.compile(rf" ?(</?(?:{_BLOCKS})\b(?:\"[^\"]*\"|'[^']*'|[^'\">])*>) ?", re.IGNORECASE)


def as_read(html: str) -> str:
    """Return a page with the white space that is drawn: one space between words, none at the borders of a block."""
    parts = _KEPT.split(html)
    # Every third part is what stands between two kept elements; then come the element itself and its name.
    return "".join(
        _without_layout(part) if place % 3 == 0 else part if place % 3 == 1 else "" for place, part in enumerate(parts)
    )


def _without_layout(html: str) -> str:
    parts = _TAG.split(html)  # text, tag, text and so on
    parts[::2] = [re.sub(r"\s+", " ", text) for text in parts[::2]]
    parts[1::2] = [_on_one_line(tag) for tag in parts[1::2]]
    return _AT_A_BLOCK.sub(r"\1", "".join(parts)).strip(" ")


def _on_one_line(tag: str) -> str:
    """Return a tag with one space between its attributes; what stands between quotation marks keeps its own."""
    outside = re.split(r"(\"[^\"]*\"|'[^']*')", tag)
    outside[::2] = [re.sub(r"\s+", " ", part) for part in outside[::2]]
    return re.sub(r" +(/?>)$", r"\1", "".join(outside))


def read_pages_as_browsers_do(monkeypatch: Any) -> None:
    """Let Django's test client give every page so."""
    answer = ClientHandler.__call__

    def laid_out(self: ClientHandler, environ: dict[str, Any]) -> Any:
        response: Any = answer(self, environ)
        plain = isinstance(response, HttpResponse) and not response.has_header("Content-Encoding")
        if plain and response.get("Content-Type", "").startswith("text/html"):
            response.content = as_read(response.text)
        return response

    monkeypatch.setattr(ClientHandler, "__call__", laid_out)
