"""Every list as CSV: the same rows, filters and rights as in JSON, all of them, and sent while they are read."""

import csv
import html
import io
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import Evidence
from tests.api.test_reading import LISTS
from vcsportal.common import api_csv, rate_limits

pytestmark = pytest.mark.django_db


def rows_of(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.content[:300]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("rest", LISTS)
def test_every_list_has_the_rows_of_its_json_for_each_person(api, stranger, officer, world, rest):
    for asker in (stranger, api(officer)):
        told = asker.list(rest)
        for rows in (
            rows_of(asker.get(f"{rest}?format=csv&page_size=1")),
            rows_of(asker.get(rest, headers={"accept": "text/csv"})),
        ):
            assert [row["url"] for row in rows] == [row["url"] for row in told]
    name = rest.strip("/").rpartition("/")[2]
    answer = stranger.get(f"{rest}?format=csv")
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    assert stranger.get(f"{rest}?format=json").json() == stranger.get(rest).json()


def test_values_stand_in_flat_columns(stranger, world, commitment):
    row = next(
        row
        for row in rows_of(stranger.get("strategies/our-strategy/commitments/?format=csv"))
        if row["key"] == "thing-1-1"
    )
    assert (row["status.code"], row["status.label"], row["priority.number"]) == ("at_risk", "At risk", "1")
    assert (row["partners.slug"], row["partners.role.code"], row["ongoing"]) == ("rowan-trust", "delivers", "false")
    assert row["merged_into"] == ""
    without = rows_of(stranger.get("strategies/our-strategy/commitments/?format=csv&status=none"))
    assert {row["status.code"] for row in without} == {""}
    few = rows_of(stranger.get("strategies/our-strategy/commitments/?format=csv&fields=key,status&q=thing&page_size=1"))
    assert list(few[0]) == ["key", "status.code", "status.label", "status.shape"]
    assert len(few) == 4


def test_a_text_that_is_like_a_formula_stays_text(stranger, world):
    Evidence.objects.filter(pk=world.evidence["accepted"].pk).update(title="=1+1")
    assert [row["title"] for row in rows_of(stranger.get("evidence/?format=csv"))] == ["'=1+1"]


def test_rows_are_read_while_they_are_sent(stranger, world, many, monkeypatch):
    monkeypatch.setattr(api_csv, "ROWS_AT_ONCE", 20)
    many(90)
    with CaptureQueriesContext(connection) as queries:
        lines = iter(stranger.get("evidence/?format=csv&fields=id").streaming_content)
        next(lines)
        first = len(queries)
        next(lines)
        each = len(queries) - first
        for _ in range(19):
            next(lines)
        assert len(queries) == first + each
        left = len(list(lines))
    assert (first <= 4, each <= 2) == (True, True)
    assert left > 60
    assert len(queries) == first + each * -(-(left + 20) // 20)


@pytest.mark.parametrize(
    ("rest", "name"),
    [
        ("evidence/?format=xml", "format"),
        ("evidence/?format=", "format"),
        ("evidence/?format=csv&colour=red", "colour"),
        ("evidence/?format=csv&include=organisations", "include"),
        ("evidence/?format=csv&state=splendid", "state"),
        ("strategies/our-strategy/?format=csv", "format"),
        ("search/?format=csv", "format"),
    ],
)
def test_what_cannot_be_had_as_csv_is_a_problem(stranger, world, rest, name):
    answer = stranger.get(rest)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])
    assert answer["Content-Type"] == "application/problem+json"


def test_one_thing_is_not_a_table(stranger, world):
    answer = stranger.get("strategies/our-strategy/", headers={"accept": "text/csv"})
    assert (answer.status_code, answer["Content-Type"]) == (406, "application/problem+json")
    not_there = stranger.get("strategies/none/commitments/", headers={"accept": "text/csv"})
    assert (not_there.status_code, not_there["Content-Type"]) == (404, "application/problem+json")


def test_a_csv_file_counts_as_ten_reads(stranger, world, settings, monkeypatch):
    cache.clear()  # of what the tests before this one have read
    monkeypatch.setattr(rate_limits, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))
    settings.READS_A_MINUTE = 25
    left = [
        stranger.get(rest, headers=headers)["RateLimit-Remaining"]
        for rest, headers in (
            ("evidence/", {}),
            ("evidence/?format=csv", {}),
            ("evidence/", {"accept": "text/csv"}),
        )
    ]
    assert left == ["24", "14", "4"]
    assert stranger.get("evidence/?format=csv").status_code == 429
    assert stranger.get("evidence/").status_code == 200


def test_every_read_has_an_etag_of_its_own_format_and_is_answered_with_304(api, stranger, officer, world):
    for asker in (stranger, api(officer)):
        for rest in ("", "schema/", "evidence/", "strategies/our-strategy/", "search/?q=thing"):
            first = asker.get(rest)
            again = asker.get(rest, headers={"if-none-match": first["ETag"]})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
            assert asker.get(rest, headers={"if-none-match": '"other"'}).status_code == 200
    tags = {stranger.get("evidence/", headers={"accept": kind})["ETag"] for kind in ("application/json", "text/csv")}
    assert len(tags) == 2
    as_officer = api(officer)
    before = as_officer.get("evidence/")["ETag"]
    Evidence.objects.filter(pk=world.evidence["accepted"].pk).update(title="Another title")
    assert as_officer.get("evidence/", headers={"if-none-match": before}).status_code == 200


def test_pages_are_linked_in_the_head_as_in_the_body(stranger, world):
    first = stranger.get("strategies/our-strategy/commitments/?page_size=3")
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'
    second = stranger.get("strategies/our-strategy/commitments/?page_size=3&page=2")
    assert second["Link"] == f'<{second.json()["previous"]}>; rel="prev"'
    assert "Link" not in stranger.get("strategies/").headers


LINK = re.compile(r'<a class="govuk-link" download href="([^"]+)">Download this list as CSV</a>')


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("/evidence/", 1),
        ("/evidence/?q=called&district=", 1),
        ("/evidence/?q=nothing-has-this-word", 0),
        ("/organisations/", 2),
        ("/organisations/?kind=charity&page=1", 1),
        ("/strategies/our-strategy/commitments/", 4),
        ("/strategies/our-strategy/commitments/?status=at_risk&status=none&priority=1", 2),
    ],
)
def test_the_list_of_a_page_links_to_its_rows_as_csv(stranger, world, page, count):
    Evidence.objects.filter(pk=world.evidence["accepted"].pk).update(title="A thing called so")
    assert_page_links_to_its_rows(stranger.client, page, count)


def assert_page_links_to_its_rows(client: Any, page: str, count: int) -> None:
    """Check that a page links to a CSV file of so many rows, each of which it lists; to none if there are no rows."""
    shown = client.get(page).content.decode()
    link = LINK.search(shown)
    if not count:
        assert link is None
        return
    rows = rows_of(client.get(html.unescape(link[1] if link else "")))
    assert len(rows) == count
    for row in rows:
        own = row.get("page") or row["url"].replace("/api/v1", "")
        assert own.removeprefix("http://127.0.0.1:8000") in shown, row


def test_signed_in_people_download_what_their_page_lists(api, partner, officer, world):
    for person, shows in ((partner, {"mine": 6, "published": None}), (officer, {"all": 4, "published": None})):
        client = api(person).client
        for show, count in shows.items():
            link = LINK.search(client.get(f"/evidence/?show={show}").content.decode())
            if count is None:
                assert link is None, "the API has no list of just these for them"
            else:
                assert len(rows_of(client.get(html.unescape(link[1] if link else "")))) == count
