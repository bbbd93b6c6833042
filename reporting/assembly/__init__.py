"""Gathers the facts of a round: the only reader of the other floors. The number of queries does not grow with the data."""

from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.utils import timezone

from commitments.models import Action, Commitment, Round
from reporting import facts
from reporting.assembly import figures, said
from reporting.assembly.changes import between
from reporting.assembly.deeds import evidence, organisations
from reporting.assembly.grouping import grouped
from reporting.assembly.outlook import Outlook, outlooks
from reporting.assembly.texts import texts
from reporting.paper.skeleton import skeleton

__all__ = ["Outlook", "assemble", "between", "outlooks"]

YEARS: Final = 5
"""How many rounds a commitment's row of tiles shows, the reported one last."""


def assemble(*, round_: Round, making: facts.Making) -> facts.Report:
    """Return what the report of a round says.

    A commitment's status is that of the round's approved update, or what was frozen when the round was closed last; without
    one it has none, whatever was said in other years. Evidence is what was accepted, may be published, and happened in the period that the round observes.
    """
    strategy = round_.strategy
    reported = list(
        Round.objects.filter(strategy=strategy, observes_from__lte=round_.observes_from)
        .order_by("-observes_from", "-id")[:YEARS]
        .values_list("id", "slug", "observes_to")
    )[::-1]
    rounds = [(key, slug) for key, slug, _ in reported]
    commitments = list(Commitment.objects.filter(strategy=strategy).in_order().select_related("priority"))
    day = timezone.localdate(making.at)
    told, numbers, shares = evidence(round_, {commitment.pk: commitment.reference for commitment in commitments}, day)
    standings = said.standings(round_, [pk for pk, _ in rounds])
    counted = figures.counted(round_)
    under = grouped(_commitments(commitments, round_, rounds, standings, numbers, counted))
    closed_on = next((one.frozen_on for one in standings.values() if one.round == round_.pk and one.frozen_on), None)
    return facts.Report(
        schema=facts.SCHEMA,
        identity=facts.Identity(
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
        ),
        round=facts.RoundFacts(
            round_.slug, round_.observes_from, round_.observes_to, round_.opens_on, round_.closes_on, closed_on
        ),
        rounds=tuple(slug for _, slug in rounds),
        making=making,
        priorities=tuple(
            facts.PriorityFacts(
                priority.number,
                priority.title,
                priority.summary,
                tuple(under[priority.pk]),
                tuple(counted.of_priority[priority.pk]),
            )
            for priority in strategy.priorities.order_by("number", "id")
        ),
        evidence=told,
        organisations=organisations(shares),
        texts=texts(round_),
        changes=between(strategy, since=reported[-2][2], until=round_.observes_to) if len(reported) > 1 else None,
        skeleton=skeleton(),
    )


def _commitments(
    commitments: list[Commitment],
    round_: Round,
    rounds: list[tuple[int, str]],
    standings: dict[tuple[int, int], said.Standing],
    numbers: dict[str, list[int]],
    counted: figures.Counted,
) -> Iterable[tuple[int, facts.CommitmentFacts]]:
    """Yield each commitment's priority and what was said of it in the round, by the council and by the sector."""
    views = grouped(said.views(round_))
    actions = grouped(_actions(commitments, round_))
    for commitment in commitments:
        now = standings.get((commitment.pk, round_.pk), said.SILENT)
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
                    facts.YearFacts(slug, standings.get((commitment.pk, pk), said.SILENT).status) for pk, slug in rounds
                ),
                evidence=tuple(numbers.get(commitment.reference, ())),
                confirms=now.confirms,
                confirmed_on=now.sent_on if now.confirms else None,
                views=tuple(views[commitment.pk]),
                indicators=tuple(counted.of_commitment[commitment.pk]),
                update=now.update,
                actions=tuple(actions[commitment.pk]),
            ),
        )


def _actions(commitments: list[Commitment], round_: Round) -> Iterable[tuple[int, facts.ActionFacts]]:
    """Yield the actions as they stood on the last day that the round observes, the first due first. One query."""
    found = Action.objects.filter(commitment__in=[commitment.pk for commitment in commitments]).order_by("due_on", "id")
    until = round_.observes_to
    for commitment, title, due, done in found.values_list("commitment_id", "title", "due_on", "done_on"):
        done = done if done is not None and done <= until else None
        yield commitment, facts.ActionFacts(title, due, done, slipped=due <= until and (done is None or done > due))
