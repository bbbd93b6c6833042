"""Every write to who holds a seat, from when until when, with its history, in one transaction."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from partners.group_permissions import (
    check_can_appoint,
    check_can_keep_group,
    check_can_prolong,
    check_can_show_name_on_seat,
)
from partners.models import Appointment, Organisation, Seat, User
from partners.services.history import write_history
from partners.services.seat_roles import keep_seat_roles
from partners.services.standing import check_can_be_named
from vcsportal.common.database_faults import broken_constraint
from vcsportal.common.dates import in_words
from vcsportal.common.words import Invalid, NotNow

OVERLAP = "one_appointment_to_a_seat_at_a_time"


@transaction.atomic
def appoint(
    *,
    by: User | None,
    at: datetime,
    seat: Seat,
    organisation: Organisation | None,
    post: str,
    starts_on: date,
    until: date | None = None,
    person: User | None = None,
) -> Appointment:
    """Appoint an organisation to a seat, in a post, and perhaps a person of the portal. ``by=None`` is the portal's loader.

    It may begin on a later day. Whoever is named has the steering role from the first day on, and their name is not shown
    until they say so.

    :param until: the first day on which it is not held any more; None while that is not known.
    :raises Refused: without the right, for nobody at all, for days out of order or outside the seat's, and for a day on
        which somebody else holds the seat.
    """
    seat = Seat.objects.select_for_update(of=("self",)).select_related("group__organisation").get(pk=seat.pk)
    if by is not None:
        check_can_appoint(by, seat, person, timezone.localdate(at))
    post = " ".join(post.split())
    if organisation is None and not post and person is None:
        raise Invalid("Choose an organisation, or enter the post that holds the seat.", field="post")
    if person is not None and (not person.is_active or person.erased_at is not None):
        raise Invalid("This person’s access has ended, so they can’t hold a seat.", field="email")
    if organisation is not None:
        check_can_be_named(organisation)
    _check_days(seat, starts_on, until)
    if taken := _at_the_same_time(seat, starts_on, until):
        raise Invalid(_overlap(taken), field="starts_on")
    try:
        with transaction.atomic():
            made = Appointment.objects.create(
                seat=seat, organisation=organisation, post=post, person=person, starts_on=starts_on, until=until
            )
    except IntegrityError as fault:
        if broken_constraint(fault) != OVERLAP:
            raise
        raise Invalid("Someone else holds this seat on some of these days.", field="starts_on") from fault
    write_history(
        at, by, "appointed", person=person, organisation=seat.group.organisation, detail=f"{seat.title}: {holder(made)}"
    )
    keep_seat_roles(at=at, by=by, seats=[seat.pk])
    return made


@transaction.atomic
def end_appointment(*, by: User | None, at: datetime, appointment: Appointment, until: date) -> Appointment:
    """Say which is the first day on which a seat is not held any more, in the past or to come. Also moves that day.

    Raise :class:`Refused` without the right, for a day that is not after its first, and for a later day on which somebody
    else holds the seat.
    """
    held = _held(by, at, appointment)
    if until <= held.starts_on:
        raise Invalid(f"It began on {in_words(held.starts_on)}. Enter a later day.", field="until")
    if held.seat.ended_on and until > held.seat.ended_on:
        raise Invalid(f"The seat ended on {in_words(held.seat.ended_on)}.", field="until")
    if taken := _at_the_same_time(held.seat, held.starts_on, until, but=held):
        raise Invalid(_overlap(taken), field="until")
    if held.until == until:
        return held
    if by is not None:
        check_can_prolong(by, held, until, timezone.localdate(at))
    held.until = until
    held.save(update_fields=["until"])
    words = f"{held.seat.title}: {holder(held)}, not held from {in_words(until)}"
    write_history(
        at, by, "appointment ended", person=held.person, organisation=held.seat.group.organisation, detail=words
    )
    keep_seat_roles(at=at, by=by, seats=[held.seat_id])
    return held


@transaction.atomic
def cancel_appointment(*, by: User | None, at: datetime, appointment: Appointment) -> None:
    """Take an appointment back that has not begun: nobody ever held the seat by it, so only the history knows of it.

    Raise :class:`Refused` without the right, and once it has begun.
    """
    held = _held(by, at, appointment)
    if held.starts_on <= timezone.localdate(at):
        raise NotNow("This appointment has begun. Say when it ends instead.")
    words = f"{held.seat.title}: {holder(held)}, from {in_words(held.starts_on)}"
    group, person = held.seat.group.organisation, held.person
    held.delete()
    write_history(at, by, "appointment cancelled", person=person, organisation=group, detail=words)


@transaction.atomic
def show_name_on_seat(*, by: User, at: datetime, appointment: Appointment, name_shown: bool) -> Appointment:
    """Say whether the group's page shows the name of whoever holds a seat. Raise :class:`Refused` for anybody else."""
    check_can_show_name_on_seat(by, appointment)
    held = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("seat__group__organisation")
        .get(pk=appointment.pk)
    )
    if held.name_shown == name_shown:
        return held
    held.name_shown = name_shown
    held.save(update_fields=["name_shown"])
    shown = "name shown on the page" if name_shown else "name not shown on the page"
    organisation = held.seat.group.organisation
    write_history(at, by, "name on a seat", person=by, organisation=organisation, detail=f"{held.seat.title}: {shown}")
    return held


def holder(appointment: Appointment) -> str:
    """Return who holds a seat as the public reads it: post and organisation, never a name."""
    parts = [appointment.post, appointment.organisation.name if appointment.organisation else ""]
    return ", ".join(part for part in parts if part) or "a person of the portal"


def _held(by: User | None, at: datetime, appointment: Appointment) -> Appointment:
    """Return the appointment with its row held, for those who may change it."""
    related = ("seat__group__organisation", "organisation", "person")
    held = Appointment.objects.select_for_update(of=("self",)).select_related(*related).get(pk=appointment.pk)
    if by is not None:
        check_can_keep_group(by, held.seat.group, timezone.localdate(at))
    return held


def _check_days(seat: Seat, starts_on: date, until: date | None) -> None:
    if until is not None and until <= starts_on:
        raise Invalid("Enter a day after the first day, or leave it blank.", field="until")
    if seat.made_on and starts_on < seat.made_on:
        raise Invalid(
            f"This seat was created on {in_words(seat.made_on)}. Enter that day or a later one.",
            field="starts_on",
        )
    if seat.ended_on and (starts_on >= seat.ended_on or until is None or until > seat.ended_on):
        field = "starts_on" if starts_on >= seat.ended_on else "until"
        raise Invalid(f"The seat ended on {in_words(seat.ended_on)}.", field=field)


def _at_the_same_time(
    seat: Seat, starts_on: date, until: date | None, but: Appointment | None = None
) -> Appointment | None:
    """Return the first other appointment to the seat that shares a day with these, if there is one."""
    others = Appointment.objects.filter(seat=seat).filter(Q(until__isnull=True) | Q(until__gt=starts_on))
    if until is not None:
        others = others.filter(starts_on__lt=until)
    if but is not None:
        others = others.exclude(pk=but.pk)
    return others.select_related("organisation").order_by("starts_on", "id").first()


def _overlap(taken: Appointment) -> str:
    last = f"until {in_words(taken.until)}" if taken.until else "with no last day"
    return (
        f"{holder(taken)} holds this seat from {in_words(taken.starts_on)} {last}. "
        "End that appointment first, or choose other days."
    )
