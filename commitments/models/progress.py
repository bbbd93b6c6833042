"""Reporting rounds, and the updates of commitments in each of them."""

from datetime import date
from typing import Any, ClassVar, Final

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse

from commitments.models.strategy import Commitment, Strategy
from commitments.rules import status, workflow
from commitments.rules.periods import PeriodKind, period_of
from partners import roles
from partners.models import User
from partners.permissions import strategies_where
from vcsportal.common.word_search import both, words_of
from vcsportal.common.words import choices

MAX_ROUND_TITLE_CHARACTERS: Final = 60


class RoundQuerySet(models.QuerySet["Round"]):
    """Reporting rounds."""

    def newest_first(self) -> "RoundQuerySet":
        """By the period observed."""
        return self.order_by("-observes_from", "id")

    def started(self, today: date) -> "RoundQuerySet":
        """Those whose observed period has begun."""
        return self.filter(observes_from__lte=today)

    def open(self) -> "RoundQuerySet":
        """Those that take updates, whatever the day."""
        return self.filter(state="open")

    def running(self) -> "RoundQuerySet":
        """Those that are open or in review."""
        return self.filter(state__in=["open", "in_review"])


_EveryRound = models.Manager.from_queryset(RoundQuerySet)


class RoundManager(_EveryRound["Round"]):
    """Rounds as everybody sees them: without those that were deleted while they were only planned."""

    def get_queryset(self) -> RoundQuerySet:
        return RoundQuerySet(self.model, using=self._db).exclude(state="deleted")


class Round(models.Model):
    """One reporting round: the period observed and the window in which people report on it.

    ``title`` is what people call it, such as “Quarter 2, 2026–27”; one without a title is called by its slug (``label``).
    ``grace_until`` is the last day on which what was begun is still taken; emails speak of ``closes_on``. ``closings``
    counts how often the round was closed, as it can be opened again with a reason. One that was deleted before it opened
    keeps its row, as its history names it; only ``with_deleted`` finds it.
    """

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="rounds")
    slug = models.SlugField(max_length=20)
    title = models.CharField(max_length=MAX_ROUND_TITLE_CHARACTERS, blank=True, default="")
    observes_from = models.DateField("period observed, from")
    observes_to = models.DateField("period observed, to")
    opens_on = models.DateField("window for submissions, from")
    closes_on = models.DateField("window for submissions, to")
    grace_until = models.DateField("taken until")
    state = models.CharField(max_length=20, choices=choices(workflow.ROUND_STATES), default="planned")
    closings = models.PositiveSmallIntegerField(default=0)

    objects = RoundManager()
    with_deleted = RoundQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["strategy", "slug"], condition=~models.Q(state="deleted"), name="round_once_in_a_strategy"
            ),
            models.CheckConstraint(
                name="round_dates_in_order",
                condition=models.Q(observes_to__gt=models.F("observes_from"))
                & models.Q(closes_on__gte=models.F("opens_on"))
                & models.Q(opens_on__gte=models.F("observes_from"))
                & models.Q(closes_on__gte=models.F("observes_to"))
                & models.Q(grace_until__gte=models.F("closes_on")),
            ),
            models.CheckConstraint(
                name="closed_round_was_closed", condition=~models.Q(state="closed") | models.Q(closings__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What people call it: its title or, where it has none, its slug."""
        return self.title or self.slug

    @property
    def period(self) -> PeriodKind:
        """What its period is called, by its length: a year or a quarter, for example."""
        return period_of(self.observes_from, self.observes_to)

    @property
    def is_planned(self) -> bool:
        """Whether it has not been opened, so that nobody has been asked for anything."""
        return self.state == "planned"

    @property
    def is_open(self) -> bool:
        """Whether updates, evidence and views are being written."""
        return self.state == "open"

    @property
    def is_closed(self) -> bool:
        """Whether the statuses are frozen for the report."""
        return self.state == "closed"

    def takes_updates(self, today: date) -> bool:
        """Whether something new may be written for it on this day."""
        return self.state == "open" and today <= self.grace_until

    def get_absolute_url(self) -> str:
        return reverse("commitments:round", args=[self.strategy.slug, self.slug])


class ProgressUpdateQuerySet(models.QuerySet["ProgressUpdate"]):
    """The updates of commitments."""

    def published(self) -> "ProgressUpdateQuerySet":
        """Only what everybody may read."""
        return self.filter(state="published")

    def visible_to(self, person: Any) -> "ProgressUpdateQuerySet":
        """Everything approved; the rest, once begun, for people who update that strategy's commitments or approve its updates."""
        inside = strategies_where(person, {roles.UPDATE_COMMITMENTS, roles.APPROVE_UPDATES}, "commitment__strategy")
        return self.filter(models.Q(state="published") | (~models.Q(state="expected") & inside))

    def approved_by_person(self, person: Any) -> "ProgressUpdateQuerySet":
        """Those of the strategies whose updates the person approves."""
        return self.filter(strategies_where(person, roles.APPROVE_UPDATES, "commitment__strategy"))

    def awaiting_approval(self) -> "ProgressUpdateQuerySet":
        """The queue of what was sent, the longest-waiting first."""
        return self.filter(state="submitted").order_by("submitted_at", "id")

    def unsent(self) -> "ProgressUpdateQuerySet":
        """Updates that have still to be sent."""
        return self.filter(state__in=["expected", "draft", "returned"])


UPDATE_WORDS: Final = both(
    both(words_of("narrative", weight="B"), words_of("next_steps", weight="B")),
    both(words_of("reason", weight="B"), words_of("remedy", weight="B")),
)


class ProgressUpdate(models.Model):
    """The update of one commitment in one round: status, reason, narrative and next steps. One for each round.

    Opening a round makes one for each commitment, ``expected`` until somebody begins. ``owed_by`` is the person whose
    task it is. ``version`` counts saves, so that the second of two people who save the same update is shown both
    versions. ``confirms`` names the round whose words were confirmed as still true; ``answers`` keeps what was said to
    the questions asked on sending, as a list of ``{"code", "question", "answer"}``.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="updates")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="updates")
    state = models.CharField(max_length=20, choices=choices(workflow.UPDATE_STATES), default="expected")
    status = models.CharField(max_length=20, choices=choices(status.STATUSES), blank=True, default="")
    reason = models.TextField("why", blank=True)
    remedy = models.TextField("what will be done about it", blank=True)
    narrative = models.TextField("what has happened", blank=True)
    next_steps = models.TextField("what comes next", blank=True)
    owed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="owes", null=True, blank=True)
    confirms = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    answers = models.JSONField(default=list, blank=True)
    cites = models.ManyToManyField("commitments.Evidence", related_name="cited_in", blank=True)
    state_reason = models.TextField("why it was returned", blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
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
                condition=~models.Q(state="published")
                | (~models.Q(status="") & models.Q(published_at__isnull=False, submitted_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="update_submitted_at_with_by",
                condition=models.Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | models.Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="begun_update_says_who",
                condition=models.Q(state="expected", saved_at__isnull=True, saved_by__isnull=True)
                | (~models.Q(state="expected") & models.Q(saved_at__isnull=False, saved_by__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["round", "state"], name="update_round_state"),
            GinIndex(UPDATE_WORDS, name="updates_by_words", condition=models.Q(state="published")),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.reference} in {self.round.slug}"

    def get_absolute_url(self) -> str:
        """Return the page on which the council reads it."""
        return reverse("commitments:approval", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        """Whether it has been begun and not sent."""
        return self.state == "draft"

    @property
    def is_submitted(self) -> bool:
        """Whether it waits for a second person to read it."""
        return self.state == "submitted"

    @property
    def is_returned(self) -> bool:
        """Whether it was sent back with a reason."""
        return self.state == "returned"

    @property
    def is_published(self) -> bool:
        """Whether it is approved, and everyone can read it."""
        return self.state == "published"
