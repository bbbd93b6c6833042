"""Which groups and strategies a person may plan engagement for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from commitments.models import Engagement, Strategy
from partners import roles
from partners.group_permissions import groups_kept_as_secretary, keeps_every_group
from partners.models import PartnershipGroup, User
from partners.permissions import has_permission_anywhere, strategies_where


@dataclass(frozen=True, slots=True)
class Owners:
    """What the person may choose, as querysets."""

    groups: Any
    strategies: Any
    any: bool


def owners_it_may_have(engagement: Engagement, person: Any, today: date) -> Owners:
    """Return the groups and strategies that a person may make engagement over to, its own among them. Queries as in
    :func:`owners_offered`.
    """
    offered = owners_offered(person, today)
    groups = PartnershipGroup.objects.filter(
        Q(pk__in=offered.groups.order_by().values("pk")) | Q(pk=engagement.group_id or 0)
    )
    strategies = Strategy.objects.filter(
        Q(pk__in=offered.strategies.order_by().values("pk")) | Q(pk=engagement.strategy_id or 0)
    )
    groups = groups.select_related("organisation").order_by("organisation__sort_name", "id")
    return Owners(groups, strategies.newest_first(), any=True)


def owners_offered(person: Any, today: date) -> Owners:
    """Return the groups and strategies that a person may plan for. Two queries for people who take part, none for others.

    People responsible for a strategy may plan for the group that steers it, together with the strategy.
    """
    groups, strategies = PartnershipGroup.objects.none(), Strategy.objects.none()
    if not isinstance(person, User):
        return Owners(groups, strategies, any=False)
    answers = has_permission_anywhere(person, roles.MANAGE_COMMITMENTS)
    kept = groups_kept_as_secretary(person, today)
    if not (answers or kept or keeps_every_group(person)):
        return Owners(groups, strategies, any=False)
    mine = strategies_where(person, roles.MANAGE_COMMITMENTS) if answers else Q(pk__in=[])
    steered = Strategy.objects.filter(mine).values("steered_by")
    every = PartnershipGroup.objects.select_related("organisation").order_by("organisation__sort_name", "id")
    groups = every if keeps_every_group(person) else every.filter(Q(pk__in=kept) | Q(organisation__in=steered))
    by_group = Q(steered_by__group__in=kept) if kept else Q(pk__in=[])
    return Owners(groups, Strategy.objects.filter(mine | by_group).newest_first(), any=True)
