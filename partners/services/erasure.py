"""Erases a person's data on this floor: name, address, ways to sign in, and the text of emails that name them."""

import re
import uuid
from datetime import datetime
from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db.models import Q

from partners import roles
from partners.models import (
    AddressChange,
    Appointment,
    Deputy,
    HistoryEntry,
    Invitation,
    JoiningRequest,
    Mail,
    RoleGrant,
    User,
)
from partners.permissions import Person, check_permission_anywhere
from partners.security.events import record_event
from partners.services.api_tokens import forget_programs
from partners.services.personal_calendars import forget_calendar_address
from partners.services.retention import erase_address_changes, erase_emails, erase_invitations, erase_joining_requests
from vcsportal.common.words import NotAllowed, NotNow, allowed

ERASED_DOMAIN: Final = "invalid"
"""A domain that never exists (RFC 2606)."""


def check_can_erase_person(by: Person, person: User) -> None:
    """Administrators erase people whose access has ended. Nobody erases themselves."""
    check_permission_anywhere(by, roles.MANAGE_PEOPLE, "Only an administrator can erase a person’s data.")
    if by.pk == person.pk:
        raise NotAllowed("You can’t erase yourself. Ask another administrator to do it.")
    if person.erased_at is not None:
        raise NotNow("This person’s data has already been erased.")
    if person.is_active:
        raise NotNow("End this person’s access first. Then you can erase their data.")


can_erase_person = allowed(check_can_erase_person)


def unnamed(person: User) -> str:
    """Return what stands in the place of a person's name: what they last were, without saying who."""
    last = person.role_grants.select_related("organisation").order_by("-granted_at", "-id").first()
    if last is None:
        return "A former user"
    if last.organisation is None:
        return f"A former {roles.BY_CODE[last.role].label[0].lower()}{roles.BY_CODE[last.role].label[1:]}"
    if last.role == roles.OFFICER.code:
        return f"A former officer of {last.organisation.name}"
    return f"A former member of {last.organisation.name}"


def erase_account(*, by: User | None, at: datetime, person: User, name: str, reason: str = "") -> None:
    """Erase the account's own data. ``person`` is held, and still has the old name; part of another service's transaction."""
    old = Q(subject__icontains=person.name) | Q(text__icontains=person.name) | Q(html__icontains=person.name)
    old |= Q(text__icontains=person.email) | Q(to__iexact=person.email) | Q(problem__icontains=person.email)
    mails = Mail.objects.filter(Q(person=person) | old)
    mails.filter(state="waiting", person=person).update(state="dropped", encrypted="")
    erase_emails(list(mails.exclude(state="waiting")), at)
    for waiting in mails.filter(state="waiting"):
        for field in ("subject", "text", "html"):
            setattr(waiting, field, getattr(waiting, field).replace(person.name, name).replace(person.email, ""))
        waiting.save(update_fields=["subject", "text", "html"])
    erase_invitations(list(Invitation.objects.filter(email__iexact=person.email)), at)
    asked = Q(email__iexact=person.email) | Q(person=person)
    erase_joining_requests(list(JoiningRequest.objects.filter(asked, erased_at__isnull=True)), at)
    erase_address_changes(list(AddressChange.objects.filter(person=person)), at)
    EmailAddress.objects.filter(user_id=person.pk).delete()
    Authenticator.objects.filter(user_id=person.pk).delete()
    if apps.is_installed("allauth.socialaccount"):
        linked: Any = apps.get_app_config("socialaccount").get_model("SocialAccount")
        linked.objects.filter(user_id=person.pk).delete()
    forget_calendar_address(person)
    forget_programs(person)
    RoleGrant.objects.current().filter(person=person).update(ended_at=at, ended_by=by or person)
    Deputy.objects.filter(Q(person=person) | Q(deputy=person), ended_at__isnull=True).update(
        ended_at=at, ended_by=by or person
    )
    Appointment.objects.filter(person=person).update(name_shown=False)
    reason = re.sub(f"{re.escape(person.name)}|{re.escape(person.email)}", lambda _: name, reason, flags=re.IGNORECASE)
    person.name, person.email = name, f"erased-{uuid.uuid4().hex}@{ERASED_DOMAIN}"
    person.post, person.name_shown = "", False
    person.last_login, person.erased_at = None, at
    person.set_unusable_password()
    person.save(update_fields=["name", "email", "last_login", "post", "name_shown", "erased_at", "password"])
    HistoryEntry.objects.create(at=at, by=by, act="erased", person=person, detail=reason)
    record_event("erased", at=at, by=by, person=person)
