"""Where somebody is signed in, and what happened lately with their account; for oneself, and for administrators."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partners import roles
from partners.models import SecurityEvent, Session, User
from partners.page_parts.reauthentication import asks_again
from partners.permissions import check_permission_anywhere
from partners.reading.security_events import own_recent
from partners.services.sessions import ONLY_ADMINISTRATORS, end_all_sessions, end_other_sessions, end_session
from partners.sessions.browsers import browser_name
from partners.signed_in import signed_in_person
from partners.views.security import in_lines
from vcsportal.common import plurals
from vcsportal.common.pages import GET_OR_POST


def _sessions(person: User) -> list[Session]:
    """A person's sessions that have not run out, the one used last first."""
    now = timezone.now()
    return list(person.sessions.filter(expire_date__gt=now).order_by("-seen_at", "public_id").defer("session_data"))


@require_http_methods(GET_OR_POST)
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """List where one is signed in and what happened lately; end one session, or all others."""
    me, current = signed_in_person(request), request.session.session_key or ""
    if request.method == "POST":
        return _end(request, me, current)
    lines = [
        {"session": session, "device": browser_name(session.browser), "current": session.session_key == current}
        for session in _sessions(me)
    ]
    lines.sort(key=lambda line: not line["current"])
    events = [{**line, "from_where": _from_where(line["event"], me)} for line in in_lines(own_recent(me))]
    return render(request, "partners/sessions.html", {"lines": lines, "events": events})


def _from_where(event: SecurityEvent, me: User) -> str:
    """The address to show: one's own or a stranger's, but not that of an administrator who did something with the account."""
    return event.address or "" if event.by_id in {None, me.pk} else ""


def _end(request: HttpRequest, me: User, current: str) -> HttpResponse:
    now = timezone.now()
    if request.POST.get("act") == "end-others":
        ended = end_other_sessions(by=me, at=now, keep=current)
        messages.success(request, f"You are signed out on {plurals.counted(ended, 'other device')}.")
    else:
        try:
            public_id = str(uuid.UUID(request.POST.get("session", "")))
        except ValueError:
            public_id = ""
        if public_id and end_session(by=me, at=now, public_id=public_id):
            messages.success(request, "You are signed out on that device.")
        else:
            messages.info(request, "That session had ended already.")
    return redirect("partners:sessions")


@require_http_methods(GET_OR_POST)
@login_required
@asks_again
def person_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign a person out everywhere: for administrators, when a device is lost."""
    check_permission_anywhere(request.user, roles.MANAGE_PEOPLE, ONLY_ADMINISTRATORS)
    person = get_object_or_404(User, pk=pk)
    if request.method == "POST":
        ended = end_all_sessions(by=signed_in_person(request), at=timezone.now(), person=person)
        messages.success(request, f"{person.name} has been signed out ({plurals.counted(ended, 'session')}).")
        return redirect("partners:person", person.pk)
    lines = [{"session": session, "device": browser_name(session.browser)} for session in _sessions(person)]
    return render(request, "partners/person_sessions.html", {"person": person, "lines": lines})
