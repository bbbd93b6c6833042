"""The weekly email to people who follow something: what was published since the last one, and none if nothing was."""

import logging
from datetime import datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from commitments.reading.topics import Topic
from partners.models import Mail
from reporting.models import Follow, Follower
from reporting.reading.followed import topics_of
from reporting.reading.published import publications
from reporting.services.following import address_of, stop_following
from reporting.services.following_emails import about, send_publications
from vcsportal.common.encryption import Unreadable
from vcsportal.common.publications import Publication

logger = logging.getLogger(__name__)
DAYS_BETWEEN: Final = 7
MOST_READ: Final = 200
"""Publications read of one topic; an email lists fewer, and says how many more there are."""
UNREACHABLE: Final = ("refused", "bounced")


def send_news(*, at: datetime) -> int:
    """Write to whoever was last told seven days ago or longer; return to how many. Running it twice sends nothing twice."""
    first_day = timezone.localdate(at) - timedelta(days=DAYS_BETWEEN - 1)
    told_before = timezone.make_aware(datetime.combine(first_day, time.min))
    due = Follower.objects.due(told_before)
    oldest = due.order_by("told_until", "pk").values_list("told_until", flat=True).first()
    known: dict[str, list[Publication]] = {}
    sent = 0
    for key in list(due.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            follower = due.select_for_update(skip_locked=True, of=("self",)).filter(pk=key).first()
            if follower is not None:
                sent += _tell(follower, oldest, known, at)
    return sent


def _tell(follower: Follower, oldest: datetime | None, known: dict[str, list[Publication]], at: datetime) -> bool:
    """Write to one of them, unless there is nothing to tell; return whether an email goes."""
    if Mail.objects.filter(about=about(follower), state__in=UNREACHABLE).exists():
        stop_following(at=at, follower=follower)  # nobody is there, or they refuse it
        return False
    try:
        email = address_of(follower)
    except Unreadable:
        logger.warning("Follower %s can’t be written to: the address was encrypted with another key.", follower.pk)
        return False
    followed = [(follow, topic) for follow, topic in topics_of(follower) if _is_told(follow)]
    found = _published(followed, follower, oldest, known, at)
    if found:
        topics = [topic for _, topic in followed]
        send_publications(follower, email=email, found=found, followed=topics, at=at)
    follower.told_until = at
    follower.save(update_fields=["told_until"])
    return bool(found)


def _is_told(follow: Follow) -> bool:
    """Whether somebody is written to about it: they confirmed it, and it is not an organisation that was removed at its own request."""
    is_removed = follow.organisation is not None and follow.organisation.is_removed
    return follow.confirmed_at is not None and not is_removed


def _published(
    followed: list[tuple[Follow, Topic]], follower: Follower, oldest: datetime | None, known: dict[str, list[Publication]],
    at: datetime,
) -> list[Publication]:  # fmt: skip
    """Return what was published since the last email, and since each thing was confirmed: each once, the latest first.

    :param known: what was read for others before; each topic is read once in a run.
    """
    found: dict[str, Publication] = {}
    for follow, topic in followed:
        if topic.code not in known:
            known[topic.code] = publications(topic, timezone.localdate(at), since=oldest, most=MOST_READ)
        since = max(moment for moment in (follower.told_until, follow.confirmed_at) if moment is not None)
        found |= {each.key: each for each in known[topic.code] if since < each.at <= at}
    return sorted(found.values(), key=lambda each: (each.at, each.key), reverse=True)
