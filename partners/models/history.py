"""What was done to people and organisations, who did it and when."""

from django.db import models

from partners.models.organisations import Organisation
from partners.models.people import User


class HistoryEntry(models.Model):
    """One act upon a person or an organisation. Append-only: the database refuses changes."""

    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    act = models.CharField(max_length=40)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="history", null=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="history", null=True)
    detail = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act} {self.detail}"
