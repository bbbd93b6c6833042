"""Who leads, supports and delivers a commitment, and the steps towards it."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from commitments.models import Action, Commitment, DeliveryPartner, HistoryEntry, ProgressUpdate, Round, Strategy
from commitments.permissions import check_can_manage
from commitments.services.rounds import make_tasks
from partners import roles
from partners.models import Organisation, User
from partners.permissions import has_permission
from vcsportal.common.words import Refused


@transaction.atomic
def assign_people(
    *, by: User, at: datetime, commitment: Commitment, lead: User | None, supporting: Iterable[User] = ()
) -> None:
    """Name the lead officer and those who support. Raise :class:`Refused` for somebody who is no council officer.

    While a round runs, a new lead owes what the old one has not sent yet.
    """
    check_can_manage(by, commitment)
    supporting = [person for person in supporting if person != lead]
    for person in [*([lead] if lead else []), *supporting]:
        if not has_permission(person, roles.UPDATE_COMMITMENTS):
            raise Refused(f"{person.name} is not a council officer, so can't lead or support a commitment.")
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


@transaction.atomic
def set_partners(
    *, by: User, at: datetime, commitment: Commitment, partners: Iterable[tuple[Organisation, str]]
) -> None:
    """Say which organisations help to deliver, each with its part (of ``DELIVERY_ROLES``)."""
    check_can_manage(by, commitment)
    wanted = {organisation.pk: (organisation, role) for organisation, role in partners}
    commitment.delivery_partners.exclude(organisation__in=wanted).delete()
    for organisation, role in wanted.values():
        DeliveryPartner.objects.update_or_create(
            commitment=commitment, organisation=organisation, defaults={"role": role}
        )
    said = {"partners": [[organisation.name, role] for organisation, role in wanted.values()]}
    HistoryEntry.objects.create(at=at, by=by, act="assign", commitment=commitment, said=said)


@transaction.atomic
def plan_action(*, by: User, at: datetime, commitment: Commitment, title: str, due_on: date) -> Action:
    """Add a step with the day it is due."""
    check_can_manage(by, commitment)
    if not title.strip():
        raise Refused("Say what will be done.")
    action = Action.objects.create(commitment=commitment, title=title.strip(), due_on=due_on)
    HistoryEntry.objects.create(
        at=at, by=by, act="plan", commitment=commitment, said={"action": action.title, "due": due_on.isoformat()}
    )
    return action


@transaction.atomic
def complete_action(*, by: User, at: datetime, action: Action, done_on: date | None) -> Action:
    """Say that a step was done on a day, or with None that it was not done after all."""
    check_can_manage(by, action.commitment)
    if done_on and done_on > timezone.localdate(at):
        raise Refused("The day it was done is in the future.")
    action.done_on = done_on
    action.save(update_fields=["done_on"])
    said = {"action": action.title, "done": done_on.isoformat() if done_on else ""}
    HistoryEntry.objects.create(at=at, by=by, act="action", commitment=action.commitment, said=said)
    return action
