"""Changing the address that a person signs in with.

A new address is confirmed by whoever has it: a code goes there, and is typed on a page that needs no sign-in. Until then
nothing changes. The address that was used until now gets a notice both times.
"""

import copy
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from partners import roles
from partners.emails.composing import about_portal, compose_mail
from partners.emails.outbox import put_all, put_urgent
from partners.models import AddressChange, HistoryEntry, Invitation, User
from partners.permissions import check_permission_anywhere
from partners.security.events import record_event
from partners.services.second_steps import RECOVERED, TWO_ADMINISTRATORS_NEEDED, TWO_ADMINISTRATORS_WITHIN
from vcsportal.common.lookalikes import check_email
from vcsportal.common.words import Invalid, NotAllowed, NotNow

CODE_LIFETIME: Final = timedelta(days=3)
"""How long the code in the email works."""
MAXIMUM_TRIES: Final = 5
_DIGITS: Final = "0123456789"
NOT_CONFIRMED: Final = (
    "This code does not match this address, or it has expired. Check both, or ask an administrator for a new code."
)


@transaction.atomic
def ask_to_change_address(*, by: User, at: datetime, person: User, email: str) -> AddressChange:
    """Send a code to a new address, and a notice to the one used until now. A later request takes the place of this one.

    Raise :class:`Refused` without the right, for one's own address, for an address that looks like another or that
    somebody signs in with, for a person whose access has ended, and for one whose second step ``by`` has just recovered.
    """
    check_permission_anywhere(by, roles.MANAGE_PEOPLE, "Only an administrator can correct an address.")
    if by.pk == person.pk:
        raise NotAllowed("Ask another administrator to change your address.")
    email = email.strip().lower()
    check_email(email)
    held = User.objects.select_for_update().get(pk=person.pk)
    if not held.is_active:
        raise NotNow("This person’s access has ended. Give it back first.")
    recovered = HistoryEntry.objects.filter(person=held, by=by, act=RECOVERED)
    if recovered.filter(at__gt=at - TWO_ADMINISTRATORS_WITHIN).exists():
        raise NotAllowed(TWO_ADMINISTRATORS_NEEDED)
    if User.objects.filter(email=email).exists():
        raise Invalid("Someone signs in with this address already.", field="email")
    AddressChange.objects.filter(person=held, confirmed_at=None, cancelled_at=None).update(cancelled_at=at)
    code = "".join(secrets.choice(_DIGITS) for _ in range(8))
    change = AddressChange.objects.create(
        person=held, email=email, before=held.email, code=_hashed(email, code), asked_at=at, asked_by=by,
        expires_at=at + CODE_LIFETIME,
    )  # fmt: skip
    HistoryEntry.objects.create(
        at=at, by=by, act="new address asked for", person=held, detail=f"{held.email} → {email}"
    )
    url = about_portal()["portal_url"] + reverse("partners:address-confirm")
    values = {"by": by, "email": email, "before": held.email, "days": CODE_LIFETIME.days}
    _put(change, "confirm", held, email, at, {**values, "code": f"{code[:4]}-{code[4:]}", "url": url})
    _put(change, "notice", held, held.email, at, values)
    return change


@transaction.atomic
def _confirmed(*, at: datetime, email: str, code: str) -> bool:
    held = (
        AddressChange.objects.select_for_update(of=("self",))
        .select_related("person", "asked_by")
        .filter(email=email.strip().lower(), confirmed_at=None, cancelled_at=None)
        .order_by("-id")
        .first()
    )
    if held is None or held.expires_at <= at or held.wrong_tries >= MAXIMUM_TRIES:
        return False
    digits = "".join(letter for letter in code if letter.isdecimal())
    if not constant_time_compare(held.code, _hashed(held.email, digits)):
        held.wrong_tries += 1
        held.save(update_fields=["wrong_tries"])
        record_event("code_failed", at=at, person=held.person, detail="The code for a new email address")
        return False
    person = User.objects.select_for_update().get(pk=held.person_id)
    if not person.is_active or User.objects.filter(email=held.email).exists():
        return False
    before, person.email = person.email, held.email
    person.save(update_fields=["email"])  # which ends every session: the address is part of what they are signed with
    held.confirmed_at = at
    held.save(update_fields=["confirmed_at"])
    EmailAddress.objects.filter(user_id=person.pk).delete()  # the library's copies of the old one
    Invitation.objects.filter(email=before, state="sent").update(email=held.email)
    HistoryEntry.objects.create(
        at=at, by=person, act="address changed", person=person, detail=f"{before} → {held.email}"
    )
    record_event("address_changed", at=at, by=held.asked_by, person=person, detail=f"{before} → {held.email}")
    _put(held, "changed", person, before, at, {"by": held.asked_by, "email": held.email, "before": before})
    return True


def confirm_address(*, at: datetime, email: str, code: str) -> None:
    """Make the new address the person's, and end their sessions. Wrong codes count: after five, none works.

    Raise :class:`Refused` with one sentence for whatever is wrong, so that nobody learns which addresses wait.
    """
    try:
        done = _confirmed(at=at, email=email, code=code)
    except IntegrityError:  # somebody got the address or an invitation to it in the same moment
        done = False
    if not done:
        raise Invalid(NOT_CONFIRMED, field="code")


def _put(change: AddressChange, what: str, person: User, email: str, at: datetime, values: dict[str, Any]) -> None:
    to = copy.copy(person)
    to.email = email
    mail = compose_mail(
        key=f"address_{what}:{change.pk}",
        kind=f"address_{what}",
        to=to,
        template=f"address_{what}",
        values=values,
        at=at,
    )
    if "code" in values:  # readable in no row: it would confirm the address for whoever reads the database or an export
        put_urgent(mail, expires_at=change.expires_at)
    else:
        put_all([mail])


def _hashed(email: str, code: str) -> str:
    return salted_hmac("partners.address-change", f"{email}:{code}", algorithm="sha256").hexdigest()
