"""Partnership groups, their seats, and who holds each seat from when until when."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from partners.models.organisations import Organisation
from partners.models.people import User


class PartnershipGroup(models.Model):
    """What a partnership, a board, a sub-group or a steering group is besides an organisation.

    Its name, address and description are the organisation's. ``parent`` is the group that it is a sub-group of;
    ``reports_to`` says to which bodies it reports, and how often, in words, since some of them are outside the portal.
    ``founded`` is in words, because sources often give a year alone. A group that does not meet at present rests
    (``rests_since`` with ``rests_why``); one that is over has ended (``ended_on``, the first day on which it was no more).
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="group")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="subgroups", null=True, blank=True)
    reports_to = models.TextField("who it reports to, and how often", blank=True)
    supported_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="supported_groups", null=True, blank=True
    )
    supporting_team = models.CharField("the team that supports it", max_length=200, blank=True)
    founded = models.CharField("when it was founded", max_length=60, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    rests_since = models.DateField("has not met since", null=True, blank=True)
    rests_why = models.TextField("why it does not meet at present", blank=True)
    purpose = models.TextField(blank=True)
    aims = models.TextField("its aims, one a line", blank=True)
    terms_of_reference = models.TextField(blank=True)
    statutory_basis = models.CharField("the law that requires it", max_length=300, blank=True)
    meets = models.CharField("how often it meets", max_length=120, blank=True)
    reviewed_on = models.DateField("terms last reviewed on", null=True, blank=True)
    source = models.TextField("where this comes from", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="group_not_its_own_parent", condition=Q(parent__isnull=True) | ~Q(parent=F("id"))
            ),
            models.CheckConstraint(
                name="group_rests_with_a_reason",
                condition=Q(rests_since__isnull=True, rests_why="") | (Q(rests_since__isnull=False) & ~Q(rests_why="")),
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name

    def get_absolute_url(self) -> str:
        return self.organisation.get_absolute_url()


class SeatQuerySet(models.QuerySet["Seat"]):
    """Seats of groups."""

    def in_order(self) -> "SeatQuerySet":
        """The group's own order."""
        return self.order_by("number", "id")

    def on(self, day: date) -> "SeatQuerySet":
        """Those that there are on a day."""
        made = Q(made_on__isnull=True) | Q(made_on__lte=day)
        return self.filter(made, Q(ended_on__isnull=True) | Q(ended_on__gt=day))


class Seat(models.Model):
    """A place in a group, such as "Larger business representative". Nobody is appointed to it: it is vacant.

    ``ended_on`` is the first day on which there was no such seat any more. Co-chairs are two seats that chair.
    """

    group = models.ForeignKey(PartnershipGroup, on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField("place among the seats")
    title = models.CharField(max_length=200)
    is_chair = models.BooleanField("whoever holds it chairs the group", default=False)
    is_secretary = models.BooleanField("whoever holds it is the group’s secretary", default=False)
    made_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "number"], name="seat_number_once_in_a_group"),
            models.CheckConstraint(
                name="seat_days_in_order",
                condition=Q(made_on__isnull=True) | Q(ended_on__isnull=True) | Q(ended_on__gt=F("made_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments to seats."""

    def on(self, day: date) -> "AppointmentQuerySet":
        """Those that are held on a day: from their first day on, and before the first day that is not held any more."""
        return self.filter(starts_on__lte=day).filter(Q(until__isnull=True) | Q(until__gt=day))


class Appointment(models.Model):
    """Who holds a seat: an organisation, in a post, and perhaps a person of the portal. ``until`` is the first day not held.

    The public reads post and organisation. The person's name is shown on the group's page only while that person lets it
    (``name_shown``), and is never part of facts, exports or sealed files. The database refuses two appointments to one seat
    on one day.
    """

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="appointments")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="appointments", null=True, blank=True
    )
    post = models.CharField("the post in which the seat is held", max_length=200, blank=True)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments", null=True, blank=True)
    name_shown = models.BooleanField("the person lets the group’s page show the name", default=False)
    starts_on = models.DateField()
    until = models.DateField("first day not held", null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="appointment_days_in_order", condition=Q(until__isnull=True) | Q(until__gt=F("starts_on"))
            ),
            models.CheckConstraint(
                name="appointment_of_somebody",
                condition=Q(organisation__isnull=False) | ~Q(post="") | Q(person__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_person_has_a_name_to_show", condition=Q(name_shown=False) | Q(person__isnull=False)
            ),
            ExclusionConstraint(
                name="one_appointment_to_a_seat_at_a_time",
                expressions=[
                    ("seat", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"), F("until"), Value("[)"), function="daterange", output_field=DateRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.post or self.organisation or self.person}"

    def is_held(self, day: date) -> bool:
        """Whether the seat is held by it on a day."""
        return self.starts_on <= day and (self.until is None or day < self.until)
