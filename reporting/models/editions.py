"""Editions of the annual report. An edition's row records everything about its production; the queue only carries its
key.

Publishing an edition seals it: from then on the database refuses every change of its row, its faces and its citations,
and their removal, to the application and to whoever uses the application's own role.
"""

from typing import Any, ClassVar, cast

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.urls import reverse

from commitments.models import Round
from partners import roles
from partners.models import User
from partners.permissions import strategies_where
from reporting.workflow import EDITION_STATES, MAX_ATTEMPTS, STAGES
from vcsportal.common.words import choices


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions."""

    def visible_to(self, person: Any) -> "EditionQuerySet":
        """Published ones for everyone; all editions of a strategy for people who see its reports before they are
        published."""
        inside = strategies_where(person, roles.SEE_UNPUBLISHED_REPORTS, "round__strategy")
        return self.filter(models.Q(published_at__isnull=False) | inside)

    def public(self) -> "EditionQuerySet":
        """Those that are published and were not withdrawn since."""
        return self.filter(published_at__isnull=False, withdrawal__isnull=True)

    def last_published(self) -> "EditionQuerySet":
        """Public ones, the one published last first: of a round's editions that is the one everybody is meant to read."""
        return self.public().order_by("-published_at", "-id")

    def active(self) -> "EditionQuerySet":
        """Those still to be made."""
        return self.filter(state__in=["queued", "running"])

    def with_files(self) -> "EditionQuerySet":
        """With their files, and when these were erased, in one more query."""
        return self.prefetch_related(models.Prefetch("faces", Face.objects.select_related("erasure")))

    def newest_first(self) -> "EditionQuerySet":
        """Order by the moment of the request, the latest first."""
        return self.order_by("-requested_at", "-id")


_Manager = models.Manager.from_queryset(EditionQuerySet)


class EditionManager(_Manager["Edition"]):
    """Reads editions without the words that they are searched by."""

    def get_queryset(self) -> EditionQuerySet:
        return cast(EditionQuerySet, super().get_queryset().defer("words"))


def narrative_of(facts: str) -> models.Func:
    """Return the texts that officers wrote for the report itself; the committee paper's are not published with it.

    :param facts: the name of the field with the facts.
    """
    return models.Func(models.F(facts), function="portal_narrative_of", output_field=ArrayField(models.TextField()))


class Edition(models.Model):
    """One edition of a round's report: who requested it, its progress, the frozen facts and their checksum.

    ``made_with`` says what drew it: the portal's version, and checksums of templates, fonts and libraries
    (:mod:`reporting.sealed.made_with`). Its files are its :class:`Face` rows.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=choices(EDITION_STATES), default="queued")
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    stage = models.CharField(max_length=20, choices=STAGES, blank=True, default="")
    done = models.PositiveIntegerField("steps done in this stage", default=0)
    total = models.PositiveIntegerField("steps of this stage, 0 if not known", default=0)
    attempts = models.PositiveSmallIntegerField("also the fencing token of the attempt under way", default=0)
    attempts_allowed = models.PositiveSmallIntegerField(
        "trying again allows more; attempts are never counted from the start again", default=MAX_ATTEMPTS
    )
    sent_at = models.DateTimeField("when the queue last took its key", null=True, blank=True)
    lease_until = models.DateTimeField("until when the attempt under way is trusted", null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField("what went wrong, as a sentence", blank=True)
    facts = models.JSONField(null=True, blank=True)
    facts_sha256 = models.CharField("SHA-256 of the facts", max_length=64, blank=True, db_index=True)
    made_with = models.JSONField(default=dict, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    words = models.GeneratedField(
        expression=models.Func("facts", function="portal_words_of_narrative", output_field=SearchVectorField()),
        output_field=SearchVectorField(),
        db_persist=True,
    )  # those of its narrative, by which it is searched; read by the database alone

    objects = EditionManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "number"], name="edition_number_once"),
            models.UniqueConstraint(
                fields=["round"], condition=models.Q(state__in=["queued", "running"]), name="one_edition_made_at_a_time"
            ),
            models.CheckConstraint(
                name="ready_edition_is_whole",
                condition=~models.Q(state="ready") | (~models.Q(facts_sha256="") & models.Q(facts__isnull=False)),
            ),
            models.CheckConstraint(
                name="edition_cancelled_at_with_by",
                condition=models.Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | models.Q(cancelled_at__isnull=False, cancelled_by__isnull=False, state="cancelled"),
            ),
            models.CheckConstraint(
                name="edition_published_at_with_by",
                condition=models.Q(published_at__isnull=True, published_by__isnull=True)
                | models.Q(published_at__isnull=False, published_by__isnull=False, state="ready"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round.label}, edition {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("reporting:edition", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        """Whether it was made, and its files can be had."""
        return self.state == "ready"

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody cancelled it before it was made."""
        return self.state == "cancelled"

    @property
    def is_sealed(self) -> bool:
        """Whether it was published, and can't be changed any more."""
        return self.published_at is not None

    def face(self, code: str) -> "Face | None":
        """Return one of its files by its code in :mod:`reporting.formats`. Prefetch ``faces`` where several are asked for."""
        return next((face for face in self.faces.all() if face.code == code), None)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of its files in :mod:`reporting.formats`, erased ones too."""
        return frozenset(face.code for face in self.faces.all())

    @property
    def pdf(self) -> "Face | None":
        """The report in print."""
        return self.face("pdf")


class Numbering(models.Model):
    """The highest number that an edition of a round has had, so that the number of a deleted draft is not used again."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, primary_key=True, related_name="+")
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.round_id}: {self.last}"


class Face(models.Model):
    """One file of an edition: the same facts as a PDF, a page, a paper or a table. It never changes."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="faces")
    code = models.CharField(max_length=20)
    content = models.FileField(max_length=200)
    size = models.PositiveIntegerField("bytes")
    pages = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="one_face_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.edition_id}, {self.code}"


class Citation(models.Model):
    """Where an edition uses an item of evidence: its note, the commitments it stands under, the paper's paragraphs.

    ``evidence`` is the piece's key, not a relation: an edition does not change if the item is edited or deleted.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="citations")
    evidence = models.BigIntegerField(db_index=True)
    note = models.PositiveIntegerField()
    references = models.JSONField(default=list)
    paragraphs = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "evidence"], name="one_citation_of_a_piece_in_an_edition")
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}, note {self.note}"


class Withdrawal(models.Model):
    """Why a published edition is no longer available. The edition itself stays as it is, and stays listed. Append-only."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.reason[:60]}"
