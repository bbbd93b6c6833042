"""What every form of a dataset says of it: title, licence, publisher, columns; and its addresses."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from reporting.exports.dictionary import LICENCE, LICENCE_URL
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.datasets import DataColumn, Dataset


def page_url(dataset: Dataset) -> str:
    """Return the address of a dataset's page."""
    return portal_url(reverse("dataset", args=[dataset.slug]))


def file_url(dataset: Dataset, ending: str) -> str:
    """Return the permanent address of a dataset's file."""
    return portal_url(reverse("dataset-file", args=[dataset.slug, ending]))


def about(dataset: Dataset, columns: Sequence[DataColumn], day: date) -> dict[str, Any]:
    """Return the head of a JSON file with these of its columns."""
    return {
        "dataset": dataset.slug,
        "title": dataset.title,
        "description": dataset.says,
        "as_of": day.isoformat(),
        "publisher": settings.PORTAL_COUNCIL,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "page": page_url(dataset),
        "columns": [
            {"name": column.name, "type": column.kind, "meaning": column.meaning, **({"unit": column.unit} if column.unit else {})}
            for column in columns
        ],
    }  # fmt: skip
