"""New email addresses of people, until whoever has the address confirms it."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from partners.models.people import User


class AddressChange(models.Model):
    """An address that an administrator typed for a person. It becomes theirs when the code sent to it is typed.

    ``code`` is a keyed hash. A change ends confirmed, or cancelled by a newer one; else it runs out. Never deleted.
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="address_changes")
    email = models.EmailField(max_length=254)
    before = models.EmailField(max_length=254)
    code = models.CharField(max_length=64)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(confirmed_at__isnull=True, cancelled_at__isnull=True),
                name="one_open_address_change",
            ),
            models.CheckConstraint(
                name="address_change_ends_once",
                condition=models.Q(confirmed_at__isnull=True) | models.Q(cancelled_at__isnull=True),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(Lower("email"), name="address_change_to")]

    def __str__(self) -> str:
        return f"{self.before} to {self.email}"
