"""Answers 304 to a program that already has the answer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag

from commitments.reading import public_version

View = Callable[..., HttpResponse]


def by_version(view: View) -> View:
    """Give answers to visitors who are not signed in an ETag: the version of everything public. One query shows whether
    anything is new."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stranger = settings.SESSION_COOKIE_NAME not in request.COOKIES and not hasattr(request, "api_token")
        if request.method not in {"GET", "HEAD"} or not stranger or not public_version.is_steady():
            response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True, no_cache=True)
            return response
        etag = quote_etag(public_version.current(timezone.localdate()))
        response = get_conditional_response(request, etag=etag) or view(request, *args, **kwargs)
        if response.status_code in {200, 304}:
            response.headers["ETag"] = etag
        patch_vary_headers(response, ["Cookie", "Accept"])
        patch_cache_control(response, no_cache=True)
        return response

    return answer
