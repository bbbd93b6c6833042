"""Who wrote or changed what is waiting for a second person: nobody approves or accepts their own work."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from commitments.models.case_studies import CaseStudy, CaseStudyQuerySet
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
_CASE_STUDY_ACTS = ("case_save", "case_submit")
_RESPONSE_ACTS = ("response_save", "response_submit")
Writers = Callable[..., QuerySet[HistoryEntry, Any]]
_EVIDENCE_ACTS = ("log", "edit", "submit")


def _writers(
    of: str, acts: tuple[str, ...], approval: str, key: Any = None, depth: int = 1
) -> QuerySet[HistoryEntry, Any]:
    """The people who saved or sent something since it was last approved. What was approved before had its second person.

    :param of: what the history calls it, ``update`` or ``response``.
    :param key: its key; None where a query so many levels further out, ``depth``, reads the updates or responses.
    """
    approved = (
        HistoryEntry.objects.filter(**{of: key or _outer(depth + 1)}, act=approval).order_by("-id").values("id")[:1]
    )
    since = HistoryEntry.objects.filter(
        **{of: key or _outer(depth)},
        act__in=acts,
        id__gt=Coalesce(Subquery(approved), Value(0)),
        by__isnull=False,
    )
    return since.values_list("by", flat=True).distinct().order_by("by")


_update_writers = partial(_writers, "update", _UPDATE_ACTS, "approve")
_case_study_writers = partial(_writers, "case_study", _CASE_STUDY_ACTS, "case_accept")
_response_writers = partial(_writers, "response", _RESPONSE_ACTS, "response_approve")


def _outer(depth: int) -> Any:
    found: Any = "pk"
    for _ in range(depth):
        found = OuterRef(found)
    return found


def _evidence_writers(evidence: Any) -> QuerySet[HistoryEntry, Any]:
    acts = HistoryEntry.objects.filter(evidence=evidence, act__in=_EVIDENCE_ACTS, by__isnull=False)
    return acts.values_list("by", flat=True).distinct().order_by("by")


def response_writers(response: Response) -> set[int]:
    """Return the keys of whoever wrote, saved or sent a response since it was last approved. One query, or none in a list."""
    return _known_writers(response, _response_writers)


def with_response_writers(responses: QuerySet[Response]) -> Any:
    """Add ``writer_ids`` and ``turn`` to each response of a list, so that asking who may approve it asks nothing more."""
    return responses.annotate(writer_ids=ArraySubquery(_response_writers()), turn=_turn(_response_writers))


def with_update_writers(updates: QuerySet[ProgressUpdate]) -> Any:
    """Add ``writer_ids`` and ``turn`` to each update of a list, so that asking who may approve it asks nothing more."""
    return updates.select_related("commitment__strategy__owner").annotate(
        writer_ids=ArraySubquery(_update_writers()), turn=_turn(_update_writers)
    )


def with_evidence_writers(items: EvidenceQuerySet) -> Any:
    """Add ``writer_ids`` and ``about`` to each item of a list, so that asking who may accept it asks nothing more."""
    return items.with_strategies().annotate(writer_ids=ArraySubquery(_evidence_writers(OuterRef("pk"))))


def update_writers(update: ProgressUpdate) -> set[int]:
    """Return the keys of whoever wrote, saved or sent an update since it was last approved. One query, or none in a list."""
    return _known_writers(update, _update_writers)


def _known_writers(written: ProgressUpdate | Response, writers: Writers) -> set[int]:
    known = written.__dict__.get("writer_ids")
    found = set(known if known is not None else writers(written.pk))
    return found | {person for person in (written.saved_by_id, written.submitted_by_id) if person is not None}


def evidence_writers(evidence: Evidence) -> set[int]:
    """Return the keys of whoever logged, changed or sent an item of evidence. One query, or none in a list."""
    known = evidence.__dict__.get("writer_ids")
    found = set(known if known is not None else _evidence_writers(evidence.pk))
    return found | {person for person in (evidence.logged_by_id, evidence.submitted_by_id) if person is not None}


def case_study_writers(case_study: CaseStudy) -> set[int]:
    """Return the keys of whoever wrote or sent a case study since it was last accepted. One query."""
    return set(_case_study_writers(case_study.pk))


def without_case_studies_of(person: User, items: CaseStudyQuerySet) -> CaseStudyQuerySet:
    """Leave out of a list of case studies what the person wrote or sent, so can't accept."""
    return items.exclude(Exists(_case_study_writers().filter(by=person)))


def _turn(writers: Writers) -> Case:
    """Return whose turn it is to approve an update, or the owner's response, of the outer query: ``owner`` or ``supporter``
    alone, or "" for whoever may.

    A council's are approved by whoever may. Elsewhere a second person of the owner's comes first, then one of those
    who support the owner.

    :param writers: finds who wrote what the outer query reads.
    """
    strategy = "commitment__strategy"
    return Case(
        When(**{f"{strategy}__owner__kind": PUBLIC_BODY}, then=Value("")),
        When(
            _has_second(owners_grants(roles.APPROVE_UPDATES, OuterRef(f"{strategy}__owner")), writers),
            then=Value("owner"),
        ),
        When(
            _has_second(supporters_grants(roles.APPROVE_UPDATES, OuterRef(f"{strategy}__supported_by")), writers),
            then=Value("supporter"),
        ),
        default=Value(""),
        output_field=CharField(),
    )


def _has_second(grants: Q, writers: Writers) -> Exists:
    """Return whether one of these roles is held by somebody who did not write what the outer query reads."""
    held = RoleGrant.objects.current().filter(grants, person__is_active=True)
    for name in ("saved_by", "submitted_by"):
        held = held.exclude(person=Coalesce(OuterRef(name), Value(0)))
    return Exists(held.exclude(Exists(writers(depth=2).filter(by=OuterRef("person")))))


def turn_of(written: ProgressUpdate | Response) -> str:
    """Return whose turn it is to approve an update or the owner's response, as :func:`_turn` says. One query, or none in a list."""
    known = written.__dict__.get("turn")
    if known is None:
        kind, writers = (
            (Response, _response_writers) if isinstance(written, Response) else (ProgressUpdate, _update_writers)
        )
        found: Any = kind.objects.filter(pk=written.pk)
        known = found.annotate(turn=_turn(writers)).values_list("turn", flat=True).first()
    return known or ""


def waits_for_somebody_nearer(person: Any, written: ProgressUpdate | Response) -> str:
    """Return, in a sentence, that an update, or the owner's response, waits for somebody nearer to the strategy's owner; ""
    if the person may approve it.

    The caller has made sure that the person may approve updates of the strategy.
    """
    strategy = written.commitment.strategy
    what = "response" if isinstance(written, Response) else "update"
    if strategy.is_councils or answers_as_owner(person, roles.APPROVE_UPDATES, strategy):
        return ""
    turn = turn_of(written)
    if turn == "owner":
        return f"Someone else at {strategy.owner.name} can approve this {what}, so it waits for them."
    if turn == "supporter" and not answers_as_supporter(person, roles.APPROVE_UPDATES, strategy):
        return f"Someone at {strategy.supported_by} can approve this {what}, so it waits for them."
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
        updates = updates.alias(turn=_turn(_update_writers)).filter(in_turn)
    mine = _update_writers().filter(by=person)
    return updates.exclude(Exists(mine)).exclude(submitted_by=person).exclude(saved_by=person)


def without_evidence_of(person: User, items: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Leave out of a list of evidence what the person logged, changed or sent, so can't accept."""
    mine = _evidence_writers(OuterRef("pk")).filter(by=person)
    return items.exclude(Exists(mine)).exclude(logged_by=person).exclude(submitted_by=person)
