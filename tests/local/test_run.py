"""``make run`` on real processes: start, refusals, faults, stop."""

import json
import os
import signal
import socket
import stat
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest

from tests.local.helpers import Portal, family, free_port, nothing_left
from tests.local.prepared import prepared
from tests.long import only_in_test_all
from vcsportal.local.portal import faults, without_password

pytestmark = pytest.mark.timeout(400)
PARTS = {"database", "queue", "proxy", "web", "worker", "beat"}


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A portal started in an empty folder; shared by the tests that leave it running."""
    folder = tmp_path_factory.mktemp("first") / "data"
    with Portal(folder) as portal:
        yield portal.ready()


def ask_queue(folder, words):
    with socket.socket(socket.AF_UNIX) as queue:
        queue.connect(str(folder / "valkey.sock"))
        queue.sendall(words + b"\r\n")
        return queue.recv(20)


def connect(portal, host=None, role="portal_app"):
    return psycopg2.connect(
        host=str(host or portal.folder / "postgres"), user=role, password=portal.secret(role), dbname="vcsportal"
    )


def test_it_starts_in_an_empty_folder_and_says_where(portal):
    assert f"http://127.0.0.1:{portal.port}/" in portal.said
    assert set(portal.children()) == PARTS
    assert portal.get("/healthz")[0] == 200
    answer = json.loads(portal.get_until("/readyz", 200))
    assert answer["database"]
    assert answer["queue"]
    assert answer["worker"]


def test_the_schedule_shows_a_sign_of_life_too(portal):
    until = time.monotonic() + 30
    while not json.loads(portal.get_until("/readyz", 200))["schedule"]:
        assert time.monotonic() < until
        time.sleep(0.2)


def test_what_is_wrong_is_asked_of_the_portal_itself(portal):
    assert faults(portal.port) == []
    portal.children()["worker"].suspend()
    try:
        until = time.monotonic() + 60
        while not (wrong := faults(portal.port)):
            assert time.monotonic() < until
            time.sleep(0.5)
    finally:
        portal.children()["worker"].resume()
    assert wrong == ["No worker has been heard from recently."]
    portal.get_until("/readyz", 200)
    assert faults(free_port()) == [], "nobody answers there"


def test_only_its_owner_can_look_into_the_folder(portal):
    assert stat.S_IMODE(portal.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((portal.folder / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((portal.folder / "postgres").stat().st_mode) == 0o700
    open_files = [
        str(file)
        for file in portal.folder.rglob("*")
        if file.is_file() and not file.is_symlink() and file.stat().st_mode & 0o077
    ]
    assert open_files == []


def connections_of(process: psutil.Process) -> list[Any]:
    """Return its connections: none if it has ended since it was listed, as a connection of PostgreSQL may."""
    try:
        return process.net_connections("inet")
    except psutil.NoSuchProcess:
        return []


def test_no_server_listens_on_the_network(portal):
    listening = [
        (name, connection.laddr)
        for name, child in portal.children().items()
        for process in [child, *child.children(recursive=True)]
        for connection in connections_of(process)
        if connection.status == psutil.CONN_LISTEN
    ]
    assert {name for name, _ in listening} == {"proxy"}
    assert {(address.ip, address.port) for _, address in listening} == {("127.0.0.1", portal.port)}


def test_the_applications_role_owns_no_table_and_is_no_superuser(portal):
    connection = connect(portal)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE tableowner = current_user) FROM pg_tables WHERE schemaname = 'public'"
        )
        tables, owned = cursor.fetchone()
        assert tables > 10
        assert owned == 0
    connection.rollback()
    for statement in ("CREATE TABLE mine (id int)", "DROP TABLE partners_user", "TRUNCATE django_session"):
        with connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(statement)
        connection.rollback()
    connection.close()


def test_a_second_start_on_the_same_folder_is_refused_with_its_name(portal):
    with Portal(portal.folder) as second:
        assert second.ends() == 1
        assert f"already runs on the folder {portal.folder}" in second.said
        assert str(portal.process.pid) in second.said
    assert portal.get("/healthz")[0] == 200


def test_a_taken_port_is_one_sentence_with_another_port(portal, tmp_path):
    with Portal(tmp_path / "data", portal.port) as second:
        assert second.ends() == 1
        assert f"Port {portal.port} is taken" in second.said
        assert f"PORT={portal.port + 1}" in second.said
        assert "Traceback" not in second.said
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(tmp_path, port):
    with Portal(tmp_path / "data", PORT=port) as portal:
        assert portal.ends() == 1
        assert f"PORT is {port!r}" in portal.said


@pytest.mark.parametrize("part", ["web", "proxy", "worker", "beat", "queue", "database"])
def test_a_killed_part_is_started_again(portal, part):
    before = portal.children()[part]
    before.kill()
    portal.wait_for("ended by itself")
    said = {"web": "web server"}.get(part, part)
    portal.wait_for(f"The {said} ended by itself (code -9); starting it again.")
    until = time.monotonic() + 30
    while (now := portal.children()).get(part, before).pid == before.pid or set(now) != PARTS:
        assert time.monotonic() < until
        time.sleep(0.1)
    assert portal.get_until("/healthz", 200) == "ok\n"
    portal.get_until("/readyz", 200)


@only_in_test_all
def test_a_second_portal_beside_the_first_stops_without_a_trace_and_keeps_its_data(portal, tmp_path):
    folder = tmp_path / "a folder with spaces, and a name so long that no socket could be reached by its path" / "data"
    with Portal(prepared(folder), WEB_WORKERS="1") as second:
        second.ready()
        assert second.get("/healthz")[0] == portal.get("/healthz")[0] == 200
        assert second.secret("secret_key") != portal.secret("secret_key")
        assert second.secret("portal_app") != portal.secret("portal_app")
        place = Path(os.readlink(folder / "run" / "companion"))
        assert stat.S_IMODE(place.stat().st_mode) & 0o066 == 0
        connection = connect(second, place / "postgres")
        with connection, connection.cursor() as cursor:
            cursor.execute("INSERT INTO django_session VALUES ('kept', 'kept', now())")
        connection.close()
        assert ask_queue(place / "queue", b"SET kept yes") == b"+OK\r\n"
        secrets = (folder / "secrets.json").read_text()
        everybody = family(second)
        assert len(everybody) > 8
        assert second.stop(signal.SIGINT) == 0
    assert nothing_left(folder, everybody) == []
    assert "Nothing is left running" in second.said
    assert second.get("/healthz")[0] == 0
    assert not place.exists()
    assert portal.get("/healthz")[0] == 200

    with Portal(folder, WEB_WORKERS="1") as again:
        again.ready()
        assert "Making the database" not in again.said
        place = Path(os.readlink(folder / "run" / "companion"))
        connection = connect(again, place / "postgres")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_session WHERE session_key = 'kept'")
            assert cursor.fetchone() == (1,)
        connection.close()
        assert ask_queue(place / "queue", b"GET kept") == b"$3\r\nyes\r\n"
        assert (folder / "secrets.json").read_text() == secrets
        everybody = family(again)
        again.process.kill()  # without a chance to tidy up
        again.ends()
        if sys.platform == "linux":
            assert nothing_left(folder, everybody) == []
    with Portal(folder, WEB_WORKERS="1") as third:
        third.ready()
        assert third.get("/healthz")[0] == 200
        assert not place.exists()


def test_a_stop_in_the_middle_of_starting_leaves_nothing(tmp_path):
    with Portal(tmp_path / "data") as portal:
        portal.wait_for("Making the tables")
        everybody = family(portal)
        assert everybody
        assert portal.stop(signal.SIGTERM) == 130
    assert nothing_left(portal.folder, everybody) == []


@only_in_test_all
def test_servers_that_the_environment_names_are_used_instead(tmp_path, own_servers):
    database, queue = own_servers
    with Portal(tmp_path / "data", DATABASE_URL=database, REDIS_URL=queue, WEB_WORKERS="1") as portal:
        portal.ready()
        assert "Using the server that DATABASE_URL names" in portal.said
        assert "Using the server that REDIS_URL names" in portal.said
        assert "pass" not in without_password("postgres://me:pass@host:5432/name")
        assert set(portal.children()) == {"proxy", "web", "worker", "beat"}
        assert not (portal.folder / "postgres").exists()
        assert not (portal.folder / "queue").exists()


def test_a_server_that_does_not_answer_is_named(tmp_path):
    port = free_port()
    with Portal(tmp_path / "data", DATABASE_URL=f"postgres://me:hidden@127.0.0.1:{port}/none") as portal:
        assert portal.ends() == 1
        assert f"postgres://me@127.0.0.1:{port}/none" in portal.said
        assert "DATABASE_URL" in portal.said
        assert "hidden" not in portal.said
        assert "Traceback" not in portal.said


def test_data_of_another_major_version_is_refused_with_a_way_out(tmp_path):
    data = tmp_path / "data" / "postgres"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("13\n")
    with Portal(tmp_path / "data") as portal:
        assert portal.ends() == 1
        assert "was written by PostgreSQL 13" in portal.said
        assert "pg_dump" in portal.said
        assert nothing_left(portal.folder, []) == []


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with Portal(tmp_path / "file" / "data") as portal:
        assert portal.ends() == 1
        assert "can't be used" in portal.said
        assert "Traceback" not in portal.said
