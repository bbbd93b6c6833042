"""The second step of people who need one: opens and closes the time for setting up the first, and recovers one that was lost.

A code by email lets a person choose a password, so a mailbox alone must never be enough to set up a second step as well.
The first one is therefore set up within a time that an administrator opened: by the role they gave, or by recovery.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from partners import roles
from partners.models import AddressChange, HistoryEntry, RoleGrant, User
from partners.permissions import check_can_recover_second_step
from partners.security.events import record_event
from partners.services.api_tokens import end_tokens_of
from vcsportal.common.words import Invalid, NotAllowed

RECOVERED: Final = "second step recovered"
TWO_ADMINISTRATORS_WITHIN: Final = timedelta(days=30)
"""So long after asking for a person's new address an administrator can't recover their second step too, and the other way round."""
TWO_ADMINISTRATORS_NEEDED: Final = (
    "A new email address and a recovered second step within 30 days need two administrators, so that nobody can take over "
    "another person’s account alone. Ask another administrator, or the people who run the portal’s servers."
)


def open_set_up(*, person: User, at: datetime) -> None:
    """Let a person set up a first second step for ``SECOND_STEP_DAYS`` days."""
    person.second_step_until = at + timedelta(days=settings.SECOND_STEP_DAYS)
    person.save(update_fields=["second_step_until"])


def open_set_up_for_role(*, person: User, grant: RoleGrant, at: datetime) -> None:
    """Open the time for setting up, if the role that the person was given needs a second step."""
    if grant.keeps_group or not roles.SECOND_STEP_FOR.isdisjoint(grant.may):
        open_set_up(person=person, at=at)


def close_set_up(*, person: User) -> None:
    """A second step is set up: the time for a first one is over."""
    User.objects.filter(pk=person.pk).update(second_step_until=None)


@transaction.atomic
def recover_second_step(*, by: User | None, at: datetime, person: User, reason: str) -> None:
    """Remove the lost second steps of a person, end their sessions, and let them set up anew.

    ``by=None`` is the management command. Raise :class:`Refused` without the right, for oneself, or without a reason.
    The caller sends the emails (:func:`partners.mail.send_second_step_recovered`).
    """
    if by is not None:
        check_can_recover_second_step(by, person)
        asked = AddressChange.objects.filter(person=person, asked_by=by, cancelled_at=None)
        if asked.filter(asked_at__gt=at - TWO_ADMINISTRATORS_WITHIN).exists():
            raise NotAllowed(TWO_ADMINISTRATORS_NEEDED)
    if not reason.strip():
        raise Invalid(
            "Say why, and how you made sure that it is really this person asking. It is kept in the history.",
            field="reason",
        )
    person = User.objects.select_for_update().get(pk=person.pk)
    Authenticator.objects.filter(user_id=person.pk).delete()
    open_set_up(person=person, at=at)
    person.sessions_from = at
    person.save(update_fields=["sessions_from"])
    end_tokens_of(by=by, at=at, person=person)
    values: dict[str, Any] = {"at": at, "by": by, "person": person}
    HistoryEntry.objects.create(act=RECOVERED, detail=reason.strip(), **values)
    record_event("second_step_recovered", detail=f"Removed so that they can set up again: {reason.strip()}", **values)
