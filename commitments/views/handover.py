"""Nudges, handing on one task, handing over everything, and the brief for the person who takes over."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments.forms.rounds import ChosenPersonForm, HandForm, NudgeForm
from commitments.models import Contribution, RoundTask
from commitments.page_parts.handover import find_hand_over
from commitments.permissions.progress import check_can_hand_over_work, check_can_run_rounds
from commitments.reading import round as reading
from commitments.reading.handover_brief import brief
from commitments.reading.people import who_may_answer, who_may_take
from commitments.services.contributions import ask_person
from commitments.services.handover import hand_over, held_by
from commitments.services.nudges import nudge
from commitments.services.tasks import hand_task
from commitments.views.rounds import crumbs, find_round
from partners.models import User
from partners.page_parts.reauthentication import asks_again
from partners.page_parts.sent_once import sent_once
from partners.signed_in import signed_in_person
from vcsportal.common import plurals
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def round_nudge(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Write to everybody who still has something to send, or to one person (``person``)."""
    round_ = find_round(slug, name)
    check_can_run_rounds(request.user, round_.strategy)
    asked = request.GET.get("person", "")
    standing = reading.standing(round_, timezone.localdate())
    successor = _of_round(standing, asked) if asked else None
    owing = [line.person for line in standing.owing if not line.left]
    form = NudgeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            done = nudge(
                by=signed_in_person(request), at=timezone.now(), round_=round_, words=form.cleaned_data["words"],
                people=[successor] if successor else None,
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _nudged([person.name for person in done.sent], len(done.lately)))
            return redirect(round_)
    values: dict[str, Any] = {"round": round_, "strategy": round_.strategy, "recipient": successor, "owing": owing}
    values |= {"crumbs": crumbs(round_.strategy, round_)}
    return form_response(request, "commitments/round_nudge.html", values, form)


def _of_round(standing: reading.RoundOverview, key: str) -> User:
    """Return the person of the round with this key: nobody reads the names of others by trying keys."""
    for line in standing.lines:
        if str(line.person.pk) == key:
            return line.person
    raise Http404


def _nudged(names: list[str], lately: int) -> str:
    sentence = (
        f"An email to {names[0]} is" if len(names) == 1 else f"Emails to {plurals.counted(len(names), 'person')} are"
    )
    left_out = f" {lately} had one in the last 24 hours, so did not get another." if lately else ""
    return f"{sentence} on the way.{left_out}"


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def round_task(request: HttpRequest, slug: str, name: str, person: int) -> HttpResponse:
    """Hand one person's task of this round to somebody else."""
    round_ = find_round(slug, name)
    check_can_run_rounds(request.user, round_.strategy)
    task = get_object_or_404(RoundTask.objects.select_related("person"), round=round_, person=person)
    form = HandForm(request.POST if request.method == "POST" else None, people=who_may_take(task.person))
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            hand_task(by=signed_in_person(request), at=timezone.now(), task=task, to=to, why=form.cleaned_data["why"])
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"{to.name} now has {task.person.name}’s task.")
            return redirect(round_)
    values = {"round": round_, "strategy": round_.strategy, "crumbs": crumbs(round_.strategy, round_)}
    values |= {
        "heading": f"Hand on {task.person.name}’s task",
        "words": f"What {task.person.name} still has to send in {round_.label} becomes someone else’s task, and {task.person.name} gets no more reminders. {plurals.capital(round_.strategy.nouns.commitments)} keep their lead.",
        "button": "Hand on this task",
    }
    return form_response(request, "commitments/round_person.html", values, form)


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def round_ask(request: HttpRequest, slug: str, name: str, organisation: str) -> HttpResponse:
    """Choose who answers for an organisation."""
    round_ = find_round(slug, name)
    check_can_run_rounds(request.user, round_.strategy)
    asked = get_object_or_404(
        Contribution.objects.select_related("organisation", "round"), round=round_, organisation__slug=organisation
    )
    form = ChosenPersonForm(
        request.POST if request.method == "POST" else None,
        people=who_may_answer(asked.organisation),
        label=f"Who at {asked.organisation.name}?",
    )
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            ask_person(by=signed_in_person(request), at=timezone.now(), contribution=asked, to=to)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"{to.name} is asked for {asked.organisation.name}.")
            return redirect(round_)
    values = {"round": round_, "strategy": round_.strategy, "crumbs": crumbs(round_.strategy, round_)}
    values |= {
        "heading": f"Who answers for {asked.organisation.name}?",
        "words": "They will see the question in their tasks, and get reminders for the round.",
        "button": "Ask this person",
        "organisation": asked.organisation,
    }
    return form_response(request, "commitments/round_person.html", values, form)


@require_http_methods(GET_OR_POST)
@login_required
@asks_again
@sent_once
def hand_over_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand over everything that one person does to another: list all of it first, then do it in one step."""
    check_can_hand_over_work(request.user)
    person = get_object_or_404(User, pk=pk)
    held = held_by(person)
    form = HandForm(
        request.POST if request.method == "POST" else None,
        people=who_may_take(person, points_on=timezone.localdate()),
        label="Who takes it over?",
    )
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            entry = hand_over(
                by=signed_in_person(request), at=timezone.now(), person=person, to=to, why=form.cleaned_data["why"]
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"Everything has been handed over to {to.name}. Below is what they need to know.")
            return redirect("commitments:handed-over", entry.pk)
    return form_response(request, "commitments/hand_over.html", {"person": person, "held": held}, form)


@require_safe
@login_required
def handed_over(request: HttpRequest, pk: int) -> HttpResponse:
    """The brief for the person who took over."""
    entry = find_hand_over(request, pk)
    values: dict[str, Any] = {"entry": entry, "brief": brief(entry, timezone.localdate())}
    return render(request, "commitments/handed_over.html", values)
