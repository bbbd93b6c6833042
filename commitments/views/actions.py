"""The actions of a commitment: their list, one action, and what officers do with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments.forms.actions import ActionForm, DoneForm, DropForm, MoveForm, ReopenActionForm
from commitments.forms.nouns import use_nouns
from commitments.models import Action, Commitment
from commitments.page_parts.addresses import find_commitment
from commitments.page_parts.commitment import crumbs, hidden_fields
from commitments.permissions.progress import can_manage_commitment, check_can_manage_commitment
from commitments.reading import actions as reading
from commitments.reading.pages import WHOLE
from commitments.services import actions as services
from partners.forms.organisation_choice import data_and_initial, is_search
from partners.page_parts.sent_once import sent_once
from partners.reading.public_names import sees_names
from partners.signed_in import signed_in_person
from vcsportal.common.csv_links import csv_link
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Conflict, Refused


@dataclass(frozen=True, slots=True)
class ActionPage:
    """Something that officers do with an action: its form, its service, and the words around them."""

    form: Any
    service: Callable[..., Action]
    title: str
    button: str
    done: str


ACTS: Final = {
    "move": ActionPage(MoveForm, services.move_action, "Change the due date", "Change the due date", "The due date has been changed."),
    "done": ActionPage(DoneForm, services.complete_action, "Mark as done", "Mark as done", "The action has been marked as done."),
    "drop": ActionPage(DropForm, services.drop_action, "Drop the action", "Drop the action", "The action has been dropped."),
    "reopen": ActionPage(ReopenActionForm, services.reopen_action, "Reopen the action", "Reopen the action", "The action has been reopened."),
}  # fmt: skip


@require_safe
def actions(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """All actions towards a commitment, with what became of them."""
    commitment = find_commitment(slug, key, among=WHOLE)
    shown = reading.views(reading.lines_of(commitment), timezone.localdate(), named=sees_names(request.user))
    manages = can_manage_commitment(request.user, commitment)
    values = {
        **_around(commitment),
        "actions": shown,
        "csv_url": csv_link("action-list", None, slug, commitment.key) if shown else "",
        "can_manage_commitment": manages,
    }
    return render(request, "commitments/actions.html", values)


@require_safe
def action(request: HttpRequest, slug: str, key: str, action_id: int) -> HttpResponse:
    """One action: who owns it, when it is due, how its due date moved; for officers its history and what can be done."""
    commitment = find_commitment(slug, key, among=WHOLE)
    lines = {line.pk: line for line in reading.lines_of(commitment)}
    row = get_object_or_404(Action, pk=action_id, commitment=commitment)
    named, today = sees_names(request.user), timezone.localdate()
    views = {view.line.pk: view for view in reading.views(lines.values(), today, named=named)}
    views.update({part.line.pk: part for view in list(views.values()) for part in view.parts})
    shown = views[row.pk]
    values = {
        **_around(commitment),
        "action": shown,
        "parent": lines.get(shown.line.parent or 0),
        "can_manage_commitment": can_manage_commitment(request.user, commitment),
        "history": reading.history_of(row) if named else [],
    }
    return render(request, "commitments/action.html", values)


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def action_new(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Add an action."""
    commitment = find_commitment(slug, key)
    check_can_manage_commitment(request.user, commitment)
    form = ActionForm(**data_and_initial(request), commitment=commitment)
    if form.is_bound and form.is_valid():
        due_on = form.cleaned_data["due_on"]
        try:
            services.plan_action(
                by=signed_in_person(request), at=timezone.now(), commitment=commitment, due_on=due_on, plan=form.plan
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "The action has been saved.")
            return redirect(_list_of(commitment))
    values = {**_around(commitment), "title": "Add an action", "button": "Add the action", "back": _list_of(commitment)}
    return form_response(request, "commitments/action_form.html", values, form)


@require_http_methods(GET_OR_POST)
@login_required
def action_edit(request: HttpRequest, slug: str, key: str, action_id: int) -> HttpResponse:
    """Change what an action says and who owns it."""
    row = _find(request, slug, key, action_id)
    if request.method != "POST" or request.POST.get("act") == "change" or is_search(request):
        initial = request.POST.dict() if request.method == "POST" else _written(row)
        form = ActionForm(initial=initial, commitment=row.commitment, action=row)
    else:
        form = ActionForm(request.POST, commitment=row.commitment, action=row)
        if form.is_valid() and (answered := _edited(request, row, form)):
            return answered
    values = {"title": "Edit the action", "button": "Save", "back": _page_of(row), **_around(row.commitment)}
    return form_response(request, "commitments/action_form.html", {**values, "action": row}, form)


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def action_act(request: HttpRequest, slug: str, key: str, action_id: int, act: str) -> HttpResponse:
    """Move its due date, mark it as done, drop it or reopen it: each asks what it needs to know."""
    row, what = _find(request, slug, key, action_id), ACTS[act]
    if request.method != "POST" or request.POST.get("act") == "change":
        initial = request.POST.dict() if request.method == "POST" else {"version": row.version}
        form = what.form(initial=initial)
    else:
        form = what.form(request.POST)
    use_nouns(form, row.commitment.strategy.nouns)
    if form.is_bound and form.is_valid() and (answered := _acted(request, row, what, form)):
        return answered
    today = timezone.localdate()
    values = {"title": what.title, "button": what.button, "back": _page_of(row), **_around(row.commitment)}
    shown = {"action": row, "line": _line(row), "days": _line(row).days(today)}
    return form_response(request, "commitments/action_form.html", {**values, **shown}, form)


def _find(request: HttpRequest, slug: str, key: str, action_id: int) -> Action:
    """Return the action for somebody who may change it."""
    action = get_object_or_404(
        Action.objects.select_related("commitment__strategy", "commitment__priority", "parent", "owner_person", "owner_organisation"),
        pk=action_id, commitment=find_commitment(slug, key),
    )  # fmt: skip
    check_can_manage_commitment(request.user, action.commitment)
    return action


def _edited(request: HttpRequest, row: Action, form: ActionForm) -> HttpResponse | None:
    plan, version = form.plan, form.cleaned_data["version"]
    if "parent" not in form.fields:
        plan = services.Plan(
            plan.title, plan.reference, row.parent, plan.owner_person, plan.owner_organisation, plan.owner_team
        )
    try:
        services.edit_action(by=signed_in_person(request), at=timezone.now(), action=row, plan=plan, version=version)
    except Conflict as conflict:
        now = _again(row)
        if services.plan_of(now) != plan:
            return _conflict(request, now, form, conflict, _rows(services.plan_of(now), plan))
    except Refused as refused:
        show_refusal(form, refused)
        return None
    messages.success(request, "The action has been saved.")
    return redirect(_page_of(row))


def _acted(request: HttpRequest, row: Action, what: ActionPage, form: Any) -> HttpResponse | None:
    said = {name: value for name, value in form.cleaned_data.items() if name != "no_day"}
    at: datetime = timezone.now()
    try:
        what.service(by=signed_in_person(request), at=at, action=row, **said)
    except Conflict as conflict:
        now = _again(row)
        if not _stands_already(now, said):  # else it is the second click of two
            mine = [(form[name].label, str(form[name].value() or "")) for name in said if name != "version"]
            rows: list[dict[str, Any]] = [
                {"label": "State of the action", "theirs": f"{now}. {_line(now).days(timezone.localdate(at))}", "mine": "; ".join(f"{label} {text}" for label, text in mine)}
            ]  # fmt: skip
            return _conflict(request, now, form, conflict, rows)
    except Refused as refused:
        show_refusal(form, refused)
        return None
    messages.success(request, what.done)
    return redirect(_page_of(row))


def _stands_already(now: Action, said: dict[str, Any]) -> bool:
    days = {name: value for name, value in said.items() if name.endswith("_on")}
    if not days:  # reopening
        return now.is_open
    return all(getattr(now, name) == value for name, value in days.items())


def _conflict(
    request: HttpRequest, now: Action, form: Any, conflict: Conflict, rows: list[dict[str, Any]]
) -> HttpResponse:
    last = now.history.select_related("by").order_by("-at", "-id").first()
    values = {
        **_around(now.commitment),
        "sentence": conflict.sentence,
        "who": last.by.name if last and last.by else "",
        "at": last.at if last else None,
        "rows": [{**row, "same": row["theirs"] == row["mine"]} for row in rows],
        "hidden": hidden_fields(form, now.version),
        "act": "save",
        "again_url": request.path,
        "back": _page_of(now),
    }
    return render(request, "commitments/action_conflict.html", values, status=409)


def _rows(theirs: services.Plan, mine: services.Plan) -> list[dict[str, Any]]:
    labels = {
        "title": "What will be done", "reference": "Reference", "parent": "Part of", "owner_person": "Officer",
        "owner_organisation": "Organisation", "owner_team": "Team",
    }  # fmt: skip
    return [
        {"label": label, "theirs": str(getattr(theirs, name) or ""), "mine": str(getattr(mine, name) or "")}
        for name, label in labels.items()
    ]


def _written(row: Action) -> dict[str, Any]:
    names = ("title", "reference", "owner_team", "version")
    keys = {name: getattr(row, f"{name}_id") for name in ("parent", "owner_person")}
    organisation = row.owner_organisation.slug if row.owner_organisation else ""
    return {**{name: getattr(row, name) for name in names}, **keys, "owner_organisation": organisation}


def _again(row: Action) -> Action:
    related = ("commitment__strategy", "commitment__priority", "parent", "owner_person", "owner_organisation")
    return Action.objects.select_related(*related).get(pk=row.pk)


def _line(row: Action) -> reading.ActionLine:
    return reading.ActionLine(
        row.pk, row.version, row.reference, row.title, row.parent_id, row.due_on, row.done_on, row.dropped_on,
        row.dropped_why, row.owner_team, "", "",
    )  # fmt: skip


def _around(commitment: Commitment) -> dict[str, Any]:
    return {"commitment": commitment, "strategy": commitment.strategy, "crumbs": crumbs(commitment, inside=True)}


def _list_of(commitment: Commitment) -> str:
    return reading.address(commitment.strategy.slug, commitment.key)


def _page_of(row: Action) -> str:
    return reading.address(row.commitment.strategy.slug, row.commitment.key, row.pk)
