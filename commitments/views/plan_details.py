"""The page on which the plan details of a commitment are written: team, days, what it replaces, and its related commitments."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.forms.plan_details import PlanDetailsForm, shown
from commitments.models import Commitment
from commitments.page_parts.addresses import find_commitment
from commitments.page_parts.commitment import crumbs
from commitments.permissions.progress import check_can_manage_commitment
from commitments.services.commitment_ties import lock_ties
from commitments.services.plan_details import PLAN_ACTS, PlanDetails, edit_plan
from partners.forms.organisation_choice import is_search
from partners.page_parts import shown_values
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Invalid, Refused


@require_http_methods(GET_OR_POST)
@login_required
def plan_details(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Write them. If they have changed since the form was opened, nothing is written at first."""
    commitment = find_commitment(
        slug, key, among=Commitment.objects.select_related("strategy", "priority", "follows__strategy")
    )
    check_can_manage_commitment(request.user, commitment)
    stale: list[str] = []
    plan = PlanDetails.of(commitment)
    form = _form(request, commitment, plan)
    if request.method == "POST" and not is_search(request) and form.is_valid():
        try:
            stale = _save(request, commitment, form)
        except Refused as refused:
            related = isinstance(refused, Invalid) and refused.field == "related"
            show_refusal(form, refused, beside="also" if related else None)
        else:
            if not stale:
                messages.success(request, "The plan details have been saved.")
                return redirect(commitment)
            for sentence in stale:
                form.add_error(None, sentence)
            plan = PlanDetails.of(_read(commitment.pk))
    values = {
        "commitment": commitment,
        "strategy": commitment.strategy,
        "crumbs": crumbs(commitment, inside=True),
        "shown": shown_values.carried(request, shown(plan), stale),
    }
    return form_response(request, "commitments/plan_form.html", values, form)


def _form(request: HttpRequest, commitment: Commitment, plan: PlanDetails) -> PlanDetailsForm:
    """Return the form: bound when it is sent, drawn with what was typed after a search, else with what is saved."""
    if is_search(request):
        typed = {**request.POST.dict(), "keep": request.POST.getlist("keep")}
        return PlanDetailsForm(commitment=commitment, plan=plan, initial=typed)
    if request.method == "POST":
        return PlanDetailsForm(request.POST, commitment=commitment, plan=plan)
    return PlanDetailsForm(commitment=commitment, plan=plan, initial=PlanDetailsForm.initial_of(plan))


def _read(pk: int) -> Commitment:
    return Commitment.objects.select_related("follows__strategy").get(pk=pk)


@transaction.atomic
def _save(request: HttpRequest, commitment: Commitment, form: PlanDetailsForm) -> list[str]:
    """Write it. Return what has changed since the form was drawn, in sentences; nothing is written then."""
    lock_ties(commitment)
    held = _read(commitment.pk)
    if stale := shown_values.changed(request, shown(PlanDetails.of(held)), held.history.filter(act__in=PLAN_ACTS)):
        return stale
    edit_plan(by=signed_in_person(request), at=timezone.now(), commitment=commitment, plan=form.plan)
    return []
