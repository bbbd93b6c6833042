"""*My tasks*: what the person who is signed in has to do, and how long it takes."""

from collections.abc import Sequence
from datetime import date
from textwrap import shorten
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from commitments.models import Action, CaseStudy, Commitment, Contribution, Engagement, Evidence, Response, SectorView
from commitments.permissions.progress import may_run_rounds
from commitments.reading import actions as action_reading
from commitments.reading import engagement, responses
from commitments.reading import my_work as reading
from commitments.reading.indicators import returned_to
from commitments.reading.partner_views import views_to_reply_to
from commitments.reading.point_tasks import point_tasks
from commitments.reading.risk_tasks import partner_rows, risk_tasks
from commitments.reading.risk_tasks import tasks_column as risks_column
from commitments.rules import status as words
from commitments.rules import workflow
from commitments.rules.kinds import shared_nouns
from commitments.services.contributions import nothing_to_add
from partners import roles
from partners.group_permissions import groups_kept_as_secretary
from partners.models import Invitation, User
from partners.page_parts.sent_once import sent_once
from partners.permissions import has_permission_anywhere, takes_part_as_partner_alone
from partners.signed_in import signed_in_person
from vcsportal.common.addresses import address
from vcsportal.common.dates import in_words

OTHER_TASKS: Final = (
    "invitations", "points", "responses_to_write", "responses_to_review", "engagement_to_write_up", "engagement_soon", "risks", "own_actions", "views_to_reply_to", "late", "evidence", "case_studies", "figures", "invitations_waiting", "unled",
)  # fmt: skip
"""What is to be done beside updates and answers, by the name under which the page lists it."""


@require_safe
@login_required
def my_work(request: HttpRequest) -> HttpResponse:
    """One task list for everything that the person's roles ask of them."""
    person = signed_in_person(request)
    today = timezone.localdate()
    owed = reading.owed_updates(person, today, stands_in=True)
    late: list[Action] = []
    views: list[Commitment] = []
    unled: list[Commitment] = []
    values: dict[str, Any] = {
        "may": _may(person),
        "has_roles": bool(person.permissions),
        "owed": owed,
        "updates": [_update(update) for update in owed.updates if update.whose is None],
        "stood_in": [_update(update) for update in owed.updates if update.whose is not None],
        "answers": [_answer(answer, named=len(owed.answers) > 1) for answer in owed.answers],
        "waiting": {"risks": partner_rows(person)}
        if takes_part_as_partner_alone(person)  # nobody sends them points, and they keep no meetings
        else reading.waiting_for(
            person, today, engagement=engagement.tasks_column(person, today), risks=risks_column(person)
        ),
        "invitations": [
            _invitation(invitation) for invitation in Invitation.objects.to_answer(person.email, timezone.now())
        ],
    }
    values["points"] = point_tasks(values["waiting"].pop("points", ()), today)
    values["risks"] = risk_tasks(values["waiting"].pop("risks", None) or [])
    values["may"]["points"] = bool(values["points"]) or has_permission_anywhere(person, roles.MANAGE_COMMITMENTS)
    if values["waiting"].pop("responses", values["may"]["view"]):
        to_write, to_review = responses.tasks(person)
        values["responses_to_write"] = [_response(found) for found in to_write]
        values["responses_to_review"] = [_response(found) for found in to_review]
    if values["has_roles"]:
        values["own_actions"] = [_action(action, today) for action in action_reading.owned(person, today)]
    to_write_up, soon = engagement.tasks(values["waiting"].pop("engagement", ()), today)
    values["keeps_group"] = not values["has_roles"] and bool(groups_kept_as_secretary(person, today))
    values["engagement_to_write_up"] = [_engagement(found, write_up=True) for found in to_write_up]
    values["engagement_soon"] = [_engagement(found) for found in soon]
    if values["may"]["update"]:
        values["views_to_reply_to"] = [_view(view) for view in views_to_reply_to(person)]
        late = list(action_reading.late_elsewhere(person, today))
        values["late"] = [_action(action, today) for action in late]
    if values["may"]["log"]:
        pieces = reading.open_evidence(person)
        values["evidence"] = [_evidence(piece) for piece in pieces]
        values["undescribed"] = _undescribed(pieces)
        values["figures"] = [
            {"title": thing.title, "url": thing.url, "hint": thing.detail, "tag": workflow.VALUE_STATE["returned"]}
            for thing in returned_to(person)
        ]
        values["case_studies"] = [_case_study(found) for found in reading.open_case_studies(person, today)]
        values["returned"] = sum(piece.state == "returned" for piece in pieces)
    if values["may"]["view"]:
        views = [commitment for commitment, _round in reading.views_to_give(person)]
        values["views"] = [
            {"title": str(commitment), "url": address("commitments:view", commitment.strategy.slug, commitment.key), "word": "Optional"}
            for commitment in views
        ]  # fmt: skip
    if values["may"]["people"]:
        values["invitations_waiting"] = Invitation.objects.waiting().count()
        unled = reading.without_lead(today)
        values["unled"] = [
            {
                "title": str(commitment),
                "url": reverse("commitments:people", args=[commitment.strategy.slug, commitment.key]),
                "word": "No lead officer",
            }
            for commitment in unled
        ]
        values["assign_urls"] = [
            (strategy.title, reverse("commitments:assign-several", args=[strategy.slug]) + "?without=lead")
            for strategy in dict.fromkeys(commitment.strategy for commitment in unled)
        ]
    values["nouns"] = {
        "updates": shared_nouns(update.commitment.strategy.kind for update in owed.updates),
        "late": shared_nouns(action.commitment.strategy.kind for action in late),
        "views": shared_nouns(commitment.strategy.kind for commitment in views),
        "unled": shared_nouns(commitment.strategy.kind for commitment in unled),
    }
    values["other_tasks"] = any(values.get(name) for name in OTHER_TASKS) or any(values["waiting"].values())
    return render(request, "commitments/my_work.html", values)


def _case_study(found: CaseStudy) -> dict[str, Any]:
    return {
        "title": found.newest.headline if found.newest else "",
        "url": reverse("commitments:case-study-write", args=[found.evidence_id]),
        "hint": shorten(found.state_reason, 120, placeholder="…"),
        "tag": found.state_of,
    }


@require_POST
@login_required
@sent_once
def my_nothing(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the organisation has nothing to add this year."""
    person = signed_in_person(request)
    asked = get_object_or_404(
        Contribution.objects.select_related("organisation", "round"),
        pk=pk,
        organisation__in=[organisation.pk for organisation in person.organisations],
    )
    nothing_to_add(by=person, at=timezone.now(), contribution=asked)
    messages.success(
        request,
        f"Thank you. We have noted that {asked.organisation.name} has nothing to add for {asked.round.label}. "
        "If you think of something later, tell us: it will replace this answer.",
    )
    return redirect("commitments:my-work")


def _may(person: User) -> dict[str, bool]:
    return {
        "update": has_permission_anywhere(person, roles.UPDATE_COMMITMENTS),
        "review": has_permission_anywhere(person, roles.REVIEW_EVIDENCE),
        "approve": has_permission_anywhere(person, roles.APPROVE_UPDATES),
        "log": has_permission_anywhere(person, roles.LOG_EVIDENCE),
        "view": has_permission_anywhere(person, roles.GIVE_VIEW),
        "people": has_permission_anywhere(person, roles.MANAGE_PEOPLE),
        "rounds": may_run_rounds(person),
        "reports": has_permission_anywhere(person, roles.SEE_UNPUBLISHED_REPORTS),
    }


def _until(round_: Any) -> str:
    if round_.state == "in_review":
        return "The window has closed; it can still be sent."
    return f"Until {in_words(round_.closes_on)}."


def _update(owed: reading.OwedUpdate) -> dict[str, Any]:
    commitment = owed.commitment
    hint = _until(owed.round)
    if owed.state == "returned":
        hint = f"Returned: {shorten(owed.reason, 160, placeholder=' …')} {hint}"
    return {
        "title": str(commitment),
        "url": address("commitments:update", commitment.strategy.slug, commitment.key),
        "hint": f"For {owed.whose.name}. {hint}" if owed.whose else hint,
        "tag": workflow.UPDATE_STATE[owed.state],
    }


def _answer(owed: reading.OwedAnswer, *, named: bool) -> dict[str, Any]:
    """:param named: whether the strategy is named, as somebody is asked more than once."""
    contribution = owed.contribution
    hint = f"{contribution.round.strategy.title}, " if named else ""
    hint += f"{contribution.round.label}. {_until(contribution.round)}"
    if owed.signatory:
        what = contribution.round.strategy.title
        return {
            "signatory": owed.signatory,
            "contribution": contribution,
            "title": f"Does {contribution.organisation.name} still stand by “{what}”?",
            "hint": f"{contribution.round.label}. {_until(contribution.round)} If you do not reply, that does not count as a “no”.",
        }
    return {
        "contribution": contribution,
        "title": f"What did {contribution.organisation.name} do?",
        "hint": f"For {owed.whose.name}. {hint}" if owed.whose else hint,
    }


def _invitation(invitation: Invitation) -> dict[str, Any]:
    return {
        "title": invitation.as_what,
        "url": reverse("partners:invitation-answer", args=[invitation.pk]),
        "hint": f"From {invitation.invited_by.name}. You can accept or decline it until {in_words(timezone.localdate(invitation.expires_at))}.",
        "word": "To answer",
    }


def _response(response: Response) -> dict[str, Any]:
    hint = shorten(response.state_reason, 160, placeholder=" …") if response.is_returned else ""
    return {
        "title": str(response.commitment),
        "url": response.get_absolute_url(),
        "hint": f"Returned: {hint}" if hint else f"For {response.addressee}.",
        "tag": workflow.RESPONSE_STATE[response.state],
    }


def _engagement(found: Engagement, *, write_up: bool = False) -> dict[str, Any]:
    where = f" {found.place}." if found.place else ""
    return {
        "title": found.title,
        "url": reverse("commitments:engagement-write-up", args=[found.pk]) if write_up else found.get_absolute_url(),
        "hint": f"{found.kind_of.label} of {found.when}." if write_up else f"{found.when}.{where}",
        "word": "Write it up" if write_up else found.kind_of.label,
    }


def _view(view: SectorView) -> dict[str, Any]:
    commitment = view.commitment
    return {
        "title": f"Reply to {view.organisation.name}’s view of {commitment.reference}",
        "url": reverse(
            "commitments:view-reply", args=[commitment.strategy.slug, commitment.key, view.organisation.slug]
        ),
        "hint": f"{commitment}, {view.round.label}. It says {words.of(view.status).label.lower()}: {shorten(view.reason, 160, placeholder=' …')}",
        "word": "To do",
    }


def _action(action: Action, today: date) -> dict[str, Any]:
    commitment, late = action.commitment, action.is_late(today)
    due = f"{'It was due' if late else 'Due'} on {in_words(action.due_on)}." if action.due_on else ""
    return {
        "title": action.title,
        "url": action_reading.address(commitment.strategy.slug, commitment.key, action.pk),
        "hint": f"{commitment}. {due}",
        "word": "Late" if late else "Due soon",
    }


def _undescribed(pieces: Sequence[Any]) -> dict[str, Any] | None:
    """Return how many photographs nobody described, and where the first can be; None if there are none.

    :param pieces: as from :func:`commitments.reading.my_work.open_evidence`.
    """
    found = [(piece.pk, photograph) for piece in pieces for photograph in piece.undescribed]
    if not found:
        return None
    evidence, photograph = found[0]
    place = f"#description_{photograph}"
    return {"count": len(found), "url": reverse("commitments:evidence-edit", args=[evidence]) + place}


def _evidence(piece: Evidence) -> dict[str, Any]:
    return {
        "title": piece.title,
        "url": piece.get_absolute_url(),
        "hint": piece.state_reason or piece.organisation.name,
        "tag": workflow.EVIDENCE_STATE[piece.state],
    }
