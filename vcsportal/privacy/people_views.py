"""A person's data: exported by themselves or an administrator, and erased by an administrator."""

import tempfile
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from commitments.services.handover import held_by
from partners import roles
from partners.models import User
from partners.page_parts.reauthentication import asks_again
from partners.permissions import check_permission_anywhere
from partners.security.events import record_event
from partners.services.erasure import check_can_erase_person, unnamed
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.widgets import TextBox
from vcsportal.common.words import Refused
from vcsportal.privacy.personal_data_export import export_person
from vcsportal.privacy.services.erasure import erase_person, mentions


class EraseForm(forms.Form):
    """Why a person's data is erased."""

    reason = forms.CharField(
        label="Why are you erasing this person’s data?",
        max_length=500,
        widget=TextBox(rows=3, limit=500),
        help_text="For example: they asked for it on 3 March. Do not write their name.",
        error_messages={"required": "Say why this person’s data is erased."},
    )


@require_http_methods(GET_OR_POST)
@login_required
@asks_again
@never_cache
def my_data(request: HttpRequest) -> HttpResponse:
    """Say what the download holds; hand it over when the button is pressed."""
    me = signed_in_person(request)
    if request.method == "POST":
        return _download(request, me)
    return render(request, "pages/person_data.html", {"person": me, "own": True})


@require_http_methods(GET_OR_POST)
@login_required
@asks_again
@never_cache
def person_data(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for an administrator who answers a request of somebody to see their data."""
    check_permission_anywhere(
        request.user, roles.MANAGE_PEOPLE, "Only an administrator can download another person’s data."
    )
    person = get_object_or_404(User, pk=pk)
    if request.method == "POST":
        return _download(request, person)
    return render(request, "pages/person_data.html", {"person": person, "own": False})


def _download(request: HttpRequest, person: User) -> HttpResponse:
    at: datetime = timezone.now()
    file: Any = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    export_person(at=at, person=person, file=file)
    file.seek(0)
    record_event("exported", at=at, by=request.user, person=person, subject="Everything held about a person")
    name = f"personal-data-{person.pk}-{timezone.localdate(at).isoformat()}.zip"
    response: Any = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    return cast(HttpResponse, response)


@require_http_methods(GET_OR_POST)
@login_required
@asks_again
@never_cache
def person_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what erasing means and what stays readable, ask why, and do it."""
    check_permission_anywhere(request.user, roles.MANAGE_PEOPLE, "Only an administrator can erase a person’s data.")
    person = get_object_or_404(User, pk=pk)
    me = signed_in_person(request)
    check_can_erase_person(me, person)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            erased = erase_person(by=me, at=timezone.now(), person=person, reason=form.cleaned_data["reason"])
        except Refused as refused:
            show_refusal(form, refused, beside="reason")
        else:
            messages.success(request, f"Their data has been erased. They are now shown as “{erased.name}”.")
            return redirect("partners:person", person.pk)
    values = {
        "person": person,
        "unnamed": unnamed(person),
        "held": bool(held_by(person)),
        "mentions": mentions(person),
    }
    return form_response(request, "pages/person_erase.html", values, form)
