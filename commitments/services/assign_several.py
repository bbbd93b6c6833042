"""Give several commitments of a strategy the same people, partners and due date, all of them or none."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from commitments.models import Commitment, Strategy
from commitments.queries.assignments import Assignment, CommitmentChange, assignment_changes
from commitments.services.actions import move_action
from commitments.services.commitment_people import assign_people
from commitments.services.delivery import add_delivery_partner
from commitments.services.locks import lock_strategy
from partners.models import User
from vcsportal.common.words import Invalid


@transaction.atomic
def assign_several(
    *, by: User, at: datetime, strategy: Strategy, commitments: Collection[Commitment], assignment: Assignment
) -> list[CommitmentChange]:
    """Change what the assignment changes, each with its history beside it; return the changes, without those that are none.

    The services that it calls ask for the right to each commitment.

    Raise :class:`Refused` without the right for one of them, for somebody who is no officer of the strategy's council, or for
    a partner that can't join; the sentence then begins with the commitment. Nothing is written then.
    """
    if not commitments:
        raise Invalid(f"Choose at least one {strategy.nouns.commitment}.", field="commitments")
    if not assignment:
        raise Invalid(
            f"Choose a person, an organisation or a due date for these {strategy.nouns.commitments}.", field=""
        )
    changes = [change for change in hold_changes(strategy, commitments, assignment) if change]
    for change in changes:
        try:
            _apply(by, at, change)
        except Invalid as refused:
            raise Invalid(f"{change.commitment.reference}: {refused.sentence}", field=refused.field) from refused
    return changes


def hold_changes(
    strategy: Strategy, commitments: Collection[Commitment], assignment: Assignment
) -> list[CommitmentChange]:
    """Return what would change now, and let nobody else change these commitments until the transaction ends."""
    lock_strategy(strategy.pk)
    chosen = Commitment.objects.filter(strategy=strategy, pk__in=[commitment.pk for commitment in commitments])
    list(chosen.select_for_update(of=("self",), no_key=True).order_by("id"))
    return assignment_changes(assignment, chosen)


def _apply(by: User, at: datetime, change: CommitmentChange) -> None:
    if change.changes_people:
        assign_people(by=by, at=at, commitment=change.commitment, lead=change.lead[1], supporting=change.supporting[1])
    for partner in change.joining:
        add_delivery_partner(
            by=by,
            at=at,
            commitment=change.commitment,
            organisation=partner.organisation,
            role=partner.role,
            started_on=partner.started_on,
        )
    for action in change.dated:
        move_action(
            by=by,
            at=at,
            action=action,
            due_on=change.assignment.due_on,
            reason=change.assignment.reason,
            version=action.version,
        )
