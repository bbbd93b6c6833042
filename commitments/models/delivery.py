"""Which organisations help to deliver a commitment, and from when until when."""

from datetime import date
from typing import ClassVar

from django.db import models

from commitments.models.strategy import Commitment
from partners.models import Organisation

DELIVERY_ROLES = (
    ("delivers", "Delivers"),
    ("leads_delivery", "Leads the delivery"),
    ("advises", "Advises"),
    ("funds", "Funds"),
    ("hosts", "Hosts"),
)


class DeliveryPartnerQuerySet(models.QuerySet["DeliveryPartner"]):
    """Parts in delivering commitments."""

    def current(self) -> "DeliveryPartnerQuerySet":
        """Those that have not ended. An end is never in the future, so no day is needed."""
        return self.filter(ended_on__isnull=True)

    def lasting(self) -> "DeliveryPartnerQuerySet":
        """Those of at least a day: one that ended on the day it started was recorded by mistake."""
        return self.filter(
            models.Q(started_on__isnull=True)
            | models.Q(ended_on__isnull=True)
            | models.Q(started_on__lt=models.F("ended_on"))
        )

    def ended(self) -> "DeliveryPartnerQuerySet":
        """Those that lasted and have ended."""
        return self.lasting().filter(ended_on__isnull=False)

    def between(self, first: date, last: date) -> "DeliveryPartnerQuerySet":
        """Those of at least one day of a period, both days included. One whose start is not known began before it."""
        started = models.Q(started_on__isnull=True) | models.Q(started_on__lte=last)
        return self.lasting().filter(started, models.Q(ended_on__isnull=True) | models.Q(ended_on__gt=first))

    def on(self, day: date) -> "DeliveryPartnerQuerySet":
        """Those of one day. A part is over on the day on which it ended."""
        return self.between(day, day)


class DeliveryPartner(models.Model):
    """An organisation's part in delivering a commitment, for a time. A part is ended and never deleted.

    ``started_on`` is None if the day is unknown. ``ended_on`` is the first day on which it no longer delivers, None
    while it does; no end is in the future. A part that ends on the day it starts was recorded by mistake: it never was.
    An organisation that returns has a second row. ``pledge`` is what it says itself that it will do, such as for a principle
    of a charter; ``began_as_pledge`` says that nobody but itself has recorded the part, which then ends with the pledge.
    ``recorded_at`` is when it was recorded, None for rows older than the history.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="delivery_partners")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="delivers")
    role = models.CharField(max_length=20, choices=DELIVERY_ROLES, default="delivers")
    started_on = models.DateField("first day on which it delivers", null=True, blank=True)
    ended_on = models.DateField("first day on which it no longer delivers", null=True, blank=True)

    pledge = models.TextField("what it pledges, in its own words", blank=True)
    began_as_pledge = models.BooleanField("ends with its pledge", default=False)
    recorded_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryPartnerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["commitment", "organisation"],
                condition=models.Q(ended_on__isnull=True),
                name="one_open_part_per_organisation",
            ),
            models.CheckConstraint(
                name="delivery_does_not_end_before_it_starts",
                condition=models.Q(started_on__isnull=True)
                | models.Q(ended_on__isnull=True)
                | models.Q(started_on__lte=models.F("ended_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_role_display().lower()} {self.commitment}"
