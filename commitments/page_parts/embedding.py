"""Pages that other websites show in a frame: the same for everybody, without session, cookies or script.

Everything else of the portal refuses to be framed.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, cast

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from commitments.page_parts.public_pages import version_for
from commitments.reading import public_version

View = Callable[..., HttpResponse]
KEPT_SECONDS: Final = 10 * 60
"""How long a browser shows it without asking again: a site with many readers then costs little."""
FRAMED_BY_ANYONE: Final = {
    "default-src": [NONE],
    "style-src": [SELF],
    "font-src": [SELF],
    "img-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": ["*"],
}


def embeddable(view: View) -> View:
    """Let any website frame what the view answers, and keep it for :data:`KEPT_SECONDS`.

    The view must not look at who asks.
    """

    @wraps(view)
    @csp(FRAMED_BY_ANYONE)
    @xframe_options_exempt
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = version_for(request) if public_version.is_steady() else None
        etag = quote_etag(version.whole) if version else ""
        known = get_conditional_response(request, etag=etag) if etag else None
        response = known or view(request, *args, **kwargs)
        if etag:
            response.headers["ETag"] = etag
        if version and response.status_code == 200:
            cast(Any, response).public_version = version
        patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
        return response

    return require_safe(cast(View, answer))
