"""The pages of the open data, and its files. Everyone gets the same, signed in or not: what anyone may read."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from tempfile import SpooledTemporaryFile
from typing import Any, Final, cast

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from commitments.page_parts.public_pages import public_etag, public_page
from commitments.reading.datasets.county import AWARDS
from reporting.exports.dictionary import LICENCE, LICENCE_URL
from reporting.models import DataSnapshot
from reporting.reading.dataset import data_block
from vcsportal.common.datasets import Dataset
from vcsportal.open_data import grants_360giving
from vcsportal.open_data.about import file_url
from vcsportal.open_data.catalogue import DATASET, DATASETS, GROUPS
from vcsportal.open_data.files import csv_parts, json_parts
from vcsportal.open_data.metadata import (
    CSV,
    JSON,
    LABELS,
    MEDIA_TYPES,
    ODS,
    catalogue_description,
    csv_description,
    dataset_description,
)
from vcsportal.open_data.services.snapshots import as_made
from vcsportal.open_data.spreadsheet import write_spreadsheet
from vcsportal.privacy.retention_table import RULE

METADATA: Final = "csv-metadata.json"
"""The ending of the description of a CSV file, which CSV on the Web looks for beside it."""
_PIECE_BYTES: Final = 1 << 16
_MEMORY_BYTES: Final = 1 << 20
"""Up to this size a spreadsheet is made in memory, beyond it in a temporary file."""


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How a dataset is offered: its ending, and what people call it."""

    ending: str
    label: str


FORMATS: Final = tuple(FileFormat(ending, LABELS[ending]) for ending in MEDIA_TYPES)


def _csv(dataset: Dataset, day: date) -> Iterator[Any]:
    return csv_parts(dataset.columns, dataset.read(day))


def _json(dataset: Dataset, day: date) -> Iterator[Any]:
    return json_parts(dataset, dataset.columns, dataset.read(day), day)


def _ods(dataset: Dataset, day: date) -> Iterator[Any]:
    with SpooledTemporaryFile(max_size=_MEMORY_BYTES) as file:
        write_spreadsheet(cast(Any, file), dataset, dataset.read(day), at=timezone.now())
        file.seek(0)
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _metadata(dataset: Dataset, day: date) -> Iterator[Any]:
    yield csv_description(dataset, dataset.columns, file_url(dataset, CSV))


_FILES: Final[dict[str, tuple[str, Callable[[Dataset, date], Iterator[Any]]]]] = {
    CSV: ("text/csv; charset=utf-8; header=present", _csv),
    JSON: (MEDIA_TYPES[JSON], _json),
    ODS: (MEDIA_TYPES[ODS], _ods),
    METADATA: ("application/csvm+json", _metadata),
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
    newest = DataSnapshot.objects.defer("datasets").order_by("-day").first()
    values = {
        "groups": GROUPS,
        "formats": FORMATS,
        "snapshot": newest,
        "linked_data": data_block(catalogue_description()),
        **_licence(),
    }
    return render(request, "open_data/catalogue.html", values)


@public_page
def dataset(request: HttpRequest, slug: str) -> HttpResponse:
    """One dataset: its files, and what each column means."""
    found = find_dataset(slug)
    values = {
        "dataset": found,
        "has_grants": found.slug == AWARDS.slug,
        "grants_prefix": settings.PORTAL_360GIVING_PREFIX,
        "formats": FORMATS,
        "metadata_url": file_url(found, METADATA),
        "same_since": (since := same_since(found)),
        "linked_data": data_block(dataset_description(found, since)),
        "council": settings.PORTAL_COUNCIL,
        **_licence(),
    }
    return render(request, "open_data/dataset.html", values)


def same_since(found: Dataset) -> date | None:
    """Return the day since which the daily snapshots have found a dataset to be the same; None before the first."""
    newest = DataSnapshot.objects.order_by("-day").first()
    day = newest.datasets.get(found.slug, {}).get("same_since") if newest else None
    return date.fromisoformat(day) if day else None


def _licence() -> dict[str, str]:
    return {"licence": LICENCE, "licence_url": LICENCE_URL}


@public_page
def snapshot_list(request: HttpRequest) -> HttpResponse:
    """The daily snapshots, month by month, the newest first."""
    kept = DataSnapshot.objects.defer("datasets").order_by("-day")
    months = [(month, list(rows)) for month, rows in groupby(kept, key=lambda snapshot: snapshot.day.replace(day=1))]
    values = {
        "months": months,
        "kept_for": RULE["data_snapshots"].kept_for,
        "left_out": [found.title for found in DATASETS if not found.in_snapshots],
        **_licence(),
    }
    return render(request, "open_data/snapshots.html", values)


@require_safe
def snapshot_file(request: HttpRequest, day: str) -> HttpResponseBase:
    """The snapshot of a day, if its file is as it was made."""
    with suppress(ValueError):
        found = DataSnapshot.objects.filter(day=date.fromisoformat(day)).first()
        if found and (file := as_made(found)):
            etag = quote_etag(found.sha256)
            response: Any = get_conditional_response(request, etag=etag)
            if response is None:
                name = f"open-data-{found.day}.zip"
                response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
            else:
                file.close()
            response["ETag"] = etag
            response["Access-Control-Allow-Origin"] = "*"
            patch_cache_control(response, public=True, no_cache=True)
            return cast(HttpResponseBase, response)
    raise Http404


@require_safe
def dataset_file(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """A dataset as a file, sent while its rows are read; 304 for whoever has it and nothing public has changed since."""
    found = find_dataset(slug)
    if ending not in _FILES:
        raise Http404
    media_type, pieces = _FILES[ending]
    name = found.slug if ending in MEDIA_TYPES else ""
    response = _sent(request, f"{name}.{ending}" if name else "", media_type, lambda day: pieces(found, day))
    if ending == CSV:
        response["Link"] = f'<{file_url(found, METADATA)}>; rel="describedby"; type="application/csvm+json"'
    return response


@require_safe
def grants(request: HttpRequest, ending: str) -> HttpResponse:
    """The grants in the form of the 360Giving Data Standard, as JSON or CSV."""
    if ending not in grants_360giving.PIECES:
        raise Http404
    pieces = grants_360giving.PIECES[ending]
    return _sent(request, f"{grants_360giving.NAME}.{ending}", _FILES[ending][0], pieces)


def _sent(
    request: HttpRequest, name: str, media_type: str, pieces: Callable[[date], Iterable[str | bytes]]
) -> HttpResponse:
    """Return a file that is sent in pieces, for everyone and for scripts of other sites.

    :param name: its name for whoever keeps it, to which the day is added; "" for what is read where it is.
    """
    etag = public_etag()
    response = get_conditional_response(request, etag=etag)
    if response is None:
        day = timezone.localdate()
        response = cast(HttpResponse, StreamingHttpResponse(pieces(day), content_type=media_type))
        if name:
            stem, ending = name.rsplit(".", 1)
            response["Content-Disposition"] = f'attachment; filename="{stem}-{day}.{ending}"'
    response["ETag"] = etag
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, no_cache=True)
    return response
