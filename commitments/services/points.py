"""What is done about a point: it gets an owner and a day, is published or taken down, answered, done, closed, reopened.

One person does each of these: an answer to a point is ordinary correspondence (decision 0042). Every act asks
:func:`commitments.permissions.points.check_can_handle_point`, and raises :class:`Conflict` if somebody has changed the point
since ``version`` was read; None skips the comparison.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from commitments.content.points import PointAnswer, checked_line, checked_text
from commitments.models import Point, Strategy
from commitments.permissions.points import can_handle_point
from commitments.rules import stances
from commitments.services.point_emails import send_point_answered
from commitments.services.point_owner_emails import send_assigned_point, send_passed_on_points
from commitments.services.point_transitions import READ_WITH, check_point_act, hold_point, move_point, save_point
from commitments.services.receiving_points import check_point_owner
from partners.models import Organisation, PartnershipGroup, User
from vcsportal.common.dates import in_words
from vcsportal.common.words import Invalid, NotNow


@transaction.atomic
def assign_point(
    *, by: User, at: datetime, point: Point, owner: User | None, owner_words: str = "", due_on: date | None = None,
    version: int | None = None,
) -> Point:  # fmt: skip
    """Say who has to answer it (for a decision: to do it) and by when; None is nobody yet, and no due date.

    A new owner gets an email, unless they took it themselves.
    Raise :class:`Refused` without the right, for an owner who couldn't answer it, and for a point that is closed.
    """
    point = hold_point(by, at, point, version)
    _check_open(point)
    check_point_owner(point, owner, at)
    words = checked_line(owner_words, field="owner_words")
    if point.is_decision and owner is None and not words:
        raise Invalid("Say who will do it: choose a person, or name an organisation or a team.", field="owner_words")
    was = {
        "owner": point.owner.name if point.owner else "",
        "owner_words": point.owner_words,
        "due": _iso(point.due_on),
    }
    had = point.owner_id
    point.owner, point.owner_words, point.due_on = owner, words, due_on
    now = {"owner": owner.name if owner else "", "owner_words": words, "due": _iso(due_on)}
    save_point(by, at, point, "point_assign", said={"was": was, "now": now})
    if point.owner_id != had:
        send_assigned_point(point, by=by, at=at)
    return point


def hand_point_to(*, by: User, at: datetime, point: Point, to: User) -> None:
    """Give a point that is not closed to another person. Part of handing over, which has asked whether ``by`` may and sends its own email.

    Raise :class:`Invalid` for somebody who couldn't answer it.
    """
    point = Point.objects.select_for_update(of=("self",)).select_related(*READ_WITH).get(pk=point.pk)
    if not can_handle_point(to, point, timezone.localdate(at)):
        raise Invalid(
            f"{to.name} can’t read and answer number {point.pk} ({point.kind_of.label.lower()}). Give it to someone else "
            "first, or choose another person.",
            field="to",
        )
    was = {"owner": point.owner.name if point.owner else ""}
    point.owner = to
    save_point(by, at, point, "point_assign", said={"was": was, "now": {"owner": to.name}})


@transaction.atomic
def direct_point(
    *, by: User, at: datetime, point: Point, strategy: Strategy | None, group: PartnershipGroup | None,
    version: int | None = None,
) -> Point:  # fmt: skip
    """Say which strategy and group it is about, and so who answers it. An owner who then couldn't is owner no longer.

    The owner gets an email that says so, unless they passed it on themselves.

    Raise :class:`Refused` without the right, for a point made at an engagement or about a commitment, for one that is closed,
    and as :func:`pass_on` does.
    """
    point = hold_point(by, at, point, version)
    _check_open(point)
    if point.engagement_id is not None or point.commitment_id is not None:
        raise NotNow("This is linked to a meeting or a commitment, so it can’t be passed to another strategy or group.")
    pass_on(by, at, [point], strategy=strategy, group=group)
    return point


def pass_on(
    by: User, at: datetime, points: Iterable[Point], *, strategy: Strategy | None, group: PartnershipGroup | None
) -> None:
    """Let held points be about another strategy and group. The caller has asked whether ``by`` may.

    An owner who then couldn't answer is owner no longer; whoever did what was decided stays it. Each owner gets one email
    about all that something is left to do of.

    Raise :class:`Invalid` where nobody would be left to carry out a decision.
    """
    moved: dict[User, list[Point]] = defaultdict(list)
    for point in points:
        was = {"strategy": str(point.strategy or ""), "group": str(point.group or "")}
        had, field = point.owner, "strategy" if point.group == group else "group"
        point.strategy, point.group = strategy, group
        point.owner = _owner_there(point, at, field)
        now = {"strategy": str(strategy or ""), "group": str(group or "")}
        save_point(by, at, point, "point_direct", said={"was": was, "now": now})
        if had is not None and point.is_unfinished:
            moved[had].append(point)
    for owner, theirs in moved.items():
        send_passed_on_points(theirs, owner=owner, by=by, at=at)


def _owner_there(point: Point, at: datetime, field: str) -> User | None:
    """Return who owns a point now that it is about something else; raise :class:`Invalid` at a field as :func:`pass_on` does."""
    owner = point.owner
    if owner is None or can_handle_point(owner, point, timezone.localdate(at)):
        return owner
    if point.is_decision and not point.is_unfinished:
        return owner
    if point.is_decision and not point.owner_words:
        raise Invalid(
            f"{owner.name} has to carry out number {point.pk}, and could not read it there. Say first who else will do it.",
            field=field,
        )
    return None


@transaction.atomic
def publish_point(
    *, by: User, at: datetime, point: Point, public_words: str, raised_by_words: str = "",
    raised_by: Organisation | None = None, version: int | None = None,
) -> Point:  # fmt: skip
    """Let everyone read these words, which an officer has edited so that they name nobody. The original stays as it is.

    :param raised_by_words: who raised it, as everyone reads it; "" says nothing.
    Raise :class:`Refused` without the right, without words, and for spam.
    """
    point = hold_point(by, at, point, version)
    if point.is_spam:
        raise NotNow("This was closed as spam. Reopen it first.")
    if not (words := checked_text(public_words, field="public_words")):
        raise Invalid("Write the words that everyone will read.", field="public_words")
    point.public_words = words
    point.raised_by_words = checked_line(raised_by_words, field="raised_by_words")
    point.raised_by = raised_by
    point.published_at, point.published_by = at, by
    point.taken_down_at, point.taken_down_why = None, ""
    save_point(by, at, point, "point_publish")
    return point


@transaction.atomic
def take_down_point(*, by: User, at: datetime, point: Point, reason: str, version: int | None = None) -> Point:
    """Hide the published words from everyone, with a reason that stays inside the portal.

    Raise :class:`Refused` without the right or a reason, and where nothing is published.
    """
    point = hold_point(by, at, point, version)
    if not point.is_published:
        raise NotNow("Nothing from this is published.")
    if not (reason := checked_text(reason, field="reason")):
        raise Invalid("Say why it is taken down. Only the people who can answer it read this.", field="reason")
    point.taken_down_at, point.taken_down_why = at, reason
    save_point(by, at, point, "point_take_down", reason=reason)
    return point


@transaction.atomic
def answer_point(*, by: User, at: datetime, point: Point, answer: PointAnswer, version: int | None = None) -> Point:
    """Answer it, or correct the answer. Whoever sent it with an email address gets the answer by email.

    Raise :class:`Refused` without the right, for a decision, for a point that is done or closed, without a stance or a
    response, and for a commitment or a meeting that isn't its strategy's or group's.
    """
    point = hold_point(by, at, point, version)
    if point.is_decision:
        raise NotNow("A decision needs no answer. Say when it was done.")
    check_point_act(point, "point_answer")
    if answer.stance not in stances.BY_CODE:
        raise Invalid("Choose an answer.", field="stance")
    if not (words := checked_text(answer.response, field="response")):
        raise Invalid("Say what will be done, or why it will not be.", field="response")
    _check_led_to(point, answer, at)
    point.stance, point.response, point.decided_at = answer.stance, words, answer.decided_at
    point.became_commitment = answer.became_commitment
    point.responded_at, point.responded_by = at, by
    said = {
        "stance": point.stance, "response": words, "decided_at": str(answer.decided_at or ""),
        "commitment": answer.became_commitment.reference if answer.became_commitment else "",
    }  # fmt: skip
    move_point(by, at, point, "point_answer", said=said)
    send_point_answered(point, at=at)
    return point


def _check_led_to(point: Point, answer: PointAnswer, at: datetime) -> None:
    strategy, group, where = point.about_strategy, point.about_group, answer.decided_at
    led_to = answer.became_commitment
    if led_to is not None and (strategy is None or led_to.strategy_id != strategy.pk):
        raise Invalid("Choose one from the strategy that this is about.", field="became_commitment")
    if where is None:
        return
    ours = (strategy is not None and where.strategy_id == strategy.pk) or (
        group is not None and where.group_id == group.pk
    )
    if not ours or where.starts_on > timezone.localdate(at):
        raise Invalid("Choose a meeting of its group or strategy that has taken place.", field="decided_at")


@transaction.atomic
def finish_point(*, by: User, at: datetime, point: Point, done_on: date, version: int | None = None) -> Point:
    """Record the day on which what was answered or decided was done.

    Raise :class:`Refused` without the right, for a point without an answer that is no decision, and for a day in the future
    or before it was raised.
    """
    point = hold_point(by, at, point, version)
    if not point.is_decision and point.state == "raised":
        raise NotNow("Answer it first. Then say when it was done.")
    if done_on > timezone.localdate(at):
        raise Invalid("This day is in the future. Enter today or an earlier date.", field="done_on")
    if done_on < point.raised_on:
        raise Invalid(f"It was raised on {in_words(point.raised_on)}. Enter that date or a later one.", field="done_on")
    point.done_on = done_on
    move_point(by, at, point, "point_done", said={"done": done_on.isoformat()})
    return point


@transaction.atomic
def close_point(
    *, by: User, at: datetime, point: Point, reason: str = "", is_spam: bool = False, version: int | None = None
) -> Point:
    """Close it. Whoever sent it reads the reason, unless it is spam.

    Raise :class:`Refused` without the right, without a reason where it was not answered, and for spam that is published.
    """
    point = hold_point(by, at, point, version)
    check_point_act(point, "point_close")
    reason = checked_text(reason, field="reason")
    if is_spam and point.is_published:
        raise NotNow("These words are published. Take them down before you close this as spam.")
    if is_spam and not point.was_sent:
        raise NotNow("Only messages sent with the public form can be closed as spam.")
    if not reason and not is_spam and point.state == "raised":
        raise Invalid("Say why it is closed without an answer. Whoever sent it can read this.", field="reason")
    point.closed_at, point.closed_why, point.is_spam = at, reason, is_spam
    move_point(by, at, point, "point_close", reason=reason, said={"spam": True} if is_spam else {})
    return point


@transaction.atomic
def reopen_point(*, by: User, at: datetime, point: Point, reason: str, version: int | None = None) -> Point:
    """Take up a point again. Its answer and the day on which it was done stay in the history alone.

    Raise :class:`Refused` without the right or a reason, and for a point that is already open.
    """
    point = hold_point(by, at, point, version)
    check_point_act(point, "point_reopen")
    if not (reason := checked_text(reason, field="reason")):
        raise Invalid("Say why you are reopening it. This is recorded in the history.", field="reason")
    said = {"was": {"stance": point.stance, "response": point.response, "done": _iso(point.done_on)}}
    point.stance = point.response = point.closed_why = ""
    point.responded_at = point.responded_by = point.decided_at = point.done_on = point.closed_at = None
    point.is_spam = False
    move_point(by, at, point, "point_reopen", reason=reason, said=said)
    return point


def _check_open(point: Point) -> None:
    if point.state == "closed":
        raise NotNow("This is closed. Reopen it first.")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
