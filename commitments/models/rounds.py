"""What a round asks of people, the standings frozen when it closed, and the sector's views."""

from typing import ClassVar

from django.db import models

from commitments.models.progress import ProgressUpdate, Round
from commitments.models.strategy import Commitment
from commitments.rules import status
from partners.models import Organisation, User
from vcsportal.common.words import choices

CONTRIBUTION_ANSWERS = (
    ("evidence", "Sent evidence"),
    ("view", "Gave its view"),
    ("nothing", "Nothing to add this year"),
    ("stands", "Still stands by it"),
)


class RoundTask(models.Model):
    """One person's task in a round: everything they have to do in it. Its contents are read from their updates and
    contributions.

    ``reminders_stopped_at`` is set once the person has handed it on; it is kept, so that the history can be read.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="tasks")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="round_tasks")
    made_at = models.DateTimeField()
    handed_to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    handed_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "person"], name="one_task_a_person_a_round"),
            models.CheckConstraint(
                name="task_handed_at_with_to",
                condition=models.Q(handed_at__isnull=True, handed_to__isnull=True) | models.Q(handed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.round.label}"


class Contribution(models.Model):
    """The question to a delivery organisation in a round: what it did. It answers with evidence, with its view, or with
    "nothing". A signatory of a charter is asked whether it still stands by it, and answers with that."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="contributions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contributions")
    owed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="contributes", null=True, blank=True)
    answer = models.CharField(max_length=20, choices=CONTRIBUTION_ANSWERS, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "organisation"], name="one_contribution_a_round"),
            models.CheckConstraint(
                name="contribution_answered_whole",
                condition=models.Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
        ]

    @property
    def answer_said(self) -> str:
        """What it answered, in words of the round's own period: “Nothing to add this quarter”."""
        return self.round.period.reworded(self.get_answer_display())

    def __str__(self) -> str:
        return f"{self.organisation} in {self.round.label}"


class FrozenStanding(models.Model):
    """A commitment's standing when a round was closed, for the report. One set for each closing; never changed.

    A commitment that was closed before has no update: its status is carried, with the day, the reason, and what it was
    merged into.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="standings")
    closing = models.PositiveSmallIntegerField()
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="standings")
    update = models.ForeignKey(ProgressUpdate, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    status = models.CharField(max_length=20, choices=choices(status.STATUSES), blank=True, default="")
    reason = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    narrative = models.TextField(blank=True)
    next_steps = models.TextField(blank=True)
    confirms = models.CharField("the round whose words were confirmed", max_length=20, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    frozen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "closing", "commitment"], name="frozen_once_a_closing"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.reference} at closing {self.closing} of {self.round.label}"


class SectorView(models.Model):
    """How a delivery organisation sees a commitment in a round: the same statuses, with its own reason. Never
    averaged."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="sector_views")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="sector_views")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sector_views")
    status = models.CharField(max_length=20, choices=choices(status.STATUSES))
    reason = models.TextField()
    differs = models.BooleanField("we see it differently", default=False)
    version = models.PositiveIntegerField(default=1)
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["commitment", "round", "organisation"], name="one_view_a_round"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} on {self.commitment.reference} in {self.round.label}"


class ViewReply(models.Model):
    """What the council replies to an organisation's view. It is shown next to the view; neither changes the other.

    ``view_version`` is the version of the view that it replies to: the organisation may change its view afterwards.
    """

    view = models.OneToOneField(SectorView, on_delete=models.PROTECT, related_name="reply")
    text = models.TextField()
    view_version = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "view replies"

    def __str__(self) -> str:
        return f"Reply to {self.view}"
