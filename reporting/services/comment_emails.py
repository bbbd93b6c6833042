"""Emails comments on a draft to the people who write the report: one email a day at most, for each report and person."""

from datetime import datetime, time, timedelta
from textwrap import shorten
from typing import Final

from django.urls import reverse
from django.utils import timezone

from commitments.models import Round
from commitments.rules.reminders import is_working_day, next_working_day
from partners.emails.composing import compose_mail
from partners.emails.outbox import drop, renew
from partners.models import Mail, User
from reporting.models import Comment
from reporting.reading.open_comments import comments_for, who_answers
from reporting.services.texts import sections_of
from vcsportal.common.names import with_the

KIND: Final = "report:comments"
MORNING: Final = time(8, 10)
MAX_QUOTE_CHARACTERS: Final = 300


def comment_added(*, at: datetime, comment: Comment) -> None:
    """Add the comment to the next morning's email to the people who answer for its section, in the caller's transaction."""
    for person in who_answers(comment.round, comment.section):
        _write(at=at, round_=comment.round, to=person)


def comment_resolved(*, at: datetime, round_: Round) -> None:
    """Write the emails of a report that wait once more, without what was resolved. Part of the transaction that resolves it."""
    waiting = Mail.objects.filter(about=_about(round_), kind=KIND, state="waiting", person__isnull=False)
    for mail in waiting.select_related("person"):
        if mail.person:
            _write(at=at, round_=round_, to=mail.person)


def _write(*, at: datetime, round_: Round, to: User) -> None:
    due = _next_morning(at)
    key = f"report_comments:{round_.pk}:{to.pk}:{timezone.localdate(due)}"
    before = (
        Mail.objects.filter(about=_about(round_), kind=KIND, person=to, state="sent").order_by("-due_at", "-id").first()
    )
    labels = {section.key: section.label for section in sections_of(round_)}
    comments = [
        comment
        for comment in comments_for(to, round_)
        if comment.said_by_id != to.pk and (before is None or comment.said_at > before.due_at)
    ]
    if not comments:
        drop(about=_about(round_), kinds=[KIND], people=[to.pk])
        return
    where = [round_.strategy.slug, round_.slug]
    values = {
        "round": round_,
        "strategy": round_.strategy.title,
        "the_strategy": with_the(round_.strategy.title),
        "comments": [
            {
                "by": comment.said_by.name,
                "section": labels.get(comment.section, comment.section),
                "path": reverse("reporting:report-section", args=[*where, comment.section]) + "#comments",
                "words": shorten(comment.words, MAX_QUOTE_CHARACTERS, placeholder=" …"),
            }
            for comment in comments
        ],
    }
    renew(
        compose_mail(
            key=key,
            kind=KIND,
            to=to,
            template="report_comments",
            values=values,
            at=at,
            about=_about(round_),
            due_at=due,
        )
    )


def _about(round_: Round) -> str:
    return f"report:{round_.strategy.slug}/{round_.slug}"


def _next_morning(at: datetime) -> datetime:
    """Return the next working morning; today's, if it is still to come."""
    local = timezone.localtime(at)
    day = local.date()
    if is_working_day(day) and local.time() < MORNING:
        return timezone.make_aware(datetime.combine(day, MORNING))
    return timezone.make_aware(datetime.combine(next_working_day(day + timedelta(days=1)), MORNING))
