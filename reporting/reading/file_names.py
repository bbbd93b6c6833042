"""The names of downloaded files, which say what the file is, so that people recognise it in a folder years later."""

import re
from typing import Final

from commitments.rules.periods import YEAR, period_of
from reporting.formats import ReportFormat
from reporting.models import Edition

NAMED_ANNUAL_UP_TO: Final = 4
"""The last shape of facts whose editions are called annual whatever their period: people know their files by that name."""
TERM: Final = re.compile(r"(?<=.)-\d{4}(-\d{2,4})?$")
"""The years at the end of a strategy's address, such as ``-2022-27``, which read like another year of the report."""


def file_name(edition: Edition, face: ReportFormat) -> str:
    """Return the name: the strategy in short, the period, what the file is, and the edition's number if there are several.

    For example ``oxfordshire-vcs-annual-report-2023-24-committee-paper.docx``; a report on a quarter is not called annual.
    Two queries, unless the edition was read with ``has_later`` and ``schema``.
    """
    strategy = TERM.sub("", edition.round.strategy.slug)
    parts = [strategy, _report(edition).replace(" ", "-"), edition.round.slug, face.document]
    has_later = getattr(edition, "has_later", None)
    if has_later is None:
        has_later = Edition.objects.filter(round=edition.round_id, number__gt=edition.number).exists()
    if edition.number > 1 or has_later:
        parts.append(f"edition-{edition.number}")
    return f"{'-'.join(filter(None, parts))}.{face.extension}"


def _report(edition: Edition) -> str:
    """Return what the report is called, as its own words say: "annual report" or "report"."""
    period = period_of(edition.round.observes_from, edition.round.observes_to)
    if period == YEAR:
        return YEAR.report
    schema = getattr(edition, "schema", None)
    if schema is None:
        schema = Edition.objects.filter(pk=edition.pk).values_list("facts__schema", flat=True).first()
    return period.report if isinstance(schema, int) and schema > NAMED_ANNUAL_UP_TO else YEAR.report
