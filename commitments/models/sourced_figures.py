"""Figures with sources, such as a share of the county's children or what is spent: each with its date and source."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from commitments.models.strategy import Strategy
from commitments.rules import sourced_figures as rules
from partners import roles
from partners.models import Area, Source, Strand, User
from partners.permissions import strategies_where
from vcsportal.common.words import choices


class SourcedFigureQuerySet(models.QuerySet["SourcedFigure"]):
    """Figures."""

    def visible_to(self, person: Any) -> "SourcedFigureQuerySet":
        """Those with a value that has a source; all of a strategy for the people who answer for it."""
        public = SourcedValue.objects.current().filter(figure=OuterRef("pk"), source__isnull=False)
        kept = strategies_where(person, roles.MANAGE_COMMITMENTS, "strategy")
        return self.filter(Q(Exists(public)) | kept)

    def in_use(self) -> "SourcedFigureQuerySet":
        """Those that have not ended."""
        return self.filter(ended_at__isnull=True)

    def in_order(self) -> "SourcedFigureQuerySet":
        """Strategy by strategy, as they were added."""
        return self.order_by("strategy_id", "number", "id")


class SourcedFigure(models.Model):
    """One figure about a place, its people's wellbeing, the use of services, or money. It has no target and measures no commitment.

    ``code`` is stable within its strategy. ``part_of`` is the figure that includes it: grants are part of all investment.
    ``in_report`` says that the strategy's report prints it. ``version`` counts saves of the figure and of its values.
    """

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="sourced_figures")
    code = models.SlugField(max_length=60)
    number = models.PositiveIntegerField("its place in the list")
    about = models.CharField(max_length=12, choices=choices(rules.TOPICS))
    title = models.CharField(max_length=200)
    definition = models.TextField("what is counted, and how", max_length=1000, blank=True)
    kind = models.CharField(max_length=10, choices=rules.FIGURE_KINDS, default="number")
    unit = models.CharField(max_length=60, blank=True)
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, related_name="parts", null=True, blank=True)
    in_report = models.BooleanField("the report prints it", default=False)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField("why it is kept no longer", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = SourcedFigureQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "code"], name="figure_code_once"),
            models.CheckConstraint(name="figure_is_not_part_of_itself", condition=~Q(part_of=F("id"))),
            models.CheckConstraint(
                name="figure_ended_with_a_reason",
                condition=Q(ended_at__isnull=True, ended_why="") | Q(ended_at__isnull=False) & ~Q(ended_why=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("commitments:sourced-figure", args=[self.pk])

    @property
    def topic(self) -> rules.FigureTopic:
        """The row of the table of topics."""
        return rules.TOPIC[self.about]

    @property
    def is_money(self) -> bool:
        """Whether it stands on the page about money, where awards may stand under it."""
        return self.about == rules.MONEY


class SourcedValueQuerySet(models.QuerySet["SourcedValue"]):
    """Values of figures."""

    def current(self) -> "SourcedValueQuerySet":
        """Those that nobody has corrected or withdrawn."""
        return self.filter(value__isnull=False, replaced_by__isnull=True)

    def as_entered(self) -> "SourcedValueQuerySet":
        """In the order in which they were entered."""
        return self.order_by("id")


class SourcedValue(models.Model):
    """What one source says of a figure, for the whole or for one area or strand, and for which day or period.

    Append-only: the database refuses changes. A correction is a new row that ``replaces`` the old one and says why; one
    without a value withdraws the old one. ``beside`` is the value of another source for the same thing. Without a source
    nobody sees it but the people responsible for the strategy. ``words`` are the source's own.
    """

    figure = models.ForeignKey(SourcedFigure, on_delete=models.PROTECT, related_name="values")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    qualifier = models.CharField(max_length=10, choices=rules.QUALIFIERS, blank=True)
    starts_on = models.DateField("first day, or only day", null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    period = models.CharField("day or period in words", max_length=120, blank=True)
    words = models.TextField("the source's own words", max_length=1000, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="values", null=True, blank=True)
    source_place = models.CharField("where in the source", max_length=300, blank=True)
    note = models.CharField(max_length=500, blank=True)
    beside = models.ForeignKey("self", on_delete=models.PROTECT, related_name="others", null=True, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True)
    reason = models.CharField("why it was corrected", max_length=300, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects = SourcedValueQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_value_or_one_taken_back", condition=Q(value__isnull=False) | Q(replaces__isnull=False)
            ),
            models.CheckConstraint(
                name="a_correction_says_why",
                condition=Q(replaces__isnull=True, reason="") | Q(replaces__isnull=False) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="one_dimension_at_a_time", condition=Q(area__isnull=True) | Q(strand__isnull=True)
            ),
            models.CheckConstraint(
                name="a_figure_has_a_day_or_a_period",
                condition=Q(value__isnull=True) | Q(starts_on__isnull=False) | ~Q(period=""),
            ),
            models.CheckConstraint(
                name="days_of_a_figure_in_order",
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=False, ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="parts_of_a_share_together",
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__isnull=False, denominator__gt=0),
            ),
            models.CheckConstraint(
                name="a_value_by_strand_is_a_count",
                condition=Q(strand__isnull=True)
                | Q(value__isnull=True)
                | Q(value__gte=0, numerator__isnull=True, qualifier=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure.code}: {'–' if self.value is None else self.value}"
