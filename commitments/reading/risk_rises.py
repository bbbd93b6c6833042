"""Which risks rose: what was in force at a time against what is in force now. What was mended in between makes no difference."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from commitments.models import RiskAssessment
from commitments.rules.risk_levels import bounds_that_rose


@dataclass(frozen=True, slots=True)
class RiskRise:
    """An assessment in force, the one from ``before`` that it is compared with, and which of its bounds rose, each with its day."""

    now: RiskAssessment
    before: RiskAssessment
    bounds: tuple[tuple[str, date], ...]


def risk_rises(rows: Iterable[RiskAssessment], *, since: date | None, until: date | None = None) -> list[RiskRise]:
    """Return what rose. No query.

    :param rows: all assessments of some risks, in the order in which they are to be told.
    :param since: the last day of the time before, by when assessments were recorded. Where there is none, or nothing had been
        recorded by then, the first assessment of the same scope and period is compared.
    :param until: the last day on which one may have been recorded; None is today.
    """
    known = {row.pk: row for row in rows if until is None or _recorded_on(row) <= until}
    replaced = {row.replaces_id for row in known.values()}
    found = []
    for row in known.values():
        if row.pk not in replaced and (rise := _rise(_chain(row, known), since)):
            found.append(rise)
    return found


def _chain(row: RiskAssessment, known: dict[int, RiskAssessment]) -> list[RiskAssessment]:
    """Return an assessment with those that it replaced, the newest first."""
    chain = [row]
    while chain[-1].replaces_id in known:
        chain.append(known[chain[-1].replaces_id])
    return chain


def _rise(chain: list[RiskAssessment], since: date | None) -> RiskRise | None:
    now = chain[0]
    then = [row for row in chain if since is not None and _recorded_on(row) <= since]
    before = then[0] if then else [row for row in chain if row.of_what == now.of_what][-1]
    if before.of_what != now.of_what:
        return None
    later = chain[: chain.index(before)]
    rose = bounds_that_rose((before.impact, before.likelihood), (now.impact, now.likelihood))
    return RiskRise(now, before, tuple((bound, _rose_on(bound, later)) for bound in rose)) if rose else None


def _rose_on(bound: str, later: list[RiskAssessment]) -> date:
    """Return the day from which a bound has been as high as it is now."""
    first = later[0]
    for row in later:
        if getattr(row, bound).highest != getattr(later[0], bound).highest:
            break
        first = row
    return first.assessed_on or _recorded_on(first)


def _recorded_on(row: RiskAssessment) -> date:
    return timezone.localdate(row.assessed_at)
