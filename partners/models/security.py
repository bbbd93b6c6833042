"""What happened that bears on security: who signed in, what was refused, who was given what."""

from typing import ClassVar

from django.db import models

from partners.models.people import User


class SecurityEvent(models.Model):
    """One event. Append-only: the database refuses changes, and deletes nothing younger than a year.

    ``kind`` is a code of :mod:`partners.security.events`. No password, code, token or session key is ever part of it.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="security_events", null=True)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    request_number = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-at", "-id"], name="security_events_newest"),
            models.Index(fields=["kind", "-at"], name="security_events_of_a_kind"),
            models.Index(fields=["person", "-at"], name="security_events_of_a_person"),
            models.Index(fields=["address", "-at"], name="security_events_of_an_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.subject}".rstrip()


class SecurityEventLink(models.Model):
    """One link of the chain over the events: its checksum covers the event and the link before it.

    Only the database's own function writes here. An event that was changed or removed breaks the chain.
    """

    number = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(SecurityEvent, on_delete=models.PROTECT, related_name="link")
    previous = models.CharField(max_length=64, blank=True)
    checksum = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number} {self.checksum}"
