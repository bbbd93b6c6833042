"""Public pages by their version: 304 for a browser that has the page already.

Only browsers without a session or a message take part: everybody else's page holds something of their own. The
decorator says which pages are public; ``vcsportal.public_page_cache`` keeps what it has marked.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from commitments.reading import public_version
from commitments.reading.public_version import PublicVersion

View = Callable[..., HttpResponse]


def is_stranger(request: HttpRequest) -> bool:
    """Whether the request comes from a browser without a session and without a message to show."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES


def version_today() -> PublicVersion:
    """Return the version of every public page today. One query."""
    return public_version.versions(timezone.localdate())


def version_for(request: HttpRequest) -> PublicVersion:
    """Return the version of every public page, which the middleware may have asked for already."""
    return getattr(request, "public_version", None) or version_today()


def public_etag() -> str:
    """Return the ETag of every public page today. One query."""
    return quote_etag(version_today().whole)


def public_page(view: View) -> View:
    """Answer safe requests only; for strangers with an ETag, and 304 where it still holds."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (is_stranger(request) and public_version.is_steady()):
            own = view(request, *args, **kwargs)
            patch_cache_control(own, private=True, no_cache=True)
            return own
        version = version_for(request)  # before the page is read: what is written meanwhile makes another one
        etag = quote_etag(version.whole)
        response = get_conditional_response(request, etag=etag) or view(request, *args, **kwargs)
        if response.status_code in {200, 304}:
            response.headers["ETag"] = etag
        if response.status_code == 200:
            cast(Any, response).public_version = version
        patch_vary_headers(response, ["Cookie"])
        patch_cache_control(response, no_cache=True)
        return response

    return require_safe(answer)
