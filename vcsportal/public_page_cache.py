"""Each public page is drawn once a version, and answered from memory to strangers while the version holds.

The middleware stands before the session and all that follows, so that most visits cost one query and no drawing. A process
with many visitors at once may show a page as it was up to half a minute ago, but only while nothing public has gone or
reads differently since: what was added comes a little later, what was taken away is gone at once.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from commitments.page_parts.public_pages import is_stranger, version_today
from commitments.reading.public_version import PublicVersion

MAX_PAGES: Final = 300
MAX_BYTES: Final = 24 * 1024**2
MANY_AT_ONCE: Final = 3
"""So many requests at work in one process are more than one reader's browser sends, and each waits for the others."""
OLDEST_SECONDS: Final = 30.0


@dataclass(frozen=True)
class _Page:
    """A page with the headers that all of the portal gave it, and when its drawing began."""

    version: PublicVersion
    began: float
    content: bytes
    headers: dict[str, str]


class _Pages:
    """The pages in this process's memory: those that were asked for last. One for each address, whatever its version."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: OrderedDict[str, _Page] = OrderedDict()
        self._bytes = 0

    def get(self, address: str) -> _Page | None:
        with self._lock:
            if address in self._pages:
                self._pages.move_to_end(address)
            return self._pages.get(address)

    def put(self, address: str, page: _Page) -> None:
        with self._lock:
            held = self._pages.get(address)
            if held and held.began > page.began:
                return
            self._pages[address] = page
            self._pages.move_to_end(address)
            self._bytes += len(page.content) - (len(held.content) if held else 0)
            while len(self._pages) > MAX_PAGES or self._bytes > MAX_BYTES:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= len(oldest.content)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._bytes = 0


_pages = _Pages()


class PublicPageCacheMiddleware:
    """Answers strangers from memory while the version holds; keeps what ``public_page`` has marked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._lock = threading.Lock()
        self._at_work = 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with self._counted():
            address, began = request.get_full_path(), time.monotonic()
            if request.method == "GET" and is_stranger(request) and (page := _pages.get(address)):
                request.get_host()  # refuses a host that is not ours, as every other page does
                version = cast(Any, request).public_version = version_today()
                if page.version == version or self._may_still_be_shown(page, version):
                    return _answer(request, page, version)
            response = self.get_response(request)
            if request.method == "GET" and (drawn := getattr(response, "public_version", None)):
                _pages.put(address, _Page(drawn, began, response.content, dict(response.headers)))
            return response

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._at_work += 1
        try:
            yield
        finally:
            with self._lock:
                self._at_work -= 1

    def _may_still_be_shown(self, page: _Page, version: PublicVersion) -> bool:
        return (
            self._at_work >= MANY_AT_ONCE
            and page.version.lasting == version.lasting
            and time.monotonic() - page.began <= OLDEST_SECONDS
        )


def _answer(request: HttpRequest, page: _Page, version: PublicVersion) -> HttpResponse:
    response = HttpResponse(page.content, headers=page.headers)
    for etag in {
        quote_etag(version.whole),
        quote_etag(page.version.whole),
    }:  # a browser may have a newer page than this one
        answer = get_conditional_response(request, etag=etag, response=response)
        if answer and answer.status_code != response.status_code:
            answer.headers["ETag"] = etag
            return answer
    return response
