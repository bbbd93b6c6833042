"""Ends sessions: one's own, one by one or all others, and by an administrator all of a person's."""

from datetime import datetime
from typing import Final

from django.db import transaction

from partners import roles
from partners.models import User
from partners.permissions import check_permission_anywhere
from partners.security.events import record_event
from partners.services.api_tokens import end_tokens_of
from partners.sessions.browsers import browser_name
from partners.sessions.ending import forget_sessions

ONLY_ADMINISTRATORS: Final = "Only an administrator can sign someone else out."


@transaction.atomic
def end_session(*, by: User, at: datetime, public_id: str) -> bool:
    """End one of one's own sessions; return whether it was still there. Whoever uses it is signed out at the next click."""
    session = by.sessions.filter(public_id=public_id).first()
    if session is None:
        return False
    session.delete()
    record_event("session_ended", at=at, by=by, person=by, detail=f"By its owner: {browser_name(session.browser)}.")
    return True


@transaction.atomic
def end_other_sessions(*, by: User, at: datetime, keep: str) -> int:
    """End all sessions of one's own but the one with the key ``keep``; return how many."""
    ended = forget_sessions(person=by, keep=keep)
    if ended:
        record_event("session_ended", at=at, by=by, person=by, detail=f"By their owner: {ended} on other devices.")
    return ended


@transaction.atomic
def end_all_sessions(*, by: User, at: datetime, person: User) -> int:
    """Sign a person out everywhere, their programs too; return how many sessions ended. Raise :class:`Refused` unless by an administrator."""
    check_permission_anywhere(by, roles.MANAGE_PEOPLE, ONLY_ADMINISTRATORS)
    ended = forget_sessions(person=person)
    end_tokens_of(by=by, at=at, person=person)
    record_event("session_ended", at=at, by=by, person=person, detail=f"By an administrator: {ended}.")
    return ended
