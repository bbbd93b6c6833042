"""Proposals to publish or withdraw an edition, which one person makes and another confirms; and who has opened an edition."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from partners.models import User
from reporting.models.editions import Edition
from reporting.workflow import PROPOSAL_ACTS, PROPOSAL_OUTCOMES


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Proposals."""

    def waiting(self) -> "ProposalQuerySet":
        """Those that nobody has decided yet."""
        return self.filter(outcome="")

    def newest_first(self) -> "ProposalQuerySet":
        """Order by the moment of the proposal, the latest first."""
        return self.order_by("-proposed_at", "-id")


class Proposal(models.Model):
    """One person's proposal to publish or to withdraw an edition, and its outcome. Once written, neither changes.

    ``reason`` is why the edition is withdrawn, for everybody to read; or why it is published although its readiness has
    warnings. ``readiness`` is the list that the proposer was shown, ``decision_readiness`` the one that the second person was
    shown: checks of :mod:`reporting.reading.readiness` as JSON. At most one proposal per edition waits for a decision.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="proposals")
    act = models.CharField(max_length=10, choices=PROPOSAL_ACTS)
    reason = models.TextField(blank=True)
    readiness = models.JSONField(default=list)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=PROPOSAL_OUTCOMES, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    decision_readiness = models.JSONField(default=list)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edition"], condition=models.Q(outcome=""), name="one_proposal_waits_for_an_edition"
            ),
            models.CheckConstraint(
                name="proposal_decided_at_with_by",
                condition=models.Q(outcome="", decided_at__isnull=True, decided_by__isnull=True)
                | (~models.Q(outcome="") & models.Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="proposal_decided_by_a_second_person",
                condition=models.Q(outcome="")
                | models.Q(outcome="cancelled", decided_by=models.F("proposed_by"))
                | (models.Q(outcome__in=["confirmed", "declined"]) & ~models.Q(decided_by=models.F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="withdrawal_proposed_with_a_reason", condition=~models.Q(act="withdraw") | ~models.Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.edition_id}: {self.outcome or 'waiting'}"

    @property
    def is_to_publish(self) -> bool:
        """Whether it proposes to publish the edition; if not, to withdraw it."""
        return self.act == "publish"

    def get_absolute_url(self) -> str:
        return reverse("reporting:proposal", args=[self.pk])


class EditionOpening(models.Model):
    """When somebody who sees drafts first and last opened an edition, as a page or as one of its files."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="openings")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "person"], name="one_opening_of_an_edition_by_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} opened {self.edition_id}"
