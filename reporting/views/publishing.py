"""Pages of the two people who publish or withdraw an edition: what is ready, the proposal, and the second person's decision."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from partners.page_parts.reauthentication import asks_again
from partners.signed_in import signed_in_person
from reporting.formats import FORMATS
from reporting.forms.publishing import DecideForm, ProposeForm, ReadForm
from reporting.forms.sealing import WithdrawEditionForm
from reporting.models import Edition, Proposal
from reporting.permissions import (
    can_decide,
    check_can_decide,
    check_can_publish,
    check_can_see_proposals,
    check_can_withdraw,
)
from reporting.services import publishing
from reporting.views.edition_lookup import find_edition
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused

HINTS = {
    "publish": {
        "confirm": "Everyone can read it straight away. It can’t be changed after that.",
        "decline": "It stays a draft. The person who proposed it will read your reason.",
    },
    "withdraw": {
        "confirm": "It can no longer be read or downloaded. Everyone can read the reason.",
        "decline": "It stays published. The person who proposed it will read your reason.",
    },
}
DONE_MESSAGES = {
    "publish": "The report for {} has been published. Everyone can now read it.",
    "withdraw": "The report for {} has been withdrawn. It stays listed, with the reason.",
}


@require_http_methods(GET_OR_POST)
@login_required
@never_cache
@asks_again
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how ready an edition is, and let someone propose to publish it."""
    edition, person = find_edition(request, pk), signed_in_person(request)
    check_can_publish(person, edition)
    if waiting := _waiting(edition):
        return redirect("reporting:proposal", waiting.pk)
    ready = publishing.readiness_for(person, edition, timezone.now())
    form: ReadForm = ProposeForm(request.POST if request.method == "POST" else None, readiness=ready)
    if form.is_bound and ready.stops:
        form = ReadForm({})  # there is nothing to fill in before what stops it is corrected
        form.add_error(None, f"It can’t be published yet. {' '.join(stop.sentence for stop in ready.stops)}")
    elif form.is_bound and form.is_valid():
        try:
            publishing.propose_publication(
                by=person, at=timezone.now(), edition=edition,
                acknowledged=form.cleaned_data.get("acknowledged") or (), reason=form.cleaned_data.get("reason", ""),
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "A colleague now has to confirm it. Everyone who can has been asked by email.")
            return redirect(edition)
    values = {"edition": edition, "readiness": ready, "faces": _faces(edition)}
    return form_response(request, "reporting/edition_publish.html", values, form)


@require_http_methods(GET_OR_POST)
@login_required
@never_cache
@asks_again
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Explain what withdrawing means, and let someone propose it with a reason."""
    edition, person = find_edition(request, pk), signed_in_person(request)
    check_can_withdraw(person, edition)
    if waiting := _waiting(edition):
        return redirect("reporting:proposal", waiting.pk)
    form = WithdrawEditionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            publishing.propose_withdrawal(
                by=person, at=timezone.now(), edition=edition, reason=form.cleaned_data["reason"]
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "A colleague now has to confirm it. Everyone who can has been asked by email.")
            return redirect(edition)
    return form_response(request, "reporting/edition_withdraw.html", {"edition": edition}, form)


@require_http_methods(GET_OR_POST)
@login_required
@never_cache
@asks_again
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """A proposal, with the readiness as it is now; a second person confirms or declines it."""
    person = signed_in_person(request)
    made = get_object_or_404(Proposal.objects.select_related("proposed_by", "decided_by"), pk=pk)
    edition = made.edition = find_edition(request, made.edition_id)
    check_can_see_proposals(person, edition.round.strategy)
    ready = None
    if made.act == "publish" and not made.outcome:
        ready = publishing.readiness_for(made.proposed_by, edition, timezone.now())
    values: dict[str, Any] = {
        "proposal": made,
        "edition": edition,
        "readiness": ready,
        "recorded": made.readiness,
        "new": _new_warnings(made, ready),
        "own": made.proposed_by_id == person.pk,
    }
    if request.method == "POST":
        check_can_decide(person, made)
    if not can_decide(person, made):
        return render(request, "reporting/proposal.html", values)
    stopped = bool(ready and ready.stops)
    data = request.POST if request.method == "POST" else None
    form = DecideForm(data, readiness=ready, hints=HINTS[made.act], stopped=stopped)
    if form.is_bound and form.is_valid():
        try:
            return _decide(request, made, form)
        except Refused as refused:
            show_refusal(form, refused)
    return form_response(request, "reporting/proposal.html", values, form)


def _decide(request: HttpRequest, made: Proposal, form: DecideForm) -> HttpResponse:
    by, at = signed_in_person(request), timezone.now()
    if form.cleaned_data["decision"] == "confirm":
        ticks = form.cleaned_data.get("acknowledged") or ()
        publishing.confirm_proposal(by=by, at=at, proposal=made, acknowledged=ticks)
        messages.success(request, DONE_MESSAGES[made.act].format(made.edition.round.label))
    else:
        publishing.decline_proposal(by=by, at=at, proposal=made, reason=form.cleaned_data["reason"])
        messages.success(request, f"You declined it. {made.proposed_by.name} will read your reason.")
    return redirect(made.edition)


@require_POST
@login_required
def proposal_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel your own proposal."""
    made = get_object_or_404(Proposal.objects.select_related("edition"), pk=pk)
    edition = find_edition(request, made.edition_id)
    publishing.cancel_proposal(by=signed_in_person(request), at=timezone.now(), proposal=made)
    messages.success(request, "Your proposal has been cancelled.")
    return redirect(edition)


def _waiting(edition: Edition) -> Proposal | None:
    return edition.proposals.waiting().first()


def _new_warnings(made: Proposal, ready: Any) -> list[str]:
    """Return the labels of what was no warning when it was proposed."""
    known = {check["code"]: check["sentence"] for check in made.readiness if check["state"] == "warning"}
    return [warning.label for warning in ready.warnings if known.get(warning.code) != warning.sentence] if ready else []


def _faces(edition: Edition) -> list[dict[str, Any]]:
    made = {face.code: face for face in edition.faces.all()}
    return [{"label": about.label, "face": made[about.code]} for about in FORMATS if about.code in made]
