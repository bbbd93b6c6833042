"""The counts shown next to the box in which a report's text is written, so that the text can be checked against them.

The same sentences as in the report, from a few columns, so that a page that is opened often asks little.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from commitments.models import Commitment, Evidence, Round, Strategy
from commitments.rules import status as words
from commitments.rules.evidence_figures import FIGURE_CODES, figures_in
from commitments.rules.status import Status
from reporting import facts
from reporting.assembly import round_standings
from reporting.narrative import sentences
from reporting.narrative.prose_facts import ClaimScope
from vcsportal.common import plurals


@dataclass(frozen=True, slots=True)
class CommitmentStatus:
    """A commitment and its status in the round."""

    reference: str
    key: str
    title: str
    status: Status


@dataclass(frozen=True, slots=True)
class SectionCounts:
    """A sentence of counts, and the commitments that it counts.

    ``scopes`` is what a text may count, as :func:`reporting.narrative.prose_check.contradictions_in` takes it: the statuses of all
    commitments, and of each priority's; neither evidence nor actions.
    """

    sentence: str
    commitments: list[CommitmentStatus]
    scopes: dict[int | None, ClaimScope]


def of_priority(round_: Round, number: int) -> SectionCounts:
    """Return a priority's year in a paragraph, as the report opens its chapter; four queries."""
    scopes = _scopes(round_)
    commitments = scopes[number].commitments if number in scopes else ()
    found = list(_pieces(round_, number))
    owner = next((row["organisation__name"] for row in found if row["of_owner"]), "")
    pieces = [
        facts.EvidenceFacts(
            number=place, id=row["id"], organisation=row["organisation__name"], title=row["title"], story="",
            happened_from=row["happened_from"], happened_to=row["happened_to"], districts=(), references=(), links=(),
            photographs=(), **figures_in(row),
        )
        for place, row in enumerate(found, 1)
    ]  # fmt: skip
    counted = facts.PriorityFacts(number, "", "", commitments)
    return SectionCounts(sentences.about(counted, pieces, owner, round_.strategy.nouns), _standing(commitments), scopes)


def of_strategy(round_: Round) -> SectionCounts:
    """Return the statuses of all commitments in a sentence; three queries."""
    scopes = _scopes(round_)
    commitments = scopes[None].commitments
    spoken = [commitment for commitment in commitments if commitment.status]
    received = plurals.agree(len(spoken), "An update was", "Updates were")
    said_of = f"{received} received for {len(spoken)} of {round_.strategy.nouns.counted_commitments(len(commitments))}"
    counts = f": {sentences.listed(sentences.counted(spoken))}." if spoken else "."
    return SectionCounts(said_of + counts, _standing(commitments), scopes)


def _scopes(round_: Round) -> dict[int | None, ClaimScope]:
    """Return the commitments of the strategy under None, and of each priority under its number."""
    standings = round_standings.standings(round_, [round_.pk])
    found: list[facts.CommitmentFacts] = []
    under: dict[int, list[facts.CommitmentFacts]] = {}
    for commitment in Commitment.objects.filter(strategy=round_.strategy_id).select_related("priority").in_order():
        now = standings.get((commitment.pk, round_.pk), round_standings.NO_STANDING)
        found.append(
            facts.CommitmentFacts(
                reference=commitment.reference, wording=commitment.wording, short_title=commitment.short_title, ongoing=commitment.ongoing,
                status=now.status, reason=now.reason, remedy=now.remedy, narrative="", next_steps="",
                updated_on=now.said_on, years=(facts.YearFacts(round_.slug, now.status),), evidence=(), key=commitment.key,
            )
        )  # fmt: skip
        under.setdefault(commitment.priority.number, []).append(found[-1])
    nouns = round_.strategy.nouns
    priorities: dict[int | None, ClaimScope] = {
        number: ClaimScope(f"{nouns.priority} {number}", tuple(those), nouns=nouns, noun=round_.period.noun)
        for number, those in under.items()
    }
    return {None: ClaimScope("", tuple(found), nouns=nouns, noun=round_.period.noun), **priorities}


def _pieces(round_: Round, number: int) -> Any:
    serving = Evidence.commitments.through.objects.filter(
        commitment__strategy=round_.strategy_id, commitment__priority__number=number
    )
    return (
        Evidence.objects.published()
        .in_round(round_)
        .filter(pk__in=serving.values("evidence_id"))
        .annotate(
            of_owner=models.Exists(
                Strategy.objects.filter(pk=round_.strategy_id, owner=models.OuterRef("organisation"))
            )
        )
        .order_by("happened_from", "id")
        .values("id", "organisation__name", "title", "happened_from", "happened_to", *FIGURE_CODES, "of_owner")
    )


def _standing(commitments: Iterable[facts.CommitmentFacts]) -> list[CommitmentStatus]:
    return [
        CommitmentStatus(
            commitment.reference,
            commitment.key,
            commitment.short_title or commitment.wording,
            words.of(commitment.status),
        )
        for commitment in commitments
    ]
