"""How a commitment is to succeed: its success measure, the team that does it, and from when until when."""

from typing import Final

from django.db import models

from commitments.rules.plan_limits import EARLIEST_DAY, LATEST_DAY, MAX_AGREED_BY_CHARACTERS, MAX_TEAM_CHARACTERS


class CommitmentPlan(models.Model):
    """The part of a commitment that says how it is to succeed. All of it may be empty.

    ``success_measure`` says in words how people will know that it worked. ``success_measure_agreed_by`` ("the co-production
    steering group") and ``success_measure_agreed_on`` say who agreed it and when; without a name it is proposed and not agreed.
    ``team`` is the team that does the work, in words, which everyone may read. ``starts_on`` and ``ends_on`` are its first and
    last day.
    """

    success_measure = models.TextField("how we will measure success", blank=True)
    success_measure_agreed_by = models.CharField(
        "who agreed the measure", max_length=MAX_AGREED_BY_CHARACTERS, blank=True
    )
    success_measure_agreed_on = models.DateField("when it was agreed", null=True, blank=True)
    team = models.CharField("the team that does it, in words", max_length=MAX_TEAM_CHARACTERS, blank=True)
    starts_on = models.DateField("first day", null=True, blank=True)
    ends_on = models.DateField("last day", null=True, blank=True)

    class Meta:
        abstract = True


PLAN_CONSTRAINTS: Final = (
    models.CheckConstraint(
        name="only_a_success_measure_is_agreed",
        condition=~models.Q(success_measure="")
        | models.Q(success_measure_agreed_by="", success_measure_agreed_on__isnull=True),
    ),
    models.CheckConstraint(
        name="agreed_on_says_by_whom",
        condition=models.Q(success_measure_agreed_on__isnull=True) | ~models.Q(success_measure_agreed_by=""),
    ),
    models.CheckConstraint(
        name="commitment_ends_after_it_starts",
        condition=models.Q(starts_on__isnull=True)
        | models.Q(ends_on__isnull=True)
        | models.Q(starts_on__lte=models.F("ends_on")),
    ),
    models.CheckConstraint(
        name="commitment_dates_within_reason",
        condition=(models.Q(starts_on__isnull=True) | models.Q(starts_on__range=(EARLIEST_DAY, LATEST_DAY)))
        & (models.Q(ends_on__isnull=True) | models.Q(ends_on__range=(EARLIEST_DAY, LATEST_DAY))),
    ),
    models.CheckConstraint(name="follows_another", condition=~models.Q(follows=models.F("id"))),
)
"""For the Meta of the model, as those of an abstract model would be replaced by its own."""
