"""What was published of everything, or of one thing that somebody follows: the latest first."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from django.urls import reverse

from commitments.reading import published as of_commitments
from commitments.reading.topics import Topic
from reporting.models import Edition
from vcsportal.common.publications import Publication

MOST_IN_FEED: Final = 50


def publications(
    topic: Topic, today: date, *, since: datetime | None = None, most: int = MOST_IN_FEED
) -> list[Publication]:
    """Return what was published about a topic, the latest first: ``most`` at most.

    :param since: only what was published after this moment.
    """
    found: list[Publication] = list(_editions(topic, since, most))
    for read in of_commitments.READ:
        found += read(topic, today, since, most)
    return sorted(found, key=lambda each: (each.at, each.key), reverse=True)[:most]


def _editions(topic: Topic, since: datetime | None, most: int) -> Iterable[Publication]:
    about = topic.among(strategy=("round__strategy",))
    if about is None:
        return
    rows: Any = Edition.objects.last_published().filter(about).defer("facts").select_related("round__strategy__owner")
    if since is not None:
        rows = rows.filter(published_at__gt=since)
    for row in rows[:most]:
        strategy = row.round.strategy
        yield Publication(
            key=f"edition/{row.pk}", kind="Report", at=row.published_at,
            title=f"{strategy.title}: report for {row.round.label}" + (f", edition {row.number}" if row.number > 1 else ""),
            url=reverse("reporting:report", args=[strategy.slug, row.round.slug]), by=strategy.owner.name,
            language=strategy.language,
        )  # fmt: skip
