"""Assembles the facts of a round's report from the other floors, in a number of queries that does not grow with the data.

Facts are gathered only here; pages and the check of consents read the other floors too.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from commitments.models import Commitment, Evidence, Round, Strategy
from commitments.rules import stances
from reporting import facts
from reporting.assembly import figures, round_standings
from reporting.assembly.actions import read_steps, steps
from reporting.assembly.case_studies import case_studies
from reporting.assembly.changes import between, end_of, since_last_year
from reporting.assembly.charters import signatories
from reporting.assembly.comparisons import CountedEvidence, EarlierRound, counted_evidence
from reporting.assembly.county_figures import county_figures
from reporting.assembly.decisions import decided, there_are
from reporting.assembly.engagement import engagement
from reporting.assembly.evidence import areas, evidence, organisations
from reporting.assembly.grouping import grouped
from reporting.assembly.groups import groups
from reporting.assembly.plans import plan, ties
from reporting.assembly.responses import StrategyResponses, of_strategy, responded
from reporting.assembly.risks import risks, there_are_risks
from reporting.assembly.round_preview import RoundPreview, outlooks
from reporting.assembly.texts import texts
from reporting.paper.identity import laid_out

__all__ = ["RoundPreview", "assemble", "between", "outlooks"]

ROUNDS_SHOWN: Final = 5
"""How many rounds a commitment's row of tiles shows, the reported one last."""


def assemble(*, round_: Round, making: facts.ProductionDetails) -> facts.Report:
    """Return the facts of a round's report.

    A commitment's status is that of the round's approved update, or what was frozen when the round was closed last; without
    one it has none, whatever was said in other years. Evidence is what was accepted, may be published, and happened in the period that the round observes.
    """
    strategy = round_.strategy
    reported = list(
        Round.objects.filter(strategy=strategy, observes_from__lte=round_.observes_from)
        .annotate(
            first_frozen=Min("standings__frozen_at"),
            has_decisions=there_are(strategy),
            has_risks=there_are_risks(strategy),
        )
        .order_by("-observes_from", "-id")[:ROUNDS_SHOWN]
        .values_list(
            "id", "slug", "observes_to", "closes_on", "first_frozen", "has_decisions", "has_risks", "observes_from"
        )
    )[::-1]
    day = timezone.localdate(making.at)
    standings = round_standings.standings(round_, [row[0] for row in reported])
    frozen = {standing.round: standing.frozen_at for standing in standings.values() if standing.frozen_at}
    years = [
        round_standings.RoundYear(pk, slug, ended, frozen.get(pk) or (making.at if pk == round_.pk else end_of(ended)))
        for pk, slug, ended, *_ in reported
    ]
    commitments = _of_round(round_, standings)
    references = {commitment.pk: commitment.reference for commitment in commitments}
    gathered = evidence(round_, references, day)
    counted = figures.counted(round_)
    seen_until = min(round_.observes_to, day)
    addressed = of_strategy(strategy, commitments)
    promised = list(
        _commitments(commitments, round_, years, standings, gathered.numbers, counted, seen_until, making.at, addressed)
    )
    under = grouped(promised)
    changes = None
    if len(reported) > 1:
        key, slug, ended, closed, first_frozen, *_ = reported[-2]
        # Days that no later closing moves, so that an organisation is new in one year only.
        joined = (_day(first_frozen) or closed, _day(reported[-1][4]) or day)
        changes = since_last_year(
            strategy,
            since=ended,
            until=seen_until,
            against=slug,
            told=[promises for _, promises in promised],
            frozen=(before := frozen.get(key) or end_of(closed), now := frozen.get(round_.pk) or making.at),
            responses=responded(addressed, commitments, after=before, until=now),
            joined=joined,
            made=day,
        )
    took_part = organisations(gathered.shares, strategy.owner_id)
    before_this = [EarlierRound(row[1], row[7], row[2]) for row in reported[:-1]]
    counted_before = counted_evidence(round_, before_this)
    described = groups(strategy, day)
    met = engagement(round_, described, day)
    in_county, award_sums = county_figures(strategy)
    owner = strategy.owner
    layout, shown_as = laid_out(strategy.kind, [owner, *([strategy.supported_by] if strategy.supported_by else [])])
    places = areas(owner, took_part, gathered.items, gathered.late, _areas_before(counted_before), round_.observes_to)
    return facts.Report(
        schema=facts.SCHEMA,
        identity=facts.PortalIdentity(
            portal=settings.PORTAL_NAME,
            council=settings.PORTAL_COUNCIL,
            contact_email=settings.PORTAL_CONTACT_EMAIL,
            url=settings.PORTAL_URL,
            brand_colour=settings.PORTAL_BRAND_COLOUR,
        ),
        strategy=facts.StrategyFacts(
            slug=strategy.slug,
            title=strategy.title,
            vision=strategy.vision,
            source=strategy.source,
            starts_on=strategy.starts_on,
            ends_on=strategy.ends_on,
            owner=strategy.owner.name,
            reports_to=strategy.reports_to,
            reports_to_short=strategy.reports_to_short,
            language=strategy.language,
            kind=strategy.kind,
            is_councils=strategy.is_councils,
            supported_by=strategy.supported_by.name if strategy.supported_by else "",
        ),
        round=facts.RoundFacts(
            round_.slug,
            round_.observes_from,
            round_.observes_to,
            round_.opens_on,
            round_.closes_on,
            _day(frozen.get(round_.pk)),
            round_.title,
        ),
        rounds=tuple(year.slug for year in years),
        making=making,
        priorities=tuple(
            facts.PriorityFacts(
                priority.number,
                priority.title,
                priority.summary,
                tuple(under[priority.pk]),
                tuple(counted.of_priority[priority.pk]),
                priority.introduction,
                priority.introduction_source,
                priority.reference,
                priority.group.organisation.slug if priority.group else "",
                tuple(priority.beneficiary_lines),
                priority.beneficiaries_source,
                priority.methods,
                priority.methods_source,
            )
            for priority in strategy.priorities.select_related("group__organisation").order_by("number", "id")
        ),
        evidence=gathered.items,
        organisations=took_part,
        texts=texts(round_),
        changes=changes,
        skeleton=layout,
        unpublished=counted_before.unpublished,
        actions_as_at=day,
        late=gathered.late,
        round_names=_round_names(strategy),
        areas=places.named,
        districts=places.districts,
        group=owner.slug if any(group.slug == owner.slug for group in described) else "",
        groups=described,
        engagement=met.held,
        planned=met.planned,
        points=met.points,
        paper_identity=shown_as,
        earlier=counted_before.earlier,
        case_studies=case_studies(round_, references, (*gathered.items, *gathered.late), day),
        decisions=decided(strategy, round_.observes_from, seen_until, day) if reported[-1][5] else (),
        signatories=signatories(round_, day),
        county_figures=in_county,
        award_sums=award_sums,
        risks=risks(strategy, making.at) if reported[-1][6] else (),
    )


def _areas_before(counted: CountedEvidence) -> list[str]:
    """Return the codes of the areas that evidence of the round before names."""
    return [area.gss_code for area in counted.earlier[-1].areas] if counted.earlier else []


def _round_names(strategy: Strategy) -> tuple[facts.RoundNameFacts, ...]:
    """Return the strategy's rounds with their titles and periods, the oldest first. One query."""
    rounds = Round.objects.filter(strategy=strategy).order_by("observes_from", "id")
    return tuple(
        facts.RoundNameFacts(*row) for row in rounds.values_list("slug", "title", "observes_from", "observes_to")
    )


def _of_round(round_: Round, standings: dict[tuple[int, int], round_standings.RoundStanding]) -> list[Any]:
    """Return the commitments that the report of a round holds, in the strategy's order.

    One that joined the strategy after the period is left out, unless an update or evidence of the round tells of it.
    """
    served = Evidence.objects.published().in_round(round_).filter(commitments=OuterRef("pk"))
    found: list[Any] = list(
        Commitment.objects.filter(strategy=round_.strategy_id)
        .select_related("merged_into", "follows__strategy")
        .annotate(steps=steps(), has_evidence=Exists(served), **ties())
        .in_order()
    )
    return [
        commitment
        for commitment in found
        if commitment.was_there(round_.observes_to)
        or commitment.has_evidence
        or round_standings.of(standings, commitment.pk, round_.pk).status
    ]


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None


def _commitments(
    commitments: list[Any],
    round_: Round,
    years: list[round_standings.RoundYear],
    standings: dict[tuple[int, int], round_standings.RoundStanding],
    numbers: dict[str, list[int]],
    counted: figures.StrategyIndicators,
    seen_until: date,
    made: datetime,
    addressed: StrategyResponses,
) -> Iterable[tuple[int, facts.CommitmentFacts]]:
    """Yield each commitment's priority and its update, its views and the responses to it by the end of the round."""
    views, rows, day = grouped(round_standings.views(round_)), 0, timezone.localdate(made)
    for commitment in commitments:
        answered = addressed.facts(commitment.pk, frozen=years[-1].taken_at, made=made, after=rows)
        rows += len(answered)
        stood = [round_standings.in_year(standings, commitment, year) for year in years]
        now = stood[-1]
        yield (
            commitment.priority_id,
            facts.CommitmentFacts(
                reference=commitment.reference,
                wording=commitment.wording,
                short_title=commitment.short_title,
                ongoing=commitment.ongoing,
                status=now.status,
                reason=now.reason,
                remedy=now.remedy,
                narrative=now.narrative,
                next_steps=now.next_steps,
                updated_on=now.said_on,
                years=tuple(
                    facts.YearFacts(
                        year.slug,
                        standing.status,
                        was_there=commitment.was_there(year.ends) or bool(standing.status),
                        response=_held_back(addressed.owners_by(commitment.pk, year.taken_at), standing.status),
                    )
                    for year, standing in zip(years, stood, strict=True)
                ),
                evidence=tuple(numbers.get(commitment.reference, ())),
                confirms=now.confirms,
                confirmed_on=now.sent_on if now.confirms else None,
                views=tuple(views[commitment.pk]),
                indicators=tuple(counted.of_commitment[commitment.pk]),
                update=now.update,
                actions=tuple(_actions(commitment, seen_until, day)),
                key=commitment.key,
                note=commitment.note,
                note_source=commitment.note_source,
                added_on=commitment.added_on,
                closed_on=now.closed_on,
                closed_why=now.reason if now.closed_on else "",
                closed_into=now.closed_into,
                **plan(commitment, round_.strategy),
                owner_response=addressed.owners_by(commitment.pk, years[-1].taken_at),
                responses=answered,
                recorded=round_standings.recorded(stood, commitment, years[-1].taken_at),
            ),
        )


def _held_back(response: str, status: str) -> str:
    return response if not status and stances.holds_back(response) else ""


def _actions(commitment: Any, until: date, day: date) -> Iterable[facts.ActionFacts]:
    """Yield the actions as they were at the end of the period, and what has happened to them since, the earliest due
    date first.

    :param until: the last day that the round observes, or ``day`` if that is to come.
    :param day: the day on which the report is made. What is due on it is not late yet.
    """
    for step in read_steps(commitment.steps):
        then, now = step.on(until), step.on(day)
        slipped = then.was_late(day) and then.due_on is not None and then.due_on <= until
        yield facts.ActionFacts(
            then.title, then.due_on if slipped else now.due_on, then.done_on, slipped=slipped, reference=then.reference,
            parent=then.parent, owner=then.owner, dropped_on=then.dropped_on, dropped_why=now.dropped_why, moved=now.moved,
            done_since=None if then.done_on else now.done_on, dropped_since=None if then.dropped_on else now.dropped_on,
            id=then.id,
        )  # fmt: skip
