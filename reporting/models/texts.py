"""The texts that people write for a round's report, and comments on them before it is published."""

from collections.abc import Collection
from typing import ClassVar

from django.db import models

from commitments.models import Round
from partners.models import User


class ReportTextQuerySet(models.QuerySet["ReportText"]):
    """Texts for reports."""

    def standing(self, round_: Round, *, lasting: Collection[str]) -> dict[str, "ReportText"]:
        """Return the text that stands for each section of a round's report, by the section. One query.

        :param lasting: sections for which the newest earlier round of the strategy speaks, if the round itself has nothing saved.
            What was saved empty is empty.
        """
        found = self.filter(models.Q(round=round_) | _earlier(round_, lasting)).select_related("round", "changed_by")
        return _newest(found)

    def before(self, round_: Round, *, sections: Collection[str]) -> dict[str, "ReportText"]:
        """Return what the newest earlier round of the strategy saved for each of these sections, by the section. One query."""
        return _newest(self.filter(_earlier(round_, sections)))


def _earlier(round_: Round, sections: Collection[str]) -> models.Q:
    return models.Q(
        round__strategy=round_.strategy_id, round__observes_from__lt=round_.observes_from, section__in=sections
    )


def _newest(found: models.QuerySet["ReportText"]) -> dict[str, "ReportText"]:
    newest: dict[str, ReportText] = {}
    for text in found.order_by("-round__observes_from", "section", "-id"):
        newest.setdefault(text.section, text)
    return newest


class ReportText(models.Model):
    """The text of one section (a key of :mod:`reporting.narrative.sections`) of a round's report, in the Markdown subset."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="report_texts")
    section = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    language = models.CharField("the language it is written in; blank for the portal’s", max_length=35, blank=True)
    version = models.PositiveIntegerField("counts saves, so that nobody overwrites what they have not seen", default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = ReportTextQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "section"], name="one_text_for_a_section_of_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.round_id}, {self.section}"


class TextVersion(models.Model):
    """A saved version of a text. Append-only, so nothing that anyone wrote is lost."""

    of = models.ForeignKey(ReportText, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    language = models.CharField(max_length=35, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["of", "version"], name="one_text_of_a_version")]

    def __str__(self) -> str:
        return f"{self.of_id}, version {self.version}"


class Comment(models.Model):
    """A comment on a section of a draft; open until an officer resolves it, with an answer if needed."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="report_comments")
    section = models.CharField(max_length=40)
    words = models.TextField()
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="report_comment_resolved_at_with_by",
                condition=models.Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | models.Q(resolved_at__isnull=False, resolved_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.words[:60]
