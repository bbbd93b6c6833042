"""Who is at the API's door. The framework reads this at its own start, so nothing here may import its views."""

from typing import Any

from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request


class PortalSessionAuthentication(SessionAuthentication):
    """The portal's own sign-in, with CSRF. Naming a scheme makes "who are you?" 401 and leaves 403 for "you may not"."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class SignedInToWrite(BasePermission):
    """Anybody may ask; whoever changes something has signed in. The services decide the rest."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.method in SAFE_METHODS or bool(request.user and request.user.is_authenticated)
