"""An action plan that someone has uploaded and is matching, and the words that each council has matched before."""

from typing import Any, ClassVar

from django.db import models

from commitments.models.strategy import Strategy
from partners.models import Organisation, User


class PlanUploadQuerySet(models.QuerySet["PlanUpload"]):
    """Uploaded action plans."""

    def visible_to(self, person: Any) -> "PlanUploadQuerySet":
        """Their own: nobody else sees what someone has uploaded."""
        return self.filter(uploaded_by=person) if isinstance(person, User) else self.none()


class PlanUpload(models.Model):
    """An uploaded action plan with what was chosen for it so far. Only whoever uploaded it sees it.

    ``sheet`` is what :func:`commitments.action_plan.grid.as_json` writes, emptied once the strategy is there. ``details`` say
    what the sheet does not: title, term, owner. ``columns``, ``statuses``, ``leads`` and ``partners`` are the choices, by
    column, word and name. ``strategy`` is what became of it; ``to_invite`` then lists who is to be invited and for which commitments.
    """

    uploaded_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="plan_uploads")
    uploaded_at = models.DateTimeField()
    file_name = models.CharField(max_length=120)
    sheet = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    columns = models.JSONField(default=dict, blank=True)
    statuses = models.JSONField(default=dict, blank=True)
    leads = models.JSONField(default=dict, blank=True)
    partners = models.JSONField(default=dict, blank=True)
    other_sheets = models.JSONField(default=list, blank=True)
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="plan_uploads", null=True, blank=True)
    created_at = models.DateTimeField("the strategy was created", null=True, blank=True)
    to_invite = models.JSONField(default=list, blank=True)

    objects = PlanUploadQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="plan_upload_created_with_strategy",
                condition=models.Q(strategy__isnull=True, created_at__isnull=True)
                | models.Q(strategy__isnull=False, created_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


MATCHED_KINDS = (("column", "A heading of a column"), ("status", "A word of the status column"))


class MatchedWord(models.Model):
    """What a council means by a heading or by a word of its status column, so that its next plan needs no matching."""

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="matched_words")
    kind = models.CharField(max_length=10, choices=MATCHED_KINDS)
    words = models.CharField(max_length=120)
    meaning = models.CharField(max_length=20)
    matched_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "kind", "words"], name="matched_word_once"),
        ]

    def __str__(self) -> str:
        return f"{self.words}: {self.meaning}"

    @staticmethod
    def remembered(owner: Organisation | None, kind: str) -> dict[str, str]:
        """Return what an organisation has matched before, by the words."""
        if owner is None:
            return {}
        return dict(MatchedWord.objects.filter(owner=owner, kind=kind).order_by("id").values_list("words", "meaning"))
