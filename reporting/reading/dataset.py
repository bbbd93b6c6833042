"""An edition as a schema.org dataset, for search engines and catalogues: what it covers, its licence, its files with their checksums."""

import json
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from reporting.exports.dictionary import LICENCE_URL
from reporting.models import Edition
from reporting.reading import round_editions

MEDIA_TYPE: Final = "application/ld+json"
# Within a script, these could end it.
_ESCAPES: Final = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def dataset_of(edition: Edition, suspended: frozenset[str]) -> dict[str, Any]:
    """Return the edition, read ``with_files``; files that are suspended or erased are left out.

    :param suspended: the kinds of content that may not be shown (:mod:`reporting.reading.suspension`).
    """
    round_, strategy = edition.round, edition.round.strategy
    publisher = {"@type": "Organization", "name": settings.PORTAL_COUNCIL, "url": _whole("/")}
    published = {"datePublished": timezone.localdate(edition.published_at).isoformat()} if edition.published_at else {}
    address = _whole(reverse("reporting:edition-read", args=[edition.pk]))
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": address,
        "url": address,
        "name": f"{strategy.title}: report for {round_.label}",
        "description": f"What was reported about {strategy.title} for {round_.label}: "
        "commitments and their status, evidence, actions and changes, as a report and as tables.",
        "identifier": f"sha256:{edition.facts_sha256}",
        "version": str(edition.number),
        **published,
        "temporalCoverage": f"{round_.observes_from.isoformat()}/{round_.observes_to.isoformat()}",
        "inLanguage": "en-GB",
        "isAccessibleForFree": True,
        "license": LICENCE_URL,
        "creator": {"@type": "Organization", "name": strategy.owner.name},
        "publisher": publisher,
        "distribution": [
            _download(file)
            for file in round_editions.files(edition, suspended=suspended)
            if not file.suspended and not file.erased_at
        ],
    }


def data_block(content: Mapping[str, Any]) -> SafeString:
    """Return linked data for the head of a page. Browsers don't run it, and nothing in it can end it."""
    text = json.dumps(content, ensure_ascii=False).translate(_ESCAPES)
    return format_html('<script type="{}">{}</script>', MEDIA_TYPE, mark_safe(text))  # noqa: S308 - escaped above


def _download(file: round_editions.EditionFile) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "name": file.face.label,
        "description": file.face.says,
        "contentUrl": _whole(file.url),
        "encodingFormat": file.face.media_type,
        "contentSize": f"{file.kept.size} B",
        "sha256": file.kept.sha256,
    }


def _whole(path: str) -> str:
    return f"{settings.PORTAL_URL.rstrip('/')}{path}"
