"""A refusal raised anywhere below becomes a page with its sentence, never a 500. The trail records refusals of people."""

from collections.abc import Callable
from typing import Any, Final, cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone

from partners.security.events import record_event
from vcsportal.common.words import AlreadyDone, NotAllowed, Refused

RECORDED: Final = {403: "refused", 404: "not_found"}
MAX_NAME_CHARACTERS: Final = 60


class RefusedMiddleware:
    """Answer each kind of :class:`Refused` with its status and the sentence. The second of two clicks is led to the thing,
    with who did it and when; whoever comes back to its page with the Back button reads the same, with a link to it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info and not request.path_info.startswith("/api/"):  # the API says it in JSON
            raise Http404("No address contains this character, and the database can't be asked for it.")
        response = self.get_response(request)
        if response.status_code in RECORDED and settings.SESSION_COOKIE_NAME in request.COOKIES:
            _record(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        sentence, title, link, what = exception.sentence, exception.title, "", ""
        if isinstance(exception, AlreadyDone) and (again := exception.again(request.user)):
            if request.method == "POST":
                messages.info(request, f"{again} Nothing more was changed.")
                return redirect(exception.thing)
            sentence, title = again, exception.heading(request.user)
            link, what = resolve_url(exception.thing), exception.what
        values = {
            "sentence": sentence,
            "title": title,
            "link": link,
            "what": what,
            "allowed": not isinstance(exception, NotAllowed),
        }
        response = render(request, "403.html", values, status=exception.page_status)
        cast(Any, response).sentence = sentence
        return response


def _record(request: HttpRequest, response: HttpResponse) -> None:
    """Record what a signed-in person was refused, at an address that exists. Signed parts of an address are left out."""
    match = request.resolver_match
    if not match or not request.user.is_authenticated:
        return
    path = request.path
    for value in map(str, match.kwargs.values()):
        if len(value) > MAX_NAME_CHARACTERS or ":" in value:
            path = path.replace(value, "…")
    data = getattr(response, "data", None)
    sentence = getattr(response, "sentence", "") or (str(data.get("detail", "")) if isinstance(data, dict) else "")
    kind = RECORDED[response.status_code]
    record_event(
        kind,
        at=timezone.now(),
        by=request.user,
        person=request.user,
        subject=f"{request.method} {path}",
        detail=sentence,
    )
