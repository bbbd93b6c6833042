"""Points come in: one of the portal's people records what was said or decided, or anybody sends one from the public form."""

import json
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from commitments.content.points import RecordedPoint, SentPoint
from commitments.models import Action, Commitment, Engagement, HistoryEntry, Point, PointContact
from commitments.permissions.points import can_handle_point, check_can_handle_point
from commitments.rules.engagement_kinds import DECISION, LISTING, POINT_KIND, PUBLIC_POINT_KINDS
from commitments.services.actions import Plan, plan_action
from commitments.services.point_emails import send_point_received
from commitments.services.point_owner_emails import send_assigned_point
from partners.models import User
from vcsportal.common.words import Invalid

NO_WORDS = "Say what you want to tell us."
NOBODY = "Say who will do it: choose a person, or name an organisation or a team."


@transaction.atomic
def record_point(
    *, by: User, at: datetime, content: RecordedPoint, owner: User | None = None, makes_action: bool = False,
    publish: bool = False,
) -> Point:  # fmt: skip
    """Record a point or a decision.

    :param owner: who has to answer it or, for a decision, to do it; somebody who may answer it, and who gets an email.
    :param makes_action: whether a decision becomes an action of its commitment, too.
    :param publish: whether everyone can read these words at once.
    Raise :class:`Refused` without the right, without words, for a day in the future, for a decision that nobody is to carry
    out, and as :func:`commitments.services.actions.plan_action` does.
    """
    content = content.tidy()
    point = Point(
        **{name: getattr(content, name) for name in _RECORDED},
        owner=owner, raised_at=at, public_words=content.words if publish else "",
        published_at=at if publish else None, published_by=by if publish else None,
    )  # fmt: skip
    check_can_handle_point(by, point, timezone.localdate(at))
    if content.engagement is not None:  # a strategy of one's own is no way into somebody else's meeting
        where = content.engagement
        about = Point(engagement=where, strategy=where.strategy, group=where.group)
        check_can_handle_point(by, about, timezone.localdate(at))
    _check_recorded(content, owner, makes_action, at)
    check_point_owner(point, owner, at)
    if makes_action and content.commitment is not None:
        point.became_action = _act_on(by, at, content, content.commitment, owner)
        point.became_commitment = content.commitment
    point.save()
    if content.kind == DECISION and content.engagement is not None:
        # Whoever is writing the meeting up has not seen this one, and would publish it.
        Engagement.objects.filter(pk=content.engagement.pk).update(version=F("version") + 1)
    HistoryEntry.objects.create(at=at, by=by, act="point_record", point=point, to_state=point.state)
    send_assigned_point(point, by=by, at=at)
    return point


_RECORDED = (
    "kind", "words", "raised_on", "engagement", "group", "strategy", "commitment", "raised_by", "raised_by_words",
    "about_words", "about_page", "district", "owner_words", "due_on", "source",
)  # fmt: skip


def _check_recorded(content: RecordedPoint, owner: User | None, makes_action: bool, at: datetime) -> None:
    if content.kind not in POINT_KIND:
        raise Invalid("Choose one of the kinds on the page.", field="kind")
    if not content.words:
        raise Invalid("Say what was said or decided.", field="words")
    if content.raised_on > timezone.localdate(at):
        raise Invalid("This day is in the future. Enter today or an earlier date.", field="raised_on")
    if content.kind != DECISION:
        if makes_action:
            raise Invalid("Only a decision can become an action.", field="makes_action")
        return
    if owner is None and not content.owner_words:
        raise Invalid(NOBODY, field="owner_words")
    if makes_action and content.commitment is None:
        raise Invalid("Choose what the action is for.", field="commitment")


def _act_on(by: User, at: datetime, content: RecordedPoint, commitment: Commitment, owner: User | None) -> Action:
    title = content.action or " ".join(content.words.split())
    plan = Plan(
        title if len(title) <= 200 else f"{title[:199].rstrip()}…",
        owner_person=owner,
        owner_team="" if owner else content.owner_words[:120],
    )
    try:
        return plan_action(by=by, at=at, commitment=commitment, due_on=content.due_on, plan=plan)
    except Invalid as refused:
        field = {"owner_person": "owner", "title": "action", "owner_team": "owner_words"}.get(refused.field, "action")
        raise Invalid(refused.sentence, field=field) from refused


def check_point_owner(point: Point, owner: User | None, at: datetime) -> None:
    """Raise :class:`Invalid` for an owner who couldn't answer the point."""
    if owner is not None and not can_handle_point(owner, point, timezone.localdate(at)):
        raise Invalid(
            f"{owner.name} can’t read and answer this, so can’t own it. Choose someone else, or name them in words.",
            field="owner",
        )


@transaction.atomic
def send_point(*, at: datetime, token: UUID, content: SentPoint, confirm: bool = True) -> Point:
    """Receive what somebody sends from the public form: nobody by name, so there is no ``by``, and everyone may.

    The same words with the same ``token`` again return the point that they made the first time; other words make a further
    one, so that nothing is lost where somebody goes back and writes something else. No history is written: the row says all, and what
    robots send must not make the cached public pages expire.

    :param confirm: whether a confirmation is emailed, where there is an address.
    Raise :class:`Invalid` for a kind that the public form doesn't offer, without words, or for texts that can't be saved.
    """
    content = _checked_message(content)
    point, new = Point.objects.get_or_create(
        form_token=_message_token(token, content),
        defaults={
            **{name: getattr(content, name) for name in _SENT},
            "raised_on": timezone.localdate(at),
            "raised_at": at,
        },
    )
    if not new:
        return point
    if content.name or content.group_name or content.email:
        PointContact.objects.create(
            point=point, name=content.name, group_name=content.group_name, email=content.email, received_at=at
        )
    if confirm:
        send_point_received(point, at=at)
    return point


def was_sent_before(*, token: UUID, content: SentPoint) -> bool:
    """Whether these very words have come from this form already. Raise as :func:`send_point` does."""
    return Point.objects.filter(form_token=_message_token(token, _checked_message(content))).exists()


def _checked_message(content: SentPoint) -> SentPoint:
    if content.kind not in {kind.code for kind in PUBLIC_POINT_KINDS}:
        raise Invalid("Choose what you want to tell us.", field="kind")
    if content.kind == LISTING and content.about_organisation is None:
        raise Invalid("Open this form from the page of the organisation that it is about.", field="kind")
    content = content.tidy()
    if not content.words:
        raise Invalid(NO_WORDS, field="words")
    if content.commitment is not None:
        content = replace(content, strategy=content.commitment.strategy)
    return content


def _message_token(token: UUID, content: SentPoint) -> UUID:
    """Return what is the same for the same message from the same form. The form's own token is not kept, so nobody can try
    words against it.
    """
    written = [getattr(content, name) for name in _WRITTEN]
    return uuid5(token, json.dumps([*written, content.district.pk if content.district else None]))


_WRITTEN = ("kind", "words", "about_page", "about_words", "name", "group_name", "email")
_SENT = ("kind", "words", "about_page", "about_words", "strategy", "commitment", "district", "about_organisation")
