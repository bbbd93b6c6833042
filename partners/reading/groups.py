"""Groups as their pages show them: tiles of seats, who chairs, where a group belongs. The same number of queries for any group."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from partners.models import Appointment, Organisation, PartnershipGroup, RoleGrant, Seat, User


@dataclass(frozen=True, slots=True)
class SeatTile:
    """A seat on one day. ``held`` is the appointment of that day; ``vacant_since`` is None where that is not known.

    ``coming`` is the next appointment that has not begun.
    """

    seat: Seat
    held: Appointment | None
    vacant_since: date | None
    coming: Appointment | None

    @property
    def mark(self) -> str:
        """What whoever holds it does for the group, where its title does not say so already; else ""."""
        marks = (("chair", self.seat.is_chair), ("secretary", self.seat.is_secretary))
        words = [word for word, marked in marks if marked and word not in self.seat.title.lower()]
        return " and ".join(words).capitalize()

    @property
    def last_day(self) -> date | None:
        """The last day on which it is held, if that is known."""
        return self.held.until - timedelta(days=1) if self.held and self.held.until else None

    @property
    def name(self) -> str:
        """The name of whoever holds it, while they let the page show it; else ""."""
        return self.held.person.name if self.held and self.held.name_shown and self.held.person else ""


@dataclass(frozen=True, slots=True)
class GroupPage:
    """What the page of a group shows of it on one day."""

    group: PartnershipGroup
    tiles: tuple[SeatTile, ...]
    subgroups: tuple[PartnershipGroup, ...]

    @property
    def chairs(self) -> list[SeatTile]:
        """The held seats that chair the group: one, or co-chairs."""
        return [tile for tile in self.tiles if tile.seat.is_chair and tile.held]

    @property
    def secretaries(self) -> list[SeatTile]:
        """The held seats of its secretary."""
        return [tile for tile in self.tiles if tile.seat.is_secretary and tile.held]

    @property
    def vacant(self) -> int:
        """How many of the seats nobody holds."""
        return sum(tile.held is None for tile in self.tiles)


def group_of(organisation: Organisation) -> PartnershipGroup | None:
    """Return what an organisation is as a group, or None. One query."""
    related = ("organisation", "parent__organisation", "supported_by")
    return PartnershipGroup.objects.filter(organisation=organisation).select_related(*related).first()


def group_page(group: PartnershipGroup, today: date) -> GroupPage:
    """Return a group's page. Three queries."""
    below = PartnershipGroup.objects.filter(parent=group).filter(not_ended(today)).select_related("organisation")
    return GroupPage(
        group, seat_tiles([group.pk], today)[group.pk], tuple(below.order_by("organisation__sort_name", "id"))
    )


def seat_tiles(groups: Iterable[int], today: date) -> dict[int, tuple[SeatTile, ...]]:
    """Return the seats that there are on a day, by the keys of their groups and in their order. Two queries."""
    keys = list(groups)
    seats = list(Seat.objects.on(today).filter(group__in=keys).in_order())
    appointments: dict[int, list[Appointment]] = {seat.pk: [] for seat in seats}
    found = Appointment.objects.filter(seat__in=list(appointments)).select_related("organisation", "person")
    for appointment in found.order_by("starts_on", "id"):
        appointments[appointment.seat_id].append(appointment)
    tiles: dict[int, list[SeatTile]] = {key: [] for key in keys}
    for seat in seats:
        tiles[seat.group_id].append(_tile(seat, appointments[seat.pk], today))
    return {key: tuple(some) for key, some in tiles.items()}


def _tile(seat: Seat, appointments: list[Appointment], today: date) -> SeatTile:
    """:param appointments: all of the seat's, by their first day."""
    held = next((known for known in appointments if known.is_held(today)), None)
    ended = [known.until for known in appointments if known.until and known.until <= today]
    coming = next((known for known in appointments if known.starts_on > today), None)
    return SeatTile(seat, held, None if held else max(ended, default=seat.made_on), coming)


@dataclass(slots=True)
class Branch:
    """A group in the tree of groups, with those below it."""

    group: PartnershipGroup
    seats: int
    vacant: int
    below: list["Branch"] = field(default_factory=list)


def there_are_groups() -> bool:
    """Whether there is a group with more to say than its name. One query."""
    return PartnershipGroup.objects.exists()


def group_tree(today: date) -> list[Branch]:
    """Return the groups that there are on a day, by name, each with its sub-groups. Two queries.

    A group whose parent has ended stands at the top.
    """
    groups = PartnershipGroup.objects.filter(not_ended(today)).select_related("organisation")
    held = Appointment.objects.on(today).filter(seat=OuterRef("pk"))
    counts: Any = Seat.objects.on(today).alias(is_held=Exists(held)).order_by().values("group")
    numbers = {
        row["group"]: (row["seats"], row["vacant"])
        for row in counts.annotate(seats=Count("id"), vacant=Count("id", filter=Q(is_held=False)))
    }
    branches = {
        group.pk: Branch(group, *numbers.get(group.pk, (0, 0)))
        for group in groups.order_by("organisation__sort_name", "id")
    }
    top: list[Branch] = []
    for branch in branches.values():
        parent = branches.get(branch.group.parent_id or 0)
        (parent.below if parent else top).append(branch)
    return top


def count_groups(branches: Iterable[Branch]) -> int:
    """Return how many groups there are in trees of any depth."""
    count, waiting = 0, list(branches)
    while waiting:
        branch = waiting.pop()
        count += 1
        waiting += branch.below
    return count


def not_ended(day: date) -> Q:
    """Return the condition that a group has not ended on a day. It is over on the day on which it ended."""
    return Q(ended_on__isnull=True) | Q(ended_on__gt=day)


def seats_of(person: User, today: date) -> list[Appointment]:
    """Return the appointments of a person that are held on a day or begin later, with seat and group. One query."""
    lasting = Appointment.objects.filter(Q(until__isnull=True) | Q(until__gt=today), person=person)
    return list(lasting.select_related("seat__group__organisation", "organisation").order_by("starts_on", "id"))


def each_once(grants: Iterable[RoleGrant]) -> list[RoleGrant]:
    """Return the roles in their order, each once where it is held both by invitation and with seats."""
    found: dict[tuple[str, int | None], RoleGrant] = {}
    for grant in grants:
        found.setdefault((grant.role, grant.organisation_id), grant)
    return list(found.values())
