"""Every dataset: it has its rows, says the same in every format, and has nothing that is not published and nobody's name."""

import csv
import json
import re
from contextlib import suppress
from datetime import date, datetime
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.content.responses import ResponseContent
from commitments.content.risks import AssessmentContent
from commitments.models import Engagement
from commitments.rules import stances
from commitments.rules.risk_levels import LevelRange
from commitments.services.indicators import approve_value
from commitments.services.responses import approve_response, submit_response
from commitments.services.risk_assessments import assess_risk
from partners.models import User
from tests.factories import make_edition, make_evidence
from tests.house.test_search_secrets import FOUND_ONCE_PUBLISHED, SECRETS
from tests.house.world import SECRET, World
from tests.reporting.read_back import READERS
from vcsportal.common import datasets
from vcsportal.common.cells import LIST_SEPARATOR
from vcsportal.common.columns import DATE, DECIMAL, LIST, MOMENT, NUMBER, YES_NO
from vcsportal.common.words import Refused
from vcsportal.open_data.catalogue import DATASET, DATASETS, GROUPS
from vcsportal.open_data.metadata import MEDIA_TYPES

pytestmark = pytest.mark.django_db
PUBLIC_NOW = {"draft edition", "withdrawn edition"}
"""Secrets of the search that stand in the title of a round, which anyone may read."""


def fill(world: World) -> None:
    """Make at least one thing for every dataset."""
    for make in FOUND_ONCE_PUBLISHED.values():
        make(world)
    approve_value(by=world.person("officer"), at=timezone.now(), value=world.supplied_value())
    world.county_figure(), world.award(), world.signatory(), world.appointment()
    world.engagement("written_up"), world.response()
    risk = world.risk()
    high = LevelRange(3, 3)
    assess_risk(by=world.person("officer"), at=timezone.now(), risk=risk, content=AssessmentContent(high, high))
    make_edition(round_=world.closed_round(), by=world.person("administrator"), published=True)


def get(world: World, address: str, who: str = "anonymous") -> Any:
    return world.client(who).get(address)


def bytes_of(world: World, slug: str, ending: str, who: str = "anonymous") -> bytes:
    answer = get(world, f"/data/{slug}.{ending}", who)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def text_of(world: World, slug: str, ending: str, who: str = "anonymous") -> str:
    return bytes_of(world, slug, ending, who).decode()


def rows_of(world: World, slug: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text_of(world, slug, "csv").removeprefix("\ufeff"), newline="")))


def test_every_dataset_stands_once_on_the_page(world: World):
    placed = [dataset.slug for group in GROUPS for dataset in group.datasets]
    assert sorted(placed) == sorted(DATASET)
    assert len(placed) == len(DATASETS) == len(DATASET) >= 21


def test_every_column_is_declared_once_and_says_what_it_means():
    for dataset in DATASETS:
        names = [column.name for column in dataset.columns]
        assert len(set(names)) == len(names), dataset.slug
        assert all(column.meaning.endswith(".") for column in dataset.columns), dataset.slug
        assert dataset.says.endswith("."), dataset.slug


def test_every_dataset_has_rows_and_says_the_same_as_csv_and_as_json(world: World):
    fill(world)
    for dataset in DATASETS:
        rows, told = rows_of(world, dataset.slug), json.loads(text_of(world, dataset.slug, "json"))
        assert rows, f"{dataset.slug} has no row"
        names = [column.name for column in dataset.columns]
        assert list(rows[0]) == names == [column["name"] for column in told["columns"]] == list(told["rows"][0])
        assert [[as_csv(row[name]) for name in names] for row in told["rows"]] == [list(row.values()) for row in rows]
        for column in dataset.columns:
            for row in told["rows"]:
                check_kind(column.kind, row[column.name])


def as_csv(value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return LIST_SEPARATOR.join(value)
    return "" if value is None else str(value)


def check_kind(kind: str, value) -> None:
    """Raise if a value is of another kind than its column says."""
    if value is None:
        return
    if kind == DATE:
        assert date.fromisoformat(value).isoformat() == value
    elif kind == MOMENT:
        assert datetime.fromisoformat(value).tzinfo is not None
    elif kind in {NUMBER, DECIMAL}:
        assert type(value) in ({int} if kind == NUMBER else {int, float})
    else:
        assert isinstance(value, {YES_NO: bool, LIST: list}.get(kind, str))


def test_nothing_that_is_not_published_is_in_any_dataset(world: World):
    for name, make in SECRETS.items():
        if name not in PUBLIC_NOW:
            with suppress(Refused):  # of two that exclude each other the first is enough
                make(world)
    for dataset in DATASETS:
        for ending in ("csv", "json"):
            assert SECRET.casefold() not in text_of(world, dataset.slug, ending).casefold(), dataset.slug


@pytest.mark.parametrize("kind", ["evidence", "case-studies", "updates", "points", "engagement", "organisations"])
def test_what_is_published_is_in_its_dataset(kind: str, world: World):
    FOUND_ONCE_PUBLISHED[kind](world)
    assert SECRET.casefold() in text_of(world, kind, "csv").casefold()


def test_a_response_says_nothing_until_it_is_published(world: World):
    response, at = world.response(), timezone.now()
    content = ResponseContent("yes", "We agree, fully.", "Cabinet", timezone.localdate())
    sent = submit_response(by=world.person("officer"), at=at, response=response, content=content)
    hidden = {"stance": "", "words": "", "decided_where": "", "decided_on": ""}
    assert [row | hidden for row in rows_of(world, "responses")] == rows_of(world, "responses")
    approve_response(by=world.person("second_officer"), at=at, response=sent)
    [row] = rows_of(world, "responses")
    assert (row["words"], row["decided_where"]) == ("We agree, fully.", "Cabinet")
    assert (row["stance"], row["decided_on"]) == (stances.of("yes").label, str(timezone.localdate()))


def test_of_what_happened_in_a_month_no_day_is_given(world: World):
    held = world.engagement("written_up")
    [row] = rows_of(world, "engagement")
    assert (row["starts_on"], row["month"]) == (str(held.starts_on), f"{held.starts_on:%Y-%m}")
    first, last = date(2011, 3, 1), date(2011, 3, 31)
    Engagement.objects.filter(pk=held.pk).update(month_only=True, starts_on=first, ends_on=last)
    [row] = rows_of(world, "engagement")
    assert (row["starts_on"], row["ends_on"], row["month"]) == ("", "", "2011-03")


def test_nobody_is_named_in_any_dataset(world: World):
    fill(world)
    world.handed_over(), world.deputy(), world.view_of_outsider()
    User.objects.update(name="Zebedee Quagga")
    looked = [text_of(world, dataset.slug, "json", who) for dataset in DATASETS for who in ("anonymous", "officer")]
    assert len(looked) == 2 * len(DATASETS)
    assert not [text for text in looked if "Quagga" in text]


def test_officers_download_what_everyone_downloads(world: World):
    world.draft_update(), world.evidence("submitted"), world.county_figure()
    for slug in ("updates", "evidence", "figures", "organisations"):
        assert text_of(world, slug, "csv", "officer") == text_of(world, slug, "csv")


def test_a_formula_stays_text_in_csv(world: World):
    make_evidence(
        world.person("partner"), world.commitment, state="accepted", officer=world.person("second_officer"),
        title="=HYPERLINK(A1)",
    )  # fmt: skip
    assert [row["title"] for row in rows_of(world, "evidence")] == ["'=HYPERLINK(A1)"]
    assert json.loads(text_of(world, "evidence", "json"))["rows"][0]["title"] == "=HYPERLINK(A1)"


def test_a_file_is_asked_for_again_only_when_something_public_has_changed(world: World):
    client = world.client("anonymous")
    etag = client.get("/data/evidence.csv")["ETag"]
    assert client.get("/data/evidence.csv", headers={"If-None-Match": etag}).status_code == 304
    FOUND_ONCE_PUBLISHED["evidence"](world)
    assert client.get("/data/evidence.csv", headers={"If-None-Match": etag}).status_code == 200


def test_rows_are_read_in_chunks_while_they_are_sent(world: World, monkeypatch):
    fill(world)
    for _ in range(3):
        FOUND_ONCE_PUBLISHED["evidence"](world)
    whole = {dataset.slug: text_of(world, dataset.slug, "csv") for dataset in DATASETS}
    monkeypatch.setattr(datasets, "CHUNK_ROWS", 2)
    for dataset in DATASETS:
        with CaptureQueriesContext(connection) as asked:
            answer = get(world, f"/data/{dataset.slug}.csv")
            assert not [query for query in asked if " LIMIT 2" in query["sql"]], (
                "rows are read before the answer is sent"
            )
            lines = b"".join(answer.streaming_content).decode().splitlines()
        chunks = [query for query in asked if " LIMIT 2" in query["sql"]]
        assert len(chunks) >= 2, dataset.slug
        assert sorted(lines) == sorted(whole[dataset.slug].splitlines()), dataset.slug
    assert text_of(world, "evidence", "csv") == whole["evidence"]


def test_other_datasets_and_endings_are_not_there(world: World):
    client = world.client("anonymous")
    for address in ("/data/people/", "/data/people.csv", "/data/evidence.exe", "/data/evidence."):
        assert client.get(address).status_code == 404, address


def test_the_spreadsheet_has_the_rows_and_says_what_each_column_means(world: World):
    fill(world)
    for slug in ("evidence", "awards", "risks"):
        [rows, columns] = READERS["ods"](bytes_of(world, slug, "ods")).values()
        told = json.loads(text_of(world, slug, "json"))
        assert rows[0] == [column.heading.lower().replace(" ", "_") for column in DATASET[slug].columns]
        assert len(rows) == 1 + len(told["rows"])
        assert [row[0] for row in columns[1:]] == [column["name"] for column in told["columns"]]
        assert [str(cell) for cell in rows[1][:3]] == [str(value) for value in list(told["rows"][0].values())[:3]]


def test_the_description_for_programs_has_every_column_of_the_csv_file(world: World):
    for dataset in DATASETS:
        told = json.loads(text_of(world, dataset.slug, "csv-metadata.json"))
        head = text_of(world, dataset.slug, "csv").removeprefix("\ufeff").splitlines()[0]
        assert [column["name"] for column in told["tableSchema"]["columns"]] == head.split(",")
        assert told["url"].endswith(f"/data/{dataset.slug}.csv")
    link = world.client("anonymous").get("/data/evidence.csv")["Link"]
    where = f"{settings.PORTAL_URL}/data/evidence.csv-metadata.json"
    assert link == f'<{where}>; rel="describedby"; type="application/csvm+json"'


def test_pages_tell_catalogues_what_they_offer(world: World):
    def told(address: str):
        page = get(world, address).content.decode()
        [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        return json.loads(block)

    assert len(told("/data/")["dataset"]) == len(DATASETS)
    evidence = told("/data/evidence/")
    assert evidence["license"] == "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
    assert [file["encodingFormat"] for file in evidence["distribution"]] == list(MEDIA_TYPES.values())
    for file in evidence["distribution"]:
        assert world.client("anonymous").get(urlsplit(file["contentUrl"]).path).status_code == 200
