"""Public pages by their version: 304 for a browser that has the page already, and each page drawn once a version.

Only browsers without a session or a message take part: everybody else's page holds something of their own.
"""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from commitments import versions

MOST_PAGES: Final = 100
View = Callable[..., HttpResponse]


class _Kept:
    """The pages of one version, in this process's memory."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.version = ""
        self.pages: dict[str, bytes] = {}

    def get(self, version: str, address: str) -> HttpResponse | None:
        with self.lock:
            page = self.pages.get(address) if version == self.version else None
        return None if page is None else HttpResponse(page)

    def put(self, version: str, address: str, page: bytes) -> None:
        with self.lock:
            if version != self.version or len(self.pages) >= MOST_PAGES:
                self.version, self.pages = version, {}
            self.pages[address] = page


_kept = _Kept()


def _is_stranger(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES


def by_version(view: View) -> View:
    """Answer safe requests only; for strangers with an ETag, 304 where it still holds, and from memory where it can."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (_is_stranger(request) and versions.is_steady()):
            own = view(request, *args, **kwargs)
            patch_cache_control(own, private=True, no_cache=True)
            return own
        version = f"{versions.current(timezone.localdate())}-{get_language()}"
        etag, address = quote_etag(version), request.get_full_path()
        response = get_conditional_response(request, etag=etag) or _kept.get(version, address)
        if response is None:
            response = view(request, *args, **kwargs)
            if response.status_code == 200:
                _kept.put(version, address, response.content)
        if response.status_code in {200, 304}:
            response.headers["ETag"] = etag
        patch_vary_headers(response, ["Cookie"])
        patch_cache_control(response, no_cache=True)
        return response

    return require_safe(answer)
