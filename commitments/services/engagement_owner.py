"""Says whose engagement is: a group's, a strategy's or both. The points that were made there go along."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from commitments.content.engagement import EngagementOwner
from commitments.content.points import may_be_about
from commitments.models import Engagement, Point, Strategy
from commitments.permissions.engagement import check_can_plan_engagement
from commitments.services.point_transitions import READ_WITH
from commitments.services.points import pass_on
from partners.models import User
from vcsportal.common.words import Invalid


def check_engagement_owner(by: User, owner: EngagementOwner, today: date) -> None:
    """Raise :class:`Refused` where it is nobody's, without the right, and for a group that doesn't steer the strategy."""
    group, strategy = owner.group, owner.strategy
    if group is None and strategy is None:
        raise Invalid("Choose a group or a strategy.", field="group")
    check_can_plan_engagement(by, group, strategy, today)
    if group is not None and strategy is not None and strategy.steered_by_id != group.organisation_id:
        raise Invalid(f"{group.organisation.name} does not steer this strategy. Choose one of the two.", field="group")


def change_owner(by: User, at: datetime, engagement: Engagement, owner: EngagementOwner) -> dict[str, Any]:
    """Make engagement another's, and pass on its points; return what the history keeps of it, nothing where nothing changes.

    The caller has asked whether ``by`` keeps it as it is, and saves it. Raise :class:`Refused` as
    :func:`check_engagement_owner` does, where attendance is recorded for seats of the group that it leaves, where a point of
    it is about another strategy, and where nobody would be left to carry out a decision.
    """
    was = EngagementOwner(engagement.group, engagement.strategy)
    if was == owner:
        return {}
    check_engagement_owner(by, owner, timezone.localdate(at))
    if was.group != owner.group and engagement.attendance.filter(seat__isnull=False).exists():
        raise Invalid(
            f"Attendance is recorded for seats of {was.group}. Remove it from the list of who attended first.",
            field="group",
        )
    points = list(engagement.points.select_for_update(of=("self",)).select_related(*READ_WITH).order_by("id"))
    engagement.group, engagement.strategy = owner.group, owner.strategy
    _check_points(points, engagement, "group" if was.strategy == owner.strategy else "strategy")
    moved: dict[Strategy | None, list[Point]] = defaultdict(list)
    for point in points:
        about: Strategy | None = point.commitment.strategy if point.commitment else owner.strategy
        followed = point.commitment is not None or (point.strategy, point.group) == (was.strategy, was.group)
        if followed and (point.strategy, point.group) != (about, owner.group):
            point.engagement = engagement
            moved[about].append(point)
    for strategy, found in moved.items():
        pass_on(by, at, found, strategy=strategy, group=owner.group)
    return {"moved": {"from": _slugs(was), "to": _slugs(owner)}}


def _check_points(points: Iterable[Point], engagement: Engagement, field: str) -> None:
    """Raise :class:`Invalid` for a point that it couldn't be about any more, at the field that was changed."""
    for point in points:
        if point.commitment is not None and not may_be_about(engagement, point.commitment.strategy):
            strategy = point.commitment.strategy
            stays = f"it stays with a group that steers the {strategy.nouns.strategy} “{strategy.title}”"
            raise Invalid(
                f"Number {point.pk}, which was recorded at it, is about {point.commitment.reference}, so "
                f"{stays if field == 'group' else 'it can’t belong to another strategy'}.",
                field=field,
            )


def _slugs(owner: EngagementOwner) -> dict[str, str]:
    return {
        "group": owner.group.organisation.slug if owner.group else "",
        "strategy": owner.strategy.slug if owner.strategy else "",
    }
