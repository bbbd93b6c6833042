"""Who did what to a commitment, an update or an item of evidence: when, from what, to what, and why."""

from typing import ClassVar

from django.db import models

from commitments.models.actions import Action
from commitments.models.awards import Award
from commitments.models.case_studies import CaseStudy
from commitments.models.charters import Signatory
from commitments.models.engagement import Engagement
from commitments.models.evidence import Evidence
from commitments.models.indicators import Indicator
from commitments.models.points import Point
from commitments.models.progress import ProgressUpdate, Round
from commitments.models.public_effect import public_effect
from commitments.models.responses import Response
from commitments.models.risks import Risk
from commitments.models.sourced_figures import SourcedFigure
from commitments.models.strategy import Commitment
from partners.models import User


class HistoryQuerySet(models.QuerySet["HistoryEntry"]):
    """Entries of the history."""

    def newest_first(self) -> "HistoryQuerySet":
        """What happened last comes first."""
        return self.order_by("-at", "-id")

    def public(self) -> "HistoryQuerySet":
        """What may stand on a public timeline: changes of status, approved updates and responses, and the sector's views; and how the
        strategy was revised: commitments that joined, new numbers, amended wordings, success measures, teams, dates and ties.
        """
        amended = models.Q(act="amend", commitment__isnull=False, said__now__has_key="wording")
        return self.filter(
            models.Q(
                act__in=[
                    "status",
                    "approve",
                    "response_approve",
                    "view",
                    "add",
                    "renumber",
                    "measure",
                    "details",
                    "tie",
                ]
            )
            | amended
        )


class HistoryEntry(models.Model):
    """One act. Append-only: the database refuses changes.

    ``act`` is ``status`` for a change of a commitment's status, else the act's code in
    :mod:`commitments.rules.workflow` or a plain verb (``log``, ``edit``, ``save``, ``assign``). ``said`` keeps what was
    written, so that nothing is lost when a text changes. ``public_effect`` is what the entry changes for people who are not signed in.
    """

    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    act = models.CharField(max_length=20)
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="history", null=True)
    update = models.ForeignKey(ProgressUpdate, on_delete=models.PROTECT, related_name="history", null=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="history", null=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="history", null=True)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="history", null=True)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="history", null=True)
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="history", null=True)
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="history", null=True)
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="history", null=True)
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="history", null=True)
    signatory = models.ForeignKey(Signatory, on_delete=models.PROTECT, related_name="history", null=True)
    figure = models.ForeignKey(SourcedFigure, on_delete=models.PROTECT, related_name="history", null=True)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="history", null=True)
    case_study = models.ForeignKey(CaseStudy, on_delete=models.PROTECT, related_name="history", null=True)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    said = models.JSONField(default=dict, blank=True)
    public_effect = models.GeneratedField(
        expression=public_effect(), output_field=models.CharField(max_length=10), db_persist=True
    )

    objects = HistoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "history"
        indexes: ClassVar = [
            models.Index(fields=["commitment", "-at"], name="history_of_commitment"),
            models.Index(fields=["act", "-at"], name="history_by_act"),
            models.Index(fields=["public_effect", "id"], name="history_by_public_effect"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act} {self.from_state} {self.to_state}".strip()
