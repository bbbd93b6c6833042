"""Grants and contracts: the rows under a figure of money."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from commitments.models.sourced_figures import SourcedFigure
from commitments.models.strategy import Commitment
from commitments.rules.awards import AWARD_KINDS, financial_year
from partners import roles
from partners.models import Area, Organisation, Source
from partners.permissions import strategies_where


class AwardQuerySet(models.QuerySet["Award"]):
    """Grants and contracts."""

    def current(self) -> "AwardQuerySet":
        """Those that nobody has withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def visible_to(self, person: Any) -> "AwardQuerySet":
        """Those listed now; one that was withdrawn only for the people responsible for its strategy."""
        kept = strategies_where(person, roles.MANAGE_COMMITMENTS, "figure__strategy")
        return self.filter(Q(withdrawn_at__isnull=True) | kept)

    def newest_first(self) -> "AwardQuerySet":
        """What was awarded last comes first."""
        return self.order_by("-award_date", "-id")


class Award(models.Model):
    """One grant or contract, with the field names of the 360Giving Data Standard.

    The recipient is an organisation of the portal, or one in words: never a person. ``funding_organisation`` is the
    strategy's owner where nothing else is said. ``version`` counts saves.
    """

    figure = models.ForeignKey(SourcedFigure, on_delete=models.PROTECT, related_name="awards")
    identifier = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=AWARD_KINDS)
    title = models.CharField(max_length=200)
    description = models.TextField(max_length=2000, blank=True)
    currency = models.CharField(max_length=3, default="GBP")
    amount_awarded = models.DecimalField(max_digits=14, decimal_places=2)
    award_date = models.DateField()
    planned_from = models.DateField(null=True, blank=True)
    planned_to = models.DateField(null=True, blank=True)
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="awards", null=True, blank=True)
    recipient_name = models.CharField(max_length=200, blank=True)
    recipient_identifier = models.CharField(max_length=40, blank=True)
    funding_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="awards_made")
    districts = models.ManyToManyField(Area, related_name="awards", blank=True)
    grant_programme = models.CharField(max_length=200, blank=True)
    commitments = models.ManyToManyField(Commitment, related_name="awards", blank=True)
    notice = models.URLField("address of the notice", max_length=500, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="awards", null=True, blank=True)
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = AwardQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["figure", "identifier"], name="award_identifier_once"),
            models.CheckConstraint(name="award_of_more_than_nothing", condition=Q(amount_awarded__gt=0)),
            models.CheckConstraint(
                name="award_to_an_organisation",
                condition=Q(recipient__isnull=False, recipient_name="")
                | Q(recipient__isnull=True) & ~Q(recipient_name=""),
            ),
            models.CheckConstraint(
                name="award_dates_in_order",
                condition=Q(planned_from__isnull=True)
                | Q(planned_to__isnull=True)
                | Q(planned_to__gte=F("planned_from")),
            ),
            models.CheckConstraint(
                name="award_withdrawn_with_a_reason",
                condition=Q(withdrawn_at__isnull=True, withdrawn_why="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why=""),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["figure", "-award_date"], name="awards_of_figure")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("commitments:award", args=[self.pk])

    @property
    def year(self) -> str:
        """The financial year in which it was awarded, such as ``2020-21``."""
        return financial_year(self.award_date)

    @property
    def recipient_said(self) -> str:
        """The name of whoever received it."""
        return self.recipient.name if self.recipient else self.recipient_name
