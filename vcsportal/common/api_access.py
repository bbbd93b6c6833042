"""Who is making a request to the API. The framework reads this at its own start, so nothing here may import its
views."""

from typing import Any

from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request


class TokenAuthentication(BaseAuthentication):
    """The person whose token the request brings; :mod:`vcsportal.api_tokens` has looked it up. It needs no CSRF token."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        token = getattr(request._request, "api_token", None)
        return (token.person, token) if token is not None else None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class PortalSessionAuthentication(SessionAuthentication):
    """The portal's own sign-in, with CSRF. Naming a scheme gives 401 to people who are not signed in, and leaves 403
    for those who are not allowed."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class SignedInToWrite(BasePermission):
    """Anyone may read; to change something, people sign in. The services decide the rest."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.method in SAFE_METHODS or bool(request.user and request.user.is_authenticated)
