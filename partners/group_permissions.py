"""Whether this person may keep this group: its seats, meetings, points and decisions. Each rule is a pair: ``check_…``, ``can_…``."""

from datetime import date
from typing import Any

from partners import roles
from partners.models import Appointment, PartnershipGroup, Seat, User
from partners.permissions import Person, has_permission_anywhere
from vcsportal.common.words import NotAllowed, allowed


def groups_kept_as_secretary(person: Person | Any, today: date) -> frozenset[int]:
    """Return the keys of the groups in which the person holds a seat marked as secretary on a day. One query."""
    if not isinstance(person, User) or not person.is_active:
        return frozenset()
    still_there = Seat.objects.on(today).filter(is_secretary=True)
    held = Appointment.objects.on(today).filter(person=person, seat__in=still_there)
    return frozenset(held.values_list("seat__group", flat=True))


def keeps_every_group(person: Person | Any) -> bool:
    """Whether the person looks after all groups: administrators do."""
    return has_permission_anywhere(person, roles.MANAGE_ORGANISATIONS)


def check_can_keep_group(person: Person | Any, group: PartnershipGroup, today: date) -> None:
    """Administrators keep any group; whoever holds a secretary's seat today keeps that group, and no other."""
    if keeps_every_group(person) or group.pk in groups_kept_as_secretary(person, today):
        return
    raise NotAllowed(f"Only the secretary of {group.organisation.name} or an administrator can change this.")


can_keep_group = allowed(check_can_keep_group)
