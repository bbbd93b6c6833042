"""The second step of people who need one: until when the first is set up, and what happens when it is lost.

A code by email lets a person choose a password, so a mailbox alone must never be enough to set up a second step as well.
The first one is therefore set up within a time that an administrator opened: by the role they gave, or by recovery.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from partners import roles
from partners.models import AddressChange, HistoryEntry, User
from partners.permissions import check_can_recover_second_step
from partners.security.events import record_event
from partners.sign_in.authentication_records import SECOND, SECOND_AT_PROVIDER, proofs
from vcsportal.common.words import Refused

LAST_ONE: Final = (
    "This is your only second step, and your role needs one. Add another app or key first, then remove this one."
)


RECOVERED: Final = "second step recovered"
TWO_PEOPLE: Final = timedelta(days=30)
"""So long after asking for a person's new address an administrator can't recover their second step too, and the other way round."""
NOT_BOTH: Final = (
    "A new email address and a recovered second step within 30 days need two administrators, so that nobody can take over "
    "another person’s account alone. Ask another administrator, or the people who run the portal’s servers."
)


def proved(request: HttpRequest) -> bool:
    """Whether this session was begun, or confirmed later, with a second step (or with the provider's, where it is trusted)."""
    return any(proof.get("method") in {SECOND, SECOND_AT_PROVIDER} for proof in proofs(request))


def may_set_up(person: User, at: datetime) -> bool:
    """Whether a person without a second step may set up the first one now."""
    return person.second_step_until is not None and at < person.second_step_until


def open_set_up(*, person: User, at: datetime) -> None:
    """Let a person set up a first second step for ``SECOND_STEP_DAYS`` days."""
    person.second_step_until = at + timedelta(days=settings.SECOND_STEP_DAYS)
    person.save(update_fields=["second_step_until"])


def open_set_up_for_role(*, person: User, role: str, at: datetime) -> None:
    """Open the time for setting up, if the role that the person was given needs a second step."""
    if not roles.SECOND_STEP_FOR.isdisjoint(roles.BY_CODE[role].may):
        open_set_up(person=person, at=at)


def close_set_up(*, person: User) -> None:
    """A second step is set up: the time for a first one is over."""
    User.objects.filter(pk=person.pk).update(second_step_until=None)


def check_can_remove(person: User, authenticator: Authenticator, *, needed: bool) -> None:
    """Raise :class:`Refused` if this is the last second step of a person who needs one."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    others = Authenticator.objects.filter(user_id=person.pk, type__in=kinds).exclude(pk=authenticator.pk)
    if needed and authenticator.type in kinds and not others.exists():
        raise Refused(LAST_ONE)


@transaction.atomic
def recover_second_step(*, by: User | None, at: datetime, person: User, reason: str) -> None:
    """Remove the lost second steps of a person, end their sessions, and let them set up anew.

    ``by=None`` is the management command. Raise :class:`Refused` without the right, for oneself, or without a reason.
    The caller sends the emails (:func:`partners.mail.send_second_step_recovered`).
    """
    if by is not None:
        check_can_recover_second_step(by, person)
        asked = AddressChange.objects.filter(person=person, asked_by=by, cancelled_at=None)
        if asked.filter(asked_at__gt=at - TWO_PEOPLE).exists():
            raise Refused(NOT_BOTH)
    if not reason.strip():
        raise Refused("Say why, and how you made sure that it is really this person asking. It is kept in the history.")
    person = User.objects.select_for_update().get(pk=person.pk)
    Authenticator.objects.filter(user_id=person.pk).delete()
    open_set_up(person=person, at=at)
    person.sessions_from = at
    person.save(update_fields=["sessions_from"])
    values: dict[str, Any] = {"at": at, "by": by, "person": person}
    HistoryEntry.objects.create(act=RECOVERED, detail=reason.strip(), **values)
    record_event("second_step_recovered", detail=f"Removed so that they can set up again: {reason.strip()}", **values)
