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


def _of(file: Any) -> Coalesce:
    """The photograph's number, or 0 for the story, so that two stories are found equal."""
    return Coalesce(file, models.Value(0), output_field=models.BigIntegerField())


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents."""

    def standing(self, today: date) -> "ConsentQuerySet":
        """Those that apply on this day: not withdrawn, not expired."""
        return self.filter(withdrawn_at__isnull=True).filter(
            models.Q(lasts_until__isnull=True) | models.Q(lasts_until__gte=today)
        )

    def newest_words(self) -> "ConsentQuerySet":
        """Each person's latest for the same story or photograph: asked again, the new answer takes the place of the old."""
        later = Consent.objects.alias(of=_of(models.F("file"))).filter(
            models.Q(recorded_at__gt=models.OuterRef("recorded_at"))
            | models.Q(recorded_at=models.OuterRef("recorded_at"), pk__gt=models.OuterRef("pk")),
            evidence=models.OuterRef("evidence"),
            of=_of(models.OuterRef("file")),
            given_by__iexact=models.OuterRef("given_by"),
        )
        return self.filter(~models.Exists(later))

    def withdrawn(self) -> "ConsentQuerySet":
        """Each person's latest answer, if it was withdrawn."""
        return self.newest_words().filter(withdrawn_at__isnull=False)

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

    ``file`` is the photograph it is for; without one it is for the story of ``evidence``. ``given_by`` says who agreed
    ("two members of the choir"); it is never public. ``uses`` are codes of :data:`CONSENT_USES`.
    """

    evidence = models.ForeignKey("commitments.Evidence", on_delete=models.PROTECT, related_name="consents")
    file = models.ForeignKey(
        "commitments.EvidenceFile", on_delete=models.PROTECT, related_name="consents", null=True, blank=True
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
                name="consent_dates_in_order",
                condition=models.Q(lasts_until__isnull=True) | models.Q(lasts_until__gte=models.F("given_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_by}, {self.given_on}"
