"""The ledger of consents: who agreed that a story or a photograph is shown, to what, until when."""

from datetime import date
from typing import Any, ClassVar

from django.db import models

from commitments.models.evidence import Evidence, EvidenceFile
from partners.models import User

USES = (
    ("portal", "The portal's pages"),
    ("report", "The yearly report"),
    ("publicity", "Other publications of the council and its partners"),
)


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents."""

    def standing(self, today: date) -> "ConsentQuerySet":
        """Those that hold on this day: not withdrawn, not run out."""
        return self.filter(withdrawn_at__isnull=True).filter(
            models.Q(lasts_until__isnull=True) | models.Q(lasts_until__gte=today)
        )


class Consent(models.Model):
    """One person's consent. Never deleted; a withdrawal is written beside it.

    ``file`` is the photograph it is for; without one it is for the story of ``evidence``. ``given_by`` says who agreed
    ("two members of the choir"); it is never public. ``uses`` are codes of :data:`USES`.
    """

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="consents")
    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="consents", null=True, blank=True)
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
