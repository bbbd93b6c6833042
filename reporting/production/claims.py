"""The right to make an edition, and the writes that need it. Only the worker with the row's current token may write it.

A claim raises the row's ``attempts`` by one, and that number is the token. Every later write requires it, so a worker
whose lease ran out and that comes back can write nothing. The database's clock decides when a lease has run out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now

from reporting.models import Citation, ConsentedContent, Edition, Face
from reporting.production.heartbeat import ClaimLost


@dataclass(frozen=True, slots=True)
class EditionClaim:
    """The right to make one edition, until the lease runs out."""

    edition: Edition
    token: int

    def rows(self) -> models.QuerySet[Edition]:
        """Return the edition's row, or nothing if it was claimed again, stopped or given up."""
        return Edition.objects.filter(pk=self.edition.pk, state="running", attempts=self.token)


@transaction.atomic
def take(edition_id: int) -> EditionClaim | None:
    """Take the edition if it is waiting, or if the lease of whoever took it has run out."""
    free = models.Q(state="queued") | models.Q(state="running", lease_until__lt=Now())
    taken = Edition.objects.filter(free, pk=edition_id, attempts__lt=models.F("attempts_allowed")).update(
        state="running",
        attempts=models.F("attempts") + 1,
        lease_until=Now() + timedelta(seconds=settings.REPORT_LEASE_SECONDS),
        started_at=Now(),
        stage="assembling",
        done=0,
        total=0,
        error="",
    )
    if not taken:
        return None
    people = Edition.objects.select_related("round__strategy__owner", "requested_by")
    edition = people.defer("facts").get(pk=edition_id)
    return EditionClaim(edition, edition.attempts)


@transaction.atomic
def finish(
    claim: EditionClaim, faces: Sequence[Face], citations: Sequence[Citation], contents: Sequence[ConsentedContent]
) -> None:
    """Store every file, every citation and what depends on consents, and mark the edition ready, in one transaction.

    Raise :class:`ClaimLost` if another worker has claimed the edition, or it was stopped.
    """
    ready = claim.rows().update(
        state="ready", stage="", done=len(faces), total=len(faces), finished_at=Now(), lease_until=None
    )
    if not ready:
        raise ClaimLost
    Face.objects.bulk_create(faces)
    Citation.objects.bulk_create(citations, batch_size=1000)
    ConsentedContent.objects.bulk_create(contents, batch_size=1000)


def fail(claim: EditionClaim, sentence: str) -> None:
    """Say on the row why it could not be made."""
    claim.rows().update(state="failed", error=sentence, finished_at=Now(), lease_until=None)


def let_go(claim: EditionClaim) -> None:
    """End the lease now, so that the sweeper sends the edition again at once or, after its last attempt, gives it up."""
    claim.rows().update(lease_until=Now())


@transaction.atomic
def came_through(claim: EditionClaim) -> bool:
    """Return whether this attempt made the edition ready, after waiting for a commit that is not finished."""
    row = Edition.objects.select_for_update().filter(pk=claim.edition.pk).values_list("state", "attempts")
    return list(row) == [("ready", claim.token)]
