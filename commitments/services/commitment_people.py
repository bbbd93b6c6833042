"""Sets who leads and supports a commitment. Its delivery partners and actions have their own modules."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from commitments.models import Commitment, HistoryEntry, ProgressUpdate, Round, Strategy
from commitments.permissions.progress import check_can_manage_commitment, check_can_manage_commitments
from commitments.services.locks import lock_strategy
from commitments.services.rounds import make_tasks
from partners import roles
from partners.models import User
from partners.permissions import has_permission_here
from vcsportal.common.changing_many import change_many
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
                f"{commitment.strategy.not_answering(person)}, so they can’t lead or support {commitment.strategy.nouns.a_commitment}.",
                field="lead",
            )
    lock_strategy(commitment.strategy_id)  # no round opens meanwhile
    was = Commitment.objects.select_for_update(of=("self",), no_key=True).get(pk=commitment.pk).lead_officer_id
    commitment.lead_officer = lead
    commitment.save(update_fields=["lead_officer"])
    commitment.supporting_officers.set(supporting)
    if commitment.lead_officer_id != was:
        lead_owes(at=at, commitment=commitment)
    names = ", ".join(person.name for person in supporting)
    said = {"lead": lead.name if lead else "", "supporting": names}
    HistoryEntry.objects.create(at=at, by=by, act="assign", commitment=commitment, said=said)


@transaction.atomic
def assign_first_leads(
    *, by: User, at: datetime, strategy: Strategy, leads: Mapping[Commitment, Sequence[User]]
) -> None:
    """Name the leads of commitments of one strategy that have none yet, as :func:`assign_people` does. Few queries for all of them.

    :param leads: for each commitment the person who leads, then those who support.
    :raises Refused: as :func:`assign_people`.
    """
    if not leads:
        return
    check_can_manage_commitments(by, strategy)
    strategy = Strategy.objects.select_for_update(of=("self",), no_key=True).select_related("owner").get(pk=strategy.pk)
    for person in {person for people in leads.values() for person in people}:
        if not has_permission_here(person, roles.UPDATE_COMMITMENTS, strategy):
            raise Invalid(
                f"{strategy.not_answering(person)}, so they can’t lead or support {strategy.nouns.a_commitment}.",
                field="lead",
            )
    entries, supporting = [], []
    support = Commitment.supporting_officers.through
    for commitment, (lead, *others) in leads.items():
        commitment.lead_officer = lead
        supporting += [support(commitment_id=commitment.pk, user_id=person.pk) for person in others]
        said = {"lead": lead.name, "supporting": ", ".join(person.name for person in others)}
        entries.append(HistoryEntry(at=at, by=by, act="assign", commitment=commitment, said=said))
    change_many(leads, ["lead_officer"])
    support.objects.bulk_create(supporting, ignore_conflicts=True)
    HistoryEntry.objects.bulk_create(entries)
    if Round.objects.running().filter(strategy=strategy).exists():
        for commitment in leads:
            lead_owes(at=at, commitment=commitment)


def lead_owes(*, at: datetime, commitment: Commitment) -> None:
    """Let the lead owe the updates of rounds that run, where they are not approved. Part of other services' transactions."""
    owed = ProgressUpdate.objects.exclude(state="published").filter(
        commitment=commitment, round__in=Round.objects.running()
    )
    owed.update(owed_by=commitment.lead_officer_id)
    if commitment.lead_officer_id:
        for round_ in Round.objects.filter(pk__in=owed.values("round_id")):
            make_tasks(round_=round_, at=at)
