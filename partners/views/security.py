"""The trail of security events, for administrators: to read, to narrow down, and as a file."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partners import roles
from partners.filters.security_events import SecurityEventFilter
from partners.models import SecurityEvent
from partners.page_parts.reauthentication import asks_again
from partners.permissions import check_permission_anywhere
from partners.reading.security_events import COLUMNS, kind_of, page_of, rows
from partners.security.events import record_event
from partners.sessions.browsers import browser_name
from partners.signed_in import signed_in_person
from vcsportal.common.csv_files import csv_download
from vcsportal.common.pages import active_filters

ADMINISTRATORS_ONLY = "Only an administrator can see the security events."


def in_lines(events: list[SecurityEvent]) -> list[dict[str, Any]]:
    """Return what a page says of each event."""
    return [{"event": event, "kind": kind_of(event), "device": browser_name(event.browser)} for event in events]


@require_safe
@login_required
def security_events(request: HttpRequest) -> HttpResponse:
    """What happened that bears on security, newest first."""
    check_permission_anywhere(request.user, roles.MANAGE_PEOPLE, ADMINISTRATORS_ONLY)
    chosen = SecurityEventFilter(request.GET, SecurityEvent.objects.all())
    valid = chosen.is_valid()
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    page = page_of(chosen.qs if valid else SecurityEvent.objects.none(), number)
    asked = request.GET.copy()
    asked.pop("before", None)
    values = {
        "form": chosen.form,
        "active": active_filters(chosen.form, asked) if valid else [],
        "lines": in_lines(page.events),
        "older": page.older,
        "newest": number is None,
        "asked": asked.urlencode(),
    }
    return render(request, "partners/security_events.html", values, status=200 if valid else 422)


@require_safe
@login_required
@asks_again
def security_events_export(request: HttpRequest) -> HttpResponse:
    """All events that the filters leave, as CSV. Taking them out is an event too."""
    check_permission_anywhere(request.user, roles.MANAGE_PEOPLE, ADMINISTRATORS_ONLY)
    chosen = SecurityEventFilter(request.GET, SecurityEvent.objects.all())
    if not chosen.is_valid():
        return render(
            request, "partners/security_events.html", {"form": chosen.form, "active": [], "lines": []}, status=422
        )
    now, me = timezone.now(), signed_in_person(request)
    if request.method == "GET":
        filters = "; ".join(f"{name}: {value}" for name, value in request.GET.items() if value)
        record_event("events_exported", at=now, by=me, detail=filters or "All of them.")
    return csv_download(f"security-events-{timezone.localdate()}", COLUMNS, rows(chosen.qs.filter(at__lte=now)))
