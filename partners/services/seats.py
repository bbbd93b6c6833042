"""Every write to the seats of groups, with its history, in one transaction."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from partners.group_permissions import check_can_keep_group, check_can_mark_secretary
from partners.models import Appointment, PartnershipGroup, RoleGrant, Seat, User
from partners.services.history import write_history
from partners.services.seat_roles import keep_seat_roles
from partners.services.second_steps import open_set_up_for_role
from vcsportal.common.words import Invalid, NotNow


@transaction.atomic
def add_seat(
    *,
    by: User | None,
    at: datetime,
    group: PartnershipGroup,
    title: str,
    is_chair: bool = False,
    is_secretary: bool = False,
    made_on: date | None = None,
) -> Seat:
    """Add a seat after the group's last one. It is vacant. ``by=None`` is the portal's own loader.

    Raise :class:`Refused` without the right, or without a title.
    """
    if by is not None:
        check_can_keep_group(by, group, timezone.localdate(at))
        check_can_mark_secretary(by, was=False, becomes=is_secretary)
    held = PartnershipGroup.objects.select_for_update().get(pk=group.pk)
    last = Seat.objects.filter(group=held).aggregate(last=Max("number"))["last"] or 0
    seat = Seat.objects.create(
        group=group, number=last + 1, title=_tidy(title), is_chair=is_chair, is_secretary=is_secretary, made_on=made_on
    )
    write_history(at, by, "seat added", organisation=group.organisation, detail=_words(seat))
    return seat


@transaction.atomic
def edit_seat(
    *, by: User | None, at: datetime, seat: Seat, title: str, is_chair: bool, is_secretary: bool, made_on: date | None
) -> Seat:
    """Change what a seat is called, and whether whoever holds it chairs the group or is its secretary.

    Raise :class:`Refused` as :func:`add_seat` does, and for a first day that is not before the seat's end.
    """
    if by is not None:
        check_can_keep_group(by, seat.group, timezone.localdate(at))
    seat = Seat.objects.select_for_update(of=("self",)).select_related("group__organisation").get(pk=seat.pk)
    if by is not None:
        check_can_mark_secretary(by, was=seat.is_secretary, becomes=is_secretary)
    before, marked = _words(seat), is_secretary and not seat.is_secretary
    seat.title, seat.is_chair, seat.is_secretary, seat.made_on = _tidy(title), is_chair, is_secretary, made_on
    if seat.made_on and seat.ended_on and seat.made_on >= seat.ended_on:
        raise Invalid("The seat ends before that day. Enter an earlier day.", field="made_on")
    seat.save()
    if marked:
        for grant in RoleGrant.objects.current().filter(appointment__seat=seat).select_related("person"):
            open_set_up_for_role(person=grant.person, grant=grant, at=at)
    write_history(at, by, "seat changed", organisation=seat.group.organisation, detail=f"{before} → {_words(seat)}")
    return seat


@transaction.atomic
def end_seat(*, by: User | None, at: datetime, seat: Seat, ended_on: date) -> Seat:
    """Let a seat end. Whoever holds it then holds it no longer; the seat and its past stay on record.

    :param ended_on: the first day on which there is no such seat any more.
    :raises Refused: without the right, for a seat that has ended, for a day before its first, and where somebody is
        appointed to it from that day on or later.
    """
    if by is not None:
        check_can_keep_group(by, seat.group, timezone.localdate(at))
    seat = Seat.objects.select_for_update(of=("self",)).select_related("group__organisation").get(pk=seat.pk)
    if seat.ended_on is not None:
        raise NotNow("This seat has already ended.")
    if seat.made_on and ended_on <= seat.made_on:
        raise Invalid("Enter a day after the seat’s first day.", field="ended_on")
    if Appointment.objects.filter(seat=seat, starts_on__gte=ended_on).exists():
        raise Invalid("An appointment to this seat begins on that day or later. End that one first.", field="ended_on")
    seat.ended_on = ended_on
    seat.save(update_fields=["ended_on"])
    lasting = Appointment.objects.filter(seat=seat).filter(Q(until__isnull=True) | Q(until__gt=ended_on))
    lasting.update(until=ended_on)
    write_history(at, by, "seat ended", organisation=seat.group.organisation, detail=f"{_words(seat)}, {ended_on}")
    keep_seat_roles(at=at, by=by, seats=[seat.pk])
    return seat


def _tidy(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Invalid("Enter what the seat is called, such as “Larger business representative”.", field="title")
    return title


def _words(seat: Seat) -> str:
    marks = [word for word, marked in (("chair", seat.is_chair), ("secretary", seat.is_secretary)) if marked]
    return f"{seat.title} ({', '.join(marks)})" if marks else seat.title
