"""The people who answer points: the queue, one point, what can be done with it, and recording one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments.filters.points import PointFilter
from commitments.forms import points as forms
from commitments.models import Engagement, Point
from commitments.permissions.points import check_can_handle_point, check_may_handle_points
from commitments.reading import points as reading
from commitments.services import points as services
from commitments.services.receiving_points import record_point
from partners.forms.organisation_choice import data_and_initial, is_search
from partners.page_parts.sent_once import sent_once
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, active_filters, form_response, show_refusal
from vcsportal.common.words import Conflict, Refused

PAGE_SIZE: Final = 30
WAITING: Final = "raised"
READ_WITH: Final = (
    "strategy__owner", "group__organisation", "engagement__strategy__owner", "engagement__group__organisation", "commitment__strategy",
    "raised_by", "about_organisation", "district", "owner", "published_by", "responded_by", "decided_at", "became_commitment__strategy",
    "became_action__commitment__strategy", "contact",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PointAct:
    """Something that is done with a point: its form, its service, when it is offered, and the words around it."""

    form: Any
    service: Callable[..., Point]
    title: str
    done: str
    offered: Callable[[Point], bool]
    leads: bool = False


ACTS: Final = {
    "answer": PointAct(
        forms.AnswerPointForm, services.answer_point, "Answer it", "The answer has been saved, and emailed if we have an address.",
        lambda point: not point.is_decision and (point.is_waiting or point.state == "answered"), leads=True,
    ),
    "done": PointAct(
        forms.FinishPointForm, services.finish_point, "Mark as done", "It has been marked as done.",
        lambda point: point.state == "answered" or (point.is_decision and point.is_waiting), leads=True,
    ),
    "assign": PointAct(
        forms.AssignPointForm, services.assign_point, "Change who answers it", "The owner and the due date have been saved. A new owner gets an email.",
        lambda point: not point.is_closed,
    ),
    "publish": PointAct(
        forms.PublishPointForm, services.publish_point, "Publish words", "Everyone can now read these words.",
        lambda point: not point.is_spam,
    ),
    "take-down": PointAct(
        forms.TakeDownPointForm, services.take_down_point, "Take down the words", "These words are no longer published.",
        lambda point: point.is_published,
    ),
    "pass-on": PointAct(
        forms.DirectPointForm, services.direct_point, "Pass it on", "It has been passed on.",
        lambda point: not point.is_closed and point.engagement_id is None and point.commitment_id is None,
    ),
    "close": PointAct(
        forms.ClosePointForm, services.close_point, "Close it", "It has been closed.", lambda point: not point.is_closed
    ),
    "reopen": PointAct(
        forms.ReopenPointForm, services.reopen_point, "Reopen it", "It has been reopened.", lambda point: not point.is_waiting
    ),
}  # fmt: skip


@require_safe
@login_required
def point_list(request: HttpRequest) -> HttpResponse:
    """The points that this person may answer: those without an answer and decisions to carry out, the oldest first, unless
    filters say otherwise.
    """
    today = timezone.localdate()
    check_may_handle_points(request.user, today)
    data = request.GET.copy()
    data.pop("page", None)
    if not data:
        data["state"] = WAITING
    filterset = PointFilter(data, queryset=Point.objects.handled_by(request.user, today).oldest_first())
    form = filterset.form
    for name in ("strategy", "group", "district"):
        if len(form.fields[name].choices.choices) <= 1:
            del form.fields[name]
    valid = form.is_valid()
    found = (filterset.qs if valid else Point.objects.none()).select_related(
        "strategy", "group__organisation", "engagement", "owner"
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    values = {
        "page_obj": page, "rows": reading.rows(page, today), "filter_form": form, "valid": valid,
        "active": active_filters(form, request.GET) if valid else [], "form": None if valid else form,
        "waiting_only": data.get("state") == WAITING and len(data) == 1,
    }  # fmt: skip
    return render(request, "commitments/points.html", values, status=200 if valid else 422)


@require_safe
@login_required
def point(request: HttpRequest, pk: int) -> HttpResponse:
    """One point for those who may answer it: its original words, how to reach its sender, and what was done."""
    found = _find(request, pk)
    offered = [(code, act) for code, act in ACTS.items() if act.offered(found)]
    values = {
        "point": found, "items": reading.history(found), "late": reading.is_late(found, timezone.localdate()),
        "leading": [(code, act) for code, act in offered if act.leads],
        "others": [(code, act) for code, act in offered if not act.leads],
    }  # fmt: skip
    return render(request, "commitments/point.html", values)


@require_http_methods(GET_OR_POST)
@login_required
def point_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Do something with a point: each act asks for what it needs to know."""
    found, what, today = _find(request, pk), ACTS[act], timezone.localdate()
    form = what.form(request.POST if request.method == "POST" else None, point=found, today=today)
    if form.is_bound and form.is_valid():
        try:
            what.service(by=signed_in_person(request), at=timezone.now(), point=found, **form.content)
        except Conflict as conflict:
            found = _find(request, pk)
            show_refusal(form, conflict)
            form.seen(found.version)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, what.done)
            return _after(request, pk)
    return form_response(request, "commitments/point_form.html", {"point": found, "act": what}, form)


def _after(request: HttpRequest, pk: int) -> HttpResponse:
    """Return to the point; to the queue where it was passed on to people of another strategy."""
    mine = Point.objects.handled_by(request.user, timezone.localdate())
    return redirect("commitments:point", pk) if mine.filter(pk=pk).exists() else redirect("commitments:points")


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def point_new(request: HttpRequest) -> HttpResponse:
    """Record what an organisation raised, or what was decided, outside any engagement."""
    check_may_handle_points(request.user, timezone.localdate())
    return _record(request, None)


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def engagement_point(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what was said or decided at an engagement."""
    where = get_object_or_404(Engagement.objects.select_related("strategy__owner", "group__organisation"), pk=pk)
    about = Point(engagement=where, strategy=where.strategy, group=where.group)
    check_can_handle_point(request.user, about, timezone.localdate())
    return _record(request, where)


def _record(request: HttpRequest, where: Engagement | None) -> HttpResponse:
    person, sent = signed_in_person(request), request.method == "POST"
    today = timezone.localdate()
    first = {"raised_on": where.starts_on if where else today}
    form = forms.RecordPointForm(**data_and_initial(request, first), person=person, today=today, engagement=where)
    if sent and not is_search(request) and form.is_valid():
        values = form.cleaned_data
        try:
            made = record_point(
                by=person, at=timezone.now(), content=form.content, owner=values["owner"],
                makes_action=values["makes_action"], publish=values["publish"],
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "It has been recorded.")
            return redirect(made)
    return form_response(request, "commitments/point_new.html", {"engagement": where}, form)


def _find(request: HttpRequest, pk: int) -> Point:
    mine = Point.objects.handled_by(request.user, timezone.localdate()).select_related(*READ_WITH)
    return get_object_or_404(mine, pk=pk)
