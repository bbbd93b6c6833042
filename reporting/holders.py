"""Which sealed editions hold a piece of evidence. They never change, so those who take a consent back are told of them."""

from typing import Any

from django.db.models import F, Func, JSONField, Value
from django.urls import reverse

from commitments.reading.consents import Held
from reporting.facts import STORY_TAKEN_BACK
from reporting.models import Edition


def editions_holding(evidence: int) -> list[Held]:
    """Return the finished editions whose frozen facts tell of this piece, in one query."""
    piece: Any = Func(
        F("facts"),
        Value(f"$.evidence[*] ? (@.id == {int(evidence)})"),
        function="jsonb_path_query_first",
        template="%(function)s(%(expressions)s::jsonpath)",
        output_field=JSONField(),
    )
    editions = (
        Edition.objects.filter(state="ready", facts__evidence__contains=[{"id": evidence}])
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
