"""Which reports use an item of evidence, and which include a commitment: links from the portal back to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from commitments.models import Commitment
from commitments.queries.round_labels import round_label
from commitments.reading.pages import number_on
from commitments.rules.kinds import nouns_of
from commitments.rules.references import anchor
from reporting.models import Citation, Edition
from vcsportal.common.plurals import noun

MAX_USES: Final = 50


@dataclass(frozen=True, slots=True)
class EvidenceUse:
    """A piece in one edition. ``read`` is the edition's page; notes and commitments are places on it."""

    title: str
    read: str
    published_on: date | None
    withdrawn_on: date | None
    note: int
    references: tuple[str, ...]
    paragraphs: tuple[str, ...]
    commitments: str
    """The noun that goes with the references: ``commitment`` or ``commitments``, or that of another kind of strategy."""


def uses_of(evidence: int, person: Any) -> list[EvidenceUse]:
    """Return where the editions that this person may see use a piece, the newest year first; withdrawn ones too. One query."""
    found = (
        Citation.objects.filter(evidence=evidence, edition__in=Edition.objects.visible_to(person).filter(state="ready"))
        .order_by("-edition__round__observes_from", "-edition__number", "-id")
        .values_list(
            "edition_id", "edition__number", round_label("edition__round"), "edition__published_at", "edition__withdrawal__at",
            "note", "references", "paragraphs", "edition__round__strategy__kind",
        )[:MAX_USES]
    )  # fmt: skip
    return [
        EvidenceUse(
            title=f"Report for {slug}, edition {number}",
            read=reverse("reporting:edition-read", args=[pk]),
            published_on=_day(published),
            withdrawn_on=_day(withdrawn),
            note=note,
            references=tuple(references),
            paragraphs=tuple(paragraphs),
            commitments=noun(len(references), nouns_of(kind).commitment, nouns_of(kind).commitments),
        )
        for pk, number, slug, published, withdrawn, note, references, paragraphs, kind in found
    ]


def reports_on(commitment: Commitment, rounds: Iterable[Any]) -> list[tuple[str, str]]:
    """Return the rounds whose published report contains a commitment, each with the address of its place there, in the order given.

    A report has the commitment under its reference of the day on which the report was made.

    :param commitment: with its numbers, as :data:`commitments.reading.pages.WHOLE` reads them.
    :param rounds: the strategy's rounds, each with ``has_report`` and ``report_made_at``.
    """
    slug = commitment.strategy.slug
    return [
        (
            round_.label,
            f"{reverse('reporting:report', args=[slug, round_.slug])}#commitment-{anchor(number_on(commitment, _day(round_.report_made_at)))}",
        )
        for round_ in rounds
        if round_.has_report
    ]


def has_report() -> Exists:
    """Return whether a round has a report that everybody may read, as a column of a query for rounds."""
    return Exists(Edition.objects.public().filter(round=OuterRef("pk")))


def report_made_at() -> Subquery:
    """Return when the facts of a round's published report were gathered, as a column of a query for rounds."""
    public = Edition.objects.last_published().filter(round=OuterRef("pk"))
    return Subquery(public.values(made=Coalesce("started_at", "requested_at"))[:1])


def _day(at: Any) -> date | None:
    return timezone.localdate(at) if at else None
