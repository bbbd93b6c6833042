"""The schemas of the JSON files, at addresses that stay."""

from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from reporting.exports import json_schema

DAY_SECONDS: Final = 24 * 3600


def _etag(request: HttpRequest, version: int) -> str:
    return f'"data-schema-{version}"'


@require_safe
@condition(etag_func=_etag)
def data_schema(request: HttpRequest, version: int) -> HttpResponse:
    """One version of the schema, for everybody. A version of a release never changes."""
    try:
        content = json_schema.kept(version, settings.PORTAL_URL.rstrip("/"))
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = JsonResponse(
        content, content_type="application/schema+json", json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    patch_cache_control(response, public=True, max_age=DAY_SECONDS)
    return response
