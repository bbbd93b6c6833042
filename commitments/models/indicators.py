"""Indicators, their targets and their figures. A value is a number, or absent with a reason."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from commitments.models.progress import Round
from commitments.models.strategy import Commitment, Priority, Strategy
from commitments.rules import indicators as rules
from commitments.rules import workflow
from commitments.rules.charters import COUNTED
from partners import roles
from partners.models import Area, Organisation, User
from partners.permissions import strategies_where
from vcsportal.common.words import choices


class Indicator(models.Model):
    """One thing that is counted. It belongs to a commitment or to a priority; ``code`` is stable within its strategy.

    A share keeps both its numbers; a percentage is what somebody published without them, and is never summed or averaged.
    ``scale`` holds the steps of a qualitative indicator, lowest first, as ``[{"step": 1, "label", "definition"}]``; its
    values are the steps' numbers. Under ``cumulative`` each round's value is what was added in that round.
    ``counts`` says what the portal counts for it when a round closes; "" for all that people count.
    It is broken down by district or by strand, never by both.
    """

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="indicators")
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="indicators", null=True, blank=True
    )
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="indicators", null=True, blank=True)
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    definition = models.TextField("what is counted, and how", blank=True)
    unit = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=10, choices=rules.INDICATOR_KINDS, default="number")
    counting = models.CharField(max_length=12, choices=rules.COUNTING_METHODS, default="per_round")
    direction = models.CharField(max_length=8, choices=rules.DIRECTIONS, default="up")
    by_district = models.BooleanField(default=False)
    scale = models.JSONField(default=list, blank=True)
    counts = models.CharField("what the portal counts for it", max_length=20, choices=COUNTED, blank=True)
    baseline = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    baseline_note = models.CharField(max_length=200, blank=True)
    by_strand = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "code"], name="indicator_code_once"),
            models.CheckConstraint(
                name="indicator_of_a_commitment_or_a_priority",
                condition=models.Q(commitment__isnull=True, priority__isnull=False)
                | models.Q(commitment__isnull=False, priority__isnull=True),
            ),
            models.CheckConstraint(
                name="what_the_portal_counts_is_one_number",
                condition=models.Q(counts="") | models.Q(kind="number", counting="per_round", by_district=False),
            ),
            models.CheckConstraint(
                name="strands_of_a_number_and_never_with_districts",
                condition=models.Q(by_strand=False) | models.Q(by_district=False, kind="number", counts=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("commitments:indicator", args=[self.strategy.slug, self.code])


class IndicatorTarget(models.Model):
    """What an indicator aims at in a round, for the whole or for one district: a number, or none and the reason why.

    ``note`` says more about a number, and why there is none where there is none.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="targets")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="targets")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["indicator", "round", "area"], name="one_target_a_round", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="target_or_reason", condition=models.Q(value__isnull=False) | ~models.Q(note="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} in {self.round.label}: {'–' if self.value is None else self.value}"


class IndicatorValueQuerySet(models.QuerySet["IndicatorValue"]):
    """Figures of indicators."""

    def approved(self) -> "IndicatorValueQuerySet":
        """Only what counts, and everybody may read."""
        return self.filter(state="approved")

    def proposed(self) -> "IndicatorValueQuerySet":
        """Those supplied by partners that wait for approval, the longest-waiting first."""
        return self.filter(state="proposed").order_by("entered_at", "id")

    def visible_to(self, person: Any) -> "IndicatorValueQuerySet":
        """What counts; the rest for officers of the strategy's council, and for the organisation that supplied it."""
        own = models.Q(organisation__in=person.organisations) if isinstance(person, User) else models.Q(pk__in=[])
        return self.filter(models.Q(state="approved") | own | _judged_by(person))

    def judged_by(self, person: Any) -> "IndicatorValueQuerySet":
        """Those of the strategies whose figures the person approves."""
        return self.filter(_judged_by(person))


def _judged_by(person: Any) -> models.Q:
    return strategies_where(person, roles.REVIEW_EVIDENCE, "indicator__strategy")


class IndicatorValue(models.Model):
    """The figure for a round: a number (for a ratio, with both its parts), or nothing and the reason why.

    ``by_strand`` are its counts by the codes of strands, ``{}`` without a breakdown; small ones are for the people who enter and
    approve the figure alone. ``earlier_strands`` are the breakdowns that counted before it was corrected.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="values")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="values")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    absent_reason = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="supplied_values", null=True, blank=True
    )
    state = models.CharField(max_length=20, choices=choices(workflow.VALUE_STATES), default="approved")
    state_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    by_strand = models.JSONField("counts by strand", default=dict, blank=True)
    earlier_strands = models.JSONField(default=list, blank=True)

    objects = IndicatorValueQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["indicator", "round", "area"], name="one_value_a_round", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="value_or_reason",
                condition=models.Q(value__isnull=False, absent_reason="")
                | (models.Q(value__isnull=True) & ~models.Q(absent_reason="")),
            ),
            models.CheckConstraint(
                name="value_approved_at_with_by",
                condition=models.Q(approved_at__isnull=True, approved_by__isnull=True)
                | models.Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="parts_of_a_ratio_together",
                condition=models.Q(numerator__isnull=True, denominator__isnull=True)
                | models.Q(numerator__isnull=False, denominator__gt=0),
            ),
            models.CheckConstraint(
                name="strands_of_a_whole_count",
                condition=models.Q(by_strand={})
                | models.Q(area__isnull=True, value__isnull=False, numerator__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} in {self.round.label}: {'–' if self.value is None else self.value}"
