"""``Idempotency-Key``: a request that is sent again is carried out once."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from commitments.models import Evidence
from partners.models import Mail, RepeatedRequest
from tests.factories import make_evidence
from tests.programs import EVIDENCE, entry, made, program
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


def send(client, organisation, commitment, key, **more):
    return client.post(
        EVIDENCE,
        entry(organisation, commitment, **more),
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )


def test_the_same_request_is_answered_again_and_makes_one_thing(partner, charity, commitment):
    client = program(made(partner, "evidence")[1])
    first, again = (send(client, charity, commitment, "a key") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert (first.headers.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert Evidence.objects.count() == 1
    send(client, charity, commitment, "another key")
    assert Evidence.objects.count() == 2


def test_the_same_key_with_another_body_or_address_is_refused(partner, charity, commitment):
    client = program(made(partner, "evidence")[1])
    piece = Evidence.objects.get(pk=send(client, charity, commitment, "k").json()["id"])
    other = send(client, charity, commitment, "k", title="Something else")
    assert other.status_code == 422
    assert "was used for another request" in other.json()["detail"]
    elsewhere = client.post(
        f"{EVIDENCE}{piece.pk}/submit/",
        {"version": 1},
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )
    assert elsewhere.status_code == 422
    piece.refresh_from_db()
    assert piece.state == "draft"


def test_a_refusal_is_not_kept(partner, charity, commitment):
    client = program(made(partner, "evidence")[1])
    assert send(client, charity, commitment, "k", happened_from="2999-01-01").status_code == 400
    assert not RepeatedRequest.objects.exists()
    assert send(client, charity, commitment, "k").status_code == 201


def test_two_people_may_use_the_same_key(partner, charity, outsider, other_charity, commitment):
    for person, organisation in ((partner, charity), (outsider, other_charity)):
        assert send(program(made(person, "evidence")[1]), organisation, commitment, "1").status_code == 201
    assert Evidence.objects.count() == 2


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "é"])
def test_what_is_no_key_is_refused(partner, charity, commitment, key):
    answer = send(program(made(partner, "evidence")[1]), charity, commitment, key)
    assert answer.status_code == 400
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("key", ["k", "é"])
@pytest.mark.parametrize(
    ("method", "address"),
    [("DELETE", EVIDENCE), ("PUT", EVIDENCE), ("PATCH", EVIDENCE), ("POST", "/api/v1/editions/"), ("PATCH", f"{EVIDENCE}rows/")],
)  # fmt: skip
def test_a_method_that_an_address_does_not_take_needs_no_key(partner, charity, commitment, method, address, key):
    """The answer is the same whether the key was used before, is none, or is missing."""
    client = sign_in(Client(), partner)
    assert send(client, charity, commitment, "k").status_code == 201
    sent = client.generic(method, address, "{}", content_type="application/json", headers={"Idempotency-Key": key})
    assert (sent.status_code, sent.json()["title"]) == (405, "This address does not take this method")
    assert sent["Allow"]
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("address", ["/api/v1/nothing/", "/api/nothing/"])
def test_an_address_that_there_is_not_needs_no_key(partner, charity, commitment, address):
    client = sign_in(Client(), partner)
    assert send(client, charity, commitment, "k").status_code == 201
    answer = client.post(address, "{}", content_type="application/json", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 404


def test_reading_and_strangers_are_left_alone(client, partner):
    text = made(partner)[1]
    assert program(text).get(EVIDENCE, headers={"Idempotency-Key": "k"}).status_code == 200
    assert (
        client.post(EVIDENCE, {}, content_type="application/json", headers={"Idempotency-Key": "k"}).status_code == 401
    )
    assert not RepeatedRequest.objects.exists()


def test_emails_are_written_once_and_with_the_answer(partner, officer, charity, commitment):
    client = program(made(partner, "evidence")[1])
    piece = make_evidence(partner, commitment)
    for _ in range(2):
        client.post(
            f"{EVIDENCE}{piece.pk}/submit/",
            {"version": 1},
            content_type="application/json",
            headers={"Idempotency-Key": "k"},
        )
    written = Mail.objects.count()
    piece.refresh_from_db()
    assert piece.state == "submitted"
    assert piece.history.filter(act="submit").count() == 1
    assert written == Mail.objects.values("to", "kind").distinct().count()


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_make_one_thing(partner, charity, commitment):
    text = made(partner, "evidence")[1]
    answers = []

    def act():
        try:
            answers.append(send(program(text), charity, commitment, "k"))
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [201] * 4
    assert Evidence.objects.count() == 1
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert RepeatedRequest.objects.get().at <= timezone.now()
