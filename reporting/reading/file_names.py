"""The names of downloaded files, which say what the file is, so that people recognise it in a folder years later."""

import re
from typing import Final

from reporting.formats import ReportFormat
from reporting.models import Edition

TERM: Final = re.compile(r"(?<=.)-\d{4}(-\d{2,4})?$")
"""The years at the end of a strategy's address, such as ``-2022-27``, which read like another year of the report."""


def file_name(edition: Edition, face: ReportFormat) -> str:
    """Return the name: the strategy in short, the year, what the file is, and the edition's number if there are several.

    For example ``oxfordshire-vcs-annual-report-2023-24-committee-paper.docx``. One query, unless the edition was read with
    ``has_later``.
    """
    strategy = TERM.sub("", edition.round.strategy.slug)
    parts = [strategy, "annual-report", edition.round.slug, face.document]
    has_later = getattr(edition, "has_later", None)
    if has_later is None:
        has_later = Edition.objects.filter(round=edition.round_id, number__gt=edition.number).exists()
    if edition.number > 1 or has_later:
        parts.append(f"edition-{edition.number}")
    return f"{'-'.join(filter(None, parts))}.{face.extension}"
