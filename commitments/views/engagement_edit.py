"""Engagement to write: planning it, who attended, writing it up, holding, reopening and calling it off."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from commitments.forms.attendance import AttendanceForm
from commitments.forms.engagement import AccountForm, CallOffForm, EngagementForm
from commitments.models import Engagement
from commitments.page_parts import autosave
from commitments.page_parts.engagement import find_engagement
from commitments.permissions.engagement import check_can_keep_engagement, check_can_plan_engagement
from commitments.queries.engagement_evidence import unseen_evidence
from commitments.queries.engagement_owners import owners_it_may_have, owners_offered
from commitments.queries.seat_holders import seat_holders, vacant_seats
from commitments.services.engagement import (
    call_off_engagement,
    check_has_begun,
    check_open,
    edit_engagement,
    hold_engagement,
    plan_engagement,
)
from commitments.services.engagement_account import (
    decisions_to_publish,
    reopen_engagement,
    save_account,
    set_attendance,
    write_up_engagement,
)
from commitments.services.working_copies import copy_of, drop_copy, keep_copy
from partners.forms.organisation_choice import is_search, unchecked
from partners.models import User
from partners.page_parts.sent_once import sent_once
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Conflict, NotAllowed, Refused

PLANNED: Final = "It is saved, and everyone can read when and where it takes place."
SAVED: Final = "Your changes have been saved."
DRAFT: Final = "The draft is saved. Only the people who can edit it can read it."
WRITTEN_UP: Final = "The summary is published. Everyone can read it."
HELD: Final = "It is recorded as held. Write a summary when you can."
REOPENED: Final = "It is open for changes. Its summary is not public until you publish it again."
CALLED_OFF: Final = "It has been called off. Everyone can read the reason."
ATTENDANCE: Final = "Attendance is saved."


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def engagement_new(request: HttpRequest) -> HttpResponse:
    """Plan something for a group, a strategy or both, or record what took place."""
    person, today = signed_in_person(request), timezone.localdate()
    offered = owners_offered(person, today)
    if not offered.any:
        check_can_plan_engagement(person, None, None, today)
        raise NotAllowed("You can’t plan this.")
    data = request.POST if request.method == "POST" else None
    initial = {name: request.GET.get(name, "") for name in ("group", "strategy")}
    form = EngagementForm(data, initial=initial, groups=offered.groups, strategies=offered.strategies)
    if data is not None and form.is_valid():
        group, strategy = form.cleaned_data.get("group"), form.cleaned_data.get("strategy")
        try:
            made = plan_engagement(by=person, at=timezone.now(), group=group, strategy=strategy, plan=form.plan)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, PLANNED)
            return redirect(made)
    return form_response(request, "commitments/engagement_form.html", {}, form)


@require_http_methods(GET_OR_POST)
@login_required
def engagement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what everyone can read of it from the start, and whose it is."""
    person, found = signed_in_person(request), find_engagement(pk)
    check_open(person, timezone.now(), found, None)
    may = owners_it_may_have(found, person, timezone.localdate())
    whose = {"groups": may.groups, "strategies": may.strategies}
    if request.method == "POST":
        form = EngagementForm(request.POST, engagement=found, **whose)
    else:
        form = EngagementForm.of(found, **whose)
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            edit_engagement(
                by=person, at=timezone.now(), engagement=found, plan=form.plan, owner=form.owner, version=version
            )
        except Conflict as conflict:
            _again(form, found, conflict)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, SAVED)
            return redirect(found)
    return form_response(request, "commitments/engagement_form.html", {"engagement": found}, form)


@require_http_methods(GET_OR_POST)
@autosave.autosaved
def engagement_write_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what was said, how many came and what they answered; saved as it is typed."""
    person, found, name = signed_in_person(request), find_engagement(pk), f"engagement:{pk}"
    check_open(person, timezone.now(), found, None)
    check_has_begun(found, timezone.localdate())
    if (answered := _kept(request, person, found, name)) is not None:
        return answered
    sent = request.method == "POST"
    copy = None if sent else copy_of(person, name)
    data = autosave.copy_as_data(copy) if copy else request.POST if sent else None
    publish = request.POST.get("act") != "save"
    form = AccountForm(data, engagement=found, person=person, today=timezone.localdate(), whole=publish)
    if copy or is_search(request):
        unchecked(form)
    elif form.is_bound and form.is_valid():
        service = write_up_engagement if publish else save_account
        version = form.cleaned_data["version"]
        try:
            service(by=person, at=timezone.now(), engagement=found, account=form.account, version=version)
        except Conflict as conflict:
            _again(form, found, conflict)
        except Refused as refused:
            show_refusal(form, refused, stay=True)
        else:
            drop_copy(by=person, form=name)
            messages.success(request, WRITTEN_UP if publish else DRAFT)
            return redirect(found)
    values = {
        "engagement": found,
        "copy": copy,
        "signed": autosave.hidden(person),
        "decisions": decisions_to_publish(found),
        "unseen": unseen_evidence(found, person).count(),
    }
    return form_response(request, "commitments/engagement_write_up.html", values, form)


@require_http_methods(GET_OR_POST)
@autosave.autosaved
def engagement_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Who came and who sent apologies, seat by seat; then further organisations and posts."""
    person, found, name = signed_in_person(request), find_engagement(pk), f"attendance:{pk}"
    check_open(person, timezone.now(), found, None)
    if (answered := _kept(request, person, found, name)) is not None:
        return answered
    holders = seat_holders(found)
    recorded = list(found.attendance.select_related("organisation", "seat").order_by("id"))
    copy = copy_of(person, name) if request.method != "POST" else None
    data = autosave.copy_as_data(copy) if copy else request.POST if request.method == "POST" else None
    form = AttendanceForm(data, holders=holders, recorded=recorded, version=found.version)
    if copy or is_search(request):
        unchecked(form)
    elif form.is_bound and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            set_attendance(by=person, at=timezone.now(), engagement=found, entries=form.entries, version=version)
        except Conflict as conflict:
            _again(form, found, conflict)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            drop_copy(by=person, form=name)
            messages.success(request, ATTENDANCE)
            return (
                redirect("commitments:engagement-attendance", pk)
                if request.POST.get("act") == "more"
                else redirect(found)
            )
    values = {
        "engagement": found,
        "copy": copy,
        "signed": autosave.hidden(person),
        "vacant": vacant_seats(found, holders),
        "has_begun": found.has_begun(timezone.localdate()),
    }
    return form_response(request, "commitments/engagement_attendance.html", values, form)


@require_http_methods(GET_OR_POST)
@login_required
def engagement_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off, with a reason."""
    person, found = signed_in_person(request), find_engagement(pk)
    check_can_keep_engagement(person, found, timezone.localdate())
    form = CallOffForm(request.POST) if request.method == "POST" else CallOffForm(initial={"version": found.version})
    if form.is_bound and form.is_valid():
        values = {"reason": form.cleaned_data["reason"], "version": form.cleaned_data["version"] or 0}
        try:
            call_off_engagement(by=person, at=timezone.now(), engagement=found, **values)
        except Conflict as conflict:
            _again(form, found, conflict)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, CALLED_OFF)
            return redirect(found)
    return form_response(request, "commitments/engagement_call_off.html", {"engagement": found}, form)


@require_POST
@login_required
def engagement_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it was held."""
    found = find_engagement(pk)
    hold_engagement(by=signed_in_person(request), at=timezone.now(), engagement=found)
    messages.success(request, HELD)
    return redirect(found)


@require_POST
@login_required
def engagement_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take its summary off the public page, so that it can be edited."""
    found = find_engagement(pk)
    reopen_engagement(by=signed_in_person(request), at=timezone.now(), engagement=found)
    messages.success(request, REOPENED)
    return redirect("commitments:engagement-write-up", pk)


def _again(form: Any, found: Engagement, conflict: Conflict) -> None:
    """Show who was faster; what was typed stays, and is meant for what is saved now."""
    show_refusal(form, conflict)
    form.seen(Engagement.objects.values_list("version", flat=True).get(pk=found.pk))


def _kept(request: HttpRequest, person: User, found: Engagement, name: str) -> HttpResponse | None:
    """Keep what is being typed, give it up, or take in what was sent after the session had ended."""
    act = request.POST.get("act", "")
    if act == "keep":
        return autosave.keep(request, name, found.version)
    if act == "discard":
        drop_copy(by=person, form=name)
        return redirect(request.path)
    if request.method != "POST" and (fields := autosave.held(request)):
        keep_copy(by=person, at=timezone.now(), form=name, fields=fields, seen=found.version)
    return None
