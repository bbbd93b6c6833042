"""``/healthz`` and ``/readyz``, asked while parts are there, gone or hung."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time

import psycopg2
import pytest
import redis
from django.db import connections
from django.test import override_settings

from tests.local.helpers import free_port
from vcsportal import health, queue_addresses, readiness, tasks, worker_health
from vcsportal import settings as declared
from vcsportal.cache import FallingBackCache
from vcsportal.local.places import ROOT

WELL = {
    "database": True,
    "database_writes": True,
    "tables": True,
    "disk": True,
    "static_files": True,
    "queue": True,
    "worker": True,
    "schedule": False,
    "published_files": True,
    "faults": [],
}


@pytest.fixture
def alive_queue(queue):
    """The queue of a portal that is well: its worker has shown a sign of life."""
    worker_health.record_sign_of_life(queue, worker_health.WORKER_KEY)
    return queue


@pytest.fixture
def queue(own_queue, settings):
    """An empty queue of the test's own, where the portal looks for signs of life."""
    settings.REDIS_URL = own_queue
    return own_queue


@pytest.mark.django_db(transaction=True)
def test_ready_means_that_database_queue_and_worker_answer(client, queue):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {**WELL, "worker": False, "faults": [health.FAULTS["worker"]]}

    tasks._last = 0.0
    tasks.worker_is_alive()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == WELL
    assert "no-store" in answer["Cache-Control"]

    tasks.heartbeat()
    assert client.get("/readyz").json()["schedule"] is True


@pytest.mark.django_db(transaction=True)
def test_a_sign_of_life_is_forgotten_when_it_is_not_said_again(client, queue, monkeypatch):
    monkeypatch.setitem(worker_health.FRESH_SECONDS, worker_health.WORKER_KEY, 1)
    worker_health.record_sign_of_life(queue, worker_health.WORKER_KEY)
    assert client.get("/readyz").json()["worker"] is True
    time.sleep(1.1)
    assert client.get("/readyz").json()["worker"] is False


def test_the_worker_says_so_every_few_seconds_and_not_more_often(queue):
    tasks._last = 0.0
    tasks.worker_is_alive()
    with worker_health.client(queue) as server:
        server.delete(worker_health.WORKER_KEY)
        tasks.worker_is_alive()
        assert server.get(worker_health.WORKER_KEY) is None


@pytest.mark.django_db(transaction=True)
@override_settings(REDIS_URL="redis+socket:///nowhere/at/all.sock?virtual_host=0")
def test_without_a_queue_the_answer_is_503_within_three_seconds_and_the_web_process_still_serves(client):
    began = time.monotonic()
    answer = client.get("/readyz")
    assert time.monotonic() - began < 3
    assert answer.status_code == 503
    faults = [health.FAULTS["queue"], health.FAULTS["worker"]]
    assert answer.json() == {**WELL, "queue": False, "worker": False, "faults": faults}
    worker_health.record_sign_of_life(
        "redis+socket:///nowhere/at/all.sock", worker_health.WORKER_KEY
    )  # no error: life goes on without
    assert client.get("/healthz").content == b"ok\n"


def test_the_web_process_serves_without_asking_the_database(client):
    assert client.get("/healthz").status_code == 200
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


def test_a_part_that_hangs_hangs_no_answer_and_is_asked_once_at_a_time():
    asked: list[float] = []
    go_on = threading.Event()

    def hang() -> bool:
        asked.append(time.monotonic())
        return go_on.wait(10)

    question = readiness.SharedQuestion(hang, False)
    began = time.monotonic()
    first = question.begin()
    assert first.answer(0.3) is False
    assert question.begin() is first, "whoever asks meanwhile joins in"
    assert question.begin().answer(0.3) is False, "its time is over already"
    assert time.monotonic() - began < 3
    go_on.set()
    assert first.answer(5) is True
    assert question.begin().answer(5) is True
    assert len(asked) == 2


def test_two_who_ask_at_once_get_the_same_answer_and_a_fault_is_a_no():
    def ask() -> bool:
        time.sleep(0.2)
        return True

    slow = readiness.SharedQuestion(ask, False)
    answers = [asking.answer(5) for asking in (slow.begin(), slow.begin())]
    assert answers == [True, True], "a second balancer's question is no fault"

    def broken() -> bool:
        raise psycopg2.OperationalError("refused")

    assert readiness.SharedQuestion(broken, False).begin().answer(5) is False


def test_an_answer_is_given_again_while_it_is_fresh():
    counted = iter(range(10))
    question = readiness.SharedQuestion(lambda: next(counted), -1, fresh=60)
    assert [question.begin().answer(5) for _ in range(3)] == [0, 0, 0]
    eager = readiness.SharedQuestion(lambda: next(counted), -1)
    assert [eager.begin().answer(5) for _ in range(2)] == [1, 2]


def unwell(client) -> list[str]:
    began = time.monotonic()
    answer = client.get("/readyz")
    assert time.monotonic() - began < 3
    assert answer.status_code == 503
    return answer.json()["faults"]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_can_only_be_read_is_named(client, alive_queue, monkeypatch):
    monkeypatch.setitem(
        connections["default"].settings_dict["OPTIONS"], "options", "-c default_transaction_read_only=on"
    )
    assert unwell(client) == [health.FAULTS["database_writes"]]


@pytest.mark.django_db(transaction=True)
def test_a_database_without_this_versions_tables_is_named(client, alive_queue, monkeypatch):
    newest = readiness._newest_migrations()
    assert ("partners", max(name for app, name in newest if app == "partners")) in newest
    monkeypatch.setattr(readiness, "_newest_migrations", lambda: newest | {("partners", "9999_of_tomorrow")})
    assert unwell(client) == [health.FAULTS["tables"]]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_is_one_fault_and_not_three(client, alive_queue, monkeypatch):
    def silent() -> readiness.DatabaseReadiness:
        time.sleep(9)
        return readiness.DatabaseReadiness(True, True, True)

    monkeypatch.setattr(health, "database", readiness.SharedQuestion(silent, readiness.DatabaseReadiness()))
    answer = client.get("/readyz").json()
    assert (answer["database"], answer["database_writes"], answer["tables"]) == (False, False, False)
    assert unwell(client) == [health.FAULTS["database"]]


@pytest.mark.django_db(transaction=True)
def test_a_folder_that_takes_no_file_is_named(client, alive_queue, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(health, "disk", readiness.SharedQuestion(readiness.has_room, False))
    settings.MEDIA_ROOT = settings.DATA_DIR = tmp_path / "gone"
    assert unwell(client) == [health.FAULTS["disk"]]
    settings.DATA_DIR = tmp_path
    assert client.get("/readyz").status_code == 200, "files not yet begun are no fault"

    def full(file) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert unwell(client) == [health.FAULTS["disk"]]


@pytest.mark.django_db(transaction=True)
def test_a_folder_that_is_nearly_full_is_named(client, alive_queue, monkeypatch):
    monkeypatch.setattr(health, "disk", readiness.SharedQuestion(readiness.has_room, False))
    monkeypatch.setattr(readiness, "MIN_FREE_BYTES", 10**18)
    assert unwell(client) == [health.FAULTS["disk"]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("answers", [True, False])
def test_the_bucket_is_reported_and_does_not_count(client, alive_queue, settings, monkeypatch, answers):
    assert "files" not in client.get("/readyz").json(), "there is none"
    settings.FILES_BUCKET = "files"
    monkeypatch.setattr(health, "files", readiness.SharedQuestion(lambda: answers, False))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["files"]) == (200, answers)
    assert (health.FILES_AWAY in answer.json().get("alarm", "")) != answers


def test_the_trial_leaves_no_file(settings, tmp_path):
    settings.MEDIA_ROOT = settings.DATA_DIR = tmp_path
    assert readiness.has_room()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_static_files_that_were_not_collected_are_named(client, alive_queue, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "nothing"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    assert unwell(client) == [health.FAULTS["static_files"]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "refusing",
    [["CONFIG", "SET", "maxmemory", "1"], ["REPLICAOF", "127.0.0.1", "1"], ["ACL", "SETUSER", "default", "-lpush"]],
)
def test_a_queue_that_answers_and_takes_no_work_is_named(client, alive_queue, refusing):
    with worker_health.client(alive_queue) as server:
        server.execute_command(*refusing)
    assert unwell(client) == [health.FAULTS["queue"]]


def test_the_trial_of_the_queue_leaves_nothing_in_it(queue):
    assert worker_health.queue_takes_jobs(queue)
    with worker_health.client(queue) as server:
        assert server.keys("*") == []


def test_each_library_gets_the_queues_address_in_its_own_spelling(own_queue):
    socket = own_queue
    path = socket.removeprefix("redis+socket://").partition("?")[0]
    assert queue_addresses.for_client(socket) == f"unix://{path}?db=0"
    assert queue_addresses.for_client("redis+socket:///a?virtual_host=/3") == "unix:///a?db=3"
    assert queue_addresses.for_broker(f"unix://{path}?db=2") == f"redis+socket://{path}?virtual_host=2"
    assert queue_addresses.for_broker(f"unix://{path}") == f"redis+socket://{path}?virtual_host=0"
    for url in ("redis://:secret@host:6379/1", "rediss://host/0"):
        assert queue_addresses.for_client(url) == queue_addresses.for_broker(url) == url
    assert worker_health.client(socket).ping()
    assert worker_health.client(f"unix://{path}").ping()
    assert (
        redis.Redis.from_url(queue_addresses.for_client("redis://127.0.0.1:1/4")).connection_pool.connection_kwargs[
            "db"
        ]
        == 4
    )


def check(part: str, **env: str) -> "subprocess.CompletedProcess[str]":
    argv = [sys.executable, "-m", "vcsportal.worker_health", part]
    return subprocess.run(argv, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, timeout=30)


def test_the_containers_health_checks_ask_the_same(queue):
    assert check("queue", REDIS_URL=queue).returncode == 0
    assert check("worker", REDIS_URL=queue).returncode == 1
    worker_health.record_sign_of_life(queue, worker_health.WORKER_KEY)
    worker_health.record_sign_of_life(queue, worker_health.SCHEDULE_KEY)
    assert check("worker", REDIS_URL=queue).stdout == "worker: alive\n"
    assert check("schedule", REDIS_URL=queue).returncode == 0
    assert check("worker", REDIS_URL="redis+socket:///nowhere.sock").returncode == 1


def test_a_hung_queue_is_noticed_in_time(queue):
    path = queue.removeprefix("redis+socket://").partition("?")[0]
    with worker_health.client(queue) as server:
        pid = server.info("server")["process_id"]
    os.kill(pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert worker_health.queue_worker_and_schedule_live(queue) == (False, False, False)
        assert time.monotonic() - began < 3
    finally:
        os.kill(pid, signal.SIGCONT)
    assert worker_health.queue_worker_and_schedule_live(f"unix://{path}")[0] is True


def test_the_cache_goes_on_in_this_process_when_the_server_is_gone_and_comes_back(queue, monkeypatch):
    near = FallingBackCache(queue, {})
    assert near.add("limit", 1, 60)
    assert FallingBackCache(queue, {}).get("limit") == 1, "it is shared"
    assert near.touch("limit", 60)
    assert near.delete("limit")
    far = FallingBackCache("redis+socket:///nowhere.sock?virtual_host=0", {})
    far.clear()
    assert far.add("limit", 1, 60)
    assert not far.add("limit", 2, 60), "the limit still holds"
    far.set("limit", 3)
    assert far.get("limit") == 3
    far._first, far._down_until = near._first, 0.0
    assert far.get("limit") is None, "the server is asked again after the pause"


def test_two_portals_on_one_server_share_no_limit(queue):
    one, other = (FallingBackCache(queue, {"KEY_PREFIX": prefix}) for prefix in ("north:", "south:"))
    assert one.add("limit", 1, 60)
    assert other.get("limit") is None
    assert declared.CACHES["default"]["KEY_PREFIX"] == declared.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    assert other.add("limit", 2, 60)
    one.clear()
    assert (one.get("limit"), other.get("limit")) == (None, 2), (
        "clearing one leaves the other's, and the queue's, alone"
    )
    other.clear()
    assert other.get("limit") is None
    assert other.add("limit", 2, 60)
    FallingBackCache(queue, {"KEY_PREFIX": "s*:"}).clear()
    assert other.get("limit") == 2, "a star in a prefix is a star"
    other.clear()


@pytest.mark.parametrize(("part", "code"), [("queue", 0), ("worker", 1), ("schedule", 1), ("web", 1)])
def test_the_health_checks_answer_with_their_exit_code(queue, monkeypatch, capsys, part, code):
    monkeypatch.setenv("REDIS_URL", queue)
    monkeypatch.setattr(worker_health, "WEB_ADDRESS", ("127.0.0.1", free_port()))
    assert worker_health.main(part) == code
    assert capsys.readouterr().out.startswith(f"{part}: ")
