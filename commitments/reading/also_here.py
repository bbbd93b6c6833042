"""The other strategies in term: their names, how much each holds, and what was answered, for a strategy's page."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count

from commitments.models import Commitment, Strategy
from commitments.reading.responses import sentence
from commitments.rules.kinds import nouns_of

MOST_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class OtherStrategy:
    """A strategy beside the one that is shown. ``counted`` reads "15 actions"; ``responses`` counts what was answered, "" if nothing is addressed."""

    slug: str
    title: str
    language: str
    counted: str
    responses: str


def also_here(shown: Strategy, today: date) -> list[OtherStrategy]:
    """Return the other strategies that are in term and hold something, the newest first. One query."""
    about = ("strategy__slug", "strategy__title", "strategy__language", "strategy__kind")
    others = Commitment.objects.exclude(strategy=shown.pk).filter(
        strategy__starts_on__lte=today, strategy__ends_on__gte=today
    )
    found = others.order_by("-strategy__starts_on", "strategy_id").values_list(*about, "owner_response")
    answers: dict[tuple[str, ...], Counter[str]] = {}
    for *strategy, response, count in found.annotate(count=Count("id")):
        answers.setdefault(tuple(strategy), Counter())[response] += count
    return [
        OtherStrategy(
            slug,
            title,
            language,
            nouns_of(kind).counted_commitments(counts.total()),
            sentence(code for code in counts.elements() if code),
        )
        for (slug, title, language, kind), counts in list(answers.items())[:MOST_SHOWN]
    ]
