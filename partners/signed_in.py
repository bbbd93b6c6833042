"""Who is signed in, for pages and the API alike."""

from django.http import HttpRequest
from rest_framework.request import Request

from partners.models import User
from vcsportal.common.words import NotAllowed


def signed_in_person(request: HttpRequest | Request) -> User:
    """Return the person who is signed in.

    :raises Refused: where nobody is; the views that ask are only reached by people who have signed in.
    """
    if not isinstance(request.user, User):
        raise NotAllowed("Sign in first.")
    return request.user
