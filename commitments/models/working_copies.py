"""Unsent text, internal notes, and how long forms really took."""

from typing import ClassVar

from django.db import models

from commitments.models.evidence import Evidence
from commitments.models.progress import ProgressUpdate
from partners.models import User

FORM_KINDS = (
    ("update", "A progress update"),
    ("confirm", "A progress update confirmed unchanged"),
    ("evidence", "An item of evidence"),
    ("view", "The sector's view"),
    ("value", "A figure"),
)


class WorkingCopy(models.Model):
    """What one person has typed into one form and not yet sent, kept as it is typed. Only they ever see it.

    ``form`` names the form and the thing it is about ("update:our-strategy:review-the-compact:2024-25"). ``seen`` is the version of the
    thing when the writing began.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="working_copies")
    form = models.CharField(max_length=300)
    fields = models.JSONField(default=dict)
    seen = models.PositiveIntegerField(null=True, blank=True)
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "working copies"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "form"], name="one_working_copy_a_form"),
        ]

    def __str__(self) -> str:
        return f"{self.form} by {self.person}"


class TimeTaken(models.Model):
    """How long one form took from opening to sending, in seconds. It does not say whose."""

    form = models.CharField(max_length=20, choices=FORM_KINDS)
    seconds = models.PositiveIntegerField()
    sent_on = models.DateField()

    class Meta:
        verbose_name_plural = "times taken"
        indexes: ClassVar = [models.Index(fields=["form", "-id"], name="times_of_a_form")]

    def __str__(self) -> str:
        return f"{self.form}: {self.seconds} s"


class Note(models.Model):
    """An internal note of the council's people about an update or an item of evidence. Never public, never in a report."""

    update = models.ForeignKey(ProgressUpdate, on_delete=models.PROTECT, related_name="notes", null=True, blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="notes", null=True, blank=True)
    text = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="note_about_one_thing",
                condition=models.Q(update__isnull=True, evidence__isnull=False)
                | models.Q(update__isnull=False, evidence__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
