"""Ending a person's access to the portal, and giving it back."""

from datetime import datetime

from django.db import transaction

from partners import roles
from partners.models import User
from partners.permissions import check_can_end_access, check_permission_anywhere
from partners.security.events import record_event
from partners.services.api_tokens import end_tokens_of
from partners.services.history import write_history
from partners.services.personal_calendars import forget_calendar_address
from partners.sessions.ending import forget_sessions
from vcsportal.common.words import Invalid, NotNow


@transaction.atomic
def end_access(*, by: User, at: datetime, person: User, reason: str) -> None:
    """Sign a person out everywhere and keep them out until access is given back. Their roles and everything they did
    stay.

    Raise :class:`Refused` without the right, for oneself, or without a reason.
    """
    check_can_end_access(by, person)
    if not reason.strip():
        raise Invalid("Say why the access ends. It is kept in the person’s history.", field="reason")
    if User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        write_history(at, by, "access ended", person=person, detail=reason.strip())
        forget_sessions(person=person)
        forget_calendar_address(person)
        end_tokens_of(by=by, at=at, person=person)
        record_event("access_ended", at=at, by=by, person=person, detail=reason)


@transaction.atomic
def restore_access(*, by: User, at: datetime, person: User, reason: str) -> None:
    """Let a person sign in again, with the roles they hold. Raise :class:`Refused` as :func:`end_access` does."""
    check_permission_anywhere(by, roles.MANAGE_PEOPLE, "Only an administrator can give access back.")
    if not reason.strip():
        raise Invalid("Say why the access is given back. It is kept in the person’s history.", field="reason")
    if User.objects.filter(pk=person.pk, erased_at__isnull=False).exists():
        raise NotNow("This person’s data was erased. Invite them as someone new.")
    if User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        write_history(at, by, "access given back", person=person, detail=reason.strip())
        record_event("access_given_back", at=at, by=by, person=person, detail=reason)
