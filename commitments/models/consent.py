"""The ledger of consents: who agreed that a story or a photograph is shown, to what, until when."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Coalesce

from partners.models import User

CONSENT_USES = (
    ("portal", "The portal's pages"),
    ("report", "The yearly report"),
    ("publicity", "Other publications of the council and its partners"),
)


def _of(file: Any, quotation: Any) -> tuple[Coalesce, Coalesce]:
    """The photograph's number and the quotation's, each 0 where it is for another thing, so that two stories are found equal."""
    of_file, of_quotation = (
        Coalesce(key, models.Value(0), output_field=models.BigIntegerField()) for key in (file, quotation)
    )
    return of_file, of_quotation


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents."""

    def of_story(self, evidence: Any) -> "ConsentQuerySet":
        """Those for the story of an item of evidence, not for a photograph of it or a quotation."""
        return self.filter(evidence=evidence, file=None, quotation=None)

    def standing(self, today: date) -> "ConsentQuerySet":
        """Those that apply on this day: not withdrawn, not expired."""
        return self.filter(withdrawn_at__isnull=True).filter(
            models.Q(lasts_until__isnull=True) | models.Q(lasts_until__gte=today)
        )

    def newest_words(self) -> "ConsentQuerySet":
        """Each person's latest for the same story, photograph or quotation: asked again, the new answer replaces the old."""
        file, quotation = _of(models.F("file"), models.F("quotation"))
        same_file, same_quotation = _of(models.OuterRef("file"), models.OuterRef("quotation"))
        later = Consent.objects.alias(of_file=file, of_quotation=quotation).filter(
            models.Q(recorded_at__gt=models.OuterRef("recorded_at"))
            | models.Q(recorded_at=models.OuterRef("recorded_at"), pk__gt=models.OuterRef("pk")),
            evidence=models.OuterRef("evidence"),
            of_file=same_file,
            of_quotation=same_quotation,
            given_by__iexact=models.OuterRef("given_by"),
        )
        return self.filter(~models.Exists(later))

    def ended(self, today: date) -> "ConsentQuerySet":
        """Each person's latest answer that was withdrawn or has expired."""
        return self.newest_words().filter(models.Q(withdrawn_at__isnull=False) | models.Q(lasts_until__lt=today))

    def unwilling(self, today: date, *, use: str) -> "ConsentQuerySet":
        """The latest answers that do not allow this use of a story or photograph on this day. One is enough to keep it
        back."""
        ended = models.Q(withdrawn_at__isnull=False) | models.Q(lasts_until__lt=today)
        return self.newest_words().filter(ended | ~models.Q(uses__contains=[use]))


class Consent(models.Model):
    """One person's consent. It is never deleted; a withdrawal is recorded in the same row.

    ``file`` is the photograph it is for, ``quotation`` the quotation of a case study; without either it is for the story of
    ``evidence``. ``given_by`` says who agreed
    ("two members of the choir"); it is never public. ``uses`` are codes of :data:`CONSENT_USES`.
    """

    evidence = models.ForeignKey("commitments.Evidence", on_delete=models.PROTECT, related_name="consents")
    file = models.ForeignKey(
        "commitments.EvidenceFile", on_delete=models.PROTECT, related_name="consents", null=True, blank=True
    )
    quotation = models.ForeignKey(
        "commitments.CaseStudyQuotation", on_delete=models.PROTECT, related_name="consents", null=True, blank=True
    )
    given_by = models.CharField(max_length=200)
    given_on = models.DateField()
    uses = models.JSONField(default=list)
    lasts_until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    objects: Any = ConsentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="consent_withdrawn_at_with_by",
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
            models.CheckConstraint(
                name="consent_is_for_one_thing",
                condition=models.Q(file__isnull=True) | models.Q(quotation__isnull=True),
            ),
            models.CheckConstraint(
                name="consent_dates_in_order",
                condition=models.Q(lasts_until__isnull=True) | models.Q(lasts_until__gte=models.F("given_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_by}, {self.given_on}"
