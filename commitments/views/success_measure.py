"""The page on which a commitment's success measure is written: the words, who agreed them and when."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.forms.success_measures import SuccessMeasureForm, shown
from commitments.models import Commitment
from commitments.page_parts.addresses import find_commitment
from commitments.page_parts.commitment import crumbs
from commitments.permissions.progress import check_can_manage_commitment
from commitments.services.success_measures import set_success_measure
from partners.page_parts import shown_values
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused


@require_http_methods(GET_OR_POST)
@login_required
def success_measure(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Write, change or remove it. If it has changed since the form was opened, nothing is written at first."""
    commitment = find_commitment(slug, key)
    check_can_manage_commitment(request.user, commitment)
    stale: list[str] = []
    form = SuccessMeasureForm(request.POST) if request.method == "POST" else SuccessMeasureForm.of(commitment)
    if request.method == "POST" and form.is_valid():
        try:
            stale = _save(request, commitment, form)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            if not stale:
                messages.success(request, "The success measure has been saved.")
                return redirect(commitment)
            for sentence in stale:
                form.add_error(None, sentence)
    values = {
        "commitment": commitment,
        "strategy": commitment.strategy,
        "crumbs": crumbs(commitment, inside=True),
        "shown": shown_values.carried(request, shown(Commitment.objects.get(pk=commitment.pk)), stale),
    }
    return form_response(request, "commitments/success_measure_form.html", values, form)


@transaction.atomic
def _save(request: HttpRequest, commitment: Commitment, form: SuccessMeasureForm) -> list[str]:
    """Write it. Return what has changed since the form was drawn, in sentences; nothing is written then."""
    held = Commitment.objects.select_for_update(of=("self",), no_key=True).get(pk=commitment.pk)
    if stale := shown_values.changed(request, shown(held), held.history.filter(act="measure")):
        return stale
    set_success_measure(by=signed_in_person(request), at=timezone.now(), commitment=commitment, measure=form.measure)
    return []
