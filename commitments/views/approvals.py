"""Updates that wait for a second person: the queue, and one update with the decision on it."""

from itertools import count

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments.forms.review import ChosenForm, UpdateDecisionForm
from commitments.models import ProgressUpdate
from commitments.models.progress import ProgressUpdateQuerySet
from commitments.models.writers import update_writers, with_update_writers, without_updates_of
from commitments.permissions import progress as progress_permissions
from commitments.reading import review as reading
from commitments.rules import status as words
from commitments.rules import workflow
from commitments.rules.kinds import shared_nouns
from commitments.services.newer_status import is_newer
from commitments.services.update_approval import approve_update, return_update
from commitments.views.review import asked_priority, priority_choices, query_of, with_priority
from partners import roles
from partners.models import User
from partners.permissions import check_permission_anywhere
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_status, show_refusal
from vcsportal.common.words import Refused

UPDATES_PER_PAGE = 50


def check_approver(request: HttpRequest) -> User:
    """Return the person who asks, if they may approve updates."""
    person = signed_in_person(request)
    check_permission_anywhere(
        person, roles.APPROVE_UPDATES, "Only a council officer or an administrator can approve updates."
    )
    return person


def _queue(person: User, priority: str) -> ProgressUpdateQuerySet:
    waiting = ProgressUpdate.objects.approved_by_person(person).awaiting_approval()
    return waiting.filter(with_priority(priority, "commitment__priority")) if priority else waiting


@login_required
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """What was sent and waits to be read by a second person, the longest-waiting first."""
    return queue_page(request, check_approver(request))


def queue_page(request: HttpRequest, person: User, form: ChosenForm | None = None) -> HttpResponse:
    """The list of what waits; with a form, what was wrong with the choice made in it."""
    priority = asked_priority(request)
    updates = with_update_writers(_queue(person, priority)).select_related(
        "commitment__strategy", "round", "submitted_by", "confirms"
    )
    page = Paginator(updates, UPDATES_PER_PAGE).get_page(request.GET.get("page"))
    now, ticks = timezone.now(), count()
    rows = [
        {
            "title": str(update.commitment),
            "url": reverse("commitments:approval", args=[update.pk]) + query_of(priority),
            "round": update.round.label,
            "before": words.of(update.commitment.status),
            "status": words.of(update.status),
            "sent": update.submitted_at,
            "by": update.submitted_by.name if update.submitted_by else "",
            "days": (now - update.submitted_at).days if update.submitted_at else 0,
            "own": (own := _why_not_in_short(person, update)),
            "confirms": update.confirms.label if update.confirms else "",
            "key": f"{update.pk}.{update.version}",
            "tick": next(ticks) if not own and update.confirms else None,
        }
        for update in page
    ]
    priorities = priority_choices(_queue(person, "").order_by().values("commitment__priority"), priority)
    context = {
        "page_obj": page,
        "rows": rows,
        "first": next((row for row in rows if not row["own"]), None),
        "own": sum(bool(row["own"]) for row in rows),
        "may_tick": any(row["tick"] is not None for row in rows),
        "priority": priority,
        "priorities": priorities,
        "nouns": shared_nouns(choice["kind"] for choice in priorities),
        "queues": reading.queues(person, "updates"),
        "form": form,
    }
    return render(request, "commitments/approvals.html", context, status=422 if form else 200)


def _why_not(person: User, update: ProgressUpdate) -> str:
    """Return the sentence that says why the person can't approve an update, or "" if they can."""
    try:
        progress_permissions.check_can_approve_update(person, update)
    except Refused as refused:
        return refused.sentence
    return ""


def _why_not_in_short(person: User, update: ProgressUpdate) -> str:
    """Return the same for a line of the list."""
    sentence = _why_not(person, update)
    return (
        "You sent this, so a colleague must approve it."
        if sentence and person.pk in update_writers(update)
        else sentence
    )


@login_required
@require_http_methods(GET_OR_POST)
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """One update in full, and the decision on it. After a decision the next one is shown."""
    person = check_approver(request)
    update = _found(person, pk)
    form = _form(request, person, update)
    if request.method == "POST":
        if form is None:
            return _decided_already(request, person, update)
        if form.is_valid():
            if update.state == "published" and form.cleaned_data["version"] != update.version:
                return _decided_already(request, person, update)  # it waited when this person opened it
            try:
                return _decide(request, person, update, form)
            except Refused as refused:
                fresh = _found(person, pk)
                if fresh.state != update.state or not progress_permissions.can_return_update(person, fresh):
                    return _decided_already(request, person, fresh)
                form = (
                    _form(request, person, fresh) or form
                )  # it asks which status holds, if that has changed meanwhile
                show_refusal(form, refused)
                form.seen(fresh.version)
                form.shows_status(fresh.commitment.version)
                return _page(request, person, fresh, form, form_status(form))
        form.shows_status(update.commitment.version)
    return _page(request, person, update, form, form_status(form) if form else 200)


def _found(person: User, pk: int) -> ProgressUpdate:
    updates = (
        ProgressUpdate.objects.visible_to(person)
        .approved_by_person(person)
        .select_related(
            "commitment__strategy",
            "commitment__priority",
            "commitment__status_by",
            "round",
            "submitted_by",
            "published_by",
            "saved_by",
            "confirms",
        )
    )
    update: ProgressUpdate = get_object_or_404(with_update_writers(updates), pk=pk)
    return update


def _form(request: HttpRequest, person: User, update: ProgressUpdate) -> UpdateDecisionForm | None:
    """The form of what this person may decide now: on what waits both ways, on what is approved only to return it."""
    approved = update.state == "published"
    if approved and update.round.state == "closed":
        return None
    if not approved and (update.state != "submitted" or not progress_permissions.can_approve_update(person, update)):
        return None
    data = request.POST if request.method == "POST" else None
    initial = {"version": update.version, "status_version": update.commitment.version}
    newer = None
    if not approved and is_newer(update.commitment, update):
        newer = words.of(update.commitment.status).label, words.of(update.status).label
    return UpdateDecisionForm(
        data,
        initial=initial | ({"decision": "return"} if approved else {}),
        approved=approved,
        newer=newer,
        nouns=update.commitment.strategy.nouns,
    )


def _decide(request: HttpRequest, person: User, update: ProgressUpdate, form: UpdateDecisionForm) -> HttpResponse:
    now, values = timezone.now(), form.cleaned_data
    version = values["version"]
    if values["decision"] == "approve":
        approve_update(by=person, at=now, update=update, version=version, choice=form.choice)
        done = f"You approved the update on {update.commitment.reference}. Everyone can now read it."
        if form.choice and form.choice.keep:
            done += f" The status stays {words.of(update.commitment.status).label}."
    else:
        return_update(by=person, at=now, update=update, version=version, reason=values["reason"])
        to = update.submitted_by.name if update.submitted_by else "its officer"
        done = f"You returned the update on {update.commitment.reference} to {to}."
    messages.success(request, done)
    return _on(request, person, update)


def _decided_already(request: HttpRequest, person: User, update: ProgressUpdate) -> HttpResponse:
    """Someone else was first, or this person can't decide it: say so, change nothing, and show the next."""
    if update.state == "submitted":
        progress_permissions.check_can_approve_update(person, update)
    last = update.history.exclude(act="status").select_related("by").newest_first().first()
    act = workflow.UPDATE_ACT[last.act].past if last and last.act in workflow.UPDATE_ACT else "changed"
    who = "Somebody has"
    if last and last.by:
        who = "You have" if last.by_id == person.pk else f"{last.by.name} has"
    messages.info(
        request, f"{who} already {act} the update on {update.commitment.reference}. Nothing more was changed."
    )
    return _on(request, person, update)


def _next(person: User, update: ProgressUpdate, priority: str) -> ProgressUpdate | None:
    """The next that this person may decide: after this one in the queue, else from its beginning."""
    queue = without_updates_of(person, _queue(person, priority)).exclude(pk=update.pk)
    later = Q(submitted_at__gt=update.submitted_at) | Q(submitted_at=update.submitted_at, pk__gt=update.pk)
    after = queue.filter(later).first() if update.submitted_at else None
    return after or queue.first()


def _on(request: HttpRequest, person: User, update: ProgressUpdate) -> HttpResponse:
    priority = asked_priority(request)
    following = _next(person, update, priority)
    if following is None:
        return redirect(reverse("commitments:approvals") + query_of(priority))
    return redirect(reverse("commitments:approval", args=[following.pk]) + query_of(priority))


def _page(
    request: HttpRequest, person: User, update: ProgressUpdate, form: UpdateDecisionForm | None, code: int
) -> HttpResponse:
    priority = asked_priority(request)
    following = _next(person, update, priority)
    commitment = update.commitment
    before = reading.last_round(update)
    values = {
        "update": update,
        "commitment": commitment,
        "strategy": commitment.strategy,
        "round": update.round,
        "state": workflow.UPDATE_STATE[update.state],
        "status": words.of(update.status),
        "stands": words.of(commitment.status),
        "newer": form is not None and "status_choice" in form.fields,
        "before": before,
        "before_status": words.of(before.status) if before else None,
        "rows": reading.compared(before, update) if before and not update.confirms_id else [],
        "figures": reading.figures(update),
        "cited": list(update.cites.select_related("organisation").order_by("-happened_from", "-id")),
        "own": _why_not(person, update) if update.state == "submitted" else "",
        "can_update_commitment": progress_permissions.can_update_commitment(person, commitment),
        "left": _queue(person, priority).count(),
        "queue_url": reverse("commitments:approvals") + query_of(priority),
        "skip_url": reverse("commitments:approval", args=[following.pk]) + query_of(priority) if following else "",
        "form": form,
    }
    return render(request, "commitments/approval.html", values, status=code)
