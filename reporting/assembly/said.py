"""What was said of commitments in a round, by the council and by the sector: a part of :mod:`reporting.assembly`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import models
from django.utils import timezone

from commitments.models import FrozenStanding, ProgressUpdate, Round, SectorView
from commitments.reading.voices import standing_reply
from reporting.facts import ViewFacts


@dataclass(frozen=True, slots=True)
class Standing:
    """How a commitment stood in a round, as it was frozen or, while the round runs, as its approved update says."""

    status: str = ""
    reason: str = ""
    remedy: str = ""
    narrative: str = ""
    next_steps: str = ""
    confirms: str = ""
    sent_on: date | None = None
    said_on: date | None = None
    round: int = 0
    frozen_on: date | None = None
    update: int | None = None


SILENT: Final = Standing()


def standings(round_: Round, rounds: list[int]) -> dict[tuple[int, int], Standing]:
    """Return how every commitment stood in each of the rounds, by commitment and round, in two queries.

    A closed round says what was frozen when it was closed last; a running one, and one that was closed before anything
    was frozen, what its approved updates say. The long texts of other rounds than ``round_`` stay where they are.
    """
    found: dict[tuple[int, int], Standing] = {}
    live = _lightened(ProgressUpdate.objects.published().filter(round__in=rounds), round_).values_list(
        "commitment_id", "round_id", "status", "reason", "remedy", "long", "longer", "confirms__slug", "submitted_at",
        "published_at", "id",
    )  # fmt: skip
    for commitment, year, status, reason, remedy, long, longer, confirms, sent, at, key in live:
        found[commitment, year] = Standing(
            status, reason, remedy, long, longer, confirms or "", _day(sent), _day(at), year, update=key
        )
    frozen = FrozenStanding.objects.filter(
        round__in=rounds, round__state="closed", closing=models.F("round__closings")
    ).order_by("id")
    kept = _lightened(frozen, round_).values_list(
        "commitment_id", "round_id", "status", "reason", "remedy", "long", "longer", "confirms", "update__submitted_at",
        "said_at", "frozen_at", "update_id",
    )  # fmt: skip
    for commitment, year, status, reason, remedy, long, longer, confirms, sent, at, frozen_at, key in kept:
        found[commitment, year] = Standing(
            status, reason, remedy, long, longer, confirms, _day(sent), _day(at), year, _day(frozen_at), key
        )
    return found


def views(round_: Round) -> Iterator[tuple[int, ViewFacts]]:
    """Yield the sector's views that stand in the round, each with its commitment and the council's reply, by name. One query."""
    found = (
        SectorView.objects.filter(round=round_, withdrawn_at__isnull=True)
        .select_related("organisation", "reply")
        .order_by("organisation__sort_name", "id")
    )
    for view in found:
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
