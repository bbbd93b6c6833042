"""How a meeting opens: what became of what the last one decided, and what has changed since."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Q

from commitments.models import Engagement, Point, Strategy
from commitments.reading.decisions import MAX_SHOWN, DecisionLine, decisions, lines
from commitments.rules.engagement_kinds import MEETING
from partners.models import User
from reporting.assembly import between
from reporting.narrative import change_sentences
from reporting.reading.linked_changes import LinkedGroup, linked


@dataclass(frozen=True, slots=True)
class LastDecisions:
    """``decided`` at the last meeting; ``still_open`` are those of meetings before it that nobody has done yet."""

    meeting: Engagement | None
    decided: list[DecisionLine]
    still_open: list[DecisionLine]


@dataclass(frozen=True, slots=True)
class StrategyChanges:
    """What changed in a strategy from a day on: a sentence and the groups of changes."""

    strategy: Strategy
    headline: str
    groups: list[LinkedGroup]


def meetings_before(engagement: Engagement) -> Q:
    """Return the condition for meetings of the same group, or where there is none of the same strategy, that were held before."""
    same = Q(group=engagement.group_id)
    if engagement.group_id is None:
        same = Q(group__isnull=True, strategy=engagement.strategy_id)
    earlier = Q(starts_on__lt=engagement.starts_on) | Q(starts_on=engagement.starts_on, pk__lt=engagement.pk)
    return same & earlier & Q(kind=MEETING, state__in=["held", "written_up"])


def last_meeting(engagement: Engagement) -> Engagement | None:
    """Return the last meeting that was held before this one, or None. One query."""
    return Engagement.objects.filter(meetings_before(engagement)).newest_first().first()


def last_decisions(engagement: Engagement, person: User, today: date) -> LastDecisions:
    """Return what became of earlier decisions: those that are published, and those that the person may read. Two queries."""
    last = last_meeting(engagement)
    if last is None:
        return LastDecisions(None, [], [])
    found = decisions(Q(engagement__in=Engagement.objects.filter(meetings_before(engagement)).values("pk")))
    own = Point.objects.handled_by(person, today).order_by().values("pk")
    found = found.filter(Q(published_at__isnull=False) | Q(pk__in=own))
    mine = found.filter(Q(engagement=last) | Q(state="raised", done_on__isnull=True))
    told = lines(mine.order_by("-raised_on", "-id")[:MAX_SHOWN], today)[::-1]
    return LastDecisions(
        last,
        [line for line in told if line.point.engagement_id == last.pk],
        [line for line in told if line.point.engagement_id != last.pk and not line.outcome.is_over],
    )


def changes_since(strategies: tuple[Strategy, ...], first: date, today: date) -> list[StrategyChanges]:
    """Return what changed on ``first``, the day of the last meeting, or after it. Queries grow with the strategies alone.

    Late actions and commitments without an update are among the exceptions that follow, and decisions have a screen of their
    own, so they are left out here.
    """
    told = []
    for strategy in strategies:
        changes = between(strategy, since=first - timedelta(days=1), until=today, as_at=today)
        changes = replace(changes, silent=(), overdue=(), decided=(), carried_out=())
        told.append(
            StrategyChanges(strategy, change_sentences.headline(changes, strategy.nouns), linked(strategy, changes))
        )
    return told
