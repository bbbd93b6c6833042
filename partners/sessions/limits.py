"""Ends a session that was not used for a while, or that has lasted the longest time.

People who need a second step are signed out sooner: their session changes what the council says. Saving what is typed
counts as use, so that nobody is signed out while writing; a form that is sent after the end is given back by
``commitments.page_parts.autosave``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from partners.models import User
from partners.permissions import signs_in_by_password
from partners.sessions.ending import note_end, note_seen
from vcsportal.common import clock

RECORD_USE_EVERY: Final = timedelta(minutes=5)
NOT_IN_USE: Final = "no"
"""What the header ``Session-Use`` says of a request that a page makes by itself, so that it is no sign of a person."""
WARNED_BEFORE: Final = timedelta(minutes=3)
"""How long before the end of a session a page warns, unless the whole session is shorter than twice as long."""
UNUSED_TOO_LONG: Final = "You were signed out because you had not used the portal for {}. Sign in again to carry on."
SIGNED_IN_TOO_LONG: Final = "You were signed out because you had been signed in for {}. Sign in again to carry on."


class SessionLimitsMiddleware:
    """Signs out who was away for too long, before the page is drawn; the page then leads to the sign-in page and back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, User):
            _check(request, request.user)
        return self.get_response(request)


def _check(request: HttpRequest, person: User) -> None:
    session: Any = request.session
    now = timezone.now()
    if _too_long(
        session, person, now
    ):  # this process's clock may be wrong: the database's, which wrote the moments, decides
        now = clock.now()
    if sentence := _too_long(session, person, now):
        note_end(at=now, person=person, reason=sentence.partition(" Sign in")[0].replace("You were", "Was"))
        session.flush()
        request.user = AnonymousUser()
        if not request.path_info.startswith("/api/"):
            messages.info(request, sentence)
    elif (
        session.seen_at
        and now - session.seen_at
        > min(RECORD_USE_EVERY, settings.SESSION_UNUSED_STAFF / 4, settings.SESSION_UNUSED / 4)
        and request.headers.get("Session-Use") != NOT_IN_USE
    ):
        note_seen(session=session)


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """How long a session lasts if it is not used, how long before its end pages warn, and whether using it makes it last longer."""

    left: timedelta
    warned: timedelta
    can_stay: bool


def time_left(session: Any, person: User, *, now: datetime, used: bool = False) -> TimeLeft:
    """Return how long the session of a request lasts from ``now``; with ``used``, as if it was used at this moment."""
    limit, longest = _limit(person), timedelta(seconds=settings.SESSION_COOKIE_AGE)
    warned = min(WARNED_BEFORE, limit / 2)
    unused_left = limit if used or not session.seen_at else limit - (now - session.seen_at)
    whole_left = longest - (now - session.began_at) if session.began_at else longest
    return TimeLeft(max(min(unused_left, whole_left), timedelta(0)), warned, whole_left > unused_left + warned)


def _too_long(session: Any, person: User, now: datetime) -> str:
    """Return why a session is over at ``now``, as a sentence; "" while it is not."""
    unused = now - session.seen_at if session.seen_at else timedelta(0)
    lasted = now - session.began_at if session.began_at else timedelta(0)
    longest = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    if unused > settings.SESSION_UNUSED_STAFF and unused > (limit := _limit(person)):
        return UNUSED_TOO_LONG.format(in_words(limit))
    return SIGNED_IN_TOO_LONG.format(in_words(longest)) if lasted > longest else ""


def _limit(person: User) -> timedelta:
    limit: timedelta = settings.SESSION_UNUSED_STAFF if signs_in_by_password(person) else settings.SESSION_UNUSED
    return limit


def in_words(length: timedelta) -> str:
    """Return a length of time as "60 minutes" or "4 hours"."""
    minutes = round(length.total_seconds() / 60)
    return f"{minutes // 60} hours" if minutes % 60 == 0 and minutes > 60 else f"{minutes} minutes"
