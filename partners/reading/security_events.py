"""Reading the trail of security events: page by page, and as rows of a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from partners.models import SecurityEvent, User
from partners.security.events import BY_CODE, Kind

PAGE_SIZE: Final = 50
OWN_EVENTS_SHOWN: Final = 20
COLUMNS: Final = (
    "number", "at", "kind", "meaning", "done_by", "done_by_email", "about", "about_email", "address", "browser",
    "subject", "detail", "request_number",
)  # fmt: skip


@dataclass(frozen=True)
class EventPage:
    """One page, newest first."""

    events: list[SecurityEvent]
    older: int | None
    """The number of the last event shown, if there are older ones: the next page begins below it."""


def page_of(events: QuerySet[SecurityEvent], before: int | None) -> EventPage:
    """Return the newest events, or those older than event ``before``. Two queries at most, however long the trail is."""
    ordered = events.select_related("by", "person").order_by("-at", "-id")
    if before is not None and (last := SecurityEvent.objects.filter(pk=before).values_list("at", flat=True).first()):
        ordered = ordered.filter(Q(at__lt=last) | Q(at=last, pk__lt=before))
    found = list(ordered[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return EventPage(shown, shown[-1].pk if len(found) > PAGE_SIZE else None)


def kind_of(event: SecurityEvent) -> Kind:
    """Return the kind in words. A kind that a later version no longer knows is shown as it was recorded."""
    return BY_CODE.get(event.kind) or Kind(event.kind, event.kind.replace("_", " ").capitalize(), "")


def rows(events: QuerySet[SecurityEvent]) -> Iterator[tuple[str, ...]]:
    """Return each event in the order of :data:`COLUMNS`, newest first; the whole trail is never in memory at once."""
    for event in events.select_related("by", "person").order_by("-at", "-id").iterator(2000):
        kind = kind_of(event)
        yield (
            str(event.pk), event.at.isoformat(), event.kind, kind.meaning,
            event.by.name if event.by else "", event.by.email if event.by else "",
            event.person.name if event.person else "", event.person.email if event.person else "",
            event.address or "", event.browser, event.subject, event.detail, event.request_number,
        )  # fmt: skip


def own_recent(person: User) -> list[SecurityEvent]:
    """Return what happened lately with a person's own account, newest first."""
    kinds = [kind.code for kind in BY_CODE.values() if kind.own]
    return list(
        SecurityEvent.objects.filter(person=person, kind__in=kinds)
        .select_related("by")
        .order_by("-at", "-id")[:OWN_EVENTS_SHOWN]
    )
