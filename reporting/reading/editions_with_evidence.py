"""Which sealed editions include an item of evidence, for people who withdraw a consent: those editions never change."""

from typing import Any, Final

from django.db.models import F, Func, JSONField, Value
from django.urls import reverse

from commitments.queries.round_labels import round_label
from commitments.reading.consents import ConsentHolding
from reporting.models import ConsentedContent

HELD: Final = ("evidence", "late")
"""Where facts hold items of evidence: the year's, and those of earlier years that came in late."""


def first_in_facts(path: str) -> Any:
    """Return the first thing that a JSON path finds in an edition's facts, as a column."""
    return Func(
        F("facts"), Value(path), function="jsonb_path_query_first", template="%(function)s(%(expressions)s::jsonpath)",
        output_field=JSONField(),
    )  # fmt: skip


def editions_holding(evidence: int) -> list[ConsentHolding]:
    """Return the finished editions that show something of this item, the one asked for last first. One query."""
    rows = (
        ConsentedContent.objects.filter(evidence=evidence, edition__state="ready")
        .order_by("-edition__requested_at", "-edition_id")
        .values_list(
            "edition_id", "edition__number", round_label("edition__round"), "edition__published_at", "edition__withdrawal__at",
            "photographs", "story", "case_study", "quotation",
        )
    )  # fmt: skip
    return [
        ConsentHolding(
            title=f"Report for {slug}, edition {number}",
            url=reverse("reporting:edition", args=[pk]),
            public=published_at is not None and withdrawn_at is None,
            files=frozenset(photographs),
            story=story or case_study,
            quotation=quotation is not None,
            withdrawn=withdrawn_at is not None,
        )
        for pk, number, slug, published_at, withdrawn_at, photographs, story, case_study, quotation in rows
    ]
