"""The schema of the JSON file: published, permanent, in step with the tables, and followed by every file."""

import json
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from jsonschema import Draft202012Validator

from reporting import exports, facts
from reporting.exports import json_schema
from reporting.exports.data import TABLES
from tests.reporting.exports.json_form import check, faults
from tests.reporting.exports.test_exports import assembled, told


def written(report: facts.Report) -> bytes:
    return exports.WRITERS["json"](report)


def test_the_kept_schema_is_in_step_with_the_tables(tmp_path, monkeypatch):
    call_command("draw_data_schema", check=True, stdout=StringIO())
    assert json_schema.file().read_text(encoding="utf-8") == json_schema.text()
    monkeypatch.setattr(json_schema, "FOLDER", tmp_path / "schemas")
    with pytest.raises(CommandError, match="stale"):
        call_command("draw_data_schema", check=True)
    call_command("draw_data_schema", stdout=StringIO())
    assert json_schema.file().read_text(encoding="utf-8") == json_schema.text()
    json_schema.file().write_text("{}")
    with pytest.raises(CommandError, match="raise the number"):
        call_command("draw_data_schema", check=True)


def test_every_version_is_kept_and_is_a_schema():
    for version in range(1, json_schema.VERSION + 1):
        content = json_schema.kept(version, "https://portal.example.org")
        Draft202012Validator.check_schema(content)
        assert content["$id"] == f"https://portal.example.org/reports/data/schema-{version}.json"
        assert content["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_column_is_described():
    content = json_schema.schema()
    for table in TABLES:
        row = content["$defs"][table.name]
        assert row["required"] == [column.name for column in table.columns]
        for column in table.columns:
            described = row["properties"][column.name]["description"]
            assert described.startswith(column.meaning)
            assert not column.unit or column.unit in described, "a number without its unit"


@pytest.mark.django_db
def test_anybody_reads_the_schema_at_its_address(client, settings):
    settings.PORTAL_URL = "https://portal.example.org/"
    address = reverse("reporting:data-schema", args=[json_schema.VERSION])
    assert address == json_schema.path(), "the file names this address"
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/schema+json"
    assert answer.json() == json_schema.kept(json_schema.VERSION, "https://portal.example.org")
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(reverse("reporting:data-schema", args=[0])).status_code == 404
    assert client.get(reverse("reporting:data-schema", args=[json_schema.VERSION + 1])).status_code == 404


def test_a_file_with_every_kind_of_row_follows_the_schema():
    report = told("Words")
    data = check(written(report))
    without = [name for name, table in data["tables"].items() if not table["rows"]]
    assert without == ["figures_by_strand"] or not without


def test_a_file_with_nothing_in_it_follows_the_schema():
    report = replace(told("Words"), priorities=(), evidence=(), late=(), organisations=(), changes=None, texts=())
    check(written(report))


@pytest.mark.django_db
def test_the_file_of_a_year_follows_the_schema(voiced):
    data = check(written(assembled(voiced)))
    assert data["edition"] is None
    assert data["tables"]["evidence"]["rows"]


def test_the_file_begins_with_what_identifies_it():
    report = told("Words")
    data = json.loads(written(replace(report, identity=replace(report.identity, url="https://portal.example.org/"))))
    assert data["schema"] == "https://portal.example.org/reports/data/schema-1.json"
    data = json.loads(written(report))
    assert data["strategy"] == {"slug": "s", "title": "Words"}
    assert data["round"] == {
        "slug": "2024-25", "title": "2024-25", "observes_from": "2024-04-01", "observes_to": "2025-03-31",
    }  # fmt: skip
    assert data["edition"] == 3
    assert data["statuses_as_at"] == "2025-06-12", "the year still ran"
    assert data["actions_as_at"] == "2025-03-31"
    assert data["made_at"] == "2025-06-12T14:05:07+01:00"
    assert data["facts_sha256"] == facts.checksum_of(report)
    assert data["licence"]["url"].startswith("https://www.nationalarchives.gov.uk/")
    closed = replace(
        report,
        round=replace(report.round, closed_on=date(2025, 6, 2), title="The third year"),
        actions_as_at=date(2025, 6, 12),
    )
    data = json.loads(written(closed))
    assert (data["statuses_as_at"], data["actions_as_at"]) == ("2025-06-02", "2025-06-12")
    assert data["round"]["title"] == "The third year"


def test_the_checksum_is_that_under_which_the_facts_were_sealed():
    stored = facts.to_json(told("Words"))
    stored.pop("earlier")  # as in an edition made before it was kept
    data = json.loads(written(facts.from_json(stored)))
    assert data["facts_sha256"] == facts.checksum(stored)


@pytest.mark.parametrize(
    ("table", "column", "wrong"),
    [
        ("evidence", "people_reached", "12"),
        ("evidence", "happened_from", "1 May 2024"),
        ("evidence", "commitments", "1.10; 1.2"),
        ("evidence", "commitments", []),
        ("evidence", "title", ""),
        ("actions", "slipped", "yes"),
        ("evidence", "another", "value"),
    ],
)
def test_the_schema_refuses_what_no_file_may_hold(table, column, wrong):
    data = json.loads(written(told("Words")))
    data["tables"][table]["rows"][0][column] = wrong
    assert faults(json.dumps(data).encode())


def test_the_schema_refuses_a_file_without_a_table_or_a_column():
    data = json.loads(written(told("Words")))
    del data["tables"]["evidence"]["rows"][0]["id"]
    del data["tables"]["actions"]
    assert len(faults(json.dumps(data).encode())) == 2
