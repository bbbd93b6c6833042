"""What the portal itself writes about sessions: that one is in use or has ended, and that those of a person are removed.

:mod:`partners.services.sessions` ends sessions because somebody asks for it.
"""

from datetime import datetime
from typing import Any

from django.db.models.functions import Now

from partners.models import Session, User
from partners.security.events import record_event
from vcsportal.common.visitors import current_visit


def forget_sessions(*, person: User, keep: str | None = None) -> int:
    """Remove a person's sessions but the one with the key ``keep``, as part of another act that the trail records."""
    ended, _ = person.sessions.exclude(session_key=keep or "").delete()
    return ended


def note_end(*, at: datetime, person: User, reason: str) -> None:
    """Record that the portal itself ended the session of the request being answered."""
    record_event("session_ended", at=at, person=person, detail=reason)


def note_seen(*, session: Any) -> None:
    """Note that a session is in use now, by the database's clock, and from where."""
    visit = current_visit()
    where = {"address": visit.address, "browser": visit.browser} if visit else {}
    Session.objects.filter(pk=session.session_key).update(seen_at=Now(), **where)
