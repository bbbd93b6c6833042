"""Spreadsheets that someone has uploaded and is looking through before anything is saved."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from commitments.models.progress import Round
from commitments.models.strategy import Strategy
from partners.models import User


class UploadedWorkbookQuerySet(models.QuerySet["UploadedWorkbook"]):
    """Uploaded spreadsheets."""

    def visible_to(self, person: Any) -> "UploadedWorkbookQuerySet":
        """Only their own: nobody else sees what a person has uploaded."""
        return self.filter(owner=person.pk) if isinstance(person, User) else self.none()


class UploadedWorkbook(models.Model):
    """The rows of a spreadsheet as they were read. Nothing of it counts until its owner has saved it, row by row.

    ``kind`` is a code of the table of kinds (:mod:`commitments.workbooks.kinds`). ``table`` is a
    :class:`vcsportal.common.spreadsheets.tables.SheetTable`. ``saved`` has the rows that were saved, by their numbers: a checksum of
    what was agreed to, and the day. It is deleted some days after the upload.
    """

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="uploaded_workbooks")
    kind = models.CharField(max_length=30)
    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    file_name = models.CharField(max_length=120)
    table = models.JSONField()
    saved = models.JSONField(default=dict)
    uploaded_at = models.DateTimeField()

    objects = UploadedWorkbookQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="workbook_of_a_round_has_its_strategy",
                condition=models.Q(round__isnull=True) | models.Q(strategy__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["uploaded_at"], name="workbook_uploaded_at")]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("commitments:workbook-upload", args=[self.pk])
