"""Which groups, and which points, belong to a strategy: a part of :mod:`reporting.assembly`."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from commitments.models import Priority, Strategy
from partners.models import PartnershipGroup


def groups_of(strategy: Strategy, *, with_steering: bool) -> QuerySet[PartnershipGroup]:
    """Return the group that the strategy's owner is, if it is one, and those of its priorities; each once, in no order.

    :param with_steering: whether the group that steers the strategy is among them.
    """
    owners = [strategy.owner_id, strategy.steered_by_id] if with_steering else [strategy.owner_id]
    of_priority = Priority.objects.filter(strategy=strategy, group=OuterRef("pk"))
    return PartnershipGroup.objects.filter(Q(organisation__in=owners) | Q(Exists(of_priority)))


def points_of(strategy_id: int, groups: QuerySet[PartnershipGroup]) -> Q:
    """Return the condition that a point is about a strategy, or about one of the groups and about no other strategy."""
    mine = Q(strategy=strategy_id) | Q(strategy__isnull=True, engagement__strategy=strategy_id)
    keys = groups.order_by().values("pk")
    of_groups = Q(group__in=keys) | Q(group__isnull=True, engagement__group__in=keys)
    return mine | (Q(strategy__isnull=True, engagement__strategy__isnull=True) & of_groups)
