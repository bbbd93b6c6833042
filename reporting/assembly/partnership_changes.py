"""What changed between two days in a strategy's groups, in its points and in the decisions of its meetings, as facts.

Only published points are looked at, and none of their words enter the facts.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from commitments.models import Point, Strategy
from commitments.rules.engagement_kinds import DECISION
from partners.models import Appointment, Seat
from reporting.assembly.risks import rose
from reporting.assembly.strategy_groups import groups_of, points_of
from reporting.facts import AnsweredFacts, DecidedFacts, GroupChangeFacts, RiskRoseFacts, SeatChangeFacts


@dataclass(frozen=True, slots=True)
class PartnershipChanges:
    """Seats that were filled or fell vacant, groups that rest or ended, answers that were given, decisions made and done,
    and risks that rose."""

    seats: tuple[SeatChangeFacts, ...]
    groups: tuple[GroupChangeFacts, ...]
    answered: tuple[AnsweredFacts, ...]
    decided: tuple[DecidedFacts, ...]
    carried_out: tuple[DecidedFacts, ...]
    risks: tuple[RiskRoseFacts, ...]


def partnership_changes(strategy: Strategy, *, since: date, until: date) -> PartnershipChanges:
    """Return what changed after ``since`` and up to ``until``. Three queries, however much it is.

    The groups are the strategy's owner, where that is one, the one that steers it, and those of its priorities. A seat that
    was held on both days has not changed, whoever held it.
    """
    found = list(_groups(strategy, since, until))
    points = list(_points(strategy, since, until))
    return PartnershipChanges(
        tuple(seat for group in found if not _is_over(group, until) for seat in _seats(group)),
        tuple(change for group in found for change in _ended(group, since, until)),
        tuple(
            AnsweredFacts(point.kind, point.raised_on, point.stance, day, _reference(strategy, point))
            for point in points
            if point.kind != DECISION and (day := timezone.localdate(point.responded_at))
        ),
        tuple(_decided(point) for point in points if point.kind == DECISION and since < point.raised_on <= until),
        tuple(
            _decided(point)
            for point in points
            if point.kind == DECISION and point.carried_out_on is not None and since < point.carried_out_on <= until
        ),
        rose(strategy, since=since, until=until),
    )


def _groups(strategy: Strategy, since: date, until: date) -> QuerySet[Any]:
    """Return the groups with the titles and days of their seats that changed."""
    there = Seat.objects.on(until).filter(group=OuterRef("pk")).in_order()
    own = Appointment.objects.filter(seat=OuterRef("pk"))
    filled = there.filter(~Exists(own.on(since)), Exists(own.on(until)))
    vacant = there.filter(Exists(own.on(since)), ~Exists(own.on(until)))
    begun = Subquery(own.on(until).values("starts_on")[:1])
    left = Subquery(own.filter(until__lte=until).order_by("-until").values("until")[:1])
    return (
        groups_of(strategy, with_steering=True)
        .select_related("organisation")
        .annotate(filled=ArraySubquery(filled.values(said=JSONObject(title="title", on=begun))))
        .annotate(vacated=ArraySubquery(vacant.values(said=JSONObject(title="title", on=left))))
        .order_by("organisation__sort_name", "id")
    )


def _is_over(group: Any, until: date) -> bool:
    return group.ended_on is not None and group.ended_on <= until


def _seats(group: Any) -> list[SeatChangeFacts]:
    return [
        SeatChangeFacts(group.organisation.name, seat["title"], filled, date.fromisoformat(seat["on"]))
        for seats, filled in ((group.filled, True), (group.vacated, False))
        for seat in seats
    ]


def _ended(group: Any, since: date, until: date) -> list[GroupChangeFacts]:
    """Return that a group ended or began to rest in the time; of one that did both, that it ended."""
    if group.ended_on is not None and since < group.ended_on <= until:
        return [GroupChangeFacts(group.organisation.name, "ended", group.ended_on)]
    if group.rests_since is not None and since < group.rests_since <= until and not _is_over(group, until):
        return [GroupChangeFacts(group.organisation.name, "rested", group.rests_since, group.rests_why)]
    return []


def _points(strategy: Strategy, since: date, until: date) -> QuerySet[Any]:
    """Return the published points about a strategy or its groups that were answered in the time, and its decisions."""
    first, after = _begin(since + timedelta(days=1)), _begin(until + timedelta(days=1))
    answered = Q(responded_at__gte=first, responded_at__lt=after) & ~Q(kind=DECISION) & ~Q(stance="")
    decided = Q(kind=DECISION) & (
        Q(raised_on__gt=since, raised_on__lte=until) | Q(carried_out_on__gt=since, carried_out_on__lte=until)
    )
    return (
        Point.objects.published()
        .annotate(carried_out_on=Coalesce("done_on", "became_action__done_on"))
        .filter(points_of(strategy.pk, groups_of(strategy, with_steering=True)), answered | decided, is_spam=False)
        .select_related("engagement", "commitment")
        .oldest_first()
    )


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _reference(strategy: Strategy, point: Point) -> str:
    commitment = point.commitment
    return commitment.reference if commitment is not None and commitment.strategy_id == strategy.pk else ""


def _decided(point: Any) -> DecidedFacts:
    return DecidedFacts(point.engagement.title if point.engagement else "", point.raised_on, point.carried_out_on)
