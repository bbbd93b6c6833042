"""Who has signed a charter, and each year's word that they still stand by it."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from commitments.models.progress import Round
from commitments.models.strategy import Strategy
from commitments.rules.charters import MAX_POST_CHARACTERS, TOLD_HOW
from partners.models import Organisation, User


class SignatoryQuerySet(models.QuerySet["Signatory"]):
    """Signatures."""

    def current(self) -> "SignatoryQuerySet":
        """Those that have not ended. An end is never in the future, so no day is needed."""
        return self.filter(ended_on__isnull=True)

    def lasting(self) -> "SignatoryQuerySet":
        """Those of at least a day: one that ended on the day it was signed was recorded by mistake."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=F("signed_on")))

    def on(self, day: date) -> "SignatoryQuerySet":
        """Those of one day, as :func:`commitments.rules.charters.lasts_on` says."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), signed_on__lte=day)

    def asked_in(self, round_: Round) -> "SignatoryQuerySet":
        """Those that a round asks whether they still stand by it."""
        return self.current().filter(strategy=round_.strategy_id, signed_on__lt=round_.opens_on)

    def by_name(self) -> "SignatoryQuerySet":
        """In the order of the register."""
        return self.order_by("organisation__sort_name", "organisation_id", "signed_on", "id")


class Signatory(models.Model):
    """An organisation's signature to a charter, for a time. A signature is ended and never deleted.

    ``signed_as`` is the post of whoever signed, never a name. ``told_how`` says how the organisation said it; "" where a file does
    not. ``ended_on`` is the first day on which it no longer stands, None while it does; no end is in the future. An
    organisation that returns has a second row. ``recorded_by`` is None where a file recorded it.
    """

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="signatories")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="signatures")
    signed_on = models.DateField()
    signed_as = models.CharField("the post of whoever signed", max_length=MAX_POST_CHARACTERS, blank=True)
    told_how = models.CharField(max_length=20, choices=TOLD_HOW, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_on = models.DateField("first day on which it no longer stands", null=True, blank=True)
    ended_why = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "signatories"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["strategy", "organisation"],
                condition=Q(ended_on__isnull=True),
                name="one_open_signature_per_organisation",
            ),
            models.CheckConstraint(
                name="signature_does_not_end_before_it_begins",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("signed_on")),
            ),
            models.CheckConstraint(
                name="signature_ended_whole",
                condition=Q(ended_on__isnull=True, ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | Q(ended_on__isnull=False, ended_at__isnull=False),
            ),
            ExclusionConstraint(
                name="one_signature_of_an_organisation_at_a_time",
                expressions=[
                    ("strategy", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    (
                        Func(
                            F("signed_on"),
                            F("ended_on"),
                            Value("[)"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, a signatory of {self.strategy}"


class Reaffirmation(models.Model):
    """A signatory's word, in one round, that it still stands by a charter, perhaps with what it has done.

    Without a row the organisation has not answered, which never counts as a "no". ``told_how`` is as for :class:`Signatory`.
    """

    signatory = models.ForeignKey(Signatory, on_delete=models.PROTECT, related_name="reaffirmations")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reaffirmations")
    words = models.TextField("what it has done", blank=True)
    told_how = models.CharField(max_length=20, choices=TOLD_HOW)
    affirmed_at = models.DateTimeField()
    affirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["signatory", "round"], name="reaffirmed_once_a_round"),
        ]

    def __str__(self) -> str:
        return f"{self.signatory} in {self.round.label}"
