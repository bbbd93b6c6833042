"""From when a reader wants to know what changed in a strategy, and which other times are offered."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from commitments.models import FrozenStanding, Round, Strategy
from commitments.queries.round_labels import round_label
from reporting.models import Edition

SHORTEST_DAYS: Final = 30
"""A time that begins with the closing of a round is at least this long: right after one, it begins with the one before."""


@dataclass(frozen=True, slots=True)
class Period:
    """A time that ends today: its first day, and what that day followed, such as ``the round for 2024-25 closed``."""

    begins: date
    since: str


def usual(strategy: Strategy, today: date) -> Period:
    """Return the time since the last round closed, so that everything reported for the next one is in it.

    Without a closed round it begins after the last year that has ended, else with the strategy. Never a few days only.
    """
    latest = today - timedelta(days=SHORTEST_DAYS)
    frozen = FrozenStanding.objects.filter(round=OuterRef("pk"), closing=OuterRef("closings")).order_by("id")
    rounds = Round.objects.filter(strategy=strategy, observes_to__lt=today)
    found: list[Any] = list(
        rounds.annotate(frozen_at=Subquery(frozen.values("frozen_at")[:1])).order_by("-observes_to", "-id")
    )
    for round_ in found:
        if round_.state == "closed":
            closed = timezone.localdate(round_.frozen_at) if round_.frozen_at else round_.closes_on
            if closed < latest:
                return Period(closed + timedelta(days=1), f"the round for {round_.label} closed")
    for round_ in found:
        if round_.observes_to < latest:
            return Period(round_.observes_to + timedelta(days=1), f"the {round_.period.noun} {round_.label} ended")
    return Period(min(strategy.starts_on, today), "the strategy began")


def since_last_report(strategy: Strategy) -> Period | None:
    """Return the time since the latest public report was made; None where there is none."""
    report = (
        Edition.objects.public()
        .filter(round__strategy=strategy)
        .order_by("-round__observes_from", "-published_at", "-id")
        .values_list("started_at", "requested_at", round_label())
        .first()
    )
    if report is None:
        return None
    return Period(timezone.localdate(report[0] or report[1]), f"the report for {report[2]} was made")


def three_months_before(day: date) -> date:
    """Return the day three months before, or the last one of that month where it has no such day."""
    year, month = (day.year, day.month - 3) if day.month > 3 else (day.year - 1, day.month + 9)
    while True:
        try:
            return date(year, month, day.day)
        except ValueError:  # 31 May has no counterpart in February
            day -= timedelta(days=1)
