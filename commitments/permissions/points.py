"""Whether this person may read the original of this point and answer it. Each rule is a pair: ``check_…``, ``can_…``.

Whoever may answer a point may also publish it, take it down, give it an owner and read how to reach its sender.
"""

from datetime import date

from commitments.models import Point, Strategy
from partners import roles
from partners.group_permissions import groups_kept_as_secretary
from partners.permissions import (
    Person,
    check_permission_here,
    has_permission_anywhere,
    has_permission_here,
    reaches_every_strategy,
)
from vcsportal.common.words import NotAllowed, allowed


def check_can_handle_point(person: Person, point: Point, today: date) -> None:
    """The people responsible for its strategy, the secretary of its group, and administrators.

    A point about no strategy and no group is for the people of the strategy that the portal opens with. A point that is not
    saved yet asks whether the person may record it.
    """
    if reaches_every_strategy(person, roles.MANAGE_COMMITMENTS):
        return
    strategy, group = point.about_strategy, point.about_group
    if group is not None and group.pk in groups_kept_as_secretary(person, today):
        return
    if strategy is None and group is None:
        strategy = Strategy.objects.current(today)
    if strategy is None:
        whose = f"the secretary of {group} or " if group is not None else ""
        raise NotAllowed(f"Only {whose}an administrator can read and answer this.")
    if has_permission_here(person, roles.MANAGE_COMMITMENTS, strategy):
        return
    sentence = "Only a council officer or an administrator can read and answer this."
    if group is not None:
        sentence = f"Only a council officer, the secretary of {group} or an administrator can read and answer this."
    check_permission_here(person, roles.MANAGE_COMMITMENTS, strategy, sentence)


def check_may_handle_points(person: Person, today: date) -> None:
    """Whoever answers the points of any strategy or group. :func:`check_can_handle_point` asks about one point."""
    if has_permission_anywhere(person, roles.MANAGE_COMMITMENTS) or groups_kept_as_secretary(person, today):
        return
    raise NotAllowed("Only council officers, secretaries of groups and administrators can read and answer points.")


can_handle_point = allowed(check_can_handle_point)
may_handle_points = allowed(check_may_handle_points)
