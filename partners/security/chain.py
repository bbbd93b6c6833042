"""The chain over the security events: what a link covers, and whether it is whole.

The database links events (``portal_seal_security_events``, as the owner of the tables, which the application is not).
Verifying is done here, so that a changed function of the database would be noticed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import connection

from partners.models import SecurityEvent, SecurityEventLink

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
BEGINNING: Final = re.compile(r"^The chain begins at link (\d+) after ([0-9a-f]{64})$")


def seal(*, everything: bool = False) -> int:
    """Link the events that are not linked yet; return how many. 0 also when another process is doing it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_seal_security_events(%s)", [everything])
        return int(cursor.fetchone()[0])


def remove_older_than(moment: datetime) -> int:
    """Remove the events before ``moment``, which is a year ago or more; return how many. The trail records it.

    This is the only way, and the retention rules' to call. The database refuses anything younger than a year.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_remove_security_events(%s)", [moment])
        return int(cursor.fetchone()[0])


def text_of(event: SecurityEvent) -> str:
    """Return the text that a checksum covers. Words are preceded by their length, so that no two events share a text."""
    microseconds = (event.at - EPOCH) // timedelta(microseconds=1)
    persons = [str(pk) if pk is not None else "-" for pk in (event.by_id, event.person_id)]
    words = (event.browser, event.subject, event.detail, event.request_number)
    return "|".join(
        [str(event.pk), str(microseconds), _counted(event.kind), *persons, event.address or "-", *map(_counted, words)]
    )


def _counted(word: str) -> str:
    return f"{len(word)}:{word}"


def checksum_of(event: SecurityEvent, previous: str) -> str:
    """Return the SHA-256 of a link, in hexadecimal: it covers the event and the checksum of the link before it."""
    return sha256(f"{previous}|{text_of(event)}".encode()).hexdigest()


@dataclass
class Verdict:
    """What was found."""

    looked_at: int = 0
    last: int = 0
    """The number of the last link."""
    checksum: str = ""
    """Its checksum: kept somewhere else, it shows later that nothing up to there was changed."""
    not_linked: int = 0
    faults: list[str] = field(default_factory=list)


def verify(expected: tuple[int, str] | None = None) -> Verdict:
    """Compare every link with its event and with the link before; ``expected`` is a link that was noted down earlier."""
    verdict = Verdict()
    expected_seen = expected is None
    number, previous = _beginning()
    for link in _links():
        if link.number != number:
            verdict.faults.append(f"Link {number} is missing; the next one is {link.number}.")
        elif link.previous != previous:
            verdict.faults.append(f"Link {link.number} does not follow from the one before it.")
        if checksum_of(link.event, link.previous) != link.checksum:
            verdict.faults.append(f"Event {link.event_id} (link {link.number}) has been changed.")
        if expected and link.number == expected[0]:
            expected_seen = True
            if link.checksum != expected[1]:
                verdict.faults.append(f"Link {link.number} is not the one that was noted down.")
        number, previous = link.number + 1, link.checksum
        verdict.looked_at, verdict.last, verdict.checksum = verdict.looked_at + 1, link.number, link.checksum
    if not expected_seen and expected:
        verdict.faults.append(f"Link {expected[0]}, which was noted down, is not there.")
    verdict.not_linked = SecurityEvent.objects.filter(link=None).count()
    return verdict


def _links() -> Iterator[SecurityEventLink]:
    return SecurityEventLink.objects.select_related("event").order_by("number").iterator(2000)


def _beginning() -> tuple[int, str]:
    """The number that the first link must have, and what it must follow: 1 and nothing, unless old events were removed."""
    removals = (
        SecurityEvent.objects.filter(kind="events_removed").order_by("-at", "-id").values_list("detail", flat=True)
    )
    for detail in removals[:1]:
        if match := BEGINNING.match(detail):
            return int(match[1]), match[2]
    return 1, ""
