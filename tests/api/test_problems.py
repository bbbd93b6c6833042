"""Whatever goes wrong in the API is a problem document of RFC 9457, whose type is explained on the API's page."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from commitments.api.strategies import StrategyDoor
from commitments.models import Commitment, FormerReference
from tests.api.conftest import ROOT, Api
from vcsportal.common.api_problems import PROBLEMS

pytestmark = pytest.mark.django_db
ANCHOR = re.compile(r'id="(problem-[a-z-]+)"')


def check(answer: Any, status: int) -> dict[str, Any]:
    """Check the form of a problem document, and return it."""
    assert answer.status_code == status, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(answer.content)
    assert list(told)[:4] == ["type", "title", "status", "detail"]
    kind = next(problem for problem in PROBLEMS if problem.status == status)
    assert told["type"] == f"http://127.0.0.1:8000/api/v1/docs/#problem-{kind.code}"
    assert (told["title"], told["status"]) == (kind.title, status)
    assert told["detail"].endswith((".", "”"))
    return told


def test_reading_what_cannot_be_read(stranger, world, client):
    explained = set(ANCHOR.findall(client.get("/api/v1/docs/").content.decode()))
    assert explained == {problem.anchor for problem in PROBLEMS}
    assert list(check(stranger.get("evidence/?colour=red"), 400)["errors"]) == ["colour"]
    for rest in ("nonsense/", "nonsense", "strategies/%00", "evidence/0/", "a/b/c.json", "evidence//"):
        assert "There is nothing" in check(stranger.get(rest), 404)["detail"]
    for accept in ("text/html", "application/xml", "nonsense"):
        check(stranger.get("strategies/", headers={"accept": accept}), 406)
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "BREW"):
        answer = stranger.client.generic(method, f"{ROOT}search/")
        assert answer["Allow"] == "GET, HEAD, OPTIONS"
        assert check(answer, 405)["detail"] == f"This address does not take {method}. It takes: GET, HEAD, OPTIONS."
    for method in ("PUT", "DELETE", "PATCH", "POST"):
        check(stranger.client.generic(method, f"{ROOT}nonsense"), 404)


def test_an_address_without_its_last_slash_leads_to_the_one_with_it(stranger, world):
    answer = stranger.get("evidence?page_size=2")
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/evidence/?page_size=2")


def test_writing_what_cannot_be_written(stranger, partner, outsider, world):
    check(stranger.post("evidence/", {}), 401)
    evidence = world.evidence["accepted"]
    check(Api(outsider).post(f"evidence/{evidence.pk}/withdraw/", {"version": evidence.version}), 403)
    as_partner = Api(partner)
    check(as_partner.post(f"evidence/{evidence.pk}/submit/", {"version": evidence.version}), 409)
    assert "errors" in check(as_partner.post("evidence/", {"colour": "red"}), 400)
    check(as_partner.post("evidence/", raw=b"{"), 400)
    check(as_partner.post("evidence/", raw=b"[" * 200_000), 400)
    check(as_partner.post("evidence/", raw=b'"' + b"x" * 300_000 + b'"'), 413)
    check(as_partner.post("evidence/", raw=b"title=x", content_type="application/x-www-form-urlencoded"), 415)
    check(as_partner.post("evidence/", {}, headers={}), 403)  # without its CSRF token


def test_a_number_that_several_have_had(stranger, world):
    commitment = world.strategy.commitments.get(key="thing-1-2")
    FormerReference.objects.create(commitment=commitment, reference="1.1", held_until=date(2025, 5, 6))
    Commitment.objects.filter(key="thing-1-1").update(added_on=date(2025, 5, 6))
    told = check(stranger.get("strategies/our-strategy/commitments/1.1/"), 300)
    assert [each["key"] for each in told["commitments"]] == ["thing-1-2", "thing-1-1"]


def test_a_mistake_of_ours_and_another_host(world, monkeypatch, settings):
    def fail(*given: Any) -> None:
        raise ZeroDivisionError

    settings.DEBUG = False
    client = Client(raise_request_exception=False)
    monkeypatch.setattr(StrategyDoor, "columns", fail)
    check(client.get(f"{ROOT}strategies/"), 500)
    check(client.get(f"{ROOT}strategies/", headers={"host": "evil.example.com"}), 400)


def test_the_schema_says_that_problems_come_as_problem_documents(stranger, world):
    told = json.loads(stranger.get("schema/").content)
    looked_at = 0
    for operations in told["paths"].values():
        for operation in operations.values():
            for code, answer in operation["responses"].items():
                if not code.startswith("2") and code != "304":  # which has no body
                    looked_at += 1
                    assert list(answer["content"]) == ["application/problem+json"]
    assert looked_at > 200
    assert told["components"]["schemas"]["Refusal"]["required"] == ["type", "title", "status", "detail"]
