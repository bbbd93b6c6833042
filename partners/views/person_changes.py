"""Correcting a person's name and address, for administrators; and confirming a new address, for whoever has it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partners import roles
from partners.forms.person import ConfirmAddressForm, PersonForm
from partners.models import AddressChange, User
from partners.page_parts import shown_values
from partners.page_parts.reauthentication import asks_again
from partners.permissions import check_permission_anywhere
from partners.services.address_changes import ask_to_change_address, confirm_address
from partners.services.people import rename_person
from partners.signed_in import signed_in_person
from partners.views.people import ADMINISTRATORS_ONLY
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused


@require_http_methods(GET_OR_POST)
@login_required
@asks_again
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a name at once, and an address once it is confirmed."""
    check_permission_anywhere(request.user, roles.MANAGE_PEOPLE, ADMINISTRATORS_ONLY)
    found, me, now = get_object_or_404(User, pk=pk), signed_in_person(request), timezone.now()
    stale: list[str] = []
    form = _form_of(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name, email = form.cleaned_data["name"], form.cleaned_data["email"]
        try:
            with transaction.atomic():
                found = User.objects.select_for_update().get(pk=pk)
                acts = found.history.filter(act__in=("name corrected", "address changed"))
                stale = shown_values.changed(request, shown_values.rows_of(_form_of(found)), acts)
                if not stale:
                    moves = email != found.email
                    if moves:
                        ask_to_change_address(by=me, at=now, person=found, email=email)
                    rename_person(by=me, at=now, person=found, name=name)
                    code = (
                        f"A code is on its way to {email}. The new address takes effect once the person has entered it."
                    )
                    messages.success(request, code if moves else "Saved.")
                    return redirect("partners:person", found.pk)
        except Refused as refused:
            show_refusal(form, refused, beside="email")
        for sentence in stale:
            form.add_error(None, sentence)
    waiting = AddressChange.objects.filter(
        person=found, confirmed_at=None, cancelled_at=None, expires_at__gt=now
    ).first()
    values: dict[str, Any] = {"person": found, "waiting": waiting}
    values["shown"] = shown_values.carried(request, shown_values.rows_of(_form_of(found)), stale)
    return form_response(request, "partners/person_edit.html", values, form)


def _form_of(person: User, data: Any = None) -> PersonForm:
    return PersonForm(data, initial={"name": person.name, "email": person.email})


@require_http_methods(GET_OR_POST)
def address_confirm(request: HttpRequest) -> HttpResponse:
    """Confirm one's new address with the code that was sent to it. No sign-in is needed: the old mailbox may be gone."""
    form = ConfirmAddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_address(at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused, beside="code")
        else:
            messages.success(request, "Your new address is confirmed. Sign in with it from now on.")
            return redirect("account_login")
    return form_response(request, "partners/address_confirm.html", {}, form)
