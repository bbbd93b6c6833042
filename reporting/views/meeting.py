"""Meeting mode: how it opens, what changed, the exceptions one a screen with a box for what was decided, and its end."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments.models import Engagement, WorkingCopy
from commitments.page_parts import autosave
from commitments.page_parts.engagement import find_engagement
from commitments.permissions.progress import can_manage_commitment
from commitments.reading import decisions as decided
from commitments.reading.engagement import attendance_of
from commitments.rules.engagement_kinds import MEETING
from commitments.services.engagement import check_open
from commitments.services.receiving_points import record_point
from commitments.services.working_copies import copy_of, drop_copy, keep_copy
from partners.models import User
from partners.page_parts.sent_once import sent_once
from partners.signed_in import signed_in_person
from reporting.forms.meeting import MeetingDecisionForm
from reporting.reading import meeting as reading
from reporting.reading.meeting_opening import changes_since, last_decisions, last_meeting
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused

RECORDED = "The decision is recorded."
RECORDED_WITH_ACTION = "The decision is recorded, and it is now an action."


@require_safe
@login_required
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """How a meeting opens: what became of the last one's decisions."""
    found, person = _open(request, pk)
    values = {
        "engagement": found,
        "last": last_decisions(found, person, timezone.localdate()),
        "next_url": reading.step_url(found, "changes"),
        "next_title": "What changed",
    }
    return render(request, "reporting/meeting_opening.html", values)


@require_safe
@login_required
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed since the group last met; without an earlier meeting nothing is compared."""
    found, _person = _open(request, pk)
    today, last = timezone.localdate(), last_meeting(found)
    values = {
        "engagement": found,
        "last": last,
        "told": changes_since(reading.strategies_of(found, today), last.starts_on, today) if last else [],
        "previous_url": found.get_absolute_url() + "meeting/",
        "previous_title": "What became of the last decisions",
        "next_url": reading.step_url(found, "exceptions"),
        "next_title": "What needs discussing",
    }
    return render(request, "reporting/meeting_changes.html", values)


@require_safe
@login_required
def exceptions(request: HttpRequest, pk: int) -> HttpResponse:
    """The exceptions on one screen, from where each can be opened."""
    found, person = _open(request, pk)
    has = reading.meeting(found, person, timezone.localdate())
    made = decided.decided_at(found, public=False)
    first = has.items[0] if has.items else reading.other_item(found)
    values = {
        "engagement": found,
        "count": len(has.items),
        "parts": [
            (title, [(item, any(item.is_about(point) for point in made), reading.step_url(found, item.key)) for item in items])
            for title, items in has.parts()
        ],
        "previous_url": reading.step_url(found, "changes"),
        "previous_title": "What changed",
        "next_url": reading.step_url(found, first.key),
        "next_title": first.title,
    }  # fmt: skip
    return render(request, "reporting/meeting_exceptions.html", values)


@require_http_methods(GET_OR_POST)
@autosave.autosaved
@sent_once
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One exception, and the box for what was decided about it; saved as it is typed."""
    found, person = _open(request, pk)
    today, name = timezone.localdate(), f"meeting:{pk}:{step}"
    if (answered := _kept(request, person, name)) is not None:
        return answered
    has = reading.meeting(found, person, today, also=step)
    item = reading.other_item(found) if step == reading.OTHER else has.find(step)
    if item is None:
        raise Http404
    may_act = item.commitment is not None and can_manage_commitment(person, item.commitment)
    sent = request.method == "POST"
    copy = None if sent else copy_of(person, name)
    form = MeetingDecisionForm(
        request.POST if sent else None, initial=_typed(copy) if copy else None, engagement=found, item=item,
        may_act=may_act, today=today,
    )  # fmt: skip
    if sent and form.is_valid():
        acts, owner = bool(form.cleaned_data.get("makes_action")), form.cleaned_data["owner"]
        try:
            record_point(by=person, at=timezone.now(), content=form.content, owner=owner, makes_action=acts)
        except Refused as refused:
            show_refusal(form, refused, stay=True)
        else:
            drop_copy(by=person, form=name)
            messages.success(request, RECORDED_WITH_ACTION if acts else RECORDED)
            return redirect("meetings:step", pk, step)
    made = [point for point in decided.decided_at(found, public=False) if item.is_about(point)]
    values = {
        "engagement": found, "item": item, "may_act": may_act, "copy": copy, "signed": autosave.hidden(person),
        "decided": decided.lines(made, today), **_places(found, has, item),
    }  # fmt: skip
    return form_response(request, "reporting/meeting_step.html", values, form)


@require_safe
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The last screen: what was decided, who came, and where it is written up."""
    found, _person = _open(request, pk)
    came, apologies = attendance_of(found)
    values = {
        "engagement": found,
        "has_begun": found.has_begun(timezone.localdate()),
        "decided": decided.lines(decided.decided_at(found, public=False), timezone.localdate()),
        "came": came,
        "apologies": apologies,
        "previous_url": reading.step_url(found, reading.OTHER),
        "previous_title": "Any other decision",
    }
    return render(request, "reporting/meeting_end.html", values)


def _open(request: HttpRequest, pk: int) -> tuple[Engagement, User]:
    """Return a meeting that whoever asks keeps, and which is not written up or called off; raise :class:`Refused` or 404."""
    person, found = signed_in_person(request), find_engagement(pk)
    if found.kind != MEETING:
        raise Http404
    check_open(person, timezone.now(), found, None)
    return found, person


def _places(found: Engagement, has: reading.Meeting, item: reading.MeetingItem) -> dict[str, Any]:
    """Return where the item stands among the others, and what comes before and after it."""
    row = [*has.items, reading.other_item(found)]
    at = next(place for place, other in enumerate(row) if other.key == item.key)
    before, after = row[at - 1] if at else None, row[at + 1] if at + 1 < len(row) else None
    return {
        "number": at + 1 if at < len(has.items) else 0,
        "count": len(has.items),
        "previous_url": reading.step_url(found, before.key if before else "exceptions"),
        "previous_title": before.title if before else "What needs discussing",
        "next_url": reading.step_url(found, after.key if after else "end"),
        "next_title": after.title if after else "Finish",
    }


def _kept(request: HttpRequest, person: User, name: str) -> HttpResponse | None:
    """Keep what is being typed, give it up, or take in what was sent after the session had ended."""
    act = request.POST.get("act", "")
    if act == "keep":
        return autosave.keep(request, name, None)
    if act == "discard":
        drop_copy(by=person, form=name)
        return redirect(request.path)
    if request.method != "POST" and (fields := autosave.held(request)):
        keep_copy(by=person, at=timezone.now(), form=name, fields=fields, seen=None)
    return None


def _typed(copy: WorkingCopy) -> dict[str, Any]:
    """Return what was typed and not saved, as a form's initial values."""
    return {name: value[-1] if isinstance(value, list) else value for name, value in copy.fields.items() if value}
