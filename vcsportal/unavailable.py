"""When the portal can't answer now: 503 with a sentence and ``Retry-After``, as a page or as JSON, and never a 500.

The page needs no database, no session and no style sheet. What was typed goes into it, so that "Send again" sends it once more.
"""

import logging
import sys
import threading
from collections.abc import Callable
from typing import Any, Final, cast

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.views import defaults

from vcsportal.common.api_problems import problem_response
from vcsportal.common.database_faults import CROWDED, Unavailable, unavailable

logger = logging.getLogger(__name__)
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
POLICY: Final = (
    "default-src 'none'; style-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECRET: Final = ("password", "code")
"""Parts of names of fields whose values are never written into a page."""
OUR_FAULT: Final = "This is a fault in the portal. It has been recorded, with the time."
MAX_TYPED_CHARACTERS: Final = 200_000
"""Characters; more than that is not repeated in the page."""


def style_sheet() -> str:
    """Return the address of the style sheet, or nothing where static files have not been collected."""
    try:
        return str(staticfiles_storage.url("portal.css"))
    except ValueError:
        return ""


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what the person sent, to be sent once more.

    Nothing is repeated before its form was found to be ours, when it holds a secret, or when files came with it: a page
    can't hold those, and half of what was sent is worse than the browser's own Back.
    """
    read = request.method == "POST" and hasattr(request, "_post")  # reading it now could wait, or fail
    if not read or not getattr(request, "csrf_processing_done", False) or request.FILES:
        return []
    pairs = [(name, str(value)) for name, values in request.POST.lists() for value in values]
    if any(part in name.lower() for name, _ in pairs for part in SECRET):
        return []
    return pairs if sum(len(value) for _, value in pairs) <= MAX_TYPED_CHARACTERS else []


def answer(request: HttpRequest, why: Unavailable) -> HttpResponse:
    """Return 503 with the sentence and ``Retry-After``: JSON below ``/api/``, a page that needs nothing elsewhere."""
    response: HttpResponse
    if request.path_info.startswith("/api/"):
        response = problem_response(503, why.sentence)
    else:
        writing = request.method not in SAFE
        values = {
            "sentence": why.sentence,
            "css": style_sheet(),
            "name": settings.PORTAL_NAME,
            "address": request.get_full_path(),
            "typed": typed(request) if writing else [],
            "writing": writing,
            "unsaved": why.unsaved,
        }
        response = HttpResponse(render_to_string("503.html", values), status=503)
        response["Content-Security-Policy"] = POLICY
    response["Retry-After"] = str(why.retry_after)
    add_never_cache_headers(response)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to a mistake of ours; it asks nothing of the portal that may itself be at fault."""
    if request.path_info.startswith("/api/"):
        return problem_response(500, OUR_FAULT)
    return HttpResponse(render_to_string("500.html", {"css": style_sheet(), "name": settings.PORTAL_NAME}), status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to a request that no view was asked about, such as one for another host."""
    if request.path_info.startswith("/api/"):
        return problem_response(400, "The request can’t be read.")
    return defaults.bad_request(request, exception)


def _note_fault(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    if request is not None:
        cast(Any, request).fault = sys.exc_info()[1]


got_request_exception.connect(_note_fault, dispatch_uid="vcsportal.unavailable")


class UnavailableMiddleware:
    """Outermost. A fault of the database that was raised anywhere below, also while a session was read, becomes a 503."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 500 and (why := unavailable(getattr(request, "fault", None))):
            return _with_headers_of(response, answer(request, why))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A view's own fault: known before anybody has made an error page of it."""
        why = unavailable(exception)
        if why is None:
            return None
        logger.warning("Answered with 503: %s", exception, extra={"path": request.path_info})
        return answer(request, why)


def _with_headers_of(old: HttpResponse, new: HttpResponse) -> HttpResponse:
    """Keep what the layers in between have added, such as the content security policy."""
    for name, value in old.headers.items():
        if name not in new.headers and not name.startswith("Content-"):
            new.headers[name] = value
    return new


class Turns:
    """How many requests may write at the same time, and how many may wait for their turn."""

    def __init__(self, *, at_once: int, waiting: int, seconds: float) -> None:
        self._turn = threading.BoundedSemaphore(at_once)
        self._place = threading.BoundedSemaphore(waiting)
        self.seconds = seconds

    def take(self) -> bool:
        """Take a turn, waiting for it if others wait not already; False when it can't be had in time."""
        if self._turn.acquire(blocking=False):
            return True
        if not self._place.acquire(blocking=False):
            return False
        try:
            return self._turn.acquire(timeout=self.seconds)
        finally:
            self._place.release()

    def give_back(self) -> None:
        self._turn.release()


class WritesMiddleware:
    """Only some of a process's threads may write at once: while writes wait for a locked row, the others serve readers.

    It takes a turn after the form was found to be ours (CSRF), so that what was typed can be kept in the refusal.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.turns = Turns(at_once=settings.WRITES_AT_ONCE, waiting=settings.WRITES_WAITING, seconds=2.0)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            if getattr(request, "has_turn", False):
                self.turns.give_back()

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method in SAFE:
            return None
        if not self.turns.take():
            return answer(request, CROWDED)
        cast(Any, request).has_turn = True
        return None
