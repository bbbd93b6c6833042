"""What delivery organisations are asked in a round, and how they answer."""

from datetime import datetime

from django.db import transaction

from commitments.models import Contribution, HistoryEntry, Round
from partners.models import Organisation, User
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


@transaction.atomic
def nothing_to_add(*, by: User, at: datetime, contribution: Contribution) -> None:
    """Say that the organisation has nothing to add this year. Evidence that it sends later takes its place."""
    if not by.belongs_to(contribution.organisation_id):
        raise Refused("Only somebody of the organisation can answer for it.")
    if contribution.round.state not in {"open", "in_review"}:
        raise Refused(f"The round {contribution.round.slug} is not open.")
    mark_answered(
        by=by,
        at=at,
        organisation=contribution.organisation,
        answer="nothing",
        strategy_id=contribution.round.strategy_id,
    )
    said = {"organisation": contribution.organisation.name}
    HistoryEntry.objects.create(at=at, by=by, act="nothing_to_add", round=contribution.round, said=said)
