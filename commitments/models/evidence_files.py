"""Photographs and documents of evidence, and which of them may be shown."""

from datetime import date

from django.db import models

from commitments.models.consent import Consent
from commitments.models.evidence import Evidence
from partners.models import User
from vcsportal.common.addresses import address


class EvidenceFileQuerySet(models.QuerySet["EvidenceFile"]):
    """Files of evidence."""

    def with_standing(self, today: date) -> "EvidenceFileQuerySet":
        """Add ``asked`` (somebody's consent is recorded), ``ended`` (or erased) and ``refused`` (not for the portal), all yes or no."""
        words = Consent.objects.filter(file=models.OuterRef("pk"))
        return self.annotate(
            asked=models.Exists(words),
            ended=models.Q(models.Exists(words.ended(today))) | models.Q(erased_at__isnull=False),
            refused=models.Exists(words.unwilling(today, use="portal")),
        )

    def taken_back(self, today: date) -> "EvidenceFileQuerySet":
        """Those that may no longer be shown anywhere: a consent was withdrawn, or has expired."""
        return self.filter(models.Exists(Consent.objects.filter(file=models.OuterRef("pk")).ended(today)))

    def showable(self, today: date, *, use: str = "portal") -> "EvidenceFileQuerySet":
        """Those that may be shown to anybody on this day. One that shows people needs their consent to this use.

        None of an item whose story nobody agrees to any more may be shown.

        :param use: a code of :data:`commitments.models.consent.CONSENT_USES`.
        """
        asked = Consent.objects.filter(file=models.OuterRef("pk"))
        bare = Evidence.objects.without_details(today, use=use).filter(pk=models.OuterRef("evidence"))
        there = self.filter(erased_at__isnull=True)
        return there.filter(~models.Exists(asked.unwilling(today, use=use)), ~models.Exists(bare)).filter(
            models.Q(shows_people=False) | models.Exists(asked)
        )


class EvidenceFile(models.Model):
    """A photograph or document. Photographs are drawn afresh at upload (no location data) with a small one for print.

    ``erased_at`` is when its bytes were erased because a consent had ended; the row stays for the record of consents.
    """

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=10, choices=[("photograph", "Photograph"), ("document", "Document")])
    name = models.CharField("name for people", max_length=150)
    caption = models.CharField("what it shows", max_length=250, blank=True)
    description = models.CharField("what it shows, for people who can’t see it", max_length=300, blank=True, default="")
    content = models.FileField(max_length=200)
    print_content = models.FileField("the photograph at the size of print", max_length=200, blank=True)
    page = models.CharField("the page of a document that shows it", max_length=40, blank=True)
    shows_people = models.BooleanField("somebody can be recognised in it", default=False)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField("bytes")
    sha256 = models.CharField(max_length=64)
    print_size = models.PositiveIntegerField("bytes of the one for print; blank if not recorded", null=True, blank=True)
    print_sha256 = models.CharField("SHA-256 of the one for print; blank if not recorded", max_length=64, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    erased_at = models.DateTimeField("when its bytes were erased", null=True, blank=True)

    objects = EvidenceFileQuerySet.as_manager()

    @property
    def in_words(self) -> str:
        """What is read aloud in its place: its description or, where nobody wrote one, its caption; "" without either."""
        return self.description or self.caption

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("commitments:evidence-file", self.evidence_id, self.pk)
