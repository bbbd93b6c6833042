"""Makes sure that answers to people who have signed in, or are about to, are not stored by the browser or anywhere on
the way."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

ACCOUNT_PATH: Final = "/account/"
NOT_KEPT: Final = "private, no-store"


class PrivatePagesMiddleware:
    """Sets ``Cache-Control: private, no-store`` on every answer to a browser with a session, and to one that gets it.

    The session's cookie decides, as reading the session would cost every answer a query. Sign-in pages are never
    kept either, and neither is an answer that brings a cookie. What a view declares ``public`` is the same for
    everybody and stays as the view has it: it holds nothing of the person who asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        own = settings.SESSION_COOKIE_NAME in request.COOKIES or request.path_info.startswith(ACCOUNT_PATH)
        if response.cookies or (own and "public" not in _directives(response)):
            response.headers["Cache-Control"] = NOT_KEPT
        return response


def _directives(response: HttpResponse) -> set[str]:
    return {part.strip().lower() for part in response.headers.get("Cache-Control", "").split(",")}
