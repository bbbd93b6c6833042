"""Gathers the facts of a round: the only reader of the other floors. The number of queries does not grow with the data."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from commitments.models import (
    Commitment,
    Evidence,
    EvidenceFile,
    EvidenceLink,
    ProgressUpdate,
    Round,
)
from commitments.reading.consents import STORY_TAKEN_BACK
from partners.models import Organisation
from reporting import facts, figures, said

T = TypeVar("T")
YEARS: Final = 5
"""How many rounds a commitment's row of tiles shows, the reported one last."""


def assemble(*, round_: Round, making: facts.Making) -> facts.Report:
    """Return what the report of a round says.

    A commitment's status is that of the round's approved update, or what was frozen when the round was closed last; without
    one it has none, whatever was said in other years. Evidence is what was accepted, may be published, and happened in the period that the round observes.
    """
    strategy = round_.strategy
    rounds = list(
        Round.objects.filter(strategy=strategy, observes_from__lte=round_.observes_from)
        .order_by("-observes_from", "-id")[:YEARS]
        .values_list("id", "slug")
    )[::-1]
    commitments = list(Commitment.objects.filter(strategy=strategy).in_order().select_related("priority"))
    day = timezone.localdate(making.at)
    told, numbers, shares = _evidence(round_, {commitment.pk: commitment.reference for commitment in commitments}, day)
    standings = said.standings(round_, [pk for pk, _ in rounds])
    counted = figures.counted(round_)
    under = _grouped(_commitments(commitments, round_, rounds, standings, numbers, counted))
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
        organisations=_organisations(shares),
    )


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a round's report would hold if it were made now."""

    round: Round
    commitments: int
    updates: int
    pieces: int

    def sentence(self) -> str:
        """Return it in words."""
        pieces = f"{self.pieces:,} {'piece' if self.pieces == 1 else 'pieces'}"
        return (
            f"Updates for {self.updates} of {self.commitments} commitments have been published. "
            f"{pieces} of evidence {'is' if self.pieces == 1 else 'are'} accepted and may be published."
        )


def outlooks(*, today: date) -> list[Outlook]:
    """Return what each round's report would hold, for the rounds that have begun, the newest first."""
    rounds = list(
        Round.objects.started(today).select_related("strategy").order_by("strategy__title", "-observes_from", "-id")
    )
    told = dict(
        ProgressUpdate.objects.published()
        .order_by()
        .values_list("round_id")
        .annotate(models.Count("id", distinct=True))
    )
    promised = dict(Commitment.objects.order_by().values_list("strategy_id").annotate(models.Count("id")))
    pieces = {
        f"r{round_.pk}": models.Count(
            "id",
            distinct=True,
            filter=models.Q(
                commitments__strategy=round_.strategy_id,
                happened_from__gte=round_.observes_from,
                happened_from__lte=round_.observes_to,
            ),
        )
        for round_ in rounds
    }
    counted = Evidence.objects.published().aggregate(**pieces) if pieces else {}
    return [
        Outlook(round_, promised.get(round_.strategy_id, 0), told.get(round_.pk, 0), counted.get(f"r{round_.pk}", 0))
        for round_ in rounds
    ]


def _commitments(
    commitments: list[Commitment],
    round_: Round,
    rounds: list[tuple[int, str]],
    standings: dict[tuple[int, int], said.Standing],
    numbers: dict[str, list[int]],
    counted: figures.Counted,
) -> Iterable[tuple[int, facts.CommitmentFacts]]:
    """Yield each commitment's priority and what was said of it in the round, by the council and by the sector."""
    views = _grouped(said.views(round_))
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
            ),
        )


def _evidence(
    round_: Round, references: dict[int, str], day: date
) -> tuple[tuple[facts.EvidenceFacts, ...], dict[str, list[int]], Counter[int]]:
    """Return the round's pieces as they are told, each commitment's pieces by number, each organisation's as a count.

    :param day: the day on which consents are asked: what nobody agrees to any more is left out.
    """
    pieces = {
        piece.pk: piece
        for piece in Evidence.objects.published()
        .in_round(round_)
        .filter(pk__in=Evidence.commitments.through.objects.filter(commitment__in=references).values("evidence_id"))
        .select_related("organisation")
        .annotate(
            district_names=_names(Evidence.districts.through.objects.filter(evidence=models.OuterRef("pk"))),
            kept_back=models.Exists(Evidence.objects.withheld(day, use="report").filter(pk=models.OuterRef("pk"))),
        )
        .order_by("happened_from", "id")
    }
    serves = _grouped(
        Evidence.commitments.through.objects.filter(evidence__in=pieces)
        .order_by("commitment__priority__number", "commitment__number", "id")
        .values_list("evidence_id", "commitment_id")
    )
    links = _grouped(
        (pk, facts.LinkFacts(url, label))
        for pk, url, label in EvidenceLink.objects.filter(evidence__in=pieces)
        .order_by("id")
        .values_list("evidence_id", "url", "label")
    )
    photographs = _grouped(
        (pk, facts.PhotographFacts(file, caption))
        for pk, file, caption in EvidenceFile.objects.showable(day, use="report")
        .filter(evidence__in=pieces, kind="photograph")
        .exclude(print_content="")
        .order_by("id")
        .values_list("evidence_id", "print_content", "caption")
        if default_storage.exists(file)
    )
    order = {reference: place for place, reference in enumerate(references.values())}
    named = {
        pk: tuple(references[commitment] for commitment in serves[pk] if commitment in references) for pk in pieces
    }
    told: list[facts.EvidenceFacts] = []
    numbers: dict[str, list[int]] = defaultdict(list)
    for pk in sorted(pieces, key=lambda pk: order[named[pk][0]]):  # stable: by day within a commitment
        piece, number = pieces[pk], len(told) + 1
        told.append(
            facts.EvidenceFacts(
                number=number,
                id=pk,
                organisation=piece.organisation.name,
                title=piece.title,
                story=STORY_TAKEN_BACK if piece.kept_back and piece.story else piece.story,
                happened_from=piece.happened_from,
                happened_to=piece.happened_to,
                districts=tuple(piece.district_names),
                people_reached=piece.people_reached,
                volunteers=piece.volunteers,
                hours=piece.hours,
                references=named[pk],
                links=tuple(links[pk]),
                photographs=tuple(photographs[pk]),
            )
        )
        for reference in named[pk]:
            numbers[reference].append(number)
    return tuple(told), numbers, Counter(piece.organisation_id for piece in pieces.values())


def _organisations(shares: Counter[int]) -> tuple[facts.OrganisationFacts, ...]:
    found: Any = (
        Organisation.objects.filter(pk__in=shares)
        .annotate(
            district_names=_names(Organisation.districts.through.objects.filter(organisation=models.OuterRef("pk")))
        )
        .by_name()
    )
    return tuple(
        facts.OrganisationFacts(
            organisation.name,
            organisation.get_kind_display(),
            tuple(organisation.district_names),
            shares[organisation.pk],
        )
        for organisation in found
    )


def _names(areas: models.QuerySet[Any]) -> ArraySubquery:
    """Return a column with the names of areas, in their order."""
    return ArraySubquery(areas.order_by("area__name", "id").values("area__name"))


def _grouped(pairs: Iterable[tuple[int, T]]) -> defaultdict[int, list[T]]:
    """Return the second parts of the pairs, in their order, by the first."""
    found: defaultdict[int, list[T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
