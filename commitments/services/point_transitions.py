"""What every act on a point shares: it is read afresh and held, permission and version are asked, and history is written."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from commitments.models import HistoryEntry, Point
from commitments.permissions.points import check_can_handle_point
from commitments.rules import workflow
from partners.models import User
from vcsportal.common.words import Conflict

READ_WITH = (
    "strategy__owner", "engagement__strategy__owner", "engagement__group__organisation", "group__organisation",
    "commitment__strategy", "owner", "district", "raised_by", "became_action",
)  # fmt: skip


def hold_point(by: User, at: datetime, point: Point, version: int | None) -> Point:
    """Return the point as it is now, held until the transaction ends.

    :param version: the ``point.version`` that the person saw; None skips the comparison.
    Raise :class:`Refused` for whoever may not answer it, :class:`Conflict` if somebody has changed it since.
    """
    held = Point.objects.select_for_update(of=("self",)).select_related(*READ_WITH).get(pk=point.pk)
    check_can_handle_point(by, held, timezone.localdate(at))
    if version is not None and version != held.version:
        last = held.history.select_related("by").order_by("-at", "-id").first()
        who = "Somebody has" if last is None or last.by is None else f"{last.by.name} has"
        if last is not None and last.by_id == by.pk:
            who = "You have"
        raise Conflict(f"{who} changed this since you opened the page. Read it again, then decide.")
    return held


def check_point_act(point: Point, act: str) -> None:
    """Raise :class:`NotNow` where the point's state doesn't allow an act, a code of :data:`commitments.rules.workflow.POINT_ACT`."""
    workflow.check_act(workflow.POINT_ACT[act], point.state, what="point", thing=point)


def move_point(by: User, at: datetime, point: Point, act: str, **entry: Any) -> None:
    """Put a point into the state to which an act leads, save it and write the history."""
    check_point_act(point, act)
    was, point.state = point.state, workflow.POINT_ACT[act].to
    save_point(by, at, point, act, from_state=was, **entry)


def save_point(by: User, at: datetime, point: Point, act: str, *, from_state: str = "", **entry: Any) -> None:
    """Save a point and write the history.

    The history never holds the words of whoever made the point, original or published: it can't be erased, and they may
    name somebody.
    """
    point.version += 1
    point.save()
    HistoryEntry.objects.create(
        at=at, by=by, act=act, point=point, from_state=from_state or point.state, to_state=point.state, **entry
    )
