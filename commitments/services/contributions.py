"""Contributions: what delivery organisations are asked in a round, who answers, and how."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from commitments.models import Contribution, Evidence, HistoryEntry, Round, SectorView
from commitments.permissions.progress import check_can_run_rounds
from commitments.queries.signatories import asked_to_reaffirm
from commitments.services.rounds import make_tasks
from commitments.services.tasks import check_can_take
from partners import roles
from partners.models import Organisation, User
from partners.permissions import has_permission_for
from vcsportal.common.words import NotAllowed, NotNow


def mark_answered(*, by: User, at: datetime, organisation: Organisation, answer: str, strategy_id: int) -> None:
    """Note that an organisation has answered in the running rounds of a strategy. Other services call it in their transaction.

    :param answer: a code of :data:`commitments.models.rounds.CONTRIBUTION_ANSWERS`. What was answered first stays, unless it was "nothing".
        A signatory is asked whether it still stands by a charter, which only :func:`mark_reaffirmed` answers.
    """
    asked = Contribution.objects.filter(
        organisation=organisation, round__strategy=strategy_id, round__in=Round.objects.running()
    )
    asked = asked.filter(answer__in=["", "nothing"]).exclude(asked_to_reaffirm())
    asked.update(answer=answer, answered_at=at, answered_by=by)


def mark_reaffirmed(*, by: User, at: datetime, organisation: Organisation, round_: Round) -> None:
    """Note that a signatory has said in this round that it still stands by a charter. Part of the transaction that records it.

    The rounds of other years ask for themselves. Noting it twice changes nothing.
    """
    asked = Contribution.objects.filter(organisation=organisation, round=round_).exclude(answer="stands")
    asked.update(answer="stands", answered_at=at, answered_by=by)


def answer_taken_back(*, by: User, at: datetime, organisation: Organisation, strategy_ids: Iterable[int]) -> None:
    """Look again at what an organisation has answered in the running rounds of some strategies, once it has withdrawn something.

    Where another answer stands, that one counts; where none does, the organisation is asked again and the history says so.
    "Nothing to add" stays. Other services call it in their transaction, after the change.
    """
    answered = (
        Contribution.objects.select_for_update(
            of=("self",)
        )  # of two that are withdrawn at once, the second sees the first
        .filter(organisation=organisation, round__strategy__in=list(strategy_ids), round__in=Round.objects.running())
        .filter(answer__in=["evidence", "view"])
        .select_related("round")
        .order_by("id")
    )
    for contribution in answered:
        standing = _standing_answers(contribution)
        if contribution.answer in standing:
            continue
        answer = next(iter(standing), "")
        contribution.answer = answer
        contribution.answered_at, contribution.answered_by = standing.get(answer, (None, None))
        contribution.save(update_fields=["answer", "answered_at", "answered_by"])
        if not answer:
            make_tasks(round_=contribution.round, at=at)
            said = {"organisation": organisation.name}
            HistoryEntry.objects.create(at=at, by=by, act="answer_taken_back", round=contribution.round, said=said)


def _standing_answers(contribution: Contribution) -> dict[str, tuple[datetime | None, User | None]]:
    """Return an organisation's answers in a round by their codes, each with the time and the person who gave it.

    Evidence that was returned still answers: it is a task of its own until it is sent again or withdrawn.
    """
    round_, organisation = contribution.round, contribution.organisation_id
    found: dict[str, tuple[datetime | None, User | None]] = {}
    of_strategy = Q(commitments__strategy=round_.strategy_id) | Q(council_chooses_in=round_.strategy_id)
    sent = Evidence.objects.filter(of_strategy, organisation=organisation)
    sent = sent.filter(state__in=["submitted", "accepted", "returned"], submitted_at__date__gte=round_.opens_on)
    if piece := sent.select_related("submitted_by").order_by("submitted_at", "id").first():
        found["evidence"] = piece.submitted_at, piece.submitted_by
    views = SectorView.objects.filter(organisation=organisation, round=round_, withdrawn_at=None)
    if view := views.select_related("said_by").order_by("said_at", "id").first():
        found["view"] = view.said_at, view.said_by
    return found


@transaction.atomic
def nothing_to_add(*, by: User, at: datetime, contribution: Contribution) -> None:
    """Say that the organisation has nothing to add this year. Evidence that it sends later takes its place."""
    contribution = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("round", "organisation")
        .get(pk=contribution.pk)
    )
    if not has_permission_for(by, roles.LOG_EVIDENCE, contribution.organisation_id):
        raise NotAllowed("Only people from the organisation can answer for it.")
    if contribution.round.state not in {"open", "in_review"}:
        raise NotNow(f"The {contribution.round.label} round is not open.")
    if contribution.answer:
        return  # the second click of two, or evidence was quicker
    if Contribution.objects.filter(asked_to_reaffirm(), pk=contribution.pk).exists():
        raise NotNow(
            f"{contribution.organisation.name} is asked whether it still stands by “{contribution.round.strategy}”. "
            "You do not have to reply, and no reply does not count as a “no”."
        )
    mark_answered(
        by=by,
        at=at,
        organisation=contribution.organisation,
        answer="nothing",
        strategy_id=contribution.round.strategy_id,
    )
    said = {"organisation": contribution.organisation.name}
    HistoryEntry.objects.create(at=at, by=by, act="nothing_to_add", round=contribution.round, said=said)


@transaction.atomic
def ask_person(*, by: User, at: datetime, contribution: Contribution, to: User) -> None:
    """Ask somebody of the organisation by name. Raise :class:`Refused` without the right, or for a stranger to it."""
    contribution = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("round__strategy", "organisation")
        .get(pk=contribution.pk)
    )
    check_can_run_rounds(by, contribution.round.strategy)
    check_can_take(to, [], [contribution.organisation])
    if contribution.round.state == "closed":
        raise NotNow(f"The {contribution.round.label} round is closed.")
    Contribution.objects.filter(pk=contribution.pk).update(owed_by=to)
    make_tasks(round_=contribution.round, at=at)
    said = {"organisation": contribution.organisation.name, "to": to.name}
    HistoryEntry.objects.create(at=at, by=by, act="asked", round=contribution.round, said=said)
