"""Who wrote or changed what is waiting for a second person: nobody approves or accepts their own work."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from commitments.models.evidence import Evidence, EvidenceQuerySet
from commitments.models.history import HistoryEntry
from commitments.models.progress import ProgressUpdate
from partners.models import User

_UPDATE_ACTS = ("save", "submit")
_EVIDENCE_ACTS = ("log", "edit", "submit")


def _update_writers(update: Any) -> QuerySet[HistoryEntry, Any]:
    """The people who saved or sent an update since it was last approved. What was approved before had its second person."""
    approved = HistoryEntry.objects.filter(update=update, act="approve").order_by("-id").values("id")[:1]
    since = HistoryEntry.objects.filter(
        update=update, act__in=_UPDATE_ACTS, id__gt=Coalesce(Subquery(approved), Value(0)), by__isnull=False
    )
    return since.values_list("by", flat=True).distinct().order_by("by")


def _evidence_writers(evidence: Any) -> QuerySet[HistoryEntry, Any]:
    acts = HistoryEntry.objects.filter(evidence=evidence, act__in=_EVIDENCE_ACTS, by__isnull=False)
    return acts.values_list("by", flat=True).distinct().order_by("by")


def with_update_writers(updates: QuerySet[ProgressUpdate]) -> Any:
    """Add ``writer_ids`` to each update of a list, so that :func:`update_writers` asks nothing more."""
    return updates.annotate(writer_ids=ArraySubquery(_update_writers(OuterRef("pk"))))


def with_evidence_writers(items: EvidenceQuerySet) -> Any:
    """Add ``writer_ids`` and ``about`` to each item of a list, so that asking who may accept it asks nothing more."""
    return items.with_strategies().annotate(writer_ids=ArraySubquery(_evidence_writers(OuterRef("pk"))))


def update_writers(update: ProgressUpdate) -> set[int]:
    """Return the keys of whoever wrote, saved or sent an update since it was last approved. One query, or none in a list."""
    known = update.__dict__.get("writer_ids")
    found = set(known if known is not None else _update_writers(update.pk))
    return found | {person for person in (update.saved_by_id, update.submitted_by_id) if person is not None}


def evidence_writers(evidence: Evidence) -> set[int]:
    """Return the keys of whoever logged, changed or sent an item of evidence. One query, or none in a list."""
    known = evidence.__dict__.get("writer_ids")
    found = set(known if known is not None else _evidence_writers(evidence.pk))
    return found | {person for person in (evidence.logged_by_id, evidence.submitted_by_id) if person is not None}


def without_updates_of(person: User, updates: QuerySet[ProgressUpdate]) -> QuerySet[ProgressUpdate]:
    """Leave out the updates that the person wrote or sent, even in part: they can't approve these."""
    mine = _update_writers(OuterRef("pk")).filter(by=person)
    return updates.exclude(Exists(mine)).exclude(submitted_by=person).exclude(saved_by=person)


def without_evidence_of(person: User, items: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Leave out of a list of evidence what the person logged, changed or sent, so can't accept."""
    mine = _evidence_writers(OuterRef("pk")).filter(by=person)
    return items.exclude(Exists(mine)).exclude(logged_by=person).exclude(submitted_by=person)
