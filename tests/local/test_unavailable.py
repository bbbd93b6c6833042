"""What people and programs get when the database can't do what they ask: 503 with a sentence, never 500."""

import json
import threading
from contextlib import contextmanager
from typing import Any

import psycopg2
import psycopg2.errors
import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, InterfaceError, OperationalError, connection, connections, transaction
from django.http import HttpResponse, QueryDict
from django.test import Client, RequestFactory
from django.utils import timezone

from partners.models import User
from partners.sessions import engine
from tests.as_read import as_read
from tests.factories import make_person
from vcsportal.common import database_faults
from vcsportal.common.api import Door
from vcsportal.common.database_faults import AWAY, BUSY, FULL, READ_ONLY, SLOW, unavailable
from vcsportal.database import limits
from vcsportal.unavailable import Turns, UnavailableMiddleware, WritesMiddleware, answer, server_error, typed


def fault_of(statement: str, *before: str) -> BaseException:
    """The fault that the database itself raises for a statement."""

    def ask() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for words in before:
                cursor.execute(words)
            cursor.execute(statement)

    with pytest.raises(DatabaseError) as raised:
        ask()
    return raised.value


@contextmanager
def row_locked(person: User):
    """Another connection has this person's row, and keeps it."""
    other = connections["default"].copy()
    other.inc_thread_sharing()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT id FROM partners_user WHERE id = %s FOR UPDATE", [person.pk])
        yield
    finally:
        other.rollback()
        other.close()


@pytest.mark.django_db(transaction=True)
def test_the_databases_own_faults_are_told_apart():
    person = make_person()
    assert unavailable(fault_of("SELECT pg_sleep(2)", "SET LOCAL statement_timeout = 50")) is SLOW
    insert = "INSERT INTO django_session VALUES ('a', 'b', now())"
    assert unavailable(fault_of(insert, "SET LOCAL transaction_read_only = on")) is READ_ONLY
    with row_locked(person):
        update = f"UPDATE partners_user SET name = 'x' WHERE id = {person.pk}"
        assert unavailable(fault_of(update, "SET LOCAL lock_timeout = 50")) is BUSY


@pytest.mark.django_db
def test_a_mistake_of_ours_stays_a_mistake():
    assert unavailable(fault_of("SELECT nothing FROM nowhere")) is None
    assert unavailable(fault_of("SELECT 1/0")) is None
    assert unavailable(ValueError("closed")) is None
    assert unavailable(InterfaceError("wrong number of arguments")) is None
    assert unavailable(None) is None


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("53300", AWAY), ("53200", AWAY), ("53100", FULL), ("57P01", AWAY), ("57P02", AWAY), ("57P03", AWAY), ("08006", AWAY),
        ("58030", AWAY), ("40P01", BUSY), ("40001", BUSY), ("55P03", BUSY), ("57014", SLOW), ("25P03", SLOW), ("25006", READ_ONLY),
        ("23505", None), ("42P01", None), ("22003", None),
    ],
)  # fmt: skip
def test_each_of_postgresqls_codes_has_its_meaning(code, meaning):
    class WithCode(psycopg2.Error):  # type: ignore[misc]  # psycopg2 is written in C, without types
        pgcode = code

    fault = DatabaseError("words that nobody reads")
    fault.__cause__ = WithCode()
    assert unavailable(fault) is meaning


def test_a_connection_that_was_refused_or_closed_is_a_database_that_is_away():
    assert unavailable(OperationalError("connection refused")) is AWAY
    assert unavailable(InterfaceError("connection already closed")) is AWAY


@pytest.mark.parametrize("why", [BUSY, SLOW, READ_ONLY, FULL, AWAY, database_faults.CROWDED])
def test_pages_and_the_api_give_the_same_sentence_and_say_when_to_try_again(rf, why):
    page, data = answer(rf.get("/status/"), why), answer(rf.get("/api/v1/evidence/"), why)
    assert page.status_code == data.status_code == 503
    assert page["Retry-After"] == data["Retry-After"] == str(why.retry_after)
    assert "no-store" in page["Cache-Control"]
    assert data["Content-Type"] == "application/problem+json"
    assert why.sentence.replace("’", "&#x27;") in page.content.decode().replace("’", "&#x27;")
    told = json.loads(data.content)
    assert (told["status"], told["title"], told["detail"]) == (503, "Not available at the moment", why.sentence)


@pytest.fixture
def session_cannot_be_read(monkeypatch):
    """The database goes away just when a session is read, before any view is reached."""

    def away(**_asked):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(engine, "_READ", away)


def visitor() -> Client:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a-session-of-an-earlier-visit"
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("debug", [True, False])
def test_a_session_that_cannot_be_read_is_503_too_with_the_security_headers(session_cannot_be_read, settings, debug):
    settings.DEBUG = debug
    page = visitor().get("/my-work/")
    assert page.status_code == 503
    assert "Try again" in page.content.decode()
    assert page["Retry-After"] == "30"
    assert "default-src" in page["Content-Security-Policy"]
    data = visitor().get("/api/v1/evidence/")
    assert data.status_code == 503
    assert data.json()["detail"] == AWAY.sentence
    assert data["Retry-After"] == "30"


@pytest.mark.django_db
def test_a_fault_inside_the_api_is_503_in_json(client, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(Door, "filter_queryset", away)
    data = client.get("/api/v1/evidence/")
    assert (data.status_code, data.json()["detail"], data["Retry-After"]) == (503, AWAY.sentence, "30")


def test_a_mistake_of_ours_is_a_page_of_its_own_without_collected_files(rf, monkeypatch):
    def missing(name):
        raise ValueError("Missing staticfiles manifest entry")

    with_style = server_error(rf.get("/")).content.decode()
    assert "portal.css" in with_style
    monkeypatch.setattr(staticfiles_storage, "url", missing)
    for made in (server_error(rf.get("/")), answer(rf.get("/"), AWAY)):
        text = made.content.decode()
        assert "<h1" in text
        assert "stylesheet" not in text
    data = server_error(rf.get("/api/v1/evidence/"))
    assert (data.status_code, data["Content-Type"]) == (500, "application/problem+json")


def test_an_error_page_that_is_not_the_databases_is_left_alone(rf):
    own = HttpResponse("ours", status=500)
    request = rf.get("/")
    request.fault = ValueError("ours")
    assert UnavailableMiddleware(lambda asked: own)(request) is own


# What was typed ----------------------------------------------------------------------------------------------------------


def sent(words: str, *, ours: bool = True, method: str = "POST", **files: object):
    request: Any = RequestFactory().generic(method, "/somewhere/?a=b")
    request._post, request._files = QueryDict(words), files
    request.csrf_processing_done = ours
    return request


def test_what_was_typed_is_in_the_page_to_be_sent_again():
    page = as_read(answer(sent("note=%3Cb%3E+%22quoted%22&tick=1&tick=2"), BUSY).text)
    assert '<form method="post" action="/somewhere/?a=b">' in page
    assert '<input type="hidden" name="note" value="&lt;b&gt; &quot;quoted&quot;">' in page
    assert page.count('name="tick"') == 2


@pytest.mark.parametrize(
    "request_sent",
    [
        sent("note=a", ours=False),
        sent("password=secret"),
        sent("new_Password1=secret"),
        sent("code=12345678"),
        sent("note=a", method="PUT"),
        sent("note=a", file=object()),
        sent(f"note={'a' * 200_001}"),
    ],
)
def test_neither_a_strangers_form_nor_a_secret_nor_half_a_form_is_repeated(request_sent):
    assert typed(request_sent) == []
    assert "secret" not in answer(request_sent, BUSY).content.decode()


def test_only_a_write_whose_end_is_unknown_may_have_been_saved():
    unsure = "may not have been saved"
    assert unsure in answer(sent("a=b"), AWAY).content.decode()
    assert unsure not in answer(sent("a=b"), BUSY).content.decode()
    assert unsure not in answer(RequestFactory().get("/"), AWAY).content.decode()


# Turns ---------------------------------------------------------------------------------------------------------------------


def test_some_may_write_some_may_wait_and_nobody_waits_behind_those():
    turns = Turns(at_once=1, waiting=1, seconds=0.2)
    assert turns.take()
    waiting: list[bool] = []
    second = threading.Thread(target=lambda: waiting.append(turns.take()))
    second.start()
    while turns._place._value:
        pass
    assert turns.take() is False, "a place to wait is taken already"
    turns.give_back()
    second.join()
    assert waiting == [True]
    assert turns.take() is False, "it waited as long as it may"
    turns.give_back()
    assert turns.take()


def test_a_reader_needs_no_turn_and_a_writer_gives_it_back_also_after_a_fault(rf, settings):
    settings.WRITES_AT_ONCE = settings.WRITES_WAITING = 1
    asked: list[str] = []

    def view(request):
        gate.process_view(request, None, (), {})
        asked.append(request.method)
        raise RuntimeError("ours")

    gate = WritesMiddleware(view)
    for method in ("POST", "GET", "PUT", "PATCH", "DELETE", "HEAD"):
        with pytest.raises(RuntimeError):
            gate(rf.generic(method, "/"))
    assert len(asked) == 6
    gate.turns.take()
    gate.turns._place.acquire()
    assert gate.process_view(rf.get("/"), None, (), {}) is None
    refused = gate.process_view(rf.post("/"), None, (), {})
    assert refused is not None
    assert refused.status_code == 503
    assert "Many people are saving" in refused.content.decode()


# A whole request -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_web_process_waits_for_a_row_only_as_long_as_its_limit_says(monkeypatch):
    monkeypatch.setattr(limits.process, "kind", "web")
    monkeypatch.setitem(limits.LIMITS, "web", limits.Limits(statement=5, lock=1, idle_in_transaction=60, watched=True))
    connection.close()  # the next one has the web's limits
    person = make_person()
    with row_locked(person):
        began = timezone.now()
        fault = fault_of(f"UPDATE partners_user SET name = 'x' WHERE id = {person.pk}")
        assert 0.9 < (timezone.now() - began).total_seconds() < 4
    assert unavailable(fault) is BUSY
    connection.close()
