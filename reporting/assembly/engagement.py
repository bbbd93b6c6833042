"""Meetings, consultations and published points of a round: a part of :mod:`reporting.assembly`.

Engagement belongs to a report if it is about the strategy, or about one of the report's groups and about no other strategy.
Only the words that an officer published enter the facts, never the original ones, and nothing about who sent them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.utils import timezone

from commitments.models import Commitment, Engagement, Point, Round
from commitments.rules.engagement_kinds import DECISION
from partners.models import Area, PartnershipGroup
from reporting import facts
from reporting.assembly.decisions import of_meetings
from reporting.assembly.strategy_groups import points_of


@dataclass(frozen=True, slots=True)
class GatheredEngagement:
    """What was held in the period, what is planned after it, both the earliest first, and the points of the period."""

    held: tuple[facts.EngagementFacts, ...]
    planned: tuple[facts.EngagementFacts, ...]
    points: tuple[facts.PointFacts, ...]


def engagement(round_: Round, groups: tuple[facts.GroupFacts, ...], day: date) -> GatheredEngagement:
    """Return the engagement of a round's report and its points. Two queries.

    :param groups: those that the report describes.
    :param day: the day of the report. What was planned for an earlier day is not to come any more.
    """
    slugs = [group.slug for group in groups]
    about = Q(strategy=round_.strategy_id) | Q(strategy__isnull=True, group__organisation__slug__in=slugs)
    held = Q(state__in=("held", "written_up"), starts_on__range=(round_.observes_from, round_.observes_to))
    coming = Q(state="planned", starts_on__gt=round_.observes_to) & (
        Q(ends_on__gte=day) | Q(ends_on__isnull=True, starts_on__gte=day)
    )
    of_strategy = Commitment.objects.filter(engagement=OuterRef("pk"), strategy=round_.strategy_id).in_order()
    districts = Area.objects.filter(engagement=OuterRef("pk")).order_by("name", "id")
    rows = (
        Engagement.objects.filter(about, held | coming)
        .select_related("group__organisation", "strategy")
        .annotate(references=ArraySubquery(of_strategy.values("reference")))
        .annotate(places=ArraySubquery(districts.values("name")))
        .order_by("starts_on", "starts_at", "id")
    )
    found = [_facts(row) for row in rows]
    return GatheredEngagement(
        tuple(each for each in found if not each.is_planned),
        tuple(each for each in found if each.is_planned),
        _points(round_, slugs),
    )


def _facts(row: Any) -> facts.EngagementFacts:
    """Return an engagement. Its numbers and its summary are for everyone once it is written up, and not before."""
    whole = row.is_written_up
    return facts.EngagementFacts(
        kind=row.kind,
        title=row.title,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        month_only=row.month_only,
        starts_at=row.starts_at.isoformat("minutes") if row.starts_at else "",
        place=row.place,
        owner=row.group.organisation.name if row.group else row.strategy.title,
        districts=tuple(row.places),
        attended=row.people_attended if whole else None,
        asked=row.people_asked if whole else None,
        answered=row.people_answered if whole else None,
        question=row.question,
        summary=row.summary if whole else "",
        source=row.source if whole else "",
        commitments=tuple(reference for reference in row.references if reference),
        is_written_up=whole,
        is_planned=row.is_planned,
    )


def _points(round_: Round, slugs: list[str]) -> tuple[facts.PointFacts, ...]:
    groups = PartnershipGroup.objects.filter(organisation__slug__in=slugs)
    rows = (
        Point.objects.published()
        .filter(points_of(round_.strategy_id, groups), is_spam=False)
        .filter(raised_on__range=(round_.observes_from, round_.observes_to))
        .exclude(of_meetings(round_.strategy), kind=DECISION)  # the report's own section on decisions has those
        .select_related("engagement", "raised_by", "district", "commitment", "became_commitment", "became_action")
        .oldest_first()
    )
    return tuple(_point(row) for row in rows)


def _point(row: Point) -> facts.PointFacts:
    became = [f"{row.became_commitment.reference} {row.became_commitment.short_title}"] if row.became_commitment else []
    became += [row.became_action.title] if row.became_action else []
    return facts.PointFacts(
        id=row.pk,
        kind=row.kind,
        raised_on=row.raised_on,
        words=row.public_words,
        raised_by=row.raised_by.name if row.raised_by else row.raised_by_words,
        district=row.district.name if row.district else "",
        engagement=row.engagement.title if row.engagement else "",
        commitment=row.commitment.reference if row.commitment else "",
        stance=row.stance if row.is_answered else "",
        response=row.response if row.is_answered else "",
        responded_on=timezone.localdate(row.responded_at) if row.responded_at else None,
        became=tuple(part.strip() for part in became),
        done_on=row.done_on,
        is_closed=row.is_closed,
    )
