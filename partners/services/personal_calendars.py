"""The secret address of a person's own calendar: made, replaced, ended, and looked up by the programs that read it."""

import secrets
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Q

from partners.models import PersonalCalendar, User
from partners.security.events import record_event


@transaction.atomic
def make_calendar_address(*, by: User, at: datetime) -> str:
    """Return a new secret for the address of one's own calendar. An address that there was works no longer."""
    secret = secrets.token_urlsafe(32)
    PersonalCalendar.objects.update_or_create(
        person=by, defaults={"checksum": _checksum(secret), "made_at": at, "read_on": None}
    )
    record_event("calendar_made", at=at, by=by, person=by)
    return secret


@transaction.atomic
def end_calendar_address(*, by: User, at: datetime) -> bool:
    """End the address of one's own calendar; return whether there was one."""
    ended = forget_calendar_address(by)
    if ended:
        record_event("calendar_ended", at=at, by=by, person=by)
    return ended


def forget_calendar_address(person: User) -> bool:
    """End the address with the person's access; return whether there was one."""
    return bool(PersonalCalendar.objects.filter(person=person).delete()[0])


def person_behind(secret: str, today: date) -> User | None:
    """Return whose calendar it is, and note the day on which it was read; None for an address that is wrong or has ended."""
    found = PersonalCalendar.objects.filter(checksum=_checksum(secret), person__is_active=True)
    calendar = found.select_related("person").first()
    if calendar is None:
        return None
    if calendar.read_on != today:
        found.filter(Q(read_on__isnull=True) | ~Q(read_on=today)).update(read_on=today)
    return calendar.person


def _checksum(secret: str) -> str:
    """The secret has 256 random bits, so nobody can find it from its checksum, and it needs no key."""
    return sha256(secret.encode()).hexdigest()
