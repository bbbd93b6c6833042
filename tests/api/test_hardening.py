"""What attackers and slips of the pen send: a sentence and 400, never 500 and never everything."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import Api
from tests.api.fuzz import REQUESTS, requests_from

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query",
    [
        "page_size=101",
        "page_size=100000000",
        "page_size=0",
        "page_size=-1",
        "page_size=" + "9" * 5000,
        "page=abc",
        "page=٣",
        "page=0",
        "limit=100000000",
        "format=xml",
        "format=csv&page=abc",
        "format=csv&page_size=101",
        "%00=1",
        "state=%00",
        "state=splendid",
        "round__slug__regex=(((",
        "happened_from__year=0",
        "happened_from__year=99999",
        "pk__in=" + ",".join(map(str, range(800))),
        "&".join("state=draft" for _ in range(200)),
        "q=" + "x" * 101,
        "q=" + "x" * 5000,
    ],
)
def test_a_parameter_that_cannot_be_read_is_refused(stranger, world, query):
    answer = stranger.get(f"evidence/?{query}")
    assert answer.status_code == 400, answer.content[:300]
    assert answer.json()["detail"]
    assert len(answer.content) < 10_000


@pytest.mark.parametrize(
    "query", ["q=(((", "q=%25_%5C", "q=\U0001f600", "q=%ED%A0%80", "state=accepted&state=accepted", "page=1"]
)
def test_strange_but_harmless_words_are_only_words(stranger, world, query):
    assert stranger.get(f"evidence/?{query}").status_code == 200


def test_a_page_past_the_end_is_not_there(stranger, world):
    assert stranger.get("evidence/?page=999").status_code == 404


@pytest.mark.parametrize(
    "rest",
    [
        "nonsense/",
        "strategies/none/",
        "strategies/none/commitments/",
        "strategies/our-strategy/commitments/9.9/",
        "strategies/our-strategy/commitments/%00/",
        "strategies/our-strategy/priorities/99999/",
        "strategies/our-strategy/priorities/9999/",
        "strategies/our-strategy/rounds/none/",
        "strategies/%00/rounds/",
        "evidence/%0A1/",
        "evidence/0/",
        "evidence/999999999999999999/",
        "evidence/99999999999999999999999/",
        "editions/999999999999999999/",
        "organisations/none/",
    ],
)
def test_what_is_not_there_is_404_in_json(stranger, world, rest):
    answer = stranger.get(rest)
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("There is nothing")


def deep(levels):
    return (b'{"a":' * levels) + b"1" + (b"}" * levels)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"1",
        deep(9),
        deep(2_000),
        b"[" * 100_000,
        b'{"title":NaN}',
        b'{"title":"\\u0000"}',
        b'{"title":"\\ud800"}',
        b'{"\\u0000":1}',
        b'{"title":"\xff"}',
        b'{"people_reached":' + b"9" * 6000 + b"}",
        b'{"title":"' + b"x" * 300_000 + b'"}',
        json.dumps({f"field{n}": n for n in range(9_000)}).encode(),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(world, partner, raw):
    answer = Api(partner).post("evidence/", raw=raw)
    assert answer.status_code == (413 if len(raw) > 256 * 1024 else 400), answer.content[:300]
    assert answer.json()["detail"]
    assert len(answer.content) < 20_000


def test_a_body_of_another_kind_is_refused(world, partner):
    for kind in ("application/xml", "text/plain", "application/x-www-form-urlencoded", "nonsense"):
        assert Api(partner).post("evidence/", raw=b"title=x", content_type=kind).status_code == 415
    as_partner = Api(partner)
    answer = as_partner.client.generic(
        "POST", "/api/v1/evidence/", b"{}", "application/json; charset=bogus", headers=as_partner.headers
    )
    assert answer.status_code == 400


def test_a_key_given_twice_is_read_once(world, partner):
    body = b'{"organisation":"rowan-trust","title":"First","title":"Second","happened_from":"2024-03-01"}'
    answer = Api(partner).post("evidence/", raw=body)
    assert (answer.status_code, answer.json().get("title")) == (201, "Second")


def test_an_answer_is_json_or_is_not_given(stranger, world):
    assert stranger.get("strategies/", headers={"accept": "text/html"}).status_code == 406
    assert stranger.get("strategies/", headers={"accept": "text/html,*/*;q=0.8"})["Content-Type"] == "application/json"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=8,
)
FIELDS = ["organisation", "strategy", "commitments", "title", "story", "happened_from", "happened_to", "districts", "people_reached", "publishable", "links", "form_token"]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.dictionaries(st.sampled_from(FIELDS), json_values))
def test_no_body_makes_the_portal_fail(db, world, partner, body):
    if not hasattr(world, "as_partner"):
        world.as_partner = Api(partner)
    body = {"organisation": "rowan-trust", "title": "x", "happened_from": "2024-03-01", **body}
    assert world.as_partner.post("evidence/", body).status_code < 500


def test_no_query_that_the_schema_allows_or_not_makes_the_portal_fail(world, officer):
    """Every GET of the schema with likely, unlikely and hostile values: some hundreds of requests, in the long run thousands."""
    as_officer, asked = Api(officer), set()
    for path, query in requests_from(world, count=REQUESTS):
        answer = as_officer.client.get(path, query_params=query)
        assert answer.status_code < 500, (path, query)
        if answer.status_code == 400:
            assert json.loads(answer.content)["detail"]
        asked.add(str(answer.resolver_match and answer.resolver_match.view_name))
    assert len(asked) > 15, f"only {len(asked)} different addresses were asked"
