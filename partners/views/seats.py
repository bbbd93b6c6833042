"""The seats of a group: added, changed and ended by whoever keeps the group."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partners.forms.groups import SeatEndForm, SeatForm
from partners.group_permissions import can_edit_group, check_can_keep_group
from partners.models import PartnershipGroup, Seat
from partners.page_parts import shown_values
from partners.page_parts.sent_once import sent_once
from partners.reading.groups import seat_tiles
from partners.services.seats import add_seat, edit_seat, end_seat
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused


def kept_group(request: HttpRequest, slug: str) -> PartnershipGroup:
    """Return a group for those who keep it. Raise :class:`Http404` for none, :class:`Refused` for everybody else."""
    groups = PartnershipGroup.objects.select_related("organisation")
    group = get_object_or_404(groups, organisation__slug=slug)
    check_can_keep_group(request.user, group, timezone.localdate())
    return group


def kept_seat(request: HttpRequest, slug: str, number: int) -> Seat:
    """Return a seat of a group, as :func:`kept_group` does."""
    group = kept_group(request, slug)
    seat = get_object_or_404(Seat, group=group, number=number)
    seat.group = group
    return seat


@require_safe
@login_required
def seat_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The seats of a group with what can be done to each."""
    group = kept_group(request, slug)
    values = {
        "group": group,
        "tiles": seat_tiles([group.pk], timezone.localdate())[group.pk],
        "may_edit_group": can_edit_group(request.user),
    }
    return render(request, "partners/seats.html", values)


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def seat_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a seat to a group."""
    group = kept_group(request, slug)
    form = SeatForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_seat(by=signed_in_person(request), at=timezone.now(), group=group, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "The seat has been added. It is vacant until you appoint someone.")
            return redirect("partners:seats", slug)
    return form_response(request, "partners/seat_form.html", {"group": group, "seat": None}, form)


@require_http_methods(GET_OR_POST)
@login_required
def seat_edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Change what a seat is called and what comes with it."""
    seat, stale = kept_seat(request, slug, number), list[str]()
    form = SeatForm(request.POST if request.method == "POST" else None, initial=SeatForm.initial_of(seat))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                held = Seat.objects.select_for_update().get(pk=seat.pk)
                stale = shown_values.changed(request, _rows(held), seat.group.organisation.history)
                if not stale:
                    edit_seat(by=signed_in_person(request), at=timezone.now(), seat=seat, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            if not stale:
                messages.success(request, "The seat has been saved.")
                return redirect("partners:seats", slug)
            for sentence in stale:
                form.add_error(None, sentence)
    values = {"group": seat.group, "seat": seat, "shown": shown_values.carried(request, _rows(seat), stale)}
    return form_response(request, "partners/seat_form.html", values, form)


@require_http_methods(GET_OR_POST)
@login_required
def seat_end(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say from which day on there is no such seat."""
    seat = kept_seat(request, slug, number)
    form = SeatEndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            end_seat(by=signed_in_person(request), at=timezone.now(), seat=seat, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "The seat’s last day has been saved.")
            return redirect("partners:seats", slug)
    return form_response(request, "partners/seat_end.html", {"group": seat.group, "seat": seat}, form)


def _rows(seat: Seat) -> dict[str, str]:
    return shown_values.rows_of(SeatForm(initial=SeatForm.initial_of(seat)))
