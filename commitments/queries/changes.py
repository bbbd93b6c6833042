"""Which rows have changed since a time, by the history that every service writes."""

from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from commitments.models import HistoryEntry
from commitments.rules import workflow
from vcsportal.common.api_choices import Changes

NOT_PUBLIC: Final = {
    "case_study": Q(act__in=[act.code for act in workflow.CASE_STUDY_ACTS if act.to != "accepted"]),
    "commitment": Q(update__isnull=False) & ~Q(act="approve") | Q(indicator__isnull=False),
    "engagement": Q(act="engagement_save"),
    "indicator": Q(act__in=[act.code for act in workflow.VALUE_ACTS if act.to != "approved"]),
    "response": Q(act__in=[act.code for act in workflow.RESPONSE_ACTS if act.to != "published"]),
    "point": Q(act__in=["point_assign", "point_direct", "point_contacts", "point_spam", "point_words"]),
}
"""Entries about something that everyone may read, which say nothing that everyone may read: a draft, or whose task it is."""


def changed_in_history(kind: str) -> Changes:
    """Return how it is known from the history whether a row has changed.

    :param kind: the field of the history that names the row, such as ``evidence``.
    """

    def condition(since: datetime) -> Q:
        entries: Any = HistoryEntry.objects.filter(**{kind: OuterRef("pk")}, at__gte=since)
        hidden = NOT_PUBLIC.get(kind)
        return Q(Exists(entries.exclude(hidden) if hidden else entries))

    return Changes(condition)
