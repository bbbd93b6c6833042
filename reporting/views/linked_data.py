"""An edition as linked data, in a file of its own."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from reporting.permissions import can_download
from reporting.reading.dataset import MEDIA_TYPE, dataset_of
from reporting.reading.suspension import suspended_content
from reporting.views.edition_lookup import find_edition
from reporting.views.withdrawn import gone


@require_safe
def dataset(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page of an edition tells search engines and catalogues, for whoever may see the edition."""
    edition = find_edition(request, pk)
    if not can_download(request.user, edition):
        return gone(request, edition)
    if edition.state != "ready":
        return render(request, "reporting/no_file.html", {"edition": edition}, status=404)
    content = dataset_of(edition, suspended_content(edition, timezone.localdate()))
    response = JsonResponse(content, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False, "indent": 1})
    patch_cache_control(response, private=True, no_cache=True)
    return response
