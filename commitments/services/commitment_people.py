"""Sets who leads and supports a commitment. Its delivery partners and actions have their own modules."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from commitments.models import Commitment, HistoryEntry, ProgressUpdate, Round, Strategy
from commitments.permissions.progress import check_can_manage_commitment
from commitments.services.rounds import make_tasks
from partners import roles
from partners.models import User
from partners.permissions import has_permission_here
from vcsportal.common.words import Invalid


@transaction.atomic
def assign_people(
    *, by: User, at: datetime, commitment: Commitment, lead: User | None, supporting: Iterable[User] = ()
) -> None:
    """Name the lead officer and those who support. Raise :class:`Refused` for somebody who is no officer of the strategy’s council.

    While a round runs, a new lead owes what the old one has not sent yet.
    """
    check_can_manage_commitment(by, commitment)
    supporting = [person for person in supporting if person != lead]
    for person in [*([lead] if lead else []), *supporting]:
        if not has_permission_here(person, roles.UPDATE_COMMITMENTS, commitment.strategy):
            raise Invalid(
                f"{commitment.strategy.not_answering(person)}, so can't lead or support {commitment.strategy.nouns.a_commitment}.",
                field="lead",
            )
    Strategy.objects.select_for_update(no_key=True).get(pk=commitment.strategy_id)  # no round opens meanwhile
    was = Commitment.objects.select_for_update(of=("self",), no_key=True).get(pk=commitment.pk).lead_officer_id
    commitment.lead_officer = lead
    commitment.save(update_fields=["lead_officer"])
    commitment.supporting_officers.set(supporting)
    if commitment.lead_officer_id != was:
        lead_owes(at=at, commitment=commitment)
    names = ", ".join(person.name for person in supporting)
    said = {"lead": lead.name if lead else "", "supporting": names}
    HistoryEntry.objects.create(at=at, by=by, act="assign", commitment=commitment, said=said)


def lead_owes(*, at: datetime, commitment: Commitment) -> None:
    """Let the lead owe the updates of rounds that run, where they are not approved. Part of other services' transactions."""
    owed = ProgressUpdate.objects.exclude(state="published").filter(
        commitment=commitment, round__in=Round.objects.running()
    )
    owed.update(owed_by=commitment.lead_officer_id)
    if commitment.lead_officer_id:
        for round_ in Round.objects.filter(pk__in=owed.values("round_id")):
            make_tasks(round_=round_, at=at)
