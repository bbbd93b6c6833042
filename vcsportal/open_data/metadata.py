"""What programs and catalogues need to know of the datasets: CSV on the Web for each file, schema.org for the pages."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from reporting.exports.dictionary import LICENCE_URL
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.csvw import CONTEXT, DIALECT, column_description
from vcsportal.common.datasets import DataColumn, Dataset
from vcsportal.open_data.about import file_url, page_url
from vcsportal.open_data.catalogue import DATASETS

CSV, JSON, ODS = "csv", "json", "ods"
MEDIA_TYPES = {
    CSV: "text/csv",
    ODS: "application/vnd.oasis.opendocument.spreadsheet",
    JSON: "application/json",
}
"""The formats of every dataset, in the order in which they are offered."""
LABELS = {CSV: "CSV", ODS: "ODS", JSON: "JSON"}


def csv_description(dataset: Dataset, columns: Sequence[DataColumn], url: str) -> bytes:
    """Return the description of a CSV file, as CSV on the Web has it, in UTF-8.

    :param url: where the file is, absolute or beside the description.
    """
    content = {
        "@context": CONTEXT,
        "url": url,
        "dc:title": dataset.title,
        "dc:description": dataset.says,
        "dc:license": {"@id": LICENCE_URL},
        "dc:publisher": settings.PORTAL_COUNCIL,
        "dialect": DIALECT,
        "tableSchema": {"columns": [column_description(column) for column in columns]},
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def dataset_description(dataset: Dataset, same_since: date | None) -> dict[str, Any]:
    """Return a dataset as schema.org describes one.

    :param same_since: the day since which it has not changed, if that is known.
    """
    changed = {"dateModified": same_since.isoformat()} if same_since else {}
    return {
        "@context": "https://schema.org",
        **_dataset(dataset),
        **changed,
        "includedInDataCatalog": {"@id": _catalogue_url()},
    }


def catalogue_description() -> dict[str, Any]:
    """Return the catalogue of all datasets as schema.org describes one."""
    return {
        "@context": "https://schema.org",
        "@type": "DataCatalog",
        "@id": _catalogue_url(),
        "url": _catalogue_url(),
        "name": f"Data of the {settings.PORTAL_NAME}",
        "license": LICENCE_URL,
        "publisher": _publisher(),
        "dataset": [{"@type": "Dataset", **_short(dataset)} for dataset in DATASETS],
    }


def _dataset(dataset: Dataset) -> dict[str, Any]:
    return {
        "@type": "Dataset",
        **_short(dataset),
        "keywords": list(dataset.keywords),
        "inLanguage": "en-GB",
        "isAccessibleForFree": True,
        "license": LICENCE_URL,
        "creator": _publisher(),
        "publisher": _publisher(),
        "variableMeasured": [
            {"@type": "PropertyValue", "name": column.name, "description": column.meaning} for column in dataset.columns
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f"{dataset.title} as {LABELS[ending]}",
                "contentUrl": file_url(dataset, ending),
                "encodingFormat": media_type,
            }
            for ending, media_type in MEDIA_TYPES.items()
        ],
    }


def _short(dataset: Dataset) -> dict[str, Any]:
    url = page_url(dataset)
    return {
        "@id": url,
        "url": url,
        "name": dataset.title,
        "description": f"{dataset.says} From the {settings.PORTAL_NAME}.",
    }


def _publisher() -> dict[str, Any]:
    return {"@type": "Organization", "name": settings.PORTAL_COUNCIL, "url": portal_url("/")}


def _catalogue_url() -> str:
    return portal_url(reverse("open-data"))
