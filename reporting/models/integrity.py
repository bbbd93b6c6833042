"""The result of the last comparison of an edition's parts with their checksums, stored apart from the sealed rows."""

from typing import ClassVar

from django.db import models

from reporting.models.editions import Edition, Face

FACTS = "facts"
"""The part that is no file: what the edition says, from which its pages are drawn."""


class IntegrityCheckQuerySet(models.QuerySet["IntegrityCheck"]):
    """Checks."""

    def alarms(self) -> "IntegrityCheckQuerySet":
        """Parts of published editions, withdrawn ones too, that are not as they were published."""
        return self.exclude(trouble="").filter(edition__published_at__isnull=False)


class IntegrityCheck(models.Model):
    """The last comparison of one part of an edition: a face's code, or :data:`FACTS`.

    ``marker`` is what the storage said of the file then (size, times, number on the disk): while it says the same, the file
    need not be read again. ``trouble`` is what is wrong, as the end of a sentence; "" where the part is as it was made.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="integrity_checks")
    part = models.CharField(max_length=20)
    marker = models.CharField(max_length=150, blank=True)
    checked_at = models.DateTimeField()
    trouble = models.CharField(max_length=200, blank=True)
    trouble_since = models.DateTimeField(null=True, blank=True)

    objects = IntegrityCheckQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "part"], name="one_integrity_check_of_a_part"),
            models.CheckConstraint(
                name="integrity_trouble_with_since",
                condition=models.Q(trouble="", trouble_since__isnull=True)
                | (~models.Q(trouble="") & models.Q(trouble_since__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}, {self.part}: {self.trouble or 'as it was made'}"


class FaceErasure(models.Model):
    """When one file of a published edition was erased, because it showed what somebody no longer agreed to. Append-only.

    The sealed row with its size and checksum stays, so that a copy can still be recognised.
    """

    face = models.OneToOneField(Face, on_delete=models.PROTECT, related_name="erasure")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.face} erased on {self.at:%Y-%m-%d}"
