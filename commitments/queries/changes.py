"""Which rows have changed since a time, by the history that every service writes."""

from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

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


_STRATEGY_ACTS: Final = ("amend", "add_strategy", "add_priority")
_ROUND_ACTS: Final = (
    "amend",
    "round_add",
    "round_plan",
    "round_days",
    *(f"round_{act.code}" for act in workflow.ROUND_ACTS),
)


def _said(name: str) -> Any:
    return KeyTextTransform(name, "said")


def strategy_changed(since: datetime) -> Q:
    """Return the condition that a strategy itself was added or amended then or later; its priorities are not looked at."""
    entries: Any = HistoryEntry.objects.filter(act__in=_STRATEGY_ACTS, at__gte=since, commitment=None, round=None)
    entries = entries.exclude(said__has_key="priority").annotate(of=_said("strategy"))
    return Q(Exists(entries.filter(of=OuterRef("slug"))))


def priority_changed(since: datetime) -> Q:
    """Return the condition that a priority was added or amended then or later, or that a commitment was added to it or renumbered."""
    entries: Any = HistoryEntry.objects.filter(act__in=_STRATEGY_ACTS, at__gte=since, commitment=None, round=None)
    here = entries.annotate(of=_said("strategy"), number=_said("priority")).filter(
        of=OuterRef("strategy__slug"), number=Cast(OuterRef("number"), TextField())
    )
    lists: Any = HistoryEntry.objects.filter(act__in=("add", "renumber"), at__gte=since)
    return Q(Exists(here)) | Q(Exists(lists.filter(commitment__priority=OuterRef("pk"))))


def round_changed(since: datetime) -> Q:
    """Return the condition that a round was planned, given other days or moved on then or later; who is asked is not looked at."""
    return Q(Exists(HistoryEntry.objects.filter(round=OuterRef("pk"), act__in=_ROUND_ACTS, at__gte=since)))


def part_changed(since: datetime) -> Q:
    """Return the condition that an organisation's part in delivering a commitment was recorded, changed or ended then or later.

    An organisation that has had two parts one after the other is found with both.
    """
    entries: Any = HistoryEntry.objects.filter(commitment=OuterRef("commitment"), act="assign", at__gte=since)
    here = entries.annotate(organisation=KeyTextTransform("organisation", KeyTransform("part", "said")))
    return Q(Exists(here.filter(organisation=Cast(OuterRef("organisation"), TextField()))))
