"""Risks to write: recording, changing, assessing, confirming and ending one."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from commitments.forms.risks import AssessmentForm, EndRiskForm, RiskForm
from commitments.models import Risk, RiskAssessment, Strategy
from commitments.permissions.risks import check_can_keep_risks
from commitments.reading.risks import line_of
from commitments.services.risk_assessments import assess_risk, confirm_risk
from commitments.services.risks import check_open_risk, edit_risk, end_risk, record_risk
from commitments.views.risks import crumbs_of, find_risk
from partners.page_parts.sent_once import sent_once
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Conflict, Refused

RECORDED: Final = "The risk has been recorded. Now assess how serious it is."
SAVED: Final = "Your changes have been saved."
ASSESSED: Final = "The assessment has been saved. The earlier one stays in the history."
CONFIRMED: Final = "Thank you. The risk is confirmed for this round."
ENDED: Final = "It is no longer listed as a risk. Its record stays."


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def risk_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Record a risk of a strategy; how high it is comes next."""
    strategy = get_object_or_404(Strategy.objects.select_related("owner"), slug=slug)
    check_can_keep_risks(request.user, strategy)
    form = RiskForm(request.POST if request.method == "POST" else None, strategy=strategy)
    if form.is_bound and form.is_valid():
        try:
            made = record_risk(by=signed_in_person(request), at=timezone.now(), strategy=strategy, content=form.content)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, RECORDED)
            return redirect("commitments:risk-assess", slug, made.key)
    values = {"strategy": strategy, "crumbs": crumbs_of(strategy)}
    return form_response(request, "commitments/risk_form.html", values, form)


@require_http_methods(GET_OR_POST)
@login_required
def risk_edit(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Change what is said of a risk."""
    found = _kept(request, slug, key)
    form = (
        RiskForm(request.POST, strategy=found.strategy, risk=found) if request.method == "POST" else RiskForm.of(found)
    )
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            edit_risk(
                by=signed_in_person(request), at=timezone.now(), risk=found, content=form.content, version=version
            )
        except Conflict as conflict:
            _again(form, found, conflict)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, SAVED)
            return redirect(found)
    return form_response(request, "commitments/risk_form.html", _values(found), form)


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def risk_assess(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Add an assessment; with ``?replaces=`` the form begins with the one that it replaces."""
    found = _kept(request, slug, key)
    before = _before(found, request.POST.get("replaces") or request.GET.get("replaces"))
    sent = request.POST if request.method == "POST" else None
    form = AssessmentForm(sent, risk=found) if sent is not None else AssessmentForm.of(found, before)
    if form.is_bound and form.is_valid():
        try:
            assess_risk(
                by=signed_in_person(request), at=timezone.now(), risk=found, content=form.content, replaces=before
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, ASSESSED if before else SAVED)
            return redirect(found)
    line = line_of(before, found.strategy, "") if before else None
    return form_response(request, "commitments/risk_assess.html", {**_values(found), "before": line}, form)


@require_http_methods(GET_OR_POST)
@login_required
def risk_end(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Say that it is no longer a risk, and why."""
    found = _kept(request, slug, key)
    form = EndRiskForm(request.POST) if request.method == "POST" else EndRiskForm(initial={"version": found.version})
    if form.is_bound and form.is_valid():
        try:
            end_risk(
                by=signed_in_person(request),
                at=timezone.now(),
                risk=found,
                **{**form.cleaned_data, "version": form.cleaned_data["version"] or 0},
            )
        except Conflict as conflict:
            _again(form, found, conflict)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, ENDED)
            return redirect(found)
    return form_response(request, "commitments/risk_end.html", _values(found), form)


@require_POST
@login_required
def risk_confirm(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Say in the open round that it is still as assessed; one tap."""
    found = find_risk(slug, key)
    confirm_risk(by=signed_in_person(request), at=timezone.now(), risk=found)
    messages.success(request, CONFIRMED)
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/"):
        return redirect(back)
    return redirect(found)


def _kept(request: HttpRequest, slug: str, key: str) -> Risk:
    """Return a risk that whoever asks keeps and that has not ended; raise :class:`Refused` or 404."""
    found = find_risk(slug, key)
    check_can_keep_risks(request.user, found.strategy)
    check_open_risk(found)
    return found


def _before(risk: Risk, asked: str | None) -> RiskAssessment | None:
    if not asked or not asked.isdecimal() or len(asked) > 18:
        return None
    return risk.assessments.select_related("priority", "round", "replaces").filter(pk=int(asked)).first()


def _values(risk: Risk) -> dict[str, Any]:
    crumbs = [*crumbs_of(risk.strategy), {"title": str(risk), "url": risk.get_absolute_url()}]
    return {"strategy": risk.strategy, "risk": risk, "crumbs": crumbs}


def _again(form: Any, found: Risk, conflict: Conflict) -> None:
    """Show who was faster; what was typed stays, and is meant for what is saved now."""
    show_refusal(form, conflict)
    form.seen(Risk.objects.values_list("version", flat=True).get(pk=found.pk))
