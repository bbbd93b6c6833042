"""What the council asked an organisation for in a year, which colleague, and what became of it. Only its own people read this."""

from datetime import date, datetime, time
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from commitments.models import Contribution, HistoryEntry
from commitments.reading.organisation_year.shapes import CouncilRequest
from partners.models import Organisation


def asked_in_year(organisation: Organisation, first: date, last: date) -> list[CouncilRequest]:
    """Return what it was asked, the earliest first. Two queries."""
    return sorted([*_rounds(organisation, first, last), *_returned(organisation, first, last)], key=lambda row: row.on)


def _rounds(organisation: Organisation, first: date, last: date) -> list[CouncilRequest]:
    rows = Contribution.objects.filter(organisation=organisation, round__opens_on__range=(first, last))
    return [
        CouncilRequest(
            what=f"What it did, for {row.round.label} of {row.round.strategy.title}",
            url=row.round.get_absolute_url(),
            on=row.round.opens_on,
            of=row.owed_by.name if row.owed_by else "",
            answer=row.answer_said if row.answer else "Not answered",
            answered_at=row.answered_at,
        )
        for row in rows.exclude(round__state="planned").select_related("round__strategy", "owed_by")
    ]


def _returned(organisation: Organisation, first: date, last: date) -> list[CouncilRequest]:
    days = [timezone.make_aware(datetime.combine(day, at)) for day, at in ((first, time.min), (last, time.max))]
    rows: Any = HistoryEntry.objects.filter(evidence__organisation=organisation, act="return", at__range=days)
    again = HistoryEntry.objects.filter(evidence=OuterRef("evidence"), act="return", at__gt=OuterRef("at"))
    return [
        CouncilRequest(
            what=f"More about “{row.evidence.title}”",
            url=reverse("commitments:evidence", args=[row.evidence.pk]),
            on=timezone.localdate(row.at),
            of=row.evidence.logged_by.name,
            answer="Not answered" if row.evidence.state == "returned" and not row.asked_again else "Answered",
        )
        for row in rows.annotate(asked_again=Exists(again)).select_related("evidence__logged_by").order_by("at", "pk")
        if row.evidence is not None
    ]
