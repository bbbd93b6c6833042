"""Requests to the API with a token: whose they are, and what a token may change."""

import re
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from partners.models import ApiToken
from partners.services.api_tokens import SHAPE, token_with
from vcsportal.common import clock
from vcsportal.common.api_problems import problem_response
from vcsportal.read_limits import refused_by_limit

API: Final = "/api/"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CHANGES: Final = {
    "api:evidence-list": "evidence",
    "api:evidence-detail": "evidence",
    "api:evidence-submit": "evidence",
    "api:evidence-rows-list": "evidence",
    "api:evidence-file-list": "evidence",
    "api:evidence-file-detail": "evidence",
    "api:evidence-file-remove": "evidence",
    "api:figure-list": "figures",
    "api:figure-value": "figures",
    "api:indicator-value": "figures",
    "api:update-save": "updates",
    "api:update-submit": "updates",
    "api:point-list": "points",
}
"""What a token may change, by the name of the address, and the scope that it needs for it. Nothing else: a token never approves,
publishes or changes people."""
NOT_KNOWN: Final = "This token is not known, or has ended. Make a new one under Your account on the portal."
IN_THE_ADDRESS: Final = (
    "A token must not be in an address, which is written down in many places. End this token, make a new one, and send it "
    "in the header Authorization."
)
NOT_BOTH: Final = "Send either a token or the cookie of a session, not both."
SIGN_IN_INSTEAD: Final = "A token can’t be used for this. Sign in to the portal and do it there."
_TOKEN: Final = re.compile(SHAPE)


class ApiTokenMiddleware:
    """Lets a program in with ``Authorization: Bearer``, as the person who made the token; below ``/api/`` alone.

    An answer to it is nobody else's: it is stored nowhere on the way. What the token may change is looked up by the address
    before the view is asked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API):
            return self.get_response(request)
        if _TOKEN.search(request.META.get("QUERY_STRING", "")):
            return problem_response(400, IN_THE_ADDRESS)
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return problem_response(400, NOT_BOTH)
        token = token_with(text.strip(), clock.now())
        if token is None:
            return _private(_refuse(request))
        request.user = token.person
        asking: Any = request
        asking.api_token = token
        return _private(self.get_response(request))

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        token: ApiToken | None = getattr(request, "api_token", None)
        if token is None or request.method in SAFE:
            return None
        match = request.resolver_match
        scope = CHANGES.get(match.view_name if match else "")
        if scope is None:
            return problem_response(403, SIGN_IN_INSTEAD)
        if scope not in token.scopes:
            return problem_response(403, f"This token does not have the scope “{scope}”.")
        return None


def _refuse(request: HttpRequest) -> HttpResponse:
    """Answer a token that does not work. Each costs one of the reads of its address, so that nobody can try as many as they like."""
    if too_many := refused_by_limit(request):
        return too_many
    refused = problem_response(401, NOT_KNOWN)
    refused["WWW-Authenticate"] = "Bearer"
    return refused


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
