"""Evidence from the system of a partner: many items at once through the API, and references that are not for everyone."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.models import Evidence, HistoryEntry, UploadedWorkbook
from commitments.services.evidence import accept_evidence, log_evidence, submit_evidence
from partners.models import User
from partners.services.roles import give_role
from tests.factories import make_evidence, make_evidence_content, make_organisation
from tests.programs import EVIDENCE, entry, made, program

pytestmark = pytest.mark.django_db
ROWS = f"{EVIDENCE}rows/"
ROW = {"reference": "V-1", "title": "Ran a drop-in", "happened_from": "2026-03-12", "commitments": ["1.1"]}


def send(client: Client, *rows: Any, more: str = "", **headers: str) -> Any:
    address = f"{ROWS}?strategy=our-strategy{more}"
    return client.post(address, json.dumps(rows), content_type="application/json", headers=headers)


@pytest.fixture
def ours(partner, strategy) -> Client:
    """The program of the charity’s person."""
    return program(made(partner, "evidence")[1])


def results(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["result"] for row in answer.json()["rows"]]


# One item


def test_a_reference_is_for_its_organisation_and_the_council_alone(
    partner, outsider, officer, charity, commitment, steering_member
):
    client, now = program(made(partner, "evidence")[1]), timezone.now()
    sent = entry(charity, commitment, reference="CASE-7", publishable=True)
    answer = client.post(EVIDENCE, sent, content_type="application/json")
    assert (answer.status_code, answer.json()["reference"]) == (201, "CASE-7")
    again = client.post(EVIDENCE, sent, content_type="application/json")
    assert (again.status_code, Evidence.objects.count()) == (409, 1)
    assert "has already logged evidence with the reference “CASE-7”" in again.json()["detail"]
    piece = submit_evidence(by=partner, at=now, evidence=Evidence.objects.get())
    accept_evidence(by=officer, at=now, evidence=piece, version=piece.version)
    address = f"{EVIDENCE}{piece.pk}/"
    readers = {person.name: program(made(person)[1]) for person in (partner, officer, outsider)}
    readers["stranger"] = Client()
    seen = {name: reader.get(address).json()["reference"] for name, reader in readers.items()}
    assert seen == {partner.name: "CASE-7", officer.name: "CASE-7", outsider.name: "", "stranger": ""}
    assert "CASE-7" not in Client().get(f"{EVIDENCE}?format=csv").getvalue().decode()
    assert "CASE-7" not in Client().get(f"/evidence/{piece.pk}/").content.decode()


def test_its_page_shows_the_reference_to_its_people_and_the_council(
    signed_in, partner, officer, outsider, charity, commitment, now
):
    piece = log_evidence(
        by=partner, at=now, organisation=charity, content=make_evidence_content(commitment, publishable=True),
        reference="CASE-7",
    )  # fmt: skip
    piece = submit_evidence(by=partner, at=now, evidence=piece)
    accept_evidence(by=officer, at=now, evidence=piece, version=piece.version)
    for person, shown in ((partner, True), (officer, True), (outsider, False)):
        page = signed_in(person).get(f"/evidence/{piece.pk}/").content.decode()
        assert ("CASE-7" in page) is shown, person


# Many


def test_a_preview_says_what_would_become_of_each_row_and_writes_nothing(ours, partner, charity, commitment):
    there = make_evidence(partner, commitment)
    Evidence.objects.filter(pk=there.pk).update(reference="V-1", title=ROW["title"])
    rows = [ROW, {**ROW, "reference": "V-2"}, {**ROW, "reference": "V-3", "happened_from": "12/03"}]
    with CaptureQueriesContext(connection) as queries:
        answer = send(ours, *rows, more="&preview=true")
    assert results(answer) == ["known", "new", "refused"]
    assert answer.json()["counts"] == {"new": 1, "added": 0, "known": 1, "refused": 1}
    known, new, refused = answer.json()["rows"]
    assert known["evidence"].endswith(f"/api/v1/evidence/{there.pk}/")
    assert (new["evidence"], new["row"], new["reference"]) == (None, 2, "V-2")
    assert refused["faults"] == [
        {
            "column": "happened_from",
            "found": "12/03",
            "detail": "Write a date like 25 November 2026. Give the year too.",
        }
    ]
    changes = [query["sql"] for query in queries if query["sql"].split()[0] in {"INSERT", "DELETE"}]
    assert not changes
    assert (Evidence.objects.count(), UploadedWorkbook.objects.count()) == (1, 0)


def test_the_good_rows_are_saved_and_the_others_come_back(ours, partner, charity):
    rows = [ROW, {**ROW, "reference": "V-2", "commitments": ["9.9"]}, {**ROW, "reference": "V-3", "send": True}]
    answer = send(ours, *rows)
    assert results(answer) == ["added", "refused", "added"]
    pieces = {piece.reference: piece for piece in Evidence.objects.all()}
    assert {name: piece.state for name, piece in pieces.items()} == {"V-1": "draft", "V-3": "submitted"}
    assert {(piece.organisation, piece.logged_by) for piece in pieces.values()} == {(charity, partner)}
    assert [row["page"] and row["page"].rpartition("/evidence/")[2] for row in answer.json()["rows"]] == [
        f"{pieces['V-1'].pk}/", None, f"{pieces['V-3'].pk}/",
    ]  # fmt: skip
    assert HistoryEntry.objects.filter(evidence=pieces["V-1"]).get().said["file"] == "rows.json"
    assert not UploadedWorkbook.objects.exists()
    assert results(send(ours, *rows)) == ["known", "refused", "known"]
    assert Evidence.objects.count() == 2


def test_csv_from_an_old_program_is_read(ours):
    text = "Your reference;What you did;When it began;Commitments\r\nV-1;Café’s open day;12/03/2026;1.1; 1.2\r\n"
    text = text.replace("1.1; 1.2", '"1.1; 1.2"')
    answer = ours.generic(
        "POST", f"{ROWS}?strategy=our-strategy", text.encode("cp1252"), content_type="text/csv; charset=windows-1252"
    )
    assert results(answer) == ["added"]
    assert answer.json()["rows"][0]["row"] == 2
    assert Evidence.objects.get().title == "Café’s open day"


def test_under_a_key_rows_are_saved_once_and_a_refused_file_is_not_kept(ours):
    refused = send(ours, {"title": "No day"}, **{"Idempotency-Key": "one"})
    assert refused.status_code == 400
    first = send(ours, {**ROW, "reference": ""}, **{"Idempotency-Key": "one"})
    again = send(ours, {**ROW, "reference": ""}, **{"Idempotency-Key": "one"})
    assert (results(first), results(again), again["Idempotency-Replayed"]) == (["added"], ["added"], "true")
    assert Evidence.objects.count() == 1
    assert send(ours, ROW, **{"Idempotency-Key": "one"}).status_code == 422


def test_a_token_of_one_organisation_logs_for_that_alone(partner, charity, strategy):
    other = make_organisation("Second group")
    give_role(by=None, at=timezone.now(), person=partner, role="partner_contributor", organisation=other)
    person = User.objects.get(pk=partner.pk)
    rows = [{**ROW, "organisation": charity.slug}, {**ROW, "organisation": other.slug}]
    client = program(made(person, "evidence", organisation=charity)[1])
    answer = send(client, *rows)
    assert results(answer) == ["added", "refused"]
    assert answer.json()["rows"][1]["faults"][0]["column"] == "organisation"
    assert set(Evidence.objects.values_list("organisation", flat=True)) == {charity.pk}
    both = program(made(person, "evidence")[1])
    assert results(send(both, *rows)) == ["known", "added"]
    assert Evidence.objects.filter(reference="V-1").count() == 2


def test_who_may_not_is_refused_before_the_body_is_read(partner, outsider, strategy):
    assert send(Client(), ROW).status_code == 401
    assert send(program(made(partner)[1]), ROW).json()["detail"] == "This token does not have the scope “evidence”."
    assert results(send(program(made(outsider, "evidence")[1]), {**ROW, "organisation": "rowan-trust"})) == ["refused"]
    assert not Evidence.objects.exists()


UNREADABLE: tuple[tuple[str, str, str, int, str], ...] = (
    ("", "[]", "application/json", 400, "There is no such strategy"),
    ("?strategy=none", "[]", "application/json", 400, "There is no such strategy"),
    ("?strategy=our-strategy&preview=maybe", "[]", "application/json", 400, "Give true or false."),
    ("?strategy=our-strategy&preview=", "[]", "application/json", 400, "Give true or false."),
    ("?strategy=our-strategy&dry_run=true", "[]", "application/json", 400, "There is no such parameter"),
    ("?strategy=our-strategy", "[]", "application/json", 400, "nothing in it"),
    ("?strategy=our-strategy", "{}", "application/json", 400, "not a list of objects"),
    ("?strategy=our-strategy", "title,happened_from", "application/json", 400, "not what Content-Type says"),
    ("?strategy=our-strategy", "[]", "text/csv", 400, "not what Content-Type says"),
    ("?strategy=our-strategy", "", "text/csv", 400, "is empty"),
    ("?strategy=our-strategy", "title\nOne", "text/csv", 400, "needs columns with the headings"),
    ("?strategy=our-strategy", "x", "text/plain", 415, "application/json, text/csv"),
    ("?strategy=our-strategy", "x" * (2 * 1024 * 1024 + 1), "text/csv", 413, "The limit is 2 MB"),
)


def test_what_can_t_be_read_is_refused_with_a_sentence(ours):
    for query, body, kind, status, words in UNREADABLE:
        answer = ours.post(f"{ROWS}{query}", body, content_type=kind)
        assert (answer.status_code, words in answer.content.decode()) == (status, True), (words, answer.content)
    assert not Evidence.objects.exists()
