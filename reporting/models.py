"""Editions of the annual report. An edition's row is the truth of its making; the queue only carries its key."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from commitments.models import Round
from partners import roles
from partners.models import User
from partners.permissions import has_permission
from reporting.stages import EDITION_STATES, MAX_ATTEMPTS, STAGES
from vcsportal.common.words import choices


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions."""

    def visible_to(self, person: Any) -> "EditionQuerySet":
        """Published ones for everybody; all for those who see reports before they are published."""
        if has_permission(person, roles.SEE_UNPUBLISHED_REPORTS):
            return self
        return self.filter(published_at__isnull=False)

    def active(self) -> "EditionQuerySet":
        """Those still to be made."""
        return self.filter(state__in=["queued", "running"])

    def newest_first(self) -> "EditionQuerySet":
        """The one asked for last comes first."""
        return self.order_by("-requested_at", "-id")


class Edition(models.Model):
    """One making of a round's report: who asked, how far it is, the frozen facts, and the file with its checksum."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=choices(EDITION_STATES), default="queued")
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    stage = models.CharField(max_length=20, choices=STAGES, blank=True, default="")
    done = models.PositiveIntegerField("steps done in this stage", default=0)
    total = models.PositiveIntegerField("steps of this stage, 0 if not known", default=0)
    attempts = models.PositiveSmallIntegerField("also the fencing token of the attempt under way", default=0)
    attempts_allowed = models.PositiveSmallIntegerField(
        "trying again allows more; attempts are never counted from the start again", default=MAX_ATTEMPTS
    )
    sent_at = models.DateTimeField("when the queue last took its key", null=True, blank=True)
    lease_until = models.DateTimeField("until when the attempt under way is trusted", null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField("what went wrong, as a sentence", blank=True)
    facts = models.JSONField(null=True, blank=True)
    content = models.FileField(max_length=200, blank=True)
    size = models.PositiveIntegerField("bytes", null=True, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "number"], name="edition_number_once"),
            models.UniqueConstraint(
                fields=["round"], condition=models.Q(state__in=["queued", "running"]), name="one_edition_made_at_a_time"
            ),
            models.CheckConstraint(
                name="ready_edition_is_whole",
                condition=~models.Q(state="ready")
                | (~models.Q(sha256="") & ~models.Q(content="") & models.Q(facts__isnull=False, pages__isnull=False)),
            ),
            models.CheckConstraint(
                name="edition_published_at_with_by",
                condition=models.Q(published_at__isnull=True, published_by__isnull=True)
                | models.Q(published_at__isnull=False, published_by__isnull=False, state="ready"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round.slug}, edition {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("reporting:edition", args=[self.pk])
