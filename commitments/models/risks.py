"""What could go wrong, how it was assessed each time, and when it was reviewed."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from commitments.models.progress import Round
from commitments.models.strategy import Commitment, Priority, Strategy
from commitments.rules.risk_levels import HIGHEST, LEVEL_CHOICES, LOWEST, LevelRange, bounds_that_rose
from commitments.rules.risk_limits import (
    MAX_LEAD_CHARACTERS,
    MAX_PERIOD_CHARACTERS,
    MAX_SCOPE_CHARACTERS,
)
from partners.models import Organisation, User


class RiskQuerySet(models.QuerySet["Risk"]):
    """Risks, which everyone may read."""

    def in_order(self) -> "RiskQuerySet":
        """In the order in which they were recorded: no risk is sorted by how high it is."""
        return self.order_by("strategy__starts_on", "strategy_id", "number", "id")

    def open(self) -> "RiskQuerySet":
        """Those that have not ended."""
        return self.filter(ended_on__isnull=True)

    def awaiting_review(self) -> "RiskQuerySet":
        """Open ones that nobody has reviewed in the round of their strategy that is open."""
        read = RiskReview.objects.filter(risk=models.OuterRef("pk"), round__state="open")
        rounds = Round.objects.filter(strategy=models.OuterRef("strategy"), state="open")
        return self.open().filter(models.Exists(rounds), ~models.Exists(read))


class Risk(models.Model):
    """A risk to a strategy as a whole, to one of its priorities or to one of its commitments.

    ``key`` never changes: addresses and files carry it. ``number`` is its place in the register, from 1. ``controls`` are the
    controls that there are and what else has to be done; ``note`` is about the record itself, such as a slip of its source.
    ``recorded_by`` is None where a strategy's file did it. ``version`` counts changes, so that the second of two people who
    save is refused.
    """

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="risks")
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="risks", null=True, blank=True)
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="risks", null=True, blank=True)
    key = models.SlugField("what its address is made of", max_length=60)
    number = models.PositiveSmallIntegerField("its place in the register")
    words = models.TextField("what could go wrong")
    controls = models.TextField("controls, and action required", blank=True)
    note = models.TextField("a note about the record", blank=True)
    source = models.TextField("where it comes from", blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_on = models.DateField("no longer a risk since", null=True, blank=True)
    ended_because = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = RiskQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "key"], name="risk_key_once_in_a_strategy"),
            models.UniqueConstraint(fields=["strategy", "number"], name="risk_number_once_in_a_strategy"),
            models.CheckConstraint(name="risk_key_and_words_are_given", condition=~Q(key="") & ~Q(words="")),
            models.CheckConstraint(
                name="risk_to_a_priority_or_a_commitment",
                condition=Q(priority__isnull=True) | Q(commitment__isnull=True),
            ),
            models.CheckConstraint(
                name="risk_ended_with_a_reason",
                condition=Q(ended_on__isnull=True, ended_because="")
                | (Q(ended_on__isnull=False) & ~Q(ended_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Risk {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("commitments:risk", args=[self.strategy.slug, self.key])


class RiskLead(models.Model):
    """Who leads on a risk: an organisation of the portal, or words such as "The Partnership and lead organisations"."""

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="leads")
    place = models.PositiveSmallIntegerField("order among the leads")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="leads_risks", null=True, blank=True
    )
    words = models.CharField(max_length=MAX_LEAD_CHARACTERS, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="risk_lead_is_an_organisation_or_words",
                condition=Q(organisation__isnull=False, words="") | (Q(organisation__isnull=True) & ~Q(words="")),
            ),
            models.UniqueConstraint(fields=["risk", "place"], name="risk_leads_in_order"),
        ]

    def __str__(self) -> str:
        return self.organisation.name if self.organisation else self.words


class RiskAssessmentQuerySet(models.QuerySet["RiskAssessment"]):
    """Assessments of risks."""

    def current(self) -> "RiskAssessmentQuerySet":
        """Those that no newer one has replaced."""
        return self.filter(replaced_by__isnull=True)

    def in_order(self) -> "RiskAssessmentQuerySet":
        """As they were added."""
        return self.order_by("risk__number", "id")


class RiskAssessment(models.Model):
    """How high someone assessed a risk's impact and likelihood to be. Append-only: a newer one replaces it, and it stays.

    ``priority`` or ``scope`` says of what, where that is not the risk as a whole; ``period`` says for which years, in words.
    Impact and likelihood are words or ranges of words (:mod:`commitments.rules.risk_levels`), from the lower to the higher.
    ``condition`` is what it depends on. ``assessed_on`` is the date of the assessment; None where a source names none.
    ``round`` is the round during which it was made. ``assessed_by`` is None where a strategy's file gave it.
    """

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="assessments")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="risk_assessments", null=True, blank=True)
    assessed_on = models.DateField(null=True, blank=True)
    priority = models.ForeignKey(
        Priority, on_delete=models.PROTECT, related_name="risk_assessments", null=True, blank=True
    )
    scope = models.CharField("of what, in words", max_length=MAX_SCOPE_CHARACTERS, blank=True)
    period = models.CharField("for which years, in words", max_length=MAX_PERIOD_CHARACTERS, blank=True)
    impact_from = models.PositiveSmallIntegerField(choices=LEVEL_CHOICES)
    impact_to = models.PositiveSmallIntegerField(choices=LEVEL_CHOICES)
    impact_reason = models.TextField(blank=True)
    likelihood_from = models.PositiveSmallIntegerField(choices=LEVEL_CHOICES)
    likelihood_to = models.PositiveSmallIntegerField(choices=LEVEL_CHOICES)
    likelihood_reason = models.TextField(blank=True)
    condition = models.TextField("what it depends on", blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True
    )  # one to one: of two people who replace the same assessment, the second is refused
    assessed_at = models.DateTimeField()
    assessed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects = RiskAssessmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="assessment_scope_is_a_priority_or_words", condition=Q(priority__isnull=True) | Q(scope="")
            ),
            *(
                models.CheckConstraint(
                    name=f"{name}_is_a_range_of_words",
                    condition=Q(
                        (f"{name}_from__gte", LOWEST),
                        (f"{name}_to__gte", F(f"{name}_from")),
                        (f"{name}_to__lte", HIGHEST),
                    ),
                )
                for name in ("impact", "likelihood")
            ),
            models.CheckConstraint(
                name="assessment_replaces_another", condition=Q(replaces__isnull=True) | ~Q(replaces=F("id"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.risk}: impact {self.impact}, likelihood {self.likelihood}"

    @property
    def impact(self) -> LevelRange:
        """Its impact, as a word or a range."""
        return LevelRange(self.impact_from, self.impact_to)

    @property
    def likelihood(self) -> LevelRange:
        """Its likelihood, as a word or a range."""
        return LevelRange(self.likelihood_from, self.likelihood_to)

    @property
    def of_what(self) -> tuple[int | None, str, str]:
        """Its scope and period: what has to be the same for two assessments to be compared."""
        return self.priority_id, self.scope, self.period

    @property
    def rose(self) -> tuple[str, ...]:
        """Which of ``impact`` and ``likelihood`` has a higher upper bound than in the assessment that it replaces."""
        before: Any = self.replaces
        if before is None or before.of_what != self.of_what:
            return ()
        return bounds_that_rose((before.impact, before.likelihood), (self.impact, self.likelihood))


class RiskReview(models.Model):
    """A review of a risk in a round: its assessments are still true, or it was assessed again then."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="reviews")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="risk_reviews")
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["risk", "round"], name="risk_reviewed_once_in_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.risk} in {self.round}"
