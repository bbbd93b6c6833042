"""The emails to whoever owns a point: that somebody gave it to them, and where somebody passed it on to.

They never repeat what was written: it may name somebody, and is kept for a set time in the portal alone.
"""

from datetime import datetime
from typing import Any

from commitments.models import Point
from partners.emails.composing import about_portal
from partners.emails.outbox import put_mail
from partners.models import User
from vcsportal.common.dates import in_words


def send_assigned_point(point: Point, *, by: User, at: datetime) -> None:
    """Tell the owner that a point is now theirs, unless they took it themselves. Part of the transaction that assigns it."""
    values = {
        "is_decision": point.is_decision,
        "is_waiting": point.is_waiting,
        "meeting": point.engagement.title if point.engagement else "",
        "due": in_words(point.due_on) if point.due_on else "",
    }
    _send(point, point.owner, "point_assigned", by=by, at=at, values=values)


def send_passed_on_point(point: Point, *, owner: User | None, by: User, at: datetime) -> None:
    """Tell whoever owned a point that it was passed on, and whether it is still theirs. Part of the same transaction.

    :param owner: the owner before it was passed on.
    """
    about = []
    if point.strategy is not None:
        about.append(f"the {point.strategy.nouns.strategy} “{point.strategy.title}”")
    if point.group is not None:
        about.append(f"the group “{point.group.organisation.name}”")
    values = {"still_theirs": point.owner_id is not None, "about": " and ".join(about)}
    _send(point, owner, "point_passed_on", by=by, at=at, values=values)


def _send(point: Point, to: User | None, template: str, *, by: User, at: datetime, values: dict[str, Any]) -> None:
    if to is None or to.pk == by.pk or not to.is_active:
        return
    common = {
        "by": by,
        "number": point.pk,
        "a_noun": point.kind_of.a_noun,
        "raised": in_words(point.raised_on),
        "url": about_portal()["portal_url"] + point.get_absolute_url(),
    }
    put_mail(
        key=f"{template}:{point.pk}:{point.version}", kind=template, to=to, template=template,
        values={**common, **values}, at=at,
    )  # fmt: skip
