"""The other strategies in term: their names, how much each holds, and what was answered, for a strategy's page."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count

from commitments.models import Commitment, Strategy
from commitments.reading.charters import charter_rounds, counts_of, standings
from commitments.reading.responses import sentence
from commitments.rules.kinds import KIND_BY_CODE, nouns_of

MOST_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class OtherStrategy:
    """A strategy beside the one that is shown. ``counted`` reads "15 actions", or of a charter "24 signatories, 21
    reaffirmed this year"; ``responses`` counts what was answered, "" if nothing is addressed.
    """

    slug: str
    title: str
    language: str
    counted: str
    responses: str


def also_here(shown: Strategy, today: date) -> list[OtherStrategy]:
    """Return the other strategies that are in term and hold something, the newest first. One query, and two for each charter."""
    about = ("strategy", "strategy__slug", "strategy__title", "strategy__language", "strategy__kind")
    others = Commitment.objects.exclude(strategy=shown.pk).filter(
        strategy__starts_on__lte=today, strategy__ends_on__gte=today
    )
    found = others.order_by("-strategy__starts_on", "strategy_id").values_list(*about, "owner_response")
    answers: dict[tuple[Any, ...], Counter[str]] = {}
    for *strategy, response, count in found.annotate(count=Count("id")):
        answers.setdefault(tuple(strategy), Counter())[response] += count
    return [
        OtherStrategy(
            slug,
            title,
            language,
            _counted(key, kind, counts.total(), today),
            sentence(code for code in counts.elements() if code),
        )
        for (key, slug, title, language, kind), counts in list(answers.items())[:MOST_SHOWN]
    ]


def _counted(key: int, kind: str, commitments: int, today: date) -> str:
    """Return how much a strategy holds: its commitments or, once someone has signed it, a charter's signatories."""
    if KIND_BY_CODE[kind].signed:
        charter = Strategy(pk=key, kind=kind)
        rounds = charter_rounds(charter)
        if found := standings(charter, rounds, today):
            return counts_of(rounds, found).sentence
    return nouns_of(kind).counted_commitments(commitments)
