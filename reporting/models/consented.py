"""What an edition shows that depends on someone's consent, and since when its files are suspended because a consent has
ended."""

from typing import ClassVar

from django.db import models

from reporting.models.editions import Edition


class ConsentedContent(models.Model):
    """What an edition shows of one item of evidence. Written with the edition and sealed with it.

    It is read from the facts (:func:`reporting.production.citations.consented`), so that finding the editions of an item needs no search through all facts.
    ``evidence`` is the item's key, not a relation. ``story`` says whether its story is included, ``details`` whether its title
    and links are shown; ``photographs`` are the names of their files. ``case_study`` says whether it has a case study.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="consented")
    evidence = models.BigIntegerField(db_index=True)
    story = models.BooleanField(default=False)
    details = models.BooleanField(default=False)
    photographs = models.JSONField(default=list)
    case_study = models.BooleanField(default=False, db_default=False)
    quotation = models.BigIntegerField("the key of the quotation of its case study", null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "evidence"], name="consented_once_in_an_edition")
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}, evidence {self.evidence}"


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    """Suspensions."""

    def current(self) -> "SuspensionQuerySet":
        """Return those of public editions that still contain what is no longer consented to."""
        return self.filter(lifted_at__isnull=True, edition__withdrawal__isnull=True)


class Suspension(models.Model):
    """Some files of a published edition are not offered, because a consent that they rest on has ended.

    Whether a file is offered is decided from the consents at each request; this row notes when it was noticed, and which
    draft is to take the edition's place. ``lifted_at`` is when everybody agreed again.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="suspensions")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    replacement = models.ForeignKey(Edition, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edition"], condition=models.Q(lifted_at__isnull=True), name="one_suspension_of_an_edition"
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} since {self.at:%Y-%m-%d}"
