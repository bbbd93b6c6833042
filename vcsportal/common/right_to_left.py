"""Keeps words that run from right to left in place within an English line, on every page.

A browser lets a number or a bracket after such a name run with it, to the wrong side. ``<bdi>`` keeps the name apart. It is put
around such words as a page goes out, so that no template has to think of it.
"""

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

LETTERS: Final = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
"""Hebrew, Arabic, Syriac, Thaana, N'Ko and their neighbours, as the inside of a character class."""
WORDS: Final = re.compile(rf"[{LETTERS}](?:[^<\w]*[{LETTERS}])*")
"""Words that follow one another, with what stands between them."""
_THERE: Final = re.compile(rb"[\xd6-\xdf][\x80-\xbf]|\xe0[\xa0-\xa3]|\xef[\xac-\xbb]")
"""What their UTF-8 begins with; Armenian begins so too, and costs a search."""
_PARTS: Final = re.compile(
    r"<(script|style|title|textarea|option|svg|bdi)\b.*?</\1>|<!--.*?-->|<[^>]*>|[^<]+", re.DOTALL | re.IGNORECASE
)


def isolate(html: str) -> str:
    """Return HTML with ``<bdi>`` around such words; never inside a title, a box that is typed in, or a picture."""
    return _PARTS.sub(lambda part: part[0] if part[0][0] == "<" else WORDS.sub(r"<bdi>\g<0></bdi>", part[0]), html)


class RightToLeftMiddleware:
    """Isolates such words on pages. Files that are handed out stay as they are, byte for byte."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            not response.streaming
            and response.get("Content-Type", "").startswith("text/html")
            and "Content-Disposition" not in response
            and _THERE.search(response.content)
        ):
            response.content = isolate(response.content.decode()).encode()
            if "Content-Length" in response:
                response["Content-Length"] = str(len(response.content))
        return response
