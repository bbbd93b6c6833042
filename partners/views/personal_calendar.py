"""The page on which one makes, replaces or ends the secret address of one's own calendar."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partners.models import PersonalCalendar
from partners.page_parts.reauthentication import asks_again
from partners.services.personal_calendars import end_calendar_address, make_calendar_address
from partners.signed_in import signed_in_person
from vcsportal.common import clock
from vcsportal.common.pages import GET_OR_POST


@require_http_methods(GET_OR_POST)
@login_required
@asks_again(only=lambda request: request.method == "POST")
def personal_calendar(request: HttpRequest) -> HttpResponse:
    """Say whether there is an address. A new one is on this page once, in the answer to the button that made it."""
    me, address = signed_in_person(request), ""
    if request.method == "POST":
        if request.POST.get("act") == "end":
            if end_calendar_address(by=me, at=clock.now()):
                messages.success(request, "The address of your calendar no longer works.")
            return redirect("partners:personal-calendar")
        secret = make_calendar_address(by=me, at=clock.now())
        address = f"{settings.PORTAL_URL}{reverse('following:own-calendar', args=[secret])}"
    calendar = PersonalCalendar.objects.filter(person=me).first()
    return render(request, "partners/personal_calendar.html", {"calendar": calendar, "address": address})
