"""The council's updates and the sector's views of commitments in a round: a part of :mod:`reporting.assembly`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from django.db import models
from django.utils import timezone

from commitments.models import Commitment, FrozenStanding, ProgressUpdate, Round, SectorView
from commitments.reading.partner_views import standing_reply
from reporting.facts import RecordedStatusFacts, ViewFacts


@dataclass(frozen=True, slots=True)
class RoundStanding:
    """A commitment's standing in a round: as frozen or, while the round runs, from its approved update."""

    status: str = ""
    reason: str = ""
    remedy: str = ""
    narrative: str = ""
    next_steps: str = ""
    confirms: str = ""
    sent_on: date | None = None
    said_on: date | None = None
    round: int = 0
    frozen_at: datetime | None = None
    update: int | None = None
    closed_on: date | None = None
    closed_into: str = ""

    @property
    def frozen_on(self) -> date | None:
        """The day on which the round was closed last; None while it runs."""
        return _day(self.frozen_at)


NO_STANDING: Final = RoundStanding()


@dataclass(frozen=True, slots=True)
class RoundYear:
    """A round as a year of the report: its last observed day, and when its standings were taken (now, if it is open)."""

    round: int
    slug: str
    ends: date
    taken_at: datetime


def of(standings: dict[tuple[int, int], RoundStanding], commitment: int, round_: int) -> RoundStanding:
    """Return a commitment's standing in a round, or an empty one. A closure in an earlier round is not carried over."""
    return standings.get((commitment, round_), NO_STANDING)


def in_year(standings: dict[tuple[int, int], RoundStanding], commitment: Commitment, year: RoundYear) -> RoundStanding:
    """Return a commitment's standing in a year; one without an update because it had been closed counts as closed."""
    return or_closed(of(standings, commitment.pk, year.round), commitment, year.taken_at)


def standings(round_: Round, rounds: list[int]) -> dict[tuple[int, int], RoundStanding]:
    """Return the standing of every commitment in each of the rounds, by the keys of commitment and round, in two queries.

    For a closed round this is what was frozen when it was last closed; for an open one, and for one closed before standings
    were frozen, what its approved updates say. The long texts are read for ``round_`` only.
    """
    found: dict[tuple[int, int], RoundStanding] = {}
    live = _lightened(ProgressUpdate.objects.published().filter(round__in=rounds), round_).values_list(
        "commitment_id", "round_id", "status", "reason", "remedy", "long", "longer", "confirms__slug", "submitted_at",
        "published_at", "id",
    )  # fmt: skip
    for commitment, year, status, reason, remedy, long, longer, confirms, sent, at, key in live:
        found[commitment, year] = RoundStanding(
            status, reason, remedy, long, longer, confirms or "", _day(sent), _day(at), year, update=key
        )
    frozen = FrozenStanding.objects.filter(
        round__in=rounds, round__state="closed", closing=models.F("round__closings")
    ).order_by("id")
    kept = _lightened(frozen, round_).values_list(
        "commitment_id", "round_id", "status", "reason", "remedy", "long", "longer", "confirms", "update__submitted_at",
        "said_at", "frozen_at", "update_id", "closed_on", "merged_into__reference",
    )  # fmt: skip
    for commitment, year, status, reason, remedy, long, longer, confirms, sent, at, frozen_at, key, on, into in kept:
        found[commitment, year] = RoundStanding(
            status, reason, remedy, long, longer, confirms, _day(sent), _day(at), year, frozen_at, key, on, into or ""
        )
    return found


def or_closed(standing: RoundStanding, commitment: Commitment, taken_at: datetime) -> RoundStanding:
    """Return the standing, or a standing "closed" if there was no update because the commitment had been closed by ``taken_at``.

    A status that says "closed" gets the day and what the commitment was merged into, if it is still closed.

    :param taken_at: the moment at which the round's standings are taken.
    """
    closed_on = commitment.closed_on
    if closed_on is None or standing.closed_on is not None or not commitment.was_closed_by(taken_at):
        return standing
    into = commitment.merged_into.reference if commitment.merged_into else ""
    if standing.status == "closed":
        return replace(standing, closed_on=closed_on, closed_into=into)
    if standing.status:
        return standing
    return replace(standing, status="closed", reason=commitment.status_reason, closed_on=closed_on, closed_into=into)


def recorded(stood: Sequence[RoundStanding], commitment: Commitment, taken_at: datetime) -> RecordedStatusFacts | None:
    """Return the status on record by ``taken_at`` of a commitment that had none in any year; None for all others."""
    at = commitment.status_at
    if not commitment.status or at is None or at > taken_at or any(standing.status for standing in stood):
        return None
    return RecordedStatusFacts(
        commitment.status, commitment.status_reason, commitment.status_remedy, timezone.localdate(at)
    )


def views(round_: Round) -> Iterator[tuple[int, ViewFacts]]:
    """Yield the partner views of the round that were not withdrawn, each with its commitment's key and the council's reply, by name. One query."""
    views = (
        SectorView.objects.filter(round=round_, withdrawn_at__isnull=True)
        .select_related("organisation", "reply")
        .order_by("organisation__sort_name", "id")
    )
    for view in views:
        reply = standing_reply(view)
        yield (
            view.commitment_id,
            ViewFacts(
                view.organisation.name,
                view.status,
                view.reason,
                view.differs,
                timezone.localdate(view.said_at),
                reply=reply.text if reply else "",
                replied_on=_day(reply.written_at) if reply else None,
                reply_is_older=reply is not None and reply.view_version < view.version,
                organisation_slug=view.organisation.slug,
            ),
        )


def _lightened(rows: Any, round_: Round) -> Any:
    def here(text: str) -> models.Case:
        return models.Case(
            models.When(round=round_, then=models.F(text)), default=models.Value(""), output_field=models.TextField()
        )

    return rows.annotate(long=here("narrative"), longer=here("next_steps"))


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None
