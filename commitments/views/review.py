"""The review queue: evidence waiting for an officer, and one item after another."""

import re
from itertools import count
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from commitments.forms.fields import ReviewForm
from commitments.forms.review import ChosenForm
from commitments.models import Commitment, Evidence, Priority, Strategy
from commitments.models.evidence import EvidenceQuerySet
from commitments.models.writers import with_evidence_writers
from commitments.page_parts.evidence import evidence_values
from commitments.permissions import evidence as evidence_permissions
from commitments.reading.evidence_cards import counted, when
from commitments.reading.review import queues
from commitments.rules.kinds import GENERAL, shared_nouns
from commitments.services import evidence as services
from partners import roles
from partners.models import User
from partners.permissions import check_permission_anywhere
from partners.signed_in import signed_in_person
from vcsportal.common.pages import form_status, show_refusal
from vcsportal.common.words import Conflict, Refused

EVIDENCE_PER_PAGE = 50
_PRIORITY: Final = re.compile(r"([a-z0-9_-]{1,80}:)?([0-9]{1,3})")


def check_reviewer(request: HttpRequest) -> User:
    person = signed_in_person(request)
    check_permission_anywhere(person, roles.REVIEW_EVIDENCE, "Only a council officer can review evidence.")
    return person


def asked_priority(request: HttpRequest) -> str:
    """The priority that the officer is working through, as ``strategy-slug:number``; "" for all.

    A number alone, as in addresses of before, means that of the current strategy.
    """
    match = _PRIORITY.fullmatch(request.GET.get("priority", ""))
    return f"{match[1] or ''}{int(match[2])}" if match else ""


def with_priority(priority: str, path: str) -> Q:
    """Return the condition for what is of an asked priority; ``path`` leads to it from the rows that are filtered."""
    slug, _, number = priority.rpartition(":")
    return Q(**{f"{path}__number": int(number), f"{path}__strategy__slug": slug or _current()})


def _current() -> str:
    current = Strategy.objects.current(timezone.localdate())
    return current.slug if current else ""


def priority_choices(keys: QuerySet[Any, Any], priority: str) -> list[dict[str, Any]]:
    """Return the priorities that have something waiting, as choices; with their strategy's title where there are several.

    :param keys: the keys of the priorities.
    """
    found = list(
        Priority.objects.filter(pk__in=keys)
        .select_related("strategy")
        .order_by("-strategy__starts_on", "strategy", "number", "id")
    )
    several = len({priority.strategy_id for priority in found}) > 1
    current = _current() if priority and ":" not in priority else ""
    values = [(f"{priority.strategy.slug}:{priority.number}", priority) for priority in found]
    return [
        {
            "value": value,
            "label": f"{choice} ({choice.strategy.title})" if several else str(choice),
            "kind": choice.strategy.kind,
            "selected": priority == value or (choice.strategy.slug == current and priority == str(choice.number)),
        }
        for value, choice in values
    ]


def _queue(person: User, priority: str) -> EvidenceQuerySet:
    waiting = Evidence.objects.reviewed_by(person).awaiting_review()
    if priority:
        of_priority = Evidence.commitments.through.objects.filter(with_priority(priority, "commitment__priority"))
        waiting = waiting.filter(pk__in=of_priority.values("evidence_id"))
    return waiting


@login_required
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """Evidence to review, the longest-waiting first."""
    return queue_page(request, check_reviewer(request))


def queue_page(request: HttpRequest, person: User, form: ChosenForm | None = None) -> HttpResponse:
    """The list of what waits; with a form, what was wrong with the choice made in it."""
    priority = asked_priority(request)
    waiting = with_evidence_writers(_queue(person, priority))
    pieces = waiting.select_related("organisation", "council_chooses_in").prefetch_related(commitments_in_order())
    page = Paginator(pieces, EVIDENCE_PER_PAGE).get_page(request.GET.get("page"))
    now, ticks = timezone.now(), count()
    rows = [
        {
            "title": piece.title,
            "url": reverse("commitments:review-one", args=[piece.pk]) + query_of(priority),
            "organisation": piece.organisation.name,
            "when": when(piece),
            "references": list(dict.fromkeys(commitment.reference for commitment in piece.commitments.all())),
            "sent": piece.submitted_at,
            "days": (now - piece.submitted_at).days if piece.submitted_at else 0,
            "own": not (may := evidence_permissions.can_accept_evidence(person, piece)),
            "key": f"{piece.pk}.{piece.version}",
            "to_place": piece.council_chooses_in_id is not None,
            "nouns": piece.council_chooses_in.nouns if piece.council_chooses_in else GENERAL,
            "tick": next(ticks) if may and piece.council_chooses_in_id is None else None,
        }
        for piece in page
    ]
    first = next((row for row in rows if not row["own"]), None)
    priorities = priority_choices(
        Evidence.commitments.through.objects.filter(evidence__in=_queue(person, "").order_by().values("pk")).values(
            "commitment__priority"
        ),
        priority,
    )
    context = {
        "page_obj": page,
        "rows": rows,
        "first": first,
        "priority": priority,
        "priorities": priorities,
        "counted": counted(page.paginator.count),
        "queues": queues(person, "evidence"),
        "nouns": shared_nouns(choice["kind"] for choice in priorities),
        "form": form,
    }
    return render(request, "commitments/review.html", context, status=422 if form else 200)


def commitments_in_order() -> "Prefetch[Any, Any, Any]":
    """Return what fetches the commitments of evidence beforehand, in the strategy's own order."""
    return Prefetch("commitments", Commitment.objects.in_order())


def query_of(priority: str) -> str:
    return f"?{urlencode({'priority': priority})}" if priority else ""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One item and the decision on it. After a decision the next one is shown."""
    person = check_reviewer(request)
    piece = get_object_or_404(
        with_evidence_writers(Evidence.objects.visible_to(person).reviewed_by(person)).select_related("organisation"),
        pk=pk,
    )
    if piece.state != "submitted":
        return _decided_already(request, person, piece)
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        initial={"version": piece.version},
        strategy=piece.council_chooses_in,
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _decide(request, person, piece, form.cleaned_data)
        except Conflict as conflict:
            piece.refresh_from_db()
            if piece.state != "submitted":
                return _decided_already(request, person, piece)
            show_refusal(form, conflict)
            form.seen(piece.version)
            return _page(request, person, piece, form, 409)
        except Refused as refused:
            piece.refresh_from_db()
            if piece.state != "submitted":
                return _decided_already(request, person, piece)
            show_refusal(form, refused)
    return _page(request, person, piece, form, form_status(form))


def _decide(request: HttpRequest, person: User, piece: Evidence, values: dict[str, Any]) -> HttpResponse:
    now, version = timezone.now(), values["version"]
    if values["decision"] == "accept":
        chosen = values.get("commitments") or ()
        services.accept_evidence(by=person, at=now, evidence=piece, version=version, commitments=chosen)
        done = f"You accepted “{piece.title}”."
    else:
        services.return_evidence(by=person, at=now, evidence=piece, version=version, reason=values["reason"])
        done = f"You returned “{piece.title}” to {piece.organisation.name}."
    messages.success(request, done)
    return _on(request, person, piece)


def _decided_already(request: HttpRequest, person: User, piece: Evidence) -> HttpResponse:
    """Someone else was first: say who, change nothing, and show the next."""
    last = piece.history.select_related("by").newest_first().first()
    act = {"accepted": "accepted", "returned": "returned", "withdrawn": "withdrawn"}.get(piece.state, "reopened")
    who = (
        "You have"
        if last and last.by_id == person.pk
        else f"{last.by.name} has"
        if last and last.by
        else "Somebody has"
    )
    messages.info(request, f"{who} already {act} “{piece.title}”. Nothing more was changed.")
    return _on(request, person, piece)


def _next(person: User, piece: Evidence, priority: str) -> Evidence | None:
    """The next that this officer may decide: after this one in the queue, else from its beginning."""
    queue = _queue(person, priority).exclude(pk=piece.pk).exclude(logged_by=person).exclude(submitted_by=person)
    later = Q(submitted_at__gt=piece.submitted_at) | Q(submitted_at=piece.submitted_at, pk__gt=piece.pk)
    after = queue.filter(later).first() if piece.submitted_at else None
    return after or queue.first()


def _on(request: HttpRequest, person: User, piece: Evidence) -> HttpResponse:
    priority = asked_priority(request)
    following = _next(person, piece, priority)
    if following is None:
        return redirect(reverse("commitments:review") + query_of(priority))
    return redirect(reverse("commitments:review-one", args=[following.pk]) + query_of(priority))


def _page(request: HttpRequest, person: User, piece: Evidence, form: ReviewForm, code: int) -> HttpResponse:
    priority = asked_priority(request)
    following = _next(person, piece, priority)
    context = {
        **evidence_values(piece),
        "form": form,
        "can_decide": evidence_permissions.can_accept_evidence(person, piece),
        "left": _queue(person, priority).count(),
        "queue_url": reverse("commitments:review") + query_of(priority),
        "skip_url": reverse("commitments:review-one", args=[following.pk]) + query_of(priority) if following else "",
    }
    return render(request, "commitments/review_one.html", context, status=code)
