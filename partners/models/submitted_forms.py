"""Forms that made something, so that the same form sent again makes nothing more."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class SubmittedForm(models.Model):
    """One form that was accepted: written in the transaction of what it made, or not at all.

    ``token`` is made when the form is drawn; ``digest`` is the SHA-256 of person, address and what was filled in, so that a
    form gone back to and filled in anew makes something new. ``result`` is the address to which its sender was led.
    """

    token = models.UUIDField()
    digest = models.CharField(max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", null=True)
    at = models.DateTimeField(db_index=True)
    result = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token", "digest"], name="a_form_is_accepted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.token}, {self.at:%Y-%m-%d %H:%M}"
