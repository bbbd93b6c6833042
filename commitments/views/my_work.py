"""What the person who is signed in owes, and nothing else."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments import workflow
from commitments.models import Action, Evidence
from commitments.reading import glance, work
from commitments.reading import pages as reading
from commitments.views.parts import me
from partners import roles
from partners.models import User
from partners.permissions import has_permission
from vcsportal.common.dates import in_words


@require_safe
@login_required
def my_work(request: HttpRequest) -> HttpResponse:
    """One task list for everything that the person's roles ask of them."""
    person = me(request)
    today = timezone.localdate()
    values: dict[str, Any] = {"may": _may(person), "has_roles": bool(person.permissions)}
    if values["may"]["update"]:
        owed = work.owed_updates(person, today)
        values |= {
            "owed": owed,
            "updates": [_update(one, today) for one in owed.updates if one.leads],
            "supported": [_update(one, today) for one in owed.updates if not one.leads],
            "late": [_action(one) for one in work.late_actions(person, today)],
        }
    if values["may"]["review"]:
        values["waiting"] = Evidence.objects.visible_to(person).awaiting_review().count()
    if values["may"]["log"]:
        values["evidence"] = [_evidence(one) for one in work.open_evidence(person)]
    if values["may"]["people"]:
        values["unled"] = [
            {
                "title": str(one),
                "url": reverse("commitments:people", args=[one.strategy.slug, one.reference]),
                "word": "No lead officer",
            }
            for one in work.without_lead(today)
        ]
    return render(request, "commitments/my_work.html", values)


def _may(person: User) -> dict[str, bool]:
    return {
        "update": has_permission(person, roles.UPDATE_COMMITMENTS),
        "review": has_permission(person, roles.REVIEW_EVIDENCE),
        "log": has_permission(person, roles.LOG_EVIDENCE),
        "people": has_permission(person, roles.MANAGE_PEOPLE),
        "reports": has_permission(person, roles.SEE_UNPUBLISHED_REPORTS),
    }


def _update(owed: work.OwedUpdate, today: date) -> dict[str, Any]:
    one = owed.commitment
    url = reverse("commitments:update", args=[one.strategy.slug, one.reference])
    state = workflow.UPDATE_STATE.get(owed.state)
    said_on = timezone.localdate(one.status_at) if one.status_at else None
    return {
        "title": str(one),
        "url": url,
        "hint": f"Open until {in_words(owed.round.closes_on)}. {glance.freshness(said_on, today)}",
        "tag": state,
        "word": "" if state else "Not begun",
    }


def _action(action: Action) -> dict[str, Any]:
    one = action.commitment
    return {
        "title": action.title,
        "url": reading.address(one.strategy.slug, one.reference) + "#actions",
        "hint": f"{one}. It was due on {in_words(action.due_on)}",
        "word": "Late",
    }


def _evidence(piece: Evidence) -> dict[str, Any]:
    return {
        "title": piece.title,
        "url": piece.get_absolute_url(),
        "hint": piece.state_reason or piece.organisation.name,
        "tag": workflow.EVIDENCE_STATE[piece.state],
    }
