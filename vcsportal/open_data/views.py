"""The pages of the open data, and its files. Everyone sees the same, signed in or not: what anyone may read."""

from collections.abc import Callable, Iterator
from typing import Any, Final, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from commitments.page_parts.public_pages import public_etag, public_page
from reporting.exports.dictionary import LICENCE, LICENCE_URL
from vcsportal.common.datasets import Dataset
from vcsportal.open_data.catalogue import DATASET, GROUPS
from vcsportal.open_data.files import csv_parts, json_parts


def _csv(dataset: Dataset, day: Any) -> Iterator[str]:
    return csv_parts(dataset.columns, dataset.read(day))


def _json(dataset: Dataset, day: Any) -> Iterator[str]:
    return json_parts(dataset, dataset.columns, dataset.read(day), day)


FORMATS: Final[dict[str, tuple[str, Callable[[Dataset, Any], Iterator[Any]]]]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "json": ("application/json", _json),
}
"""By the ending of the address: the media type, and what yields the file in pieces."""


def find_dataset(slug: str) -> Dataset:
    """Return a dataset by its name in addresses. Raise 404 if there is none."""
    if slug not in DATASET:
        raise Http404
    return DATASET[slug]


@public_page
def catalogue(request: HttpRequest) -> HttpResponse:
    """All datasets, and how they may be used."""
    return render(
        request, "open_data/catalogue.html", {"groups": GROUPS, "licence": LICENCE, "licence_url": LICENCE_URL}
    )


@public_page
def dataset(request: HttpRequest, slug: str) -> HttpResponse:
    """One dataset: its files, and what each column means."""
    values = {
        "dataset": find_dataset(slug),
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "council": settings.PORTAL_COUNCIL,
    }
    return render(request, "open_data/dataset.html", values)


@require_safe
def dataset_file(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """A dataset as a file, sent while its rows are read; 304 for whoever has it and nothing public has changed since."""
    found = find_dataset(slug)
    if ending not in FORMATS:
        raise Http404
    media_type, parts = FORMATS[ending]
    etag = public_etag()
    response = get_conditional_response(request, etag=etag)
    if response is None:
        day = timezone.localdate()
        response = cast(HttpResponse, StreamingHttpResponse(parts(found, day), content_type=media_type))
        response["Content-Disposition"] = f'attachment; filename="{found.slug}-{day}.{ending}"'
    response["ETag"] = etag
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, no_cache=True)
    return response
