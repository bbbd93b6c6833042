"""Writes engagement up: its summary and numbers, who attended, and the evidence from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from commitments.content.engagement import AttendanceEntry, EngagementAccount
from commitments.models import Attendance, Engagement, Evidence, Point
from commitments.permissions.engagement import check_can_keep_engagement
from commitments.queries.engagement_evidence import unseen_evidence
from commitments.queries.seat_holders import seat_holders
from commitments.rules import workflow
from commitments.rules.engagement_kinds import DECISION
from commitments.services.engagement import (
    check_has_begun,
    check_open,
    checked_text,
    compare,
    held_row,
    move,
    record,
)
from commitments.services.points import publish_point
from partners.models import Appointment, User
from vcsportal.common.words import Invalid

MAX_SUMMARY_CHARACTERS: Final = 20_000
MAX_SOURCE_CHARACTERS: Final = 1_000
MAX_POST_CHARACTERS: Final = 200
MAX_PEOPLE: Final = 10_000_000
MAX_ATTENDANCE: Final = 200
"""Rows of one meeting; a larger event counts its people instead."""
MAX_EVIDENCE: Final = 50
NO_SUMMARY: Final = "Write a summary. Two or three sentences are enough."
NUMBERS: Final = ("people_attended", "people_asked", "people_answered")


@transaction.atomic
def save_account(
    *, by: User, at: datetime, engagement: Engagement, account: EngagementAccount, version: int | None = None
) -> Engagement:
    """Save a draft of what became of it, which says that it was held. Only those who keep it can read a draft.

    Linked evidence that the person can't see stays linked, whatever the account says.

    :param version: the version that the person saw; None skips the comparison.
    Raise :class:`Refused` without the right, before its first day, once it is written up or called off, and for numbers or
    texts that can't be right; :class:`Conflict` if somebody has saved it since.
    """
    engagement = held_row(engagement)
    check_open(by, at, engagement, version)
    check_has_begun(engagement, timezone.localdate(at))
    account = _checked(by, account, engagement)
    if engagement.state == "planned":
        move(by=by, at=at, engagement=engagement, act="engagement_hold")
    else:
        engagement.version += 1
    _put(engagement, account)
    record(by=by, at=at, engagement=engagement, act="engagement_save", was=engagement.state, said=_said(account))
    return engagement


@transaction.atomic
def write_up_engagement(
    *, by: User, at: datetime, engagement: Engagement, account: EngagementAccount, version: int | None = None
) -> Engagement:
    """Publish what became of it, and the decisions that were recorded there. Arguments and errors as in
    :func:`save_account`; a summary is needed.
    """
    engagement = held_row(engagement)
    check_can_keep_engagement(by, engagement, timezone.localdate(at))
    compare(engagement, version)
    workflow.check_act(
        workflow.ENGAGEMENT_ACT["engagement_write_up"], engagement.state, what="engagement", thing=engagement
    )
    check_has_begun(engagement, timezone.localdate(at))
    account = _checked(by, account, engagement)
    if not account.summary:
        raise Invalid(NO_SUMMARY, field="summary")
    engagement.written_up_at, engagement.written_up_by = at, by
    _put(engagement, account)
    move(by=by, at=at, engagement=engagement, act="engagement_write_up", said=_said(account))
    for decision in decisions_to_publish(engagement):
        publish_point(
            by=by, at=at, point=decision, public_words=decision.words,
            raised_by=decision.raised_by, raised_by_words=decision.raised_by_words,
        )  # fmt: skip
    return engagement


def decisions_to_publish(engagement: Engagement) -> list[Point]:
    """Return the decisions of an engagement whose words become public when it is written up. One query.

    What somebody has taken down stays down, and what was closed was recorded by mistake or came to nothing.
    """
    found = Point.objects.filter(
        engagement=engagement, kind=DECISION, published_at__isnull=True, taken_down_at__isnull=True
    )
    return list(found.exclude(words="").exclude(state="closed").select_related("raised_by").oldest_first())


@transaction.atomic
def reopen_engagement(*, by: User, at: datetime, engagement: Engagement, version: int | None = None) -> Engagement:
    """Take the summary off the public page, so that it can be edited. Errors as in :func:`save_account`."""
    engagement = held_row(engagement)
    check_can_keep_engagement(by, engagement, timezone.localdate(at))
    compare(engagement, version)
    engagement.written_up_at = engagement.written_up_by = None
    move(by=by, at=at, engagement=engagement, act="engagement_reopen")
    return engagement


@transaction.atomic
def set_attendance(
    *, by: User, at: datetime, engagement: Engagement, entries: Sequence[AttendanceEntry], version: int | None = None
) -> Engagement:
    """Record who came and who sent apologies, in the place of what was recorded before, which the history keeps.

    Apologies can be recorded beforehand. Raise :class:`Refused` as :func:`save_account` does, for a seat of another group
    or one that nobody held on the first day, and for whoever is listed twice.
    """
    engagement = held_row(engagement)
    check_open(by, at, engagement, version)
    rows = _attendance(engagement, entries)
    if not engagement.has_begun(timezone.localdate(at)) and any(not row.sent_apologies for row in rows):
        raise Invalid(
            f"This does not begin until {engagement.when}, so nobody has come yet. You can record apologies.",
            field="attendance",
        )
    engagement.attendance.all().delete()
    Attendance.objects.bulk_create(rows)
    engagement.version += 1
    engagement.save(update_fields=["version"])
    said = [
        {
            "seat": row.seat_id, "organisation": row.organisation_id, "post": row.post,
            "sent_apologies": row.sent_apologies,
        }
        for row in rows
    ]  # fmt: skip
    record(by=by, at=at, engagement=engagement, act="attendance", was=engagement.state, said={"attendance": said})
    return engagement


def _attendance(engagement: Engagement, entries: Sequence[AttendanceEntry]) -> list[Attendance]:
    if len(entries) > MAX_ATTENDANCE:
        raise Invalid(
            f"This lists {len(entries):,} people. {MAX_ATTENDANCE} is the limit: count the others in the summary.",
            field="attendance",
        )
    holders = seat_holders(engagement) if any(entry.seat for entry in entries) else {}
    found: dict[Any, Attendance] = {}
    for entry in entries:
        row, key = _row(engagement, entry, holders)
        if key in found:
            raise Invalid(f"{row.seat or row.post or row.organisation} is listed twice.", field="attendance")
        found[key] = row
    return list(found.values())


def _row(
    engagement: Engagement, entry: AttendanceEntry, holders: dict[int, Appointment]
) -> tuple[Attendance, tuple[Any, ...]]:
    """Return one row, and what makes it the same as another."""
    if entry.seat is not None:
        if entry.seat.group_id != engagement.group_id:
            raise Invalid(f"“{entry.seat}” is not a seat of this group.", field="attendance")
        holder = holders.get(entry.seat.pk)
        if holder is None:
            raise Invalid(f"Nobody held the seat “{entry.seat}” on {engagement.when}.", field="attendance")
        row = Attendance(
            engagement=engagement, seat=entry.seat, organisation=holder.organisation, post=holder.post,
            sent_apologies=entry.sent_apologies,
        )  # fmt: skip
        return row, ("seat", entry.seat.pk)
    post = checked_text(entry.post, field="attendance", limit=MAX_POST_CHARACTERS)
    if not post and entry.organisation is None:
        raise Invalid("Choose an organisation or write a post, such as “Town clerk”.", field="attendance")
    row = Attendance(
        engagement=engagement, organisation=entry.organisation, post=post, sent_apologies=entry.sent_apologies
    )
    return row, ("other", entry.organisation.pk if entry.organisation else None, post.casefold())


def _checked(by: User, account: EngagementAccount, engagement: Engagement) -> EngagementAccount:
    summary = checked_text(account.summary, field="summary", limit=MAX_SUMMARY_CHARACTERS)
    source = checked_text(account.source, field="source", limit=MAX_SOURCE_CHARACTERS)
    for name in NUMBERS:
        number = getattr(account, name)
        if number is not None and not 0 <= number <= MAX_PEOPLE:
            raise Invalid("Check this number.", field=name)
    asked, answered = account.people_asked, account.people_answered
    if asked is not None and answered is not None and answered > asked:
        raise Invalid(
            f"{answered:,} can’t have answered if {asked:,} were asked. Correct one of them, or leave it blank.",
            field="people_answered",
        )
    kept = list(unseen_evidence(engagement, by))
    chosen = {item.pk: item for item in (*account.evidence, *kept)}
    if len(chosen) > MAX_EVIDENCE:
        raise Invalid(f"Link {MAX_EVIDENCE} items of evidence at most.", field="evidence")
    new = set(chosen) - {item.pk for item in kept}
    seen = Evidence.objects.visible_to(by).filter(pk__in=new)
    if unseen := new - set(seen.values_list("pk", flat=True)):
        raise Invalid(f"There is no evidence number {min(unseen)} that you can see.", field="evidence")
    return replace(account, summary=summary, source=source, evidence=tuple(chosen.values()))


def _put(engagement: Engagement, account: EngagementAccount) -> None:
    for name in ("summary", "source", *NUMBERS):
        setattr(engagement, name, getattr(account, name))
    engagement.save()
    engagement.evidence.set(account.evidence)


def _said(account: EngagementAccount) -> dict[str, Any]:
    numbers = {name: getattr(account, name) for name in NUMBERS}
    return {
        "summary": account.summary, "source": account.source, "evidence": [item.pk for item in account.evidence],
        **numbers,
    }  # fmt: skip
