"""Strands: the groups of people by which a council looks at equality, such as age or faith."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from partners.models.sources import Source


class StrandQuerySet(models.QuerySet["Strand"]):
    """Strands."""

    def in_order(self) -> "StrandQuerySet":
        """As their source names them; those that were added here come last."""
        return self.order_by("number", "id")

    def in_use(self, day: date) -> "StrandQuerySet":
        """Those that are offered on a day."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day)).in_order()


class Strand(models.Model):
    """A strand of equality: what it is called, what it means, and who named it.

    ``code`` stays, whatever the strand is called later. ``words`` are its name as the source has it. From ``ended_on`` on it
    is offered nowhere; what was recorded under it keeps it. ``version`` counts saves.
    """

    code = models.SlugField(max_length=40, unique=True)
    number = models.PositiveIntegerField("its place in the list")
    words = models.CharField(max_length=120)
    definition = models.TextField(max_length=600, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="strands", null=True, blank=True)
    source_place = models.CharField("where in the source", max_length=300, blank=True)
    made_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = StrandQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="strand_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="strand_ends_after_it_began", condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("made_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.words

    def is_in_use(self, day: date) -> bool:
        """Whether it is offered on a day."""
        return self.ended_on is None or self.ended_on > day
