"""Plan a round, change its days, delete it while it is only planned. Planning shows first what will happen when."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.forms.rounds import DaysForm
from commitments.models import Round, Strategy
from commitments.permissions.progress import check_can_run_rounds
from commitments.reading import round_opening as reading
from commitments.rules import workflow
from commitments.services.round_days import (
    Days,
    change_days,
    check_days,
    check_nothing_kept,
    delete_round,
    free_slug,
    plan_round,
)
from commitments.services.rounds import lock_round
from commitments.views.rounds import crumbs, find_round
from partners.page_parts import shown_values
from partners.page_parts.sent_once import sent_once
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def round_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Plan a round: its days, then a page that says what will happen when, then the plan."""
    strategy = get_object_or_404(Strategy, slug=slug)
    check_can_run_rounds(request.user, strategy)
    likely = reading.likely_days(strategy, timezone.localdate())
    form = DaysForm(request.POST) if request.method == "POST" else DaysForm(initial=likely)
    act = request.POST.get("act", "check")
    if act != "change" and request.method == "POST" and form.is_valid():
        try:
            if act == "plan":
                made = plan_round(
                    by=signed_in_person(request), at=timezone.now(), strategy=strategy, days=form.days(),
                    title=form.title_written(),
                )  # fmt: skip
                messages.success(
                    request, f"The {made.label} round is planned. Nobody is asked for anything until it opens."
                )
                return redirect(made)
            check_days(form.days(), strategy)
            return _check_page(request, strategy, form, form.days())
        except Refused as refused:
            show_refusal(form, refused)
    values = {"strategy": strategy, "crumbs": crumbs(strategy), "heading": "Plan a round", "over": not likely}
    values["last_period"] = reading.last_period(strategy)
    if act == "change":
        return render(request, "commitments/round_days.html", {**values, "form": form})
    return form_response(request, "commitments/round_days.html", values, form)


def _check_page(request: HttpRequest, strategy: Strategy, form: DaysForm, days: Days) -> HttpResponse:
    """What will happen when, before anything is kept. The days travel in hidden fields."""
    round_ = Round(
        strategy=strategy, slug=free_slug(strategy, days), title=form.title_written(), state="planned", **asdict(days)
    )
    today = timezone.localdate()
    values = {
        "round": round_,
        "strategy": strategy,
        "form": form,
        "opening": reading.what_opening_does(round_),
        "calendar": reading.calendar(round_, today),
        "warnings": reading.warnings(round_, today),
        "crumbs": crumbs(strategy),
    }
    return render(request, "commitments/round_check.html", values)


@require_http_methods(GET_OR_POST)
@login_required
def round_days(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Change the title and the days of a round."""
    round_ = find_round(slug, name)
    check_can_run_rounds(request.user, round_.strategy)
    fixed = round_.state != "planned"
    form = DaysForm(request.POST if request.method == "POST" else None, initial=_days_of(round_), fixed=fixed)
    now, stale = _shown(round_), list[str]()
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                held = lock_round(round_)
                now = _shown(held)
                acts = held.history.filter(act__startswith="round_").exclude(act="round_nudge")
                stale = shown_values.changed(request, now, acts)
                if not stale:
                    change_days(
                        by=signed_in_person(request), at=timezone.now(), round_=round_, days=form.days(held),
                        title=form.title_written(),
                    )  # fmt: skip
                    messages.success(request, "The days are saved.")
                    return redirect(round_)
        except Refused as refused:
            show_refusal(form, refused)
        for sentence in stale:
            form.add_error(None, sentence)
    values = {"round": round_, "strategy": round_.strategy, "crumbs": crumbs(round_.strategy, round_)}
    values["shown"] = shown_values.carried(request, now, stale)
    return form_response(
        request, "commitments/round_days.html", {**values, "heading": f"The dates of {round_.label}"}, form
    )


@require_http_methods(GET_OR_POST)
@login_required
def round_delete(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Delete a round that was only planned, after saying what that does."""
    strategy = get_object_or_404(Strategy, slug=slug)
    check_can_run_rounds(request.user, strategy)
    gone = Round.with_deleted.filter(strategy=strategy, slug=name)
    if gone.exists() and not gone.exclude(state="deleted").exists():
        messages.info(
            request, f"The {gone.order_by('-id')[0].label} round has been deleted already. Nothing more was changed."
        )
        return redirect("commitments:rounds", slug)
    round_ = find_round(slug, name)
    if request.method == "POST":
        delete_round(by=signed_in_person(request), at=timezone.now(), round_=round_)
        messages.success(request, f"The {round_.label} round is deleted. Nobody had been asked for anything.")
        return redirect("commitments:rounds", round_.strategy.slug)
    workflow.check_act(workflow.ROUND_ACT["delete"], round_.state, what="round", thing=round_)
    check_nothing_kept(round_)
    values = {"round": round_, "strategy": round_.strategy, "crumbs": crumbs(round_.strategy, round_)}
    return render(request, "commitments/round_delete.html", values)


def _days_of(round_: Round) -> dict[str, Any]:
    return {field: getattr(round_, field) for field in DaysForm.base_fields}


def _shown(round_: Round) -> dict[str, str]:
    """Return what the form shows of a round: which days can be changed follows from its state."""
    return {
        "The round": workflow.ROUND_STATE[round_.state].label,
        **shown_values.rows_of(DaysForm(initial=_days_of(round_))),
    }
