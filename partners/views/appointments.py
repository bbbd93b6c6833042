"""Who holds a seat of a group: appointed and ended by whoever keeps the group; the name shown by the person alone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partners.forms.groups import AppointForm, AppointmentEndForm, NameShownForm
from partners.forms.organisation_choice import data_and_initial, is_search
from partners.models import Appointment
from partners.page_parts.sent_once import sent_once
from partners.services.appointments import appoint, cancel_appointment, end_appointment, show_name_on_seat
from partners.signed_in import signed_in_person
from partners.views.seats import kept_seat
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def appointment_new(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Appoint an organisation, a post and perhaps a person to a seat."""
    seat = kept_seat(request, slug, number)
    form = AppointForm(**data_and_initial(request, {"starts_on": timezone.localdate()}))
    if request.method == "POST" and not is_search(request) and form.is_valid():
        data = form.cleaned_data
        try:
            appoint(
                by=signed_in_person(request), at=timezone.now(), seat=seat, organisation=data["organisation"],
                post=data["post"], person=form.person, starts_on=data["starts_on"], until=data["until"],
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "The appointment has been saved.")
            return redirect("partners:seats", slug)
    return form_response(request, "partners/appointment_form.html", {"group": seat.group, "seat": seat}, form)


@require_http_methods(GET_OR_POST)
@login_required
def appointment_end(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Say which is the first day on which the seat is not held any more; cancel an appointment that has not begun."""
    seat = kept_seat(request, slug, number)
    found = Appointment.objects.select_related("organisation", "person")
    appointment, today = get_object_or_404(found, pk=pk, seat=seat), timezone.localdate()
    begun = appointment.starts_on <= today
    form = AppointmentEndForm(
        request.POST if request.method == "POST" else None, initial=AppointmentEndForm.initial_on(today)
    )
    if request.method == "POST" and (not begun or form.is_valid()):
        by, at = signed_in_person(request), timezone.now()
        try:
            if begun:
                end_appointment(by=by, at=at, appointment=appointment, **form.cleaned_data)
            else:
                cancel_appointment(by=by, at=at, appointment=appointment)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(
                request, "The appointment’s end has been saved." if begun else "The appointment has been cancelled."
            )
            return redirect("partners:seats", slug)
    values = {"group": seat.group, "seat": seat, "appointment": appointment, "begun": begun}
    return form_response(request, "partners/appointment_end.html", values, form)


@require_http_methods(GET_OR_POST)
@login_required
def name_on_seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether the page of a group shows my name with a seat that I hold."""
    me = signed_in_person(request)
    found = Appointment.objects.select_related("seat__group__organisation")
    appointment = get_object_or_404(found, pk=pk, person=me)
    form = NameShownForm(
        request.POST if request.method == "POST" else None, initial={"name_shown": appointment.name_shown}
    )
    if request.method == "POST" and form.is_valid():
        show_name_on_seat(by=me, at=timezone.now(), appointment=appointment, **form.cleaned_data)
        messages.success(request, "Your choice has been saved.")
        return redirect("partners:account")
    return form_response(request, "partners/name_on_seat.html", {"appointment": appointment}, form)
