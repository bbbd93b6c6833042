"""The steering-group role that comes with a seat: given on the first day that the seat is held, ended once it is not."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from partners import roles
from partners.kinds import GROUP
from partners.models import Appointment, RoleGrant, Seat, User
from partners.security.events import record_event
from partners.services.history import write_history
from partners.services.second_steps import open_set_up_for_role

ROLE = roles.STEERING_GROUP


@transaction.atomic
def keep_seat_roles(*, at: datetime, by: User | None = None, seats: Iterable[int] | None = None) -> int:
    """Let everybody who holds a seat on the day of ``at`` have the role that comes with it, and nobody whose seat is over.

    Safe to repeat. Part of appointing and of ending an appointment, and asked by the clock as well, for appointments that
    begin or end on a later day. Somebody who was invited to the same role keeps that one beside it.

    :param seats: keys of the seats that it is about; None for all.
    :returns: how many roles it gave or ended.
    """
    here = Q() if seats is None else Q(seat__in=list(seats))
    held = {
        appointment.pk: appointment
        for appointment in _held(at)
        .filter(here)
        .select_related("seat__group__organisation", "person")
        .select_for_update(of=("self",))  # an appointment that is being ended is waited for
    }
    given = RoleGrant.objects.filter(appointment__in=Appointment.objects.filter(here), ended_at__isnull=True)
    open_ = {grant.appointment_id: grant for grant in given.select_related("person", "organisation")}
    changed = sum(_end(grant, by=by, at=at) for pk, grant in open_.items() if pk not in held)
    for pk, appointment in held.items():
        grant = open_.get(pk)
        if grant is None:
            changed += _give(appointment, by=by, at=at)
        elif grant.until != (until := _first_day_without(appointment)):
            RoleGrant.objects.filter(pk=grant.pk).update(until=until)
    return changed


def _first_day_without(appointment: Appointment) -> date | None:
    """Return the first day without the role, if it is known: the seat is no longer held, or the group has ended."""
    known = (appointment.until, appointment.seat.group.ended_on)
    return min((day for day in known if day is not None), default=None)


def _held(at: datetime) -> QuerySet[Appointment]:
    """Return the appointments of people that are held on the day of ``at``, to seats and in groups that are there."""
    today = timezone.localdate(at)
    lasting = Q(seat__group__ended_on__isnull=True) | Q(seat__group__ended_on__gt=today)
    there = Appointment.objects.on(today).filter(lasting, seat__in=Seat.objects.on(today))
    return there.filter(
        person__isnull=False, person__erased_at__isnull=True, seat__group__organisation__kind=GROUP
    ).order_by("id")


def _give(appointment: Appointment, *, by: User | None, at: datetime) -> bool:
    person, organisation = appointment.person, appointment.seat.group.organisation
    if person is None:
        return False
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(
                person=person, role=ROLE.code, organisation=organisation, granted_at=at, granted_by=by,
                appointment=appointment, until=_first_day_without(appointment),
            )  # fmt: skip
    except IntegrityError:
        return False  # another worker was quicker
    open_set_up_for_role(person=person, grant=grant, at=at)
    detail = f"{ROLE.label}, with the seat “{appointment.seat.title}”"
    write_history(at, by, "role given", person=person, organisation=organisation, detail=detail)
    record_event("role_given", at=at, by=by, person=person, detail=f"{ROLE.label}, {organisation.name}, with a seat")
    return True


def _end(grant: RoleGrant, *, by: User | None, at: datetime) -> bool:
    if not RoleGrant.objects.filter(pk=grant.pk, ended_at__isnull=True).update(ended_at=at, ended_by=by):
        return False
    detail = f"{ROLE.label}: the seat is no longer held"
    write_history(at, by, "role ended", person=grant.person, organisation=grant.organisation, detail=detail)
    words = f"{ROLE.label}, {grant.organisation}: the seat is no longer held"
    record_event("role_ended", at=at, by=by, person=grant.person, detail=words)
    return True
