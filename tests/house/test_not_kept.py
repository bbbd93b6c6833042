"""What may be kept by a browser or on the way: public pages, and nothing about signing in. test_doors.py asks it of every door."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.house.door_table import DOORS
from tests.house.doors import Door
from tests.house.world import World
from tests.signing_in import sign_in
from vcsportal import worker_health

BY_NAME = {door.name: door for door in DOORS}
OF_ACCOUNTS = sorted(
    door.name
    for door in DOORS
    if "account" in door.name.replace("engagement-account", "") or door.name.startswith("mfa_")
)


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_health, "WORKER_KEY", "a-portal-without-worker:alive")


def address_of(door: Door, world: World) -> str:
    return reverse(door.name, args=door.args(world)) + door.query


@pytest.mark.parametrize("name", OF_ACCOUNTS)
def test_pages_of_sign_in_are_not_kept_for_anybody(name: str, world: World):
    assert len(OF_ACCOUNTS) > 25
    answer = Client().get(address_of(BY_NAME[name], world))
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", ["/people/", "/people/999999/", "/no-such-page/", "/api/v1/no-such-thing/"])
def test_refusals_are_not_kept_either(address: str, world: World):
    client = Client()
    sign_in(client, world.person("partner"))
    answer = client.get(address)
    assert answer.status_code in {403, 404}
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", ["/", "/strategies/our-strategy/", "/api/v1/evidence/"])
def test_strangers_keep_public_pages_and_are_answered_304(address: str, world: World):
    client = Client()
    first = client.get(address)
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "no-cache")
    assert client.get(address, headers={"if-none-match": first.headers["ETag"]}).status_code == 304
    assert not first.cookies


def test_an_answer_that_brings_a_cookie_is_not_kept(world: World):
    answer = Client().post(reverse("account_login"), {"email": "somebody@example.org", "way": "password"})
    assert answer.cookies
    assert answer.headers["Cache-Control"] == "private, no-store"
