"""Changing the status of a commitment outside a round's update, at any time."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.content.updates import UpdateContent
from commitments.forms.updates import StatusChangeForm
from commitments.models import Commitment
from commitments.page_parts.addresses import find_commitment
from commitments.page_parts.commitment import crumbs, freshness, hidden_fields
from commitments.permissions.progress import check_can_update_commitment
from commitments.reading.update_form import side_by_side
from commitments.rules import status as words
from commitments.services.progress import change_status
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Conflict, Refused

TEMPLATE = "commitments/status_form.html"


@require_http_methods(GET_OR_POST)
@login_required
def status_change(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Change the status outside a round's update."""
    commitment = find_commitment(slug, key)
    check_can_update_commitment(request.user, commitment)
    values = _values(commitment)
    if request.method != "POST":
        form = StatusChangeForm(initial={"version": commitment.version}, commitment=commitment)
        return render(request, TEMPLATE, {**values, "form": form})
    if request.POST.get("act") == "change":
        form = StatusChangeForm(initial=request.POST.dict(), commitment=commitment)
        return render(request, TEMPLATE, {**values, "form": form})
    form = StatusChangeForm(request.POST, commitment=commitment)
    if form.is_valid():
        content, version = form.content, form.cleaned_data["version"]
        try:
            change_status(
                by=signed_in_person(request), at=timezone.now(), commitment=commitment, to=content.status, reason=content.reason,
                remedy=content.remedy, into=form.into, version=version,
            )  # fmt: skip
        except Conflict as conflict:
            return _conflict(request, form, find_commitment(slug, key), conflict)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return _changed(request, commitment, content)
    return form_response(request, TEMPLATE, values, form)


def _changed(request: HttpRequest, commitment: Commitment, content: UpdateContent) -> HttpResponse:
    messages.success(request, f"The status of {commitment.reference} is now “{words.of(content.status).label}”.")
    return redirect(commitment)


def _conflict(request: HttpRequest, form: StatusChangeForm, now: Commitment, conflict: Conflict) -> HttpResponse:
    theirs = UpdateContent(now.status, now.status_reason, now.status_remedy)
    if theirs == form.content.tidy():
        return _changed(request, now, theirs)  # the second click of two
    values = {
        **_values(now),
        "sentence": conflict.sentence,
        "who": now.status_by.name if now.status_by else "",
        "at": now.status_at,
        "rows": side_by_side(theirs, form.content)[:3],
        "hidden": hidden_fields(form, now.version),
        "act": "save",
        "again_url": request.path,
    }
    return render(request, "commitments/update_conflict.html", values, status=409)


def _values(commitment: Commitment) -> dict[str, object]:
    return {
        "commitment": commitment,
        "strategy": commitment.strategy,
        "status": words.of(commitment.status),
        "fresh": freshness(commitment),
        "crumbs": crumbs(commitment, inside=True),
    }
