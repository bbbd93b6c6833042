"""Every address × kind of person × method. A door without a row fails; so does a row without a door.

The world's strategies are plans, which have unmistakable nouns here, so that every page also shows whether it speaks of each
level as its kind of strategy does.
"""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from commitments.rules.kinds import StrategyKind
from tests.house.door_table import DOORS
from tests.house.doors import PEOPLE, Door
from tests.house.nouns import READERS, as_plans, general_words_on
from tests.house.world import World
from tests.made_up_kind import made_up_kind
from vcsportal import worker_health

__all__ = ["made_up_kind"]

BY_NAME = {door.name: door for door in DOORS}
SAME_FOR_ALL = {
    "brand-css": "200",
    "commitments:commitment-badge": "200",
    "commitments:commitment-card": "200",
    "favicon": "302",
    "grants-360giving": "200",
    "dataset-file": "200",
    "reporting:data-schema": "200",
    "reporting:paper-form": "200",
    "robots-txt": "200",
    "security-txt": "200",
    "snapshot": "200",
}
"""Doors whose view declares this answer ``public``, as it holds nothing of the person who asks."""

HANDLER = ClientHandler(enforce_csrf_checks=False)
"""Loads the middleware once for all who knock; a client of its own would each time."""


def every_address(resolver: URLResolver, namespace: str = "") -> set[str]:
    names = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            names |= every_address(pattern, inner)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern} has no name"
            names.add(namespace + pattern.name)
    return names


def test_every_door_has_a_row_and_every_row_a_door(record_property):
    names = every_address(get_resolver())
    record_property("doors", len(names))
    print(f"looked at {len(names)} addresses")
    assert len(names) > 40
    assert len(BY_NAME) == len(DOORS), "a door has two rows"
    assert names - set(BY_NAME) == set(), "doors without a row"
    assert set(BY_NAME) - names == set(), "rows without a door"


@pytest.fixture(scope="module")
def built(built: World, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world of the doors, whose strategies are plans."""
    with django_db_blocker.unblock(), as_plans(built):
        yield built


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_health, "WORKER_KEY", "a-portal-without-worker:alive")


def address_of(door: Door, world: World) -> str:
    """Return the address of a door of this world; what stands behind it is made for that."""
    return reverse(door.name, args=door.args(world)) + door.query


def knock(
    world: World,
    who: str,
    address: str,
    method: str,
    *,
    read: dict[str, str] | None = None,
    cached: dict[str, str] | None = None,
    general: dict[str, list[str]] | None = None,
    door: str = "",
) -> str:
    """Return how an address answers somebody, and undo what that did, so that the next person finds all as it was.

    Where ``read`` is given, what they read is put into it under their name; where ``cached`` is, what the answer says of
    caches; where ``general`` is, the general words on the page of the ``door`` where those of the kind belong.
    """
    with transaction.atomic():
        client = world.client(who)
        client.handler = HANDLER
        json = {"content_type": "application/json"} if address.startswith("/api/") else {}
        answer = client.get(address) if method == "GET" else client.post(address, {}, **json)  # type: ignore[arg-type]
        if read is not None:
            shown = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
            read[who] = shown.decode(errors="replace")
        if cached is not None:
            cached[who] = answer.headers.get("Cache-Control", "")
        if general is not None and who in READERS:
            general[who] = general_words_on(answer, door)  # type: ignore[arg-type]  # the client's answer is one
        transaction.set_rollback(True)
    if answer.status_code in {301, 302}:
        to_sign_in = answer.headers["Location"].startswith(reverse(settings.LOGIN_URL))
        return "login" if to_sign_in else str(answer.status_code)
    return str(answer.status_code)


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_each_person_gets_in_where_the_table_says_reads_the_nouns_of_the_kind_and_no_answer_to_the_signed_in_is_kept(
    name: str, world: World, made_up_kind: StrategyKind
):
    door = BY_NAME[name]
    address = address_of(door, world)
    for method in ("GET", "POST"):  # neither leaves anything behind for the other
        cached: dict[str, str] = {}
        general: dict[str, list[str]] = {}
        given = {who: knock(world, who, address, method, cached=cached, general=general, door=name) for who in PEOPLE}
        assert given == door.answers(method), f"{name} {method}: got {' '.join(given.values())}"
        assert not (found := {who: words for who, words in general.items() if words}), (
            f"general words on a plan’s page: {method} {found}"
        )
        for who in PEOPLE:
            if world.people[who] is None:
                continue
            if given[who] == SAME_FOR_ALL.get(name):
                assert "public" in cached[who], f"{method} {who}"
            else:
                assert cached[who] == "private, no-store", f"{method} {who} {given[who]}"
