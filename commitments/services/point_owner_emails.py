"""The emails to whoever owns a point: that somebody gave it to them, and where somebody passed it on to.

They never repeat what was written: it may name somebody, and is kept for a set time in the portal alone.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commitments.models import Point
from partners.emails.composing import about_portal
from partners.emails.outbox import put_mail
from partners.models import User
from vcsportal.common.dates import in_words
from vcsportal.common.plurals import capital


def send_assigned_point(point: Point, *, by: User, at: datetime) -> None:
    """Tell the owner that a point is now theirs, unless they took it themselves. Part of the transaction that assigns it."""
    values = {
        "is_decision": point.is_decision,
        "is_waiting": point.is_waiting,
        "meeting": point.engagement.title if point.engagement else "",
        "due": in_words(point.due_on) if point.due_on else "",
    }
    _send(point, point.owner, "point_assigned", by=by, at=at, values=values)


def send_passed_on_points(points: Sequence[Point], *, owner: User, by: User, at: datetime) -> None:
    """Tell whoever owned points that they were passed on, and whether they are still theirs. Part of the same transaction.

    :param points: one at least; all are about the same strategy and group now.
    :param owner: the owner before they were passed on.
    """
    about, point = [], points[0]
    if point.strategy is not None:
        about.append(f"the {point.strategy.nouns.strategy} “{point.strategy.title}”")
    if point.group is not None:
        about.append(f"the group “{point.group.organisation.name}”")
    values = {
        "still_theirs": point.owner_id is not None,
        "about": " and ".join(about),
        "is_decision": point.is_decision,
        "is_waiting": point.is_waiting,
        "count": len(points),
        "points": [
            {"label": f"{capital(each.kind_of.a_noun)}, number {each.pk}", "url": _url(each)} for each in points
        ] if len(points) > 1 else [],
    }  # fmt: skip
    _send(point, owner, "point_passed_on", by=by, at=at, values=values)


def _send(point: Point, to: User | None, template: str, *, by: User, at: datetime, values: dict[str, Any]) -> None:
    if to is None or to.pk == by.pk or not to.is_active:
        return
    common = {
        "by": by,
        "number": point.pk,
        "a_noun": point.kind_of.a_noun,
        "raised": in_words(point.raised_on),
        "url": _url(point),
    }
    put_mail(
        key=f"{template}:{point.pk}:{point.version}", kind=template, to=to, template=template,
        values={**common, **values}, at=at,
    )  # fmt: skip


def _url(point: Point) -> str:
    return f"{about_portal()['portal_url']}{point.get_absolute_url()}"
