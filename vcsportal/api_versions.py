"""Answers 304 to a program that already has the answer."""

import hashlib
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from rest_framework.response import Response

from commitments.reading import public_version

OK: Final = 200
View = Callable[..., HttpResponse]


def _format(request: HttpRequest) -> str:
    """Return what tells the ETags of two formats at one address apart."""
    return "-csv" if "text/csv" in request.headers.get("Accept", "") else ""


def _by_content(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


def by_version(view: View) -> View:
    """Give every answer to a read an ETag. For visitors who are not signed in it is the version of everything public, so
    that one query shows whether anything is new; for others it is made of what is answered, and saves the sending.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stranger = settings.SESSION_COOKIE_NAME not in request.COOKIES and not hasattr(request, "api_token")
        if request.method not in {"GET", "HEAD"} or not stranger or not public_version.is_steady():
            response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True, no_cache=True)
            if request.method in {"GET", "HEAD"} and response.status_code == OK and isinstance(response, Response):
                response.add_post_render_callback(partial(_by_content, request))
            return response
        etag = quote_etag(f"{public_version.current(timezone.localdate())}{_format(request)}")
        response = get_conditional_response(request, etag=etag) or view(request, *args, **kwargs)
        if response.status_code in {200, 304}:
            response.headers["ETag"] = etag
        patch_vary_headers(response, ["Cookie", "Accept"])
        patch_cache_control(response, no_cache=True)
        return response

    return answer
