"""What ``make run`` starts, when a row is locked or the database is frozen, gone or full of people: it bends, and does not break."""

import json
import re
import threading
import time
from contextlib import contextmanager, suppress
from urllib.parse import urlencode

import psutil
import psycopg2
import pytest

from tests.local.helpers import Portal
from tests.local.prepared import prepared
from tests.local.savers import Saver, make_session, name_and_value, save_again_and_again
from tests.local.slow import ratio, times
from tests.long import LONG

pytestmark = pytest.mark.timeout(400)
LIMIT = 3.0


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    with Portal(prepared(tmp_path_factory.mktemp("bending") / "data")) as portal:
        yield portal.ready()


@pytest.fixture(scope="module")
def session(portal):
    return make_session(portal)


def connect(portal: Portal, role: str = "portal_app"):
    return psycopg2.connect(
        host=str(portal.folder / "postgres"), user=role, password=portal.secret(role), dbname="vcsportal"
    )


@contextmanager
def locked(portal: Portal):
    """Somebody else's transaction has the organisation's row, and does not end."""
    connection = connect(portal)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM partners_organisation WHERE slug = 'rowan-trust' FOR UPDATE")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


def test_while_a_row_is_locked_nine_who_save_it_get_a_sentence_and_readers_notice_nothing(portal, session):
    paths = ("/", "/readyz", "/organisations/rowan-trust/", "/api/v1/organisations/rowan-trust/")
    quiet = {path: times(portal.port, path) for path in paths}
    savers = [Saver(portal.port, session) for _ in range(9)]
    over = threading.Event()
    with locked(portal):
        threads = save_again_and_again(savers, over)
        time.sleep(4)
        until = time.monotonic() + (60 if LONG else 8)
        busy: dict[str, list[float]] = {path: [] for path in paths}
        while time.monotonic() < until:
            for path in paths:
                busy[path] += times(portal.port, path, 1)
        over.set()
        for thread in threads:
            thread.join()
    for path in paths:
        ratio(f"{path} beside nine who wait for a row", quiet[path], busy[path])
        assert max(busy[path]) < LIMIT
    answers = [answer for saver in savers for answer in saver.answers]
    slowest = max(answer.seconds for answer in answers)
    print(f"{len(answers)} saves were refused, the slowest after {slowest:.1f} s")
    assert {answer.status for answer in answers} == {503}
    assert all(int(answer.headers["Retry-After"]) >= 5 for answer in answers)
    assert slowest < 10
    sentences = {sentence for answer in answers for sentence in re.findall("(Someone else|Many people)", answer.text)}
    assert "Someone else" in sentences
    assert all("What we do has changed." in answer.text for answer in answers), "what was typed is in every answer"


def test_what_was_typed_is_saved_by_sending_the_answers_own_form_again(portal, session):
    saver = Saver(portal.port, session)
    body, cookie = saver.fill_in("A lunch club, & more.")
    with locked(portal):
        refused = saver.save(body, cookie)
    assert refused.status == 503
    again = Saver(portal.port, session, path=re.search(r'<form method="post" action="([^"]+)"', refused.text)[1])  # type: ignore[index]
    fields = [name_and_value(tag) for tag in re.findall(r"<input[^>]*>", refused.text)]
    saved = again.save(urlencode(fields), cookie)
    assert saved.status == 302, saved.text[:500]
    assert "A lunch club, &amp; more." in saver.ask("GET", "/organisations/rowan-trust/").text


@contextmanager
def frozen(portal: Portal):
    """The database's processes stand still, as on a machine whose disk hangs."""
    server = portal.children()["database"]
    processes = [server, *server.children(recursive=True)]
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # a connection may end once it was listed
            process.suspend()
    try:
        yield
    finally:
        for process in processes:
            with suppress(psutil.NoSuchProcess):  # one that ends as soon as it may
                process.resume()


def test_while_the_database_is_frozen_everybody_gets_a_sentence_in_time_and_it_recovers(portal, session):
    saver = Saver(portal.port, session)
    assert saver.ask("GET", "/my-work/").status == 200
    took: list[float] = []
    wrong: list[str] = []

    def read(path: str) -> None:
        answer = Saver(portal.port, session).ask("GET", path)
        took.append(answer.seconds)
        if answer.status != 503 or "Retry-After" not in answer.headers:
            wrong.append(f"{path} {answer.status}")

    with frozen(portal):
        threads = [threading.Thread(target=read, args=(path,)) for path in ["/my-work/", "/organisations/"] * 5]
        for thread in threads:
            thread.start()
        began = time.monotonic()
        status, text = portal.get("/readyz")
        ready = time.monotonic() - began
        for thread in threads:
            thread.join()
        later = [saver.ask("GET", "/my-work/").seconds for _ in range(5)]
        assert portal.get("/healthz")[0] == 200
        data = saver.ask("GET", "/api/v1/organisations/")
    print(
        f"frozen: ten readers {min(took):.1f} to {max(took):.1f} s, after that {max(later):.1f} s, /readyz {ready:.1f} s"
    )
    assert wrong == []
    assert max(took) < 12
    assert max(later) < 6
    assert (status, ready < LIMIT) == (503, True)
    assert json.loads(text)["faults"][0] == "The database does not answer."
    assert (data.status, json.loads(data.text)["type"].partition("#")[2]) == (503, "problem-not-available")
    portal.get_until("/readyz", 200)
    assert saver.ask("GET", "/my-work/").status == 200


def test_a_database_that_can_only_be_read_serves_readers_and_tells_savers(portal, session):
    saver = Saver(portal.port, session)
    owner = connect(portal, "portal_owner")
    owner.autocommit = True
    with owner.cursor() as cursor:
        cursor.execute("ALTER DATABASE vcsportal SET default_transaction_read_only = on")
        _drop_connections(portal)
        try:
            body, cookie = saver.fill_in("Changed.")
            answer = saver.save(body, cookie)
            text = portal.get_until("/readyz", 503)
            assert portal.get("/")[0] == 200
        finally:
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")
            cursor.execute("ALTER DATABASE vcsportal RESET default_transaction_read_only")
    owner.close()
    _drop_connections(portal)
    assert answer.status == 503
    assert "can be read but not changed" in answer.text
    assert json.loads(text)["faults"] == ["The database can be read but not written."]
    portal.get_until("/readyz", 200)


def _drop_connections(portal: Portal) -> None:
    connection = connect(portal)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portal_app' AND pid <> pg_backend_pid()"
        )
    connection.close()


def free_connection(portal: Portal):
    """Return one more connection, or None when there is none left."""
    try:
        return connect(portal)
    except psycopg2.OperationalError:
        return None


def test_a_database_without_a_free_connection_is_503_and_comes_back(portal, session):
    saver = Saver(portal.port, session)
    _drop_connections(portal)
    taken = []
    try:
        while (connection := free_connection(portal)) is not None:
            taken.append(connection)
        assert len(taken) > 20
        _ = [saver.ask("GET", path) for path in ("/my-work/", "/api/v1/organisations/")]
        page, data = (saver.ask("GET", path) for path in ("/my-work/", "/api/v1/organisations/"))
    finally:
        for connection in taken:
            connection.close()
    assert page.status == data.status == 503
    assert "can’t be reached" in page.text
    assert page.headers["Retry-After"] == "30"
    assert "detail" in json.loads(data.text)
    portal.get_until("/readyz", 200)
    assert saver.ask("GET", "/my-work/").status == 200


def test_a_database_that_was_killed_is_503_meanwhile_and_never_500(portal, session):
    saver = Saver(portal.port, session)
    server: psutil.Process = portal.children()["database"]
    server.kill()
    statuses = set()
    until = time.monotonic() + 30
    while time.monotonic() < until:
        statuses.add(saver.ask("GET", "/my-work/").status)
        if statuses >= {200, 503}:
            break
    assert statuses == {200, 503}
