"""Requests of programs that changed something, so that the same request sent again changes nothing more."""

from typing import ClassVar

from django.db import models

from partners.models.people import User


class RepeatedRequest(models.Model):
    """One request that was carried out under an ``Idempotency-Key``: written in the transaction of what it made, or not at all.

    ``digest`` is the SHA-256 of method, address and body, by which another request under the same key is told apart. ``status``, ``answer``
    and ``location`` are what was answered, and are answered again.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True)
    location = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "key"], name="a_request_is_carried_out_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key}, {self.at:%Y-%m-%d %H:%M}"
