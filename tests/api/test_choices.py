"""Fewer fields, related things, and what changed since a time: on every list, declared once, and never more than a person may see."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from jsonschema import Draft202012Validator

from commitments.api.strategies import CommitmentDoor
from commitments.models import HistoryEntry
from partners.models import HistoryEntry as PartnersHistoryEntry
from tests.api.conftest import Api
from tests.api.test_reading import LISTS, closed, schema

pytestmark = pytest.mark.django_db
COMMITMENTS = "strategies/our-strategy/commitments/"
SOON = "2999-01-01"


@pytest.mark.parametrize("rest", LISTS)
def test_fields_are_chosen_by_name(stranger, world, rest):
    whole = stranger.list(rest)[0]
    wanted = list(whole)[2:5]
    chosen = stranger.list(f"{rest}?fields={wanted[2]},{wanted[0]}&fields={wanted[1]}")[0]
    assert chosen == {name: whole[name] for name in wanted}
    one = whole["url"].partition("/api/v1/")[2]
    assert stranger.get(f"{one}?fields={wanted[0]}").json() == {wanted[0]: whole[wanted[0]]}
    refused = stranger.get(f"{rest}?fields={wanted[0]},colour")
    assert refused.status_code == 400
    said, _, names = refused.json()["errors"]["fields"][0].rstrip(".").partition(" You can use: ")
    assert (said, set(names.split(", "))) == ("“colour” can’t be asked for here.", set(whole))


def test_related_things_come_as_their_own_address_has_them(api, officer, stranger, world):
    """Every include of every endpoint, for a stranger and an officer."""
    found: dict[str, set[tuple[str, str, str]]] = {"stranger": set(), "officer": set()}
    for name, asker in (("stranger", stranger), ("officer", api(officer))):
        for rest, kinds in {
            "strategies/": ("priorities", "rounds"),
            "strategies/our-strategy/priorities/": ("commitments",),
            COMMITMENTS: ("actions", "partners", "updates", "indicators"),
            "evidence/": ("organisations",),
        }.items():
            for row in asker.list(f"{rest}?include={','.join(kinds)}"):
                assert list(row["included"]) == list(kinds)
                for kind in kinds:
                    for each in row["included"][kind]:
                        assert asker.get(each["url"].partition("/api/v1/")[2]).json() == each
                        found[name].add((rest, kind, each["url"]))
                one = row["url"].partition("/api/v1/")[2]
                assert asker.get(f"{one}?include={','.join(kinds)}").json() == row
    updates = {name: {url for _, kind, url in has if kind == "updates"} for name, has in found.items()}
    assert len(updates["stranger"]) == 1, "the draft is not the stranger's to read"
    assert len(updates["officer"]) == 2
    assert {(rest, kind) for rest, kind, _ in found["stranger"]} == {(rest, kind) for rest, kind, _ in found["officer"]}
    assert len({(rest, kind) for rest, kind, _ in found["officer"]}) == 8


def test_what_cannot_come_with_it_is_refused(stranger, world):
    refused = stranger.get(f"{COMMITMENTS}?include=updates,leads")
    assert refused.json()["errors"] == {
        "include": ["“leads” can’t be asked for here. You can use: actions, partners, updates, indicators."]
    }
    for rest in (
        "organisations/?include=groups",
        "evidence/1/?updated_since=2024-01-01",
        "districts/?updated_since=2024-01-01",
    ):
        assert "There is no such parameter" in str(stranger.get(rest).json()["errors"])


def test_related_things_and_fields_go_together_and_match_the_schema(stranger, world):
    row = stranger.list(f"{COMMITMENTS}?include=indicators&fields=key")[0]
    assert list(row) == ["key", "included"]
    whole, told = stranger.list(f"{COMMITMENTS}?include=updates,indicators,actions,partners")[0], schema()
    components = told["components"]["schemas"]
    Draft202012Validator(closed(components["CommitmentAnswer"], components)).validate(whole)


def test_related_things_cost_the_same_however_many_rows_there_are(officer, world, many):
    counts = []
    for more in (1, 60):
        many(more)
        with CaptureQueriesContext(connection) as queries:
            rows = Api(officer).list(f"{COMMITMENTS}?include=actions,partners,updates,indicators&page_size=100")
        counts.append(len(queries))
    assert len(rows) > 60
    assert len(set(counts)) == 1, counts


def test_only_what_changed_since_a_time_is_listed(stranger, world):
    later = timezone.now() + timedelta(hours=1)
    by_list = {
        rest: stranger.list(rest)
        for rest in ("evidence/", COMMITMENTS, "strategies/our-strategy/updates/", "editions/", "organisations/")
    }
    for rest, rows in by_list.items():
        assert rows
        assert stranger.list(f"{rest}?updated_since=2000-01-01") or rest == "organisations/"
        assert stranger.list(f"{rest}?updated_since={later:%Y-%m-%dT%H:%M:%SZ}") == []
    accepted = world.evidence["accepted"]
    HistoryEntry.objects.create(at=later, by=world.officer, act="edit", evidence=accepted)
    assert [row["id"] for row in stranger.list(f"evidence/?updated_since={later:%Y-%m-%dT%H:%M:%SZ}")] == [accepted.pk]
    HistoryEntry.objects.create(at=later, by=world.officer, act="status", commitment=world.commitment)
    changed = stranger.list(f"{COMMITMENTS}?updated_since={later - timedelta(seconds=9):%Y-%m-%dT%H:%M:%SZ}")
    assert [row["key"] for row in changed] == ["thing-1-1"]


def test_a_change_that_is_nobodys_business_is_no_change(stranger, world):
    """The draft of an update, a proposed figure and a person's role change nothing that everyone reads."""
    later = timezone.now() + timedelta(hours=1)
    since = f"updated_since={later - timedelta(seconds=9):%Y-%m-%dT%H:%M:%SZ}"
    HistoryEntry.objects.create(
        at=later, by=world.officer, act="save", commitment=world.commitment, update=world.draft_update
    )
    indicator = world.commitment.indicators.get()
    HistoryEntry.objects.create(
        at=later, by=world.partner, act="propose", commitment=world.commitment, indicator=indicator
    )
    PartnersHistoryEntry.objects.create(
        at=later, by=world.officer, act="role given", person=world.partner, organisation=world.charity
    )
    for rest in (COMMITMENTS, "strategies/our-strategy/indicators/", "organisations/"):
        assert stranger.list(f"{rest}?{since}") == []
    HistoryEntry.objects.create(
        at=later, by=world.officer, act="approve", commitment=world.commitment, update=world.update
    )
    PartnersHistoryEntry.objects.create(at=later, by=world.officer, act="edited", organisation=world.charity)
    assert [row["key"] for row in stranger.list(f"{COMMITMENTS}?{since}")] == ["thing-1-1"]
    assert [row["slug"] for row in stranger.list(f"organisations/?{since}")] == [world.charity.slug]


def test_what_somebody_may_not_see_is_not_listed_as_changed(stranger, world):
    seen = {row["id"] for row in stranger.list("evidence/?updated_since=2000-01-01")}
    assert seen == {world.evidence["accepted"].pk}


@pytest.mark.parametrize(
    "text",
    ["yesterday", "2024-02-30", "2024-13-01T00:00Z", "0001-01-01", "9999-12-31T23:59:59-12:00", "٢٠٢٤-01-01", "2024"],
)
def test_a_time_that_cannot_be_read_is_refused(stranger, world, text):
    refused = stranger.get("evidence/", query_params={"updated_since": text})
    assert refused.status_code == 400
    assert refused.json()["errors"]["updated_since"][0].startswith("Write a day such as 2026-03-12")


def test_each_name_is_declared_once(world):
    assert set(CommitmentDoor.includes) == {"actions", "partners", "updates", "indicators"}
