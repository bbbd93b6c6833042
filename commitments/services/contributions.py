"""What delivery organisations are asked in a round, whom, and how they answer."""

from datetime import datetime

from django.db import transaction

from commitments.models import Contribution, Evidence, HistoryEntry, Round, SectorView
from commitments.permissions import check_can_run_rounds
from commitments.services.rounds import make_tasks
from commitments.services.tasks import check_can_take
from partners import roles
from partners.models import Organisation, User
from partners.permissions import has_permission
from vcsportal.common.words import Refused


def mark_answered(*, by: User, at: datetime, organisation: Organisation, answer: str, strategy_id: int) -> None:
    """Note that an organisation has answered in the running rounds of a strategy. Other services call it in their transaction.

    :param answer: a code of :data:`commitments.models.rounds.ANSWERS`. What was answered first stays, unless it was "nothing".
    """
    Contribution.objects.filter(
        organisation=organisation,
        round__strategy=strategy_id,
        round__in=Round.objects.running(),
        answer__in=["", "nothing"],
    ).update(answer=answer, answered_at=at, answered_by=by)


def answer_taken_back(*, at: datetime, organisation: Organisation, round_: Round) -> None:
    """Ask an organisation again whose only answer was a view that it has withdrawn. Other services call it in their transaction."""
    if SectorView.objects.filter(organisation=organisation, round=round_, withdrawn_at=None).exists():
        return
    answered = Contribution.objects.filter(organisation=organisation, round=round_, answer="view")
    sent = Evidence.objects.filter(organisation=organisation, commitments__strategy=round_.strategy_id)
    if sent.filter(state__in=["submitted", "accepted"], submitted_at__date__gte=round_.opens_on).exists():
        answered.update(answer="evidence")
    elif answered.update(answer="", answered_at=None, answered_by=None):
        make_tasks(round_=round_, at=at)


@transaction.atomic
def nothing_to_add(*, by: User, at: datetime, contribution: Contribution) -> None:
    """Say that the organisation has nothing to add this year. Evidence that it sends later takes its place."""
    contribution = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("round", "organisation")
        .get(pk=contribution.pk)
    )
    if not (by.belongs_to(contribution.organisation_id) and has_permission(by, roles.LOG_EVIDENCE)):
        raise Refused("Only somebody of the organisation can answer for it.")
    if contribution.round.state not in {"open", "in_review"}:
        raise Refused(f"The round {contribution.round.slug} is not open.")
    if contribution.answer:
        return  # the second click of two, or evidence was quicker
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
    check_can_run_rounds(by)
    contribution = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("round__strategy", "organisation")
        .get(pk=contribution.pk)
    )
    check_can_take(to, [], [contribution.organisation])
    if contribution.round.state == "closed":
        raise Refused(f"The round {contribution.round.slug} is closed.")
    Contribution.objects.filter(pk=contribution.pk).update(owed_by=to)
    make_tasks(round_=contribution.round, at=at)
    said = {"organisation": contribution.organisation.name, "to": to.name}
    HistoryEntry.objects.create(at=at, by=by, act="asked", round=contribution.round, said=said)
