"""Whether this person may keep this group: its seats, meetings, points and decisions. Each rule is a pair: ``check_…``, ``can_…``."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from partners import roles
from partners.kinds import GROUP
from partners.models import Appointment, PartnershipGroup, Seat, User
from partners.models.groups import AppointmentQuerySet
from partners.permissions import Person, has_permission_anywhere
from vcsportal.common.words import NotAllowed, allowed


def secretaries(today: date) -> AppointmentQuerySet:
    """Return the appointments of active people that are held on a day to secretaries' seats of groups that have not ended."""
    lasting = Q(group__ended_on__isnull=True) | Q(group__ended_on__gt=today)
    there = Seat.objects.on(today).filter(lasting, is_secretary=True, group__organisation__kind=GROUP)
    return Appointment.objects.on(today).filter(person__is_active=True, seat__in=there)


def groups_kept_as_secretary(person: Person | Any, today: date) -> frozenset[int]:
    """Return the keys of the groups in which the person holds a seat marked as secretary on a day. One query."""
    return frozenset(key for (key,) in groups_kept_by(person, today))


def groups_kept_by(person: Person | Any, today: date) -> QuerySet[Appointment, tuple[int]]:
    """Return the same as a part of another query."""
    held = secretaries(today)
    own = held.filter(person=person) if isinstance(person, User) and person.is_active else held.none()
    return own.values_list("seat__group")


def keeps_every_group(person: Person | Any) -> bool:
    """Whether the person looks after all groups: administrators do."""
    return has_permission_anywhere(person, roles.MANAGE_ORGANISATIONS)


def check_can_keep_group(person: Person | Any, group: PartnershipGroup, today: date) -> None:
    """Administrators keep any group; whoever holds a secretary's seat today keeps that group, and no other."""
    if keeps_every_group(person) or group.pk in groups_kept_as_secretary(person, today):
        return
    raise NotAllowed(f"Only the secretary of {group.organisation.name} or an administrator can change this.")


can_keep_group = allowed(check_can_keep_group)


def check_can_edit_group(person: Person | Any) -> None:
    """Administrators say what a group is, where it belongs and whether it meets; its secretary keeps its seats alone."""
    if not keeps_every_group(person):
        raise NotAllowed("Only an administrator can change the details of a group.")


can_edit_group = allowed(check_can_edit_group)


def check_can_appoint(person: Person | Any, seat: Seat, appointed: User | None, today: date) -> None:
    """Whoever keeps the group appoints to its seats. Nobody but an administrator appoints themselves as its secretary."""
    check_can_keep_group(person, seat.group, today)
    if seat.is_secretary and appointed is not None and appointed.pk == person.pk and not keeps_every_group(person):
        raise NotAllowed("You can’t appoint yourself as secretary. Ask an administrator to do it.")


can_appoint = allowed(check_can_appoint)


def check_can_mark_secretary(person: Person | Any, *, was: bool, becomes: bool) -> None:
    """Whether a seat is the secretary's is for administrators to say: its holder reads what people wrote to the group."""
    if was != becomes and not keeps_every_group(person):
        raise NotAllowed("Only an administrator can say which seat is the secretary’s.")


can_mark_secretary = allowed(check_can_mark_secretary)


def check_can_prolong(person: Person | Any, appointment: Appointment, until: date, today: date) -> None:
    """Whoever keeps the group moves the end of an appointment. Nobody but an administrator puts off the end of their own appointment as secretary.

    :param until: the first day on which the seat would no longer be held.
    """
    check_can_keep_group(person, appointment.seat.group, today)
    later = appointment.until is not None and until > appointment.until
    own = isinstance(person, User) and appointment.person_id == person.pk
    if later and own and appointment.seat.is_secretary and not keeps_every_group(person):
        raise NotAllowed("You can’t extend your own appointment as secretary. Ask an administrator to do it.")


can_prolong = allowed(check_can_prolong)


def check_can_show_name_on_seat(person: Person | Any, appointment: Appointment) -> None:
    """Only the person who holds a seat says whether the group's page shows their name."""
    if not isinstance(person, User) or appointment.person_id != person.pk:
        raise NotAllowed("Only the person who holds the seat can say whether the page shows their name.")


can_show_name_on_seat = allowed(check_can_show_name_on_seat)
