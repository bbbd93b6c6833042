"""Figures that partners have supplied: the queue, and one of them with the decision on it."""

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments.forms.figures import asked_of
from commitments.forms.indicators import JudgeForm
from commitments.models import IndicatorValue
from commitments.permissions.indicators import can_judge_value, check_may_judge_values, check_may_judge_values_of
from commitments.reading.indicators import waiting_for
from commitments.reading.review import queues
from commitments.reading.strand_breakdowns import breakdown_of, strands_of
from commitments.rules import workflow
from commitments.services.indicators import approve_value, return_value
from commitments.views.indicators import page_values, said
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Conflict, Refused

MAX_SHOWN: Final = 100


@require_safe
@login_required
def values_waiting(request: HttpRequest) -> HttpResponse:
    """The figures that partners have supplied and nobody has looked at."""
    check_may_judge_values(request.user)
    waiting = waiting_for(request.user)
    shown = {
        "waiting": waiting[:MAX_SHOWN],
        "total": len(waiting),
        "queues": queues(signed_in_person(request), "figures"),
    }
    return render(request, "commitments/indicator_waiting.html", shown)


@require_http_methods(GET_OR_POST)
@login_required
def value_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a figure that a partner supplied, or send it back with a reason."""
    rows = IndicatorValue.objects.visible_to(request.user).select_related(
        "indicator__strategy", "indicator__commitment__priority", "indicator__priority", "round", "organisation",
        "area", "entered_by",
    )  # fmt: skip
    value = get_object_or_404(rows.filter(organisation__isnull=False), pk=pk)
    check_may_judge_values_of(request.user, value.indicator.strategy)
    form = JudgeForm(request.POST if request.method == "POST" else None, initial={"version": value.version})
    if request.method == "POST" and form.is_valid():
        try:
            return _judge(request, value, form)
        except Conflict as conflict:
            form.seen(value.version)
            show_refusal(form, conflict)
        except Refused as refused:
            show_refusal(form, refused, beside="decision")
    [asked] = [
        question
        for question in asked_of([value.indicator], value.round, [value.area] if value.area else ())
        if question.area == value.area
    ]
    shown = page_values(value.indicator, value=value, said=said(value), before=asked.before, aim=asked.aim)
    shown["by_strand"] = breakdown_of(value, strands_of([value]), when=value.round.label, keeps=True)
    shown |= {"state": workflow.VALUE_STATE[value.state], "can_judge_value": can_judge_value(request.user, value)}
    return form_response(request, "commitments/indicator_review.html", shown, form)


def _judge(request: HttpRequest, value: IndicatorValue, form: JudgeForm) -> HttpResponse:
    at, seen = timezone.now(), form.cleaned_data["version"]
    if form.cleaned_data["decision"] == "approve":
        approve_value(by=signed_in_person(request), at=at, value=value, version=seen)
        messages.success(request, "The figure is approved and counts.")
    else:
        return_value(by=signed_in_person(request), at=at, value=value, reason=form.cleaned_data["reason"], version=seen)
        who = value.organisation.name if value.organisation else "the partner"
        messages.success(request, f"The figure is returned to {who} with your reason.")
    waiting = waiting_for(request.user)
    return redirect(waiting[0].url) if waiting else redirect("commitments:values-waiting")
