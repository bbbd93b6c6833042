"""Who wrote or changed what is waiting for a second person: nobody approves or accepts their own work."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from commitments.models.evidence import Evidence, EvidenceQuerySet
from commitments.models.history import HistoryEntry
from commitments.models.progress import ProgressUpdate
from commitments.models.responses import Response
from partners import roles
from partners.kinds import PUBLIC_BODY
from partners.models import RoleGrant, User
from partners.people_with_permission import owners_grants, supporters_grants
from partners.permissions import (
    answers_as_owner,
    answers_as_supporter,
    owned_where,
    reaches_every_strategy,
    supported_where,
)

_UPDATE_ACTS = ("save", "submit")
_RESPONSE_ACTS = ("response_save", "response_submit")
_EVIDENCE_ACTS = ("log", "edit", "submit")


def _update_writers(update: Any = None, depth: int = 1) -> QuerySet[HistoryEntry, Any]:
    """The people who saved or sent an update since it was last approved. What was approved before had its second person.

    :param update: its key; None where a query so many levels further out, ``depth``, reads the updates.
    """
    approved = (
        HistoryEntry.objects.filter(update=update or _outer(depth + 1), act="approve").order_by("-id").values("id")[:1]
    )
    since = HistoryEntry.objects.filter(
        update=update or _outer(depth),
        act__in=_UPDATE_ACTS,
        id__gt=Coalesce(Subquery(approved), Value(0)),
        by__isnull=False,
    )
    return since.values_list("by", flat=True).distinct().order_by("by")


def _outer(depth: int) -> Any:
    found: Any = "pk"
    for _ in range(depth):
        found = OuterRef(found)
    return found


def _evidence_writers(evidence: Any) -> QuerySet[HistoryEntry, Any]:
    acts = HistoryEntry.objects.filter(evidence=evidence, act__in=_EVIDENCE_ACTS, by__isnull=False)
    return acts.values_list("by", flat=True).distinct().order_by("by")


def response_writers(response: Response) -> set[int]:
    """Return the keys of whoever wrote, saved or sent a response since it was last approved. One query."""
    entries = HistoryEntry.objects.filter(response=response)
    approved = entries.filter(act="response_approve").order_by("-id").values("id")[:1]
    since = entries.filter(act__in=_RESPONSE_ACTS, by__isnull=False, id__gt=Coalesce(Subquery(approved), Value(0)))
    known = {response.saved_by_id, response.submitted_by_id}
    return set(since.values_list("by", flat=True)) | {person for person in known if person is not None}


def with_update_writers(updates: QuerySet[ProgressUpdate]) -> Any:
    """Add ``writer_ids`` and ``turn`` to each update of a list, so that asking who may approve it asks nothing more."""
    return updates.select_related("commitment__strategy__owner").annotate(
        writer_ids=ArraySubquery(_update_writers()), turn=_turn()
    )


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


def _turn() -> Case:
    """Return whose turn it is to approve an update of the outer query: ``owner`` or ``supporter`` alone, or "" for whoever may.

    A council's updates are approved by whoever may. Elsewhere a second person of the owner's comes first, then one of those
    who support the owner.
    """
    strategy = "commitment__strategy"
    return Case(
        When(**{f"{strategy}__owner__kind": PUBLIC_BODY}, then=Value("")),
        When(_has_second(owners_grants(roles.APPROVE_UPDATES, OuterRef(f"{strategy}__owner"))), then=Value("owner")),
        When(
            _has_second(supporters_grants(roles.APPROVE_UPDATES, OuterRef(f"{strategy}__supported_by"))),
            then=Value("supporter"),
        ),
        default=Value(""),
        output_field=CharField(),
    )


def _has_second(grants: Q) -> Exists:
    """Return whether one of these roles is held by somebody who did not write the update of the outer query."""
    held = RoleGrant.objects.current().filter(grants, person__is_active=True)
    for name in ("saved_by", "submitted_by"):
        held = held.exclude(person=Coalesce(OuterRef(name), Value(0)))
    return Exists(held.exclude(Exists(_update_writers(depth=2).filter(by=OuterRef("person")))))


def turn_of(update: ProgressUpdate) -> str:
    """Return whose turn it is to approve an update, as :func:`_turn` says. One query, or none in a list."""
    known = update.__dict__.get("turn")
    if known is None:
        known = (
            ProgressUpdate.objects.filter(pk=update.pk).annotate(turn=_turn()).values_list("turn", flat=True).first()
        )
    return known or ""


def waits_for_somebody_nearer(person: Any, update: ProgressUpdate) -> str:
    """Return, in a sentence, that an update waits for somebody nearer to the strategy's owner, or "" if the person may approve it.

    The caller has made sure that the person may approve updates of the strategy.
    """
    strategy = update.commitment.strategy
    if strategy.is_councils or answers_as_owner(person, roles.APPROVE_UPDATES, strategy):
        return ""
    turn = turn_of(update)
    if turn == "owner":
        return f"Someone else at {strategy.owner.name} can approve this update, so it waits for them."
    if turn == "supporter" and not answers_as_supporter(person, roles.APPROVE_UPDATES, strategy):
        return f"Someone at {strategy.supported_by} can approve this update, so it waits for them."
    return ""


def without_updates_of(person: User, updates: QuerySet[ProgressUpdate]) -> QuerySet[ProgressUpdate]:
    """Leave out the updates that the person can't approve: those they wrote or sent, even in part, and those that somebody
    nearer to the strategy's owner approves.
    """
    codes, way = [roles.APPROVE_UPDATES], "commitment__strategy"
    if reaches_every_strategy(person, roles.APPROVE_UPDATES) or supported_where(person, codes, way):
        in_turn = (
            owned_where(person, codes, way) | Q(turn="") | (Q(turn="supporter") & supported_where(person, codes, way))
        )
        updates = updates.alias(turn=_turn()).filter(in_turn)
    mine = _update_writers().filter(by=person)
    return updates.exclude(Exists(mine)).exclude(submitted_by=person).exclude(saved_by=person)


def without_evidence_of(person: User, items: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Leave out of a list of evidence what the person logged, changed or sent, so can't accept."""
    mine = _evidence_writers(OuterRef("pk")).filter(by=person)
    return items.exclude(Exists(mine)).exclude(logged_by=person).exclude(submitted_by=person)
