"""Which sealed editions hold a piece of evidence. They never change, so those who take a consent back are told of them."""

from typing import Any, Final

from django.db.models import F, Func, JSONField, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from commitments.reading.consents import Held
from reporting.facts import STORY_TAKEN_BACK
from reporting.models import Edition

HELD: Final = ("evidence", "late")
"""Where facts hold items of evidence: the year's, and those of earlier years that came in late."""


def first_in_facts(path: str) -> Any:
    """Return the first thing that a JSON path finds in an edition's facts, as a column."""
    return Func(
        F("facts"), Value(path), function="jsonb_path_query_first", template="%(function)s(%(expressions)s::jsonpath)",
        output_field=JSONField(),
    )  # fmt: skip


def editions_holding(evidence: int) -> list[Held]:
    """Return the finished editions whose frozen facts tell of this piece, in one query."""
    piece: Any = Coalesce(*(first_in_facts(f"$.{held}[*] ? (@.id == {int(evidence)})") for held in HELD))
    holds = Q(facts__evidence__contains=[{"id": evidence}]) | Q(facts__late__contains=[{"id": evidence}])
    editions = (
        Edition.objects.filter(holds, state="ready")
        .annotate(piece=piece)
        .order_by("-requested_at", "-id")
        .values_list("pk", "number", "round__slug", "published_at", "withdrawal__at", "piece")
    )
    return [
        Held(
            title=f"Report for {slug}, edition {number}",
            url=reverse("reporting:edition", args=[pk]),
            public=published_at is not None and withdrawn_at is None,
            files=frozenset(photograph["file"] for photograph in told.get("photographs", ())),
            story=told.get("story", "") not in ("", STORY_TAKEN_BACK),
            withdrawn=withdrawn_at is not None,
        )
        for pk, number, slug, published_at, withdrawn_at, told in editions
        if told
    ]
