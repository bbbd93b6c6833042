"""Deciding on several at once: a page that names each of them first, and one POST that does it.

The choice travels in the address and in hidden boxes, each with the version that was shown, so that nothing depends on
the session or on JavaScript, and what somebody changed meanwhile is left out.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.forms.review import ChosenForm
from commitments.models import Evidence, Note, ProgressUpdate
from commitments.models.writers import with_evidence_writers, with_update_writers
from commitments.permissions import evidence as evidence_permissions
from commitments.permissions import progress as progress_permissions
from commitments.reading.evidence_cards import when
from commitments.rules.status import of
from commitments.services import bulk_review as services
from commitments.services.evidence_review import check_placed
from commitments.services.newer_status import check_no_newer
from commitments.views.approvals import check_approver
from commitments.views.approvals import queue_page as approvals_page
from commitments.views.review import asked_priority, check_reviewer, commitments_in_order, query_of, queue_page
from vcsportal.common import plurals
from vcsportal.common.pages import GET_OR_POST
from vcsportal.common.words import Refused

CHANGED = "It has changed since you saw it in the list. Read it again, then decide."


@login_required
@require_http_methods(GET_OR_POST)
def accept_several(request: HttpRequest) -> HttpResponse:
    """Accept the items of evidence that were ticked, after a page that names them."""
    person = check_reviewer(request)
    form = _chosen(request)
    if not form.is_valid():
        return queue_page(request, person, form)
    chosen = dict(form.cleaned_data["chosen"])
    pieces = list(
        with_evidence_writers(Evidence.objects.visible_to(person).reviewed_by(person))
        .filter(pk__in=chosen)
        .select_related("organisation")
        .prefetch_related(commitments_in_order(), "notes__written_by")
        .annotate(photographs=Count("files", filter=Q(files__kind="photograph"), distinct=True))
        .order_by("submitted_at", "id")
    )
    queue = reverse("commitments:review") + query_of(asked_priority(request))
    if request.method == "POST":
        outcome = services.accept_several(
            by=person, at=timezone.now(), pieces=[(piece, chosen[piece.pk]) for piece in pieces]
        )
        _tell(request, outcome, "accepted", "item of evidence", "items of evidence")
        return redirect(queue)
    rows = [
        {
            "key": f"{piece.pk}.{chosen[piece.pk]}",
            "title": piece.title,
            "url": reverse("commitments:review-one", args=[piece.pk]),
            "facts": [
                piece.organisation.name,
                when(piece),
                "For "
                + plurals.join_with_and(
                    list(dict.fromkeys(commitment.reference for commitment in piece.commitments.all()))
                ),
                _photographs(piece.photographs),
                "It may be published" if piece.publishable else "It is not for publication",
            ],
            "notes": _notes(person, piece),
            "why_not": _why_not(_check_can_accept, person, piece, chosen[piece.pk]),
        }
        for piece in pieces
    ]
    return _confirm(request, "accept", rows, queue)


@login_required
@require_http_methods(GET_OR_POST)
def approve_several(request: HttpRequest) -> HttpResponse:
    """Approve the updates that were ticked, all of them confirming the words of an earlier round unchanged."""
    person = check_approver(request)
    form = _chosen(request)
    if not form.is_valid():
        return approvals_page(request, person, form)
    chosen = dict(form.cleaned_data["chosen"])
    updates = list(
        with_update_writers(ProgressUpdate.objects.visible_to(person).approved_by_person(person))
        .filter(pk__in=chosen)
        .select_related("commitment__status_by", "commitment__strategy", "round", "confirms", "submitted_by")
        .prefetch_related("notes__written_by")
        .order_by("submitted_at", "id")
    )
    queue = reverse("commitments:approvals") + query_of(asked_priority(request))
    if request.method == "POST":
        outcome = services.approve_several(
            by=person, at=timezone.now(), updates=[(update, chosen[update.pk]) for update in updates]
        )
        _tell(request, outcome, "approved", "update", "updates")
        return redirect(queue)
    rows = [
        {
            "key": f"{update.pk}.{chosen[update.pk]}",
            "title": str(update.commitment),
            "url": reverse("commitments:approval", args=[update.pk]),
            "status": of(update.status),
            "facts": [
                f"No change since {update.confirms.label}" if update.confirms else "Newly written",
                f"For {update.round.label}",
                f"Sent by {update.submitted_by.name}" if update.submitted_by else "",
            ],
            "notes": _notes(person, update),
            "why_not": _why_not(_check_can_approve, person, update, chosen[update.pk]),
        }
        for update in updates
    ]
    return _confirm(request, "approve", rows, queue)


def _check_can_accept(person: Any, piece: Evidence) -> None:
    evidence_permissions.check_can_accept_evidence(person, piece)
    check_placed(piece)


def _check_can_approve(person: Any, update: ProgressUpdate) -> None:
    progress_permissions.check_can_approve_update(person, update)
    progress_permissions.check_update_waits(update)
    services.check_confirmed(update)
    check_no_newer(update)


def _chosen(request: HttpRequest) -> ChosenForm:
    return ChosenForm(request.POST if request.method == "POST" else request.GET)


def _why_not(check: Any, person: Any, thing: Any, version: int) -> str:
    try:
        check(person, thing)
    except Refused as refused:
        return refused.sentence
    return "" if thing.version == version else CHANGED


def _notes(person: Any, thing: Evidence | ProgressUpdate) -> list[Note]:
    """Return the internal notes about it, latest first: whoever decides on several reads them as well."""
    notes = sorted(thing.notes.all(), key=lambda note: (note.written_at, note.pk), reverse=True)
    return notes if notes and progress_permissions.can_write_note(person, thing) else []


def _photographs(number: int) -> str:
    return plurals.counted(number, "photograph") if number else "No photograph"


def _confirm(request: HttpRequest, act: str, rows: list[dict[str, Any]], queue: str) -> HttpResponse:
    context = {
        "act": act,
        "rows": [row for row in rows if not row["why_not"]],
        "refused": [row for row in rows if row["why_not"]],
        "queue_url": queue,
    }
    return render(request, "commitments/bulk_review.html", context)


def _tell(request: HttpRequest, outcome: services.Outcome, past: str, singular: str, more: str) -> None:
    done = len(outcome.done)
    if done:
        messages.success(request, f"You {past} {plurals.counted(done, singular, more)}.")
    for name, sentence in outcome.left:
        messages.warning(request, f"“{name}” was left out. {sentence}")
    if not done and not outcome.left:
        messages.warning(request, "None of these is there any more. Nothing was changed.")
