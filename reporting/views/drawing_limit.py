"""Bounds what is drawn inside a web process: so many drafts a minute for each person, and so many at once in a process."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final

from allauth.core.internal import ratelimit  # the public one never counts GET
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

MAX_DRAWINGS_AT_ONCE: Final = 2
"""A process has a few threads more, which go on serving pages while drafts are drawn."""
_places = threading.BoundedSemaphore(MAX_DRAWINGS_AT_ONCE)

View = Callable[..., HttpResponse]


@contextmanager
def drawing_place(seconds: float) -> Iterator[bool]:
    """Yield whether one of the places to draw was free within so many seconds; it is given back at the end."""
    free = _places.acquire(timeout=seconds)
    try:
        yield free
    finally:
        if free:
            _places.release()


def drawn_here(view: View) -> View:
    """Answer 429 with a sentence where somebody asks too often, or where the process is drawing as much as it may.

    How often is the setting ``ACCOUNT_RATE_LIMITS["draw_draft"]``, for each person who is signed in.
    """

    @wraps(view)
    def bounded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not ratelimit.consume(
            request, app="allauth.account", action="draw_draft", user=request.user, limit_get=True
        ):
            return _later(request, seconds=60, busy=False)
        if not _places.acquire(blocking=False):
            return _later(request, seconds=5, busy=True)
        try:
            return view(request, *args, **kwargs)
        finally:
            _places.release()

    return bounded


def _later(request: HttpRequest, *, seconds: int, busy: bool) -> HttpResponse:
    answer = render(request, "reporting/draft_later.html", {"busy": busy}, status=429)
    answer["Retry-After"] = str(seconds)
    return answer
