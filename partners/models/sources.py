"""Where words and figures come from: documents, data and websites, each described once."""

from typing import ClassVar

from django.db import models


class SourceQuerySet(models.QuerySet["Source"]):
    """Sources."""

    def by_title(self) -> "SourceQuerySet":
        """By title, then the earliest first."""
        return self.order_by("title", "published_on", "id")


class Source(models.Model):
    """A document, a set of data or a website that something is taken from.

    ``published_on`` is the day on which it was published, None where only ``period`` says when in words, such as “October
    2022” or “as at mid-2019”. ``version`` counts saves, so that the second of two people who save is refused.
    """

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200, blank=True)
    published_on = models.DateField(null=True, blank=True)
    period = models.CharField("when it was published, or what it covers, in words", max_length=120, blank=True)
    url = models.URLField("address", max_length=500, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    note = models.TextField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = SourceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="source_has_a_title", condition=~models.Q(title=""))]

    def __str__(self) -> str:
        return self.title
