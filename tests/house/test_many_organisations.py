"""With 3,000 organisations no page lists more than 50 of them: choosing one is typing part of its name, then choosing."""

import re
from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from commitments.models import DeliveryPartner
from partners.models import Organisation
from tests.house.door_table import DOORS
from tests.house.doors import Door
from tests.house.test_doors import address_of
from tests.house.world import World

MANY, MOST_LISTED, HELPING = 3_000, 50, 15
"""Organisations; how many a page may list; how many help to deliver each commitment."""
NAME = re.compile(r"Trust number \d{4}")
PEOPLE = ("administrator", "officer", "outsider", "steering_member", "anonymous")
"""Those who look; the outsider leads an organisation."""
MOST_QUERIES = 12
MORE_QUERIES: dict[str, int] = {
    "commitments:approval": 13,
    "commitments:case-study": 16,
    "commitments:district": 24,
    "commitments:glance": 14,
    "commitments:home": 14,
    "commitments:my-work": 16,
    "commitments:round-delete": 21,
    "reporting:changes": 13,
    "reporting:edition-publish": 14,
    "reporting:proposal": 14,
    "reporting:report-draft": 26,
    "search": 25,
}
"""Pages that read a whole report, which is in two dozen tables, all that a round has, all that is asked of an officer
or has changed since a steering group last met, or each of the thirteen kinds of thing that the search finds, and once
the words of the help pages. None of these asks more because there are more organisations."""


@pytest.fixture(scope="module")
def crowded(built: World, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world of the doors with 3,000 more organisations, some of which help to deliver its commitments."""
    with django_db_blocker.unblock(), transaction.atomic():
        now = timezone.now()
        Organisation.objects.bulk_create(
            Organisation(
                slug=f"trust-{number}", name=f"Trust number {number:04}", sort_name=f"trust number {number:04}",
                kind="charity", joined_at=now,
            )
            for number in range(MANY)
        )  # fmt: skip
        helping = Organisation.objects.filter(slug__startswith="trust-").order_by("id")
        DeliveryPartner.objects.bulk_create(
            DeliveryPartner(commitment=commitment, organisation=organisation)
            for place, commitment in enumerate(built.strategy.commitments.order_by("id"))
            for organisation in helping[place * HELPING : (place + 1) * HELPING]
        )
        assert DeliveryPartner.objects.filter(organisation__in=helping.values("pk")).count() > MOST_LISTED
        yield built
        transaction.set_rollback(True)


def pages() -> list[Door]:
    """The doors that somebody reads by GET; the API and files are no pages."""
    return [door for door in DOORS if not door.name.startswith("api:") and "200" in door.answers("GET").values()]


def test_no_page_lists_more_than_fifty_organisations(crowded: World, db: None):
    looked, lists, slow = 0, [], []
    for door in pages():
        for who, page, asked in read(door, deepcopy(crowded)):
            looked += 1
            if (listed := len(set(NAME.findall(page)))) > MOST_LISTED:
                lists.append(f"{door.name} as {who}: {listed}")
            most = MORE_QUERIES.get(f"{door.name} as {who}", MORE_QUERIES.get(door.name, MOST_QUERIES))
            if asked > most:
                slow.append(f"{door.name} as {who}: {asked}")
    print(f"looked at {looked} pages")
    assert looked > 200
    assert (lists, slow) == ([], [])


def read(door: Door, world: World) -> list[tuple[str, str, int]]:
    """Return who reads a page, what they read and how many queries it took; what was made for it is undone."""
    answers, found = door.answers("GET"), []
    with transaction.atomic():
        address = address_of(door, world)
        for who in PEOPLE:
            if answers[who] != "200":
                continue
            client = world.client(who)
            with CaptureQueriesContext(connection) as queries:
                page = client.get(address)
            if page.streaming or not page.headers["Content-Type"].startswith("text/html"):
                break
            asked = sum("SAVEPOINT" not in query["sql"] for query in queries)
            found.append((who, page.content.decode(), asked))
        transaction.set_rollback(True)
    return found
