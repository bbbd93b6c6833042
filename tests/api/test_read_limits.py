"""How often the API may be read and the lists searched: counted, told, and refused with a sentence."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from django.core.cache import cache, caches
from django.test import Client

from tests.factories import make_person
from vcsportal.common import rate_limits

pytestmark = pytest.mark.django_db
READ = "/api/v1/strategies/"
SEARCH = "/strategies/our-strategy/commitments/?q=thing"


@pytest.fixture(autouse=True)
def clock(settings, monkeypatch, strategy):
    """Two reads a minute, three for those who have signed in, and a minute that does not end: 21 seconds are left."""
    cache.clear()
    settings.READS_A_MINUTE, settings.READS_A_MINUTE_SIGNED_IN = 2, 3
    now = SimpleNamespace(time=lambda: 1_800_000_000 + 39.5)
    monkeypatch.setattr(rate_limits, "time", now)
    return now


def left(answer) -> list[str]:
    return [answer.headers.get(f"RateLimit-{name}", "") for name in ("Limit", "Remaining", "Reset")]


def test_reads_say_what_is_left_and_end_with_a_sentence(client, clock):
    answers = [client.get(READ) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert [left(one) for one in answers] == [["2", "1", "21"], ["2", "0", "21"], ["2", "0", "21"]]
    refused = answers[-1]
    assert json.loads(refused.content) == {
        "type": "http://127.0.0.1:8000/api/v1/docs/#problem-too-many-requests",
        "title": "Too many requests",
        "status": 429,
        "detail": "You have made 2 requests within a minute, which is the limit. Try again in 21 seconds.",
    }
    assert (refused["Retry-After"], refused["Cache-Control"], refused["Content-Type"]) == (
        "21", "no-store", "application/problem+json",
    )  # fmt: skip
    clock.time = lambda: 1_800_000_000 + 60
    assert client.get(READ).status_code == 200


def test_a_read_that_brings_nothing_new_counts_and_says_what_is_left(client):
    etag = client.get(READ)["ETag"]
    again = client.get(READ, headers={"If-None-Match": etag})
    assert (again.status_code, left(again)) == (304, ["2", "0", "21"])
    assert client.get(READ, headers={"If-None-Match": etag}).status_code == 429


def test_searches_count_too_and_are_refused_on_a_page(client):
    first = client.get(SEARCH)
    assert (first.status_code, left(first)) == (200, ["", "", ""]), "a page that is kept says nothing about its reader"
    assert client.get(f"{SEARCH}s").status_code == 200
    refused = client.get(f"{SEARCH}x")
    assert (refused.status_code, refused["Retry-After"], left(refused)) == (429, "21", ["2", "0", "21"])
    assert "You have made 2 requests within a minute" in refused.content.decode()
    assert 'href="/strategies/our-strategy/commitments/?q=thingx"' in refused.content.decode()
    assert client.get(READ).status_code == 429, "the two are counted together"


@pytest.mark.parametrize(
    "address",
    [
        "/strategies/our-strategy/commitments/",
        "/strategies/our-strategy/?q=x",
        "/healthz",
        "/account/login/?next=/",
        "/brand.css?c=1",
    ],
)
def test_pages_health_and_signing_in_are_not_counted(client, address):
    for _ in range(3):
        assert client.get(address).status_code == 200
    assert client.get(READ).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/evidence/?q=x", "/organisations/?q=x", "/reports/of/our-strategy/changes/?from=1+May+2024", SEARCH],
)
def test_every_page_that_searches_is_counted(client, address):
    assert [client.get(f"{address}{n}").status_code == 429 for n in range(3)] == [False, False, True]


def test_whoever_has_signed_in_has_a_limit_of_their_own(client, signed_in):
    own, other = signed_in(make_person("steering_group")), signed_in(make_person("steering_group"))
    assert [own.get(READ).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert other.get(READ).status_code == 200
    assert client.get(READ).status_code == 200


def test_a_session_of_nobody_is_no_way_round(client):
    for number in range(2):
        client.cookies["sessionid"] = f"invented{number}"
        assert client.get(READ).status_code == 200
    client.cookies["sessionid"] = "invented"
    assert client.get(READ).status_code == 429


def test_each_address_is_counted_by_itself_and_none_can_be_invented(settings):
    for address in ("192.0.2.1", "192.0.2.2"):
        asks = Client(REMOTE_ADDR=address)
        told = [asks.get(READ, headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(7, 10)]
        assert told == [200, 200, 429]


def test_an_ipv6_address_is_counted_with_its_neighbours():
    for address in ("2001:db8::1", "2001:db8::2:0:0:9"):
        assert Client(REMOTE_ADDR=address).get(READ).status_code == 200
    assert Client(REMOTE_ADDR="2001:db8::3").get(READ).status_code == 429
    assert Client(REMOTE_ADDR="2001:db8:0:1::3").get(READ).status_code == 200


def test_writes_are_not_counted(client):
    for _ in range(3):
        assert client.post(f"{READ}", content_type="application/json").status_code != 429


def test_without_a_number_there_is_no_limit(client, settings):
    settings.READS_A_MINUTE = 0
    answers = [client.get(READ) for _ in range(4)]
    assert {one.status_code for one in answers} == {200}
    assert left(answers[0]) == ["", "", ""]


def test_limits_hold_while_the_cache_server_is_away(client, monkeypatch):
    def gone(*given, **more):
        raise redis.exceptions.ConnectionError

    backend: Any = caches["default"]
    monkeypatch.setattr(backend, "_down_until", 0.0)  # and so it is again afterwards
    for method in ("add", "get", "set", "incr"):
        monkeypatch.setattr(backend._first, method, gone)
    assert [client.get(READ).status_code for _ in range(3)] == [200, 200, 429]


def test_the_schema_tells_of_the_limit(client):
    schema = client.get("/api/v1/schema/").content.decode()
    assert "RateLimit-Remaining" in schema
    assert "You have made too many requests in a minute." in schema
