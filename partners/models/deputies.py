"""Deputies: who covers for a colleague, and for how long."""

from datetime import date
from typing import Any, ClassVar

from django.db import models

from partners.models.people import User


class DeputyQuerySet(models.QuerySet["Deputy"]):
    """Deputies."""

    def standing(self, today: date) -> "DeputyQuerySet":
        """Those who cover on this day."""
        return self.filter(ended_at__isnull=True, from_on__lte=today).filter(
            models.Q(until_on__isnull=True) | models.Q(until_on__gte=today)
        )


class Deputy(models.Model):
    """One person who covers for another: sees their tasks, gets their reminders. Never deleted."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deputies")
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stands_in_for")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    named_at = models.DateTimeField()
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects: Any = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deputies"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="nobody_stands_in_for_themselves", condition=~models.Q(person=models.F("deputy"))
            ),
            models.CheckConstraint(
                name="deputy_dates_in_order",
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
            ),
            models.CheckConstraint(
                name="deputy_ended_at_with_by",
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} for {self.person}"
