"""Unsubscribing from the reminders of a task hands the task to somebody. The link in the email is enough: nobody signs in."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from commitments.forms.task_links import HandOnForm
from commitments.models import RoundTask
from commitments.queries.outstanding_tasks import owed_by
from commitments.services.task_links import has_ended, tasks_behind
from commitments.services.tasks import hand_task
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused

BY_LINK = "By the link in an email"
ENDED = "This link has ended. Sign in to see your tasks, or write to the council."


@never_cache
@require_http_methods(GET_OR_POST)
def hand_on(request: HttpRequest, signed: str) -> HttpResponse:
    """Choose who has the task next; afterwards the same address says what came of it. Reading it changes nothing."""
    task = _find(signed)[0]
    if _has_ended(task):
        return render(request, "commitments/hand_on_ended.html", status=410)
    form = HandOnForm(request.POST if request.method == "POST" else None, person=task.person)
    if request.method == "POST" and form.is_valid():
        why = f"{BY_LINK}: {form.cleaned_data['why']}" if form.cleaned_data["why"] else f"{BY_LINK}."
        try:
            if _stands(task):
                hand_task(by=task.person, at=timezone.now(), task=task, to=form.chosen, why=why)
        except Refused as refused:
            show_refusal(form, refused, beside="to")
        else:
            return redirect(request.path)
    values: dict[str, Any] = {"task": task, "round": task.round, "strategy": task.round.strategy}
    values["owed"] = owed_by(task.person_id, task.round) if _stands(task) else []
    return form_response(request, "commitments/hand_on.html", values, form)


@csrf_exempt  # a mail program sends it, and the signed address is the proof
@never_cache
@require_http_methods(GET_OR_POST)
def at_once(request: HttpRequest, signed: str) -> HttpResponse:
    """What a mail program's own button calls (RFC 8058): the council is asked to find somebody. A person who follows it chooses."""
    tasks = _find(signed)
    if request.method != "POST":
        return redirect("commitments:hand-on", signed)
    if request.POST.get("List-Unsubscribe") != "One-Click":
        return HttpResponse("List-Unsubscribe=One-Click is missing.\n", status=400, content_type="text/plain")
    if all(_has_ended(task) for task in tasks):
        return HttpResponse(f"{ENDED}\n", status=410, content_type="text/plain")
    for task in filter(_stands, tasks):
        hand_task(by=task.person, at=timezone.now(), task=task, to=None, why=f"{BY_LINK}.")
    return HttpResponse("The task is handed on. No more reminders of it are sent.\n", content_type="text/plain")


def _find(signed: str) -> list[RoundTask]:
    """Return the tasks that the link names, those first that can still be handed on."""
    tasks = tasks_behind(signed)
    if not tasks:
        raise Http404
    return sorted(tasks, key=lambda task: (_has_ended(task), not _stands(task)))


def _has_ended(task: RoundTask) -> bool:
    return has_ended(task, timezone.localdate())


def _stands(task: RoundTask) -> bool:
    """Whether there is still something that could be handed on."""
    return task.handed_at is None and task.round.state != "closed" and not _has_ended(task)
