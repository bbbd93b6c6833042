"""What people follow by email: as they chose it, as their pages show it, and how many there are."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count

from commitments.models import Strategy
from commitments.reading import topics
from commitments.reading.topics import Topic
from reporting.models import Follow, Follower

ABOUT = ("strategy", "commitment__strategy", "organisation")
"""What has to be read with a row for :func:`topic_of`."""


def everything() -> Topic:
    """Return the topic of all that is published."""
    return topics.everything(f"Everything on the {settings.PORTAL_NAME} portal")


def topics_to_choose(code: str, today: date) -> list[Topic]:
    """Return what somebody can choose who comes from the page of one thing: it, what it is a part of, and everything.

    Who comes from no such page chooses among everything, and each strategy that is in term or to come.
    """
    found = topics.topics_at(code, everything().title)
    if len(found) > 1:
        return found
    lasting = Strategy.objects.filter(ends_on__gte=today).newest_first()
    return [*found, *map(topics.of_strategy, lasting)]


def topic_of(follow: Follow) -> Topic:
    """Return what a row names; :data:`ABOUT` has to be read with it."""
    if follow.commitment is not None:
        return topics.of_commitment(follow.commitment)
    if follow.strategy is not None:
        return topics.of_strategy(follow.strategy)
    if follow.organisation is not None:
        return topics.of_organisation(follow.organisation)
    return everything()


def topics_of(follower: Follower) -> list[tuple[Follow, Topic]]:
    """Return what somebody asked to follow, confirmed or not, in the order in which they asked. One query."""
    rows = follower.follows.select_related(*ABOUT).order_by("asked_at", "id")
    return [(row, topic_of(row)) for row in rows]


def counts() -> dict[str, Any]:
    """Return how many people follow by email, and how many follow each thing, the most first. No address is read. Two queries."""
    names = ("strategy", "commitment", "organisation")
    counted = Follow.objects.confirmed().order_by().values(*names).annotate(number=Count("pk"))
    numbers = {tuple(row[name] for name in names): row["number"] for row in counted}
    one_of_each = Follow.objects.confirmed().select_related(*ABOUT).order_by(*names, "id").distinct(*names)
    rows = [(topic_of(row), numbers[row.strategy_id, row.commitment_id, row.organisation_id]) for row in one_of_each]
    rows.sort(key=lambda row: (-row[1], row[0].title))
    return {"people": Follower.objects.confirmed().count(), "rows": rows}
