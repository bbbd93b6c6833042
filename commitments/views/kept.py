"""Public pages by their version: 304 for a browser that has the page already, and each page drawn once a version.

Only browsers without a session or a message take part: everybody else's page holds something of their own. The
decorator says which pages are public; the middleware, which stands before the session and all that follows, answers
from memory, so that most visits cost one query and no drawing.
"""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from commitments.reading import versions

MOST_PAGES: Final = 100
View = Callable[..., HttpResponse]


class _Kept:
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
            if etag != self.etag or len(self.pages) >= MOST_PAGES:
                self.etag, self.pages = etag, {}
            self.pages[address] = page


_kept = _Kept()


def _is_stranger(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES


def _etag() -> str:
    return quote_etag(versions.current(timezone.localdate()))


def by_version(view: View) -> View:
    """Answer safe requests only; for strangers with an ETag, and 304 where it still holds."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (_is_stranger(request) and versions.is_steady()):
            own = view(request, *args, **kwargs)
            patch_cache_control(own, private=True, no_cache=True)
            return own
        # Before the page is read: what is written meanwhile makes another one. The middleware may have asked already.
        etag = getattr(request, "public_etag", "") or _etag()
        response = get_conditional_response(request, etag=etag) or view(request, *args, **kwargs)
        if response.status_code in {200, 304}:
            response.headers["ETag"] = etag
        cast(Any, response).is_public_page = response.status_code == 200
        patch_vary_headers(response, ["Cookie"])
        patch_cache_control(response, no_cache=True)
        return response

    return require_safe(answer)


class KeptPagesMiddleware:
    """Answers strangers from memory while the version holds; keeps what :func:`by_version` has marked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = request.get_full_path()
        if request.method == "GET" and _kept.holds(address) and _is_stranger(request):
            request.get_host()  # refuses a host that is not ours, as every other page does
            etag = cast(Any, request).public_etag = _etag()
            if page := _kept.get(etag, address):
                return get_conditional_response(request, etag=etag, response=page) or page
        response = self.get_response(request)
        if request.method == "GET" and getattr(response, "is_public_page", False):
            _kept.put(response.headers["ETag"], address, response)
        return response
