"""A response of an addressee: it is written here, and read and decided on by a second person."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.forms.decisions import DecisionForm
from commitments.forms.responses import ResponseForm
from commitments.models import Response
from commitments.page_parts.addresses import find_commitment
from commitments.page_parts.commitment import crumbs
from commitments.permissions.responses import (
    can_approve_response,
    can_return_response,
    can_write_response,
    check_can_approve_response,
    check_can_return_response,
    check_can_write_response,
)
from commitments.rules import workflow
from commitments.services.responses import approve_response, return_response, save_response, submit_response
from partners.models import User
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Conflict, Refused

SENT = "The response is sent. Someone else now has to approve it."
SAVED = "The draft is saved. Only the people who may write the response can see it."
APPROVED = "You approved the response. Everyone can now read it."
RETURNED = "You returned the response with your reason."


@login_required
@require_http_methods(GET_OR_POST)
def response(request: HttpRequest, slug: str, key: str, pk: int) -> HttpResponse:
    """One response: the form for whoever may write it now, the decision for a second person, its text for the others."""
    commitment = find_commitment(slug, key)
    person = signed_in_person(request)
    found = _found(person, commitment.pk, pk)
    form = _form(request, person, found)
    if request.method == "POST" and form is None:
        _say_why_not(person, found)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            done = (
                _write(request, person, found, form) if isinstance(form, ResponseForm) else _decide(person, found, form)
            )
        except Conflict as conflict:
            fresh = _found(person, commitment.pk, pk)
            show_refusal(form, conflict)
            form.seen(fresh.version)
            return _page(request, person, fresh, form)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, done)
            return redirect(f"{commitment.get_absolute_url()}#responses")
    return _page(request, person, found, form)


def _found(person: User, commitment: int, pk: int) -> Response:
    people = (
        "organisation",
        "commitment__strategy__owner",
        "commitment__priority",
        "submitted_by",
        "saved_by",
        "given_by",
    )
    return get_object_or_404(
        Response.objects.handled_by(person)
        .filter(commitment=commitment, organisation__isnull=False)
        .select_related(*people),
        pk=pk,
    )


def _form(request: HttpRequest, person: User, response: Response) -> ResponseForm | DecisionForm | None:
    """The form of what this person may do now, if there is anything."""
    data = request.POST if request.method == "POST" else None
    if response.is_submitted or response.is_given:
        may = can_return_response if response.is_given else can_approve_response
        if not may(person, response):
            return None
        initial = {"version": response.version, "decision": "return" if response.is_given else None}
        return DecisionForm(data, initial=initial, approved=response.is_given)
    if not can_write_response(person, response):
        return None
    return ResponseForm(data) if data is not None else ResponseForm.of(response)


def _say_why_not(person: User, response: Response) -> None:
    """Raise :class:`Refused` for what this person can't do to it now."""
    if response.is_given:
        check_can_return_response(person, response)
    elif response.is_submitted:
        check_can_approve_response(person, response)
    else:
        check_can_write_response(person, response)


def _why_not(person: User, response: Response) -> str:
    """Return why a person who reviews responses can't approve this one; "" if they can, or if that is not theirs to do."""
    if not response.is_submitted or not can_return_response(person, response):
        return ""
    try:
        check_can_approve_response(person, response)
    except Refused as refused:
        return refused.sentence
    return ""


def _write(request: HttpRequest, person: User, response: Response, form: ResponseForm) -> str:
    send = request.POST.get("act") != "save"
    service = submit_response if send else save_response
    service(by=person, at=timezone.now(), response=response, content=form.content, version=form.cleaned_data["version"])
    return SENT if send else SAVED


def _decide(person: User, response: Response, form: DecisionForm) -> str:
    values = form.cleaned_data
    if values["decision"] == "approve":
        approve_response(by=person, at=timezone.now(), response=response, version=values["version"])
        return APPROVED
    return_response(by=person, at=timezone.now(), response=response, version=values["version"], reason=values["reason"])
    return RETURNED


def _page(request: HttpRequest, person: User, response: Response, form: Any) -> HttpResponse:
    values = {
        "response": response,
        "commitment": response.commitment,
        "strategy": response.commitment.strategy,
        "state": workflow.RESPONSE_STATE[response.state],
        "writes": isinstance(form, ResponseForm),
        "own": _why_not(person, response),
        "crumbs": crumbs(response.commitment, inside=True),
    }
    if form is None:
        return render(request, "commitments/response.html", values)
    return form_response(request, "commitments/response.html", values, form)
