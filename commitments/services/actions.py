"""The actions towards a commitment: planned, changed, moved, done, dropped. An action is dropped and never deleted."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from commitments.models import Action, Commitment, HistoryEntry
from commitments.permissions import check_can_manage
from partners.models import User
from vcsportal.common.words import Refused


@transaction.atomic
def plan_action(*, by: User, at: datetime, commitment: Commitment, title: str, due_on: date | None = None) -> Action:
    """Add an action, with the day on which it is due if it has one."""
    check_can_manage(by, commitment)
    if not title.strip():
        raise Refused("Say what will be done.")
    action = Action.objects.create(commitment=commitment, title=title.strip(), due_on=due_on)
    said = {"action": action.title, "due": due_on.isoformat() if due_on else ""}
    HistoryEntry.objects.create(at=at, by=by, act="plan", commitment=commitment, action=action, said=said)
    return action


@transaction.atomic
def complete_action(*, by: User, at: datetime, action: Action, done_on: date | None) -> Action:
    """Record the day on which an action was done, or with None that it was not done after all."""
    check_can_manage(by, action.commitment)
    if done_on and done_on > timezone.localdate(at):
        raise Refused("The day it was done is in the future.")
    action.done_on = done_on
    action.save(update_fields=["done_on"])
    said = {"action": action.title, "done": done_on.isoformat() if done_on else ""}
    HistoryEntry.objects.create(at=at, by=by, act="action", commitment=action.commitment, action=action, said=said)
    return action
