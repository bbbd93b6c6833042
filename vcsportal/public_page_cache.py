"""Each public page is drawn once a version, and answered from memory to strangers while the version holds.

The middleware stands before the session and all that follows, so that most visits cost one query and no drawing.
"""

import threading
from collections.abc import Callable
from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from commitments.page_parts.public_pages import is_stranger, public_etag

MAX_PAGES: Final = 100


class _Pages:
    """The pages of one version, in this process's memory, each with the headers that all of the portal gave it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.etag = ""
        self.pages: dict[str, tuple[bytes, dict[str, str]]] = {}

    def holds(self, address: str) -> bool:
        """Whether the page is here, in whatever version."""
        return address in self.pages

    def get(self, etag: str, address: str) -> HttpResponse | None:
        with self.lock:
            page = self.pages.get(address) if etag == self.etag else None
        return HttpResponse(page[0], headers=page[1]) if page else None

    def put(self, etag: str, address: str, response: HttpResponse) -> None:
        page = response.content, dict(response.headers)
        with self.lock:
            if etag != self.etag or len(self.pages) >= MAX_PAGES:
                self.etag, self.pages = etag, {}
            self.pages[address] = page


_pages = _Pages()


class PublicPageCacheMiddleware:
    """Answers strangers from memory while the version holds; keeps what ``public_page`` has marked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = request.get_full_path()
        if request.method == "GET" and _pages.holds(address) and is_stranger(request):
            request.get_host()  # refuses a host that is not ours, as every other page does
            etag = cast(Any, request).public_etag = public_etag()
            if page := _pages.get(etag, address):
                return get_conditional_response(request, etag=etag, response=page) or page
        response = self.get_response(request)
        if request.method == "GET" and getattr(response, "is_public_page", False):
            _pages.put(response.headers["ETag"], address, response)
        return response
