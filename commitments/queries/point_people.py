"""Who may read a point in the original and answer it, so who can own it."""

from datetime import date

from django.db.models import Q, QuerySet

from commitments.models import Point, Strategy
from partners import roles
from partners.group_permissions import secretaries
from partners.models import User
from partners.people_with_permission import people_who_may


def people_who_handle(point: Point, today: date) -> QuerySet[User]:
    """Return them by name: the rule of :func:`commitments.permissions.points.check_can_handle_point`, for people."""
    strategy, group = point.about_strategy, point.about_group
    if strategy is None and group is None:
        strategy = Strategy.objects.current(today)
    if strategy is not None:
        found = Q(pk__in=people_who_may(roles.MANAGE_COMMITMENTS, strategy).order_by().values("pk"))
    else:
        found = Q(pk__in=people_who_may(roles.MANAGE_ORGANISATIONS).order_by().values("pk"))  # administrators
    if group is not None:
        found |= Q(pk__in=secretaries(today).filter(seat__group=group).values("person"))
    return User.objects.filter(found).order_by("name", "id")
