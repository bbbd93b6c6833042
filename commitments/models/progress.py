"""Reporting rounds and what was said in each of them."""

from datetime import date
from typing import Any, ClassVar

from django.db import models

from commitments import status, workflow
from commitments.models.promises import Commitment, Strategy
from partners import roles
from partners.models import User
from partners.permissions import has_permission
from vcsportal.common.words import choices


class RoundQuerySet(models.QuerySet["Round"]):
    """Reporting rounds."""

    def newest_first(self) -> "RoundQuerySet":
        """By the period observed."""
        return self.order_by("-observes_from", "id")

    def started(self, today: date) -> "RoundQuerySet":
        """Those whose observed period has begun."""
        return self.filter(observes_from__lte=today)

    def open_on(self, today: date) -> "Round | None":
        """The round whose window for submissions holds ``today``, if there is one."""
        return self.filter(opens_on__lte=today, closes_on__gte=today).order_by("-observes_from", "id").first()


class Round(models.Model):
    """One year's reporting: the period observed and the window in which people report on it."""

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="rounds")
    slug = models.SlugField(max_length=20)
    observes_from = models.DateField("period observed, from")
    observes_to = models.DateField("period observed, to")
    opens_on = models.DateField("window for submissions, from")
    closes_on = models.DateField("window for submissions, to")

    objects = RoundQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "slug"], name="round_once_in_a_strategy"),
            models.CheckConstraint(
                name="round_dates_in_order",
                condition=models.Q(observes_to__gt=models.F("observes_from"))
                & models.Q(closes_on__gte=models.F("opens_on"))
                & models.Q(opens_on__gte=models.F("observes_from"))
                & models.Q(closes_on__gte=models.F("observes_to")),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def phase(self, today: date) -> str:
        """``planned``, ``open`` or ``closed``, by the window for submissions."""
        if today < self.opens_on:
            return "planned"
        return "open" if today <= self.closes_on else "closed"


class ProgressUpdateQuerySet(models.QuerySet["ProgressUpdate"]):
    """What was said of commitments."""

    def published(self) -> "ProgressUpdateQuerySet":
        """Only what everybody may read."""
        return self.filter(state="published")

    def visible_to(self, person: Any) -> "ProgressUpdateQuerySet":
        """Everything published; drafts too for people who update commitments."""
        return self if has_permission(person, roles.UPDATE_COMMITMENTS) else self.published()


class ProgressUpdate(models.Model):
    """How one commitment stood in one round: status, reason, narrative and next steps. One a round.

    ``version`` counts saves, so that the second of two people who save the same update is shown both versions.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="updates")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="updates")
    state = models.CharField(max_length=20, choices=choices(workflow.UPDATE_STATES), default="draft")
    status = models.CharField(max_length=20, choices=choices(status.STATUSES), blank=True, default="")
    reason = models.TextField("why", blank=True)
    remedy = models.TextField("what will be done about it", blank=True)
    narrative = models.TextField("what has happened", blank=True)
    next_steps = models.TextField("what comes next", blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects = ProgressUpdateQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["commitment", "round"], name="one_update_a_round"),
            models.CheckConstraint(
                name="update_published_at_with_by",
                condition=models.Q(published_at__isnull=True, published_by__isnull=True)
                | models.Q(published_at__isnull=False, published_by__isnull=False),
            ),
            models.CheckConstraint(
                name="published_update_is_whole",
                condition=models.Q(state="draft") | (~models.Q(status="") & models.Q(published_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.reference} in {self.round.slug}"
