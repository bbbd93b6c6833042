"""Somebody's own calendar, at an address that is a secret. The address itself is not kept."""

from django.db import models

from partners.models.people import User


class PersonalCalendar(models.Model):
    """The address at which a calendar program reads what one person has to do. It opens nothing else.

    ``checksum`` is the SHA-256 of the random part of the address, by which it is found; the address is shown once, when it is
    made. ``read_on`` is the last day on which a program read it, so that its owner notices one that nobody uses.
    """

    person = models.OneToOneField(User, on_delete=models.PROTECT, related_name="personal_calendar")
    checksum = models.CharField("checksum of the address", max_length=64, unique=True)
    made_at = models.DateTimeField()
    read_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Calendar of {self.person}"
