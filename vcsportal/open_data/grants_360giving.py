"""Grants as the 360Giving Data Standard has them: a package in JSON, and the same rows as CSV with the standard's titles."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from commitments.models import Award
from commitments.reading.award_files import STANDARD_COLUMNS, award_row, json_row, org_id, public_grants
from partners.models import Organisation
from reporting.exports.dictionary import LICENCE_URL
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.csv_files import csv_lines
from vcsportal.common.datasets import CHUNK_ROWS

NAME: Final = "grants-360giving"
VERSION: Final = "1.4"
"""The version of the standard whose names of fields these are."""
OUR_OWN: Final = frozenset({"kind", "financialYear", "commitments"})
"""Names that the standard does not have."""


def json_pieces(day: date) -> Iterator[str]:
    """Yield the package in pieces: what it is, then each grant. The standard has no package without grants."""
    head = json.dumps(_package(day), ensure_ascii=False, indent=1)
    yield f'{head.removesuffix("}").rstrip()},\n "grants": ['
    separator = "\n"
    for award in _grants():
        grant = {name: value for name, value in json_row(award).items() if name not in OUR_OWN}
        yield f"{separator}{json.dumps(grant, ensure_ascii=False)}"
        separator = ",\n"
    yield "\n ]\n}\n"


def csv_pieces(day: date) -> Iterator[str]:
    """Yield the lines of the CSV file."""
    return csv_lines(STANDARD_COLUMNS, (award_row(award)[: len(STANDARD_COLUMNS)] for award in _grants()))


PIECES: Final[dict[str, Callable[[date], Iterator[str]]]] = {"json": json_pieces, "csv": csv_pieces}
"""By the ending of the address."""


def _grants() -> Iterable[Award]:
    """Yield the grants by their keys, in short queries."""
    found, last = public_grants(), 0
    while chunk := list(found.filter(pk__gt=last)[:CHUNK_ROWS]):
        yield from chunk
        last = chunk[-1].pk


def _publisher() -> dict[str, str]:
    """Return who publishes, with its number in a register where the portal knows it."""
    council = Organisation.objects.filter(slug=settings.PORTAL_COUNCIL_SLUG, identifiers__isnull=False).first()
    known = {"identifier": org_id(council)} if council else {}
    return known | {"name": settings.PORTAL_COUNCIL, "website": portal_url("/")}


def _package(day: date) -> dict[str, Any]:
    url = portal_url(reverse("grants-360giving", args=["json"]))
    return {
        "version": VERSION,
        "title": f"Grants listed by {settings.PORTAL_COUNCIL}",
        "description": f"Every grant that is listed on the {settings.PORTAL_NAME}. Awards to people are not listed.",
        "identifier": url,
        "issued": day.isoformat(),
        "modified": day.isoformat(),
        "publisher": _publisher(),
        "license": LICENCE_URL,
        "downloadURL": url,
        "accessURL": portal_url(reverse("dataset", args=["awards"])),
    }
