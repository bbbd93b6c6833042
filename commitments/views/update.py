"""Saying how a commitment stands: the update of the open round, and a change of status at any other time.

Every page of the way is one POST further: write, check, publish. What was written travels in hidden fields, so that
nothing depends on the session, on JavaScript or on being first.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import status as words
from commitments.forms.promises import StatusForm, UpdateForm, said_of
from commitments.models import Commitment, ProgressUpdate, Round
from commitments.permissions import check_can_update
from commitments.reading import glance
from commitments.services.progress import Said, change_status, save_update, submit_update
from commitments.views.parts import crumbs, find, me
from vcsportal.common.pages import GET_OR_POST, answer
from vcsportal.common.words import Conflict, Refused

LABELS = (
    ("status", "How it stands"),
    ("reason", "Why"),
    ("remedy", "What will be done about it"),
    ("narrative", "What has happened"),
    ("next_steps", "What comes next"),
)


@require_http_methods(GET_OR_POST)
@login_required
def update(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """The update of the round that is open today."""
    found = find(slug, reference)
    check_can_update(request.user, found)
    rounds = list(Round.objects.filter(strategy=found.strategy_id).newest_first())
    today = timezone.localdate()
    open_round = next((one for one in rounds if one.takes_updates(today)), None)
    if request.method == "POST":
        # A form that was opened in another round keeps its round: the service says that it has closed.
        asked = next((one for one in rounds if one.slug == request.POST.get("round")), open_round)
        if asked is not None:
            return _posted(request, found, asked)
    if open_round is None:
        values = _values(found, None)
        values["next_round"] = next((one for one in reversed(rounds) if one.state == "planned"), None)
        return render(request, "commitments/update_form.html", values)
    values = _values(found, open_round)
    stored = values["stored"]
    initial = _initial(stored) if stored else {"status": found.status}
    form = UpdateForm(initial={**initial, "round": open_round.slug}, commitment=found)
    return render(request, "commitments/update_form.html", {**values, "form": form})


def _posted(request: HttpRequest, found: Commitment, round_: Round) -> HttpResponse:
    act = request.POST.get("act", "check")
    form = UpdateForm(request.POST, commitment=found, whole=act in {"check", "send"})
    if act == "change":
        form = UpdateForm(initial=request.POST.dict(), commitment=found)
        return render(request, "commitments/update_form.html", {**_values(found, round_), "form": form})
    if form.is_valid():
        if act == "check":
            values = {**_values(found, round_), "form": form, "rows": _rows(form.said)}
            return render(request, "commitments/update_check.html", values)
        try:
            return _write(request, found, round_, form, act)
        except Conflict as conflict:
            return _conflict(request, found, round_, form, act, conflict)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return answer(request, "commitments/update_form.html", _values(found, round_), form)


def _write(request: HttpRequest, found: Commitment, round_: Round, form: UpdateForm, act: str) -> HttpResponse:
    write = submit_update if act == "send" else save_update
    write(
        by=me(request), at=timezone.now(), commitment=found, round_=round_, said=form.said,
        version=form.cleaned_data["version"],
    )  # fmt: skip
    return _written(request, found, round_, act)


def _written(request: HttpRequest, found: Commitment, round_: Round, act: str) -> HttpResponse:
    if act == "send":
        messages.success(request, f"The update for {round_.slug} is sent. A colleague reads it, then it is published.")
        return redirect(found)
    messages.success(request, "The draft is saved. Nobody but council officers can see it.")
    return redirect("commitments:update", found.strategy.slug, found.reference)


def _conflict(
    request: HttpRequest, found: Commitment, round_: Round, form: UpdateForm, act: str, conflict: Conflict
) -> HttpResponse:
    values = _values(found, round_)
    stored: ProgressUpdate | None = values["stored"]
    wanted = "submitted" if act == "send" else "draft"
    if stored and said_of(stored) == form.said.tidy() and stored.state == wanted:
        return _written(request, found, round_, act)  # the second click of two
    theirs = said_of(stored) if stored else Said("")
    values |= {
        "sentence": conflict.sentence,
        "who": stored.saved_by.name if stored else "",
        "at": stored.saved_at if stored else None,
        "rows": _side_by_side(theirs, form.said),
        "hidden": _hidden(form, stored.version if stored else ""),
        "act": act,
        "again_url": request.path,
    }
    return render(request, "commitments/update_conflict.html", values, status=409)


@require_http_methods(GET_OR_POST)
@login_required
def status_change(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Change the status outside a round's update."""
    found = find(slug, reference)
    check_can_update(request.user, found)
    values = {**_values(found, None), "changes_status": True}
    if request.method != "POST":
        form = StatusForm(initial={"version": found.version}, commitment=found)
        return render(request, "commitments/update_form.html", {**values, "form": form})
    if request.POST.get("act") == "change":
        form = StatusForm(initial=request.POST.dict(), commitment=found)
        return render(request, "commitments/update_form.html", {**values, "form": form})
    form = StatusForm(request.POST, commitment=found)
    if form.is_valid():
        said, version = form.said, form.cleaned_data["version"]
        try:
            change_status(
                by=me(request), at=timezone.now(), commitment=found, to=said.status, reason=said.reason,
                remedy=said.remedy, version=version,
            )  # fmt: skip
        except Conflict as conflict:
            return _status_conflict(request, form, find(slug, reference), conflict)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            return _status_changed(request, found, said)
    return answer(request, "commitments/update_form.html", values, form)


def _status_changed(request: HttpRequest, found: Commitment, said: Said) -> HttpResponse:
    messages.success(request, f"The status of {found.reference} is now “{words.of(said.status).label}”.")
    return redirect(found)


def _status_conflict(request: HttpRequest, form: StatusForm, now: Commitment, conflict: Conflict) -> HttpResponse:
    theirs = Said(now.status, now.status_reason, now.status_remedy)
    if theirs == form.said.tidy():
        return _status_changed(request, now, theirs)  # the second click of two
    values = {
        **_values(now, None),
        "sentence": conflict.sentence,
        "who": now.status_by.name if now.status_by else "",
        "at": now.status_at,
        "rows": _side_by_side(theirs, form.said)[:3],
        "hidden": _hidden(form, now.version),
        "act": "save",
        "again_url": request.path,
        "changes_status": True,
    }
    return render(request, "commitments/update_conflict.html", values, status=409)


def _values(found: Commitment, round_: Round | None) -> dict[str, Any]:
    """What every page of the way shows beside the form: the stored update, and the words of the round before."""
    stored = before = None
    if round_ is not None:
        said = (
            found.updates.filter(round__observes_from__lte=round_.observes_from)
            .select_related("round", "saved_by")
            .order_by("-round__observes_from", "-id")
        )
        stored = next((one for one in said if one.round_id == round_.pk), None)
        before = next((one for one in said if one.round_id != round_.pk and one.state == "published"), None)
    return {
        "commitment": found,
        "strategy": found.strategy,
        "status": words.of(found.status),
        "fresh": glance.freshness(
            timezone.localdate(found.status_at) if found.status_at else None, timezone.localdate()
        ),
        "round": round_,
        "stored": stored,
        "before": before,
        "crumbs": crumbs(found, inside=True),
    }


def _initial(stored: ProgressUpdate) -> dict[str, Any]:
    return {field: getattr(stored, field) for field, _label in LABELS} | {"version": stored.version}


def _shown(field: str, said: Said) -> Any:
    return words.of(said.status).label if field == "status" else getattr(said, field)


def _rows(said: Said) -> list[dict[str, Any]]:
    rows = [{"field": field, "key": label, "value": _shown(field, said)} for field, label in LABELS]
    return [row for row in rows if row["field"] != "remedy" or row["value"]]


def _side_by_side(theirs: Said, mine: Said) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "theirs": _shown(field, theirs),
            "mine": _shown(field, mine),
            "same": getattr(theirs, field) == getattr(mine, field),
        }
        for field, label in LABELS
    ]


def _hidden(form: StatusForm, version: int | str) -> list[tuple[str, str]]:
    """Return what was written as hidden fields, under the version that now stands."""
    return [(name, str(version) if name == "version" else form.data.get(name, "")) for name in form.fields]
