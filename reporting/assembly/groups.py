"""The groups that a strategy's report is about, and their seats on the day of the report: a part of :mod:`reporting.assembly`.

Posts and organisations alone: no name enters the facts.
"""

from datetime import date

from django.db.models import Q

from commitments.models import Strategy
from partners.models import PartnershipGroup
from partners.reading.groups import SeatTile, seat_tiles
from reporting import facts
from reporting.assembly.grouping import grouped
from reporting.assembly.strategy_groups import groups_of


def groups(strategy: Strategy, day: date) -> tuple[facts.GroupFacts, ...]:
    """Return the group that the strategy's owner is, if it is one, and those of its priorities, in the priorities' order.

    One query, and three more where there are any.

    :param day: the day of the report, on which the seats are looked at.
    """
    found = list(groups_of(strategy, with_steering=False).select_related("organisation", "supported_by"))
    if not found:
        return ()
    order = dict(strategy.priorities.order_by("-number").values_list("group", "number"))
    found.sort(key=lambda group: (group.organisation_id != strategy.owner_id, order.get(group.pk, 0), group.pk))
    keys = [group.pk for group in found]
    tiles = seat_tiles(keys, day)
    lasting = PartnershipGroup.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), parent__in=keys)
    below = grouped(lasting.order_by("organisation__sort_name", "id").values_list("parent", "organisation__name"))
    return tuple(_facts(group, tiles[group.pk], below[group.pk], day) for group in found)


def _facts(group: PartnershipGroup, tiles: tuple[SeatTile, ...], below: list[str], day: date) -> facts.GroupFacts:
    """Return what a group is. What was entered as of a later day than ``day`` is not so yet."""
    rests = group.rests_since is not None and group.rests_since <= day
    return facts.GroupFacts(
        slug=group.organisation.slug,
        name=group.organisation.name,
        founded=group.founded,
        purpose=group.purpose,
        aims=group.aims,
        meets=group.meets,
        reports_to=group.reports_to,
        supported_by=group.supported_by.name if group.supported_by else "",
        supporting_team=group.supporting_team,
        statutory_basis=group.statutory_basis,
        rests_since=group.rests_since if rests else None,
        rests_why=group.rests_why if rests else "",
        ended_on=group.ended_on if group.ended_on and group.ended_on <= day else None,
        seats=tuple(map(_seat, tiles)),
        subgroups=tuple(below),
    )


def _seat(tile: SeatTile) -> facts.SeatFacts:
    held = tile.held
    return facts.SeatFacts(
        title=tile.seat.title,
        is_held=held is not None,
        post=held.post if held else "",
        organisation=held.organisation.name if held and held.organisation else "",
        since=held.starts_on if held else None,
        vacant_since=tile.vacant_since,
        is_chair=tile.seat.is_chair,
        is_secretary=tile.seat.is_secretary,
    )
