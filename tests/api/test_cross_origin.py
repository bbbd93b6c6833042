"""Pages of other sites may read what a stranger reads, and never an answer to somebody's session."""

import pytest
from django.test import Client

from tests.api.conftest import ROOT, Api

pytestmark = pytest.mark.django_db
ELSEWHERE = {"origin": "https://elsewhere.example.org"}


def shared(answer) -> str | None:
    assert "Access-Control-Allow-Credentials" not in answer.headers
    allowed: str | None = answer.headers.get("Access-Control-Allow-Origin")
    return allowed


def test_every_read_without_a_session_is_open_to_other_sites(stranger, world, settings):
    settings.READS_A_MINUTE = 10
    first = stranger.get("strategies/", headers=ELSEWHERE)
    assert (first.status_code, shared(first)) == (200, "*")
    exposed = set(first["Access-Control-Expose-Headers"].split(", "))
    assert {"ETag", "Link", "Retry-After", "RateLimit-Remaining", "Content-Disposition"} <= exposed
    assert "origin" in first["Vary"].lower()
    assert shared(stranger.client.head(f"{ROOT}strategies/", headers=ELSEWHERE)) == "*"
    again = stranger.get("strategies/", headers={**ELSEWHERE, "if-none-match": first["ETag"]})
    assert (again.status_code, shared(again)) == (304, "*")
    for rest, status in (("evidence/?colour=red", 400), ("nonsense/", 404), ("evidence?page=1", 301)):
        answer = stranger.get(rest, headers=ELSEWHERE)
        assert (answer.status_code, shared(answer)) == (status, "*")
    for _ in range(9):
        last = stranger.get("nonsense/", headers=ELSEWHERE)
    assert (last.status_code, shared(last)) == (429, "*"), "a page elsewhere reads when to continue"


def test_a_browser_may_ask_beforehand_and_is_offered_reads_alone(stranger, world):
    asks = {**ELSEWHERE, "access-control-request-method": "GET", "access-control-request-headers": "if-none-match"}
    answer = stranger.client.options(f"{ROOT}evidence/", headers=asks)
    assert (answer.status_code, answer.content, shared(answer)) == (200, b"", "*")
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "if-none-match" in answer["Access-Control-Allow-Headers"]
    assert not {"x-csrftoken", "authorization", "cookie"} & set(answer["Access-Control-Allow-Headers"].split(", "))


def test_no_answer_to_a_session_and_no_write_is_open_to_other_sites(world, officer, stranger):
    as_officer = Api(officer)
    answer = as_officer.get("evidence/", headers=ELSEWHERE)
    assert (answer.status_code, shared(answer)) == (200, None)
    for method in ("post", "patch", "put", "delete"):
        assert shared(getattr(stranger.client, method)(f"{ROOT}evidence/", headers=ELSEWHERE)) is None
    expired = Client()
    expired.cookies["sessionid"] = "ended"
    assert shared(expired.get(f"{ROOT}evidence/", headers=ELSEWHERE)) is None


@pytest.mark.parametrize("address", ["/", "/evidence/", "/account/login/", "/healthz", "/api/"])
def test_pages_are_not_open_to_other_sites(client, strategy, address):
    assert shared(client.get(address, headers=ELSEWHERE)) is None
