"""``/healthz`` and ``/readyz``, asked while parts are there, gone or hung."""

import os
import signal
import subprocess
import sys
import time

import psycopg2
import pytest
import redis
from django.test import override_settings

from tests.local.helpers import free_port
from vcsportal import addresses, alive, health, tasks
from vcsportal.cache import FallingBackCache
from vcsportal.local.places import ROOT


@pytest.fixture
def queue(own_servers, settings):
    """An empty queue of the test's own, where the portal looks for signs of life."""
    settings.REDIS_URL = own_servers[1]
    return own_servers[1]


@pytest.mark.django_db(transaction=True)
def test_ready_means_that_database_queue_and_worker_answer(client, queue):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "database": True,
        "queue": True,
        "worker": False,
        "schedule": False,
        "published_files": True,
    }

    tasks._last = 0.0
    tasks.worker_is_alive()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "database": True,
        "queue": True,
        "worker": True,
        "schedule": False,
        "published_files": True,
    }
    assert "no-store" in answer["Cache-Control"]

    tasks.heartbeat()
    assert client.get("/readyz").json()["schedule"] is True


@pytest.mark.django_db(transaction=True)
def test_a_sign_of_life_is_forgotten_when_it_is_not_said_again(client, queue, monkeypatch):
    monkeypatch.setitem(alive.FRESH, alive.WORKER, 1)
    alive.note(queue, alive.WORKER)
    assert client.get("/readyz").json()["worker"] is True
    time.sleep(1.1)
    assert client.get("/readyz").json()["worker"] is False


def test_the_worker_says_so_every_few_seconds_and_not_more_often(queue):
    tasks._last = 0.0
    tasks.worker_is_alive()
    with alive.client(queue) as server:
        server.delete(alive.WORKER)
        tasks.worker_is_alive()
        assert server.get(alive.WORKER) is None


@pytest.mark.django_db(transaction=True)
@override_settings(REDIS_URL="redis+socket:///nowhere/at/all.sock?virtual_host=0")
def test_without_a_queue_the_answer_is_503_within_three_seconds_and_the_web_process_still_serves(client):
    began = time.monotonic()
    answer = client.get("/readyz")
    assert time.monotonic() - began < 3
    assert answer.status_code == 503
    assert answer.json() == {
        "database": True,
        "queue": False,
        "worker": False,
        "schedule": False,
        "published_files": True,
    }
    alive.note("redis+socket:///nowhere/at/all.sock", alive.WORKER)  # no error: life goes on without
    assert client.get("/healthz").content == b"ok\n"


def test_the_web_process_serves_without_asking_the_database(client):
    assert client.get("/healthz").status_code == 200
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


class Deaf:
    """A database connection that never answers, or fails."""

    def __init__(self, seconds: float, error: Exception | None = None) -> None:
        self.settings_dict: dict = {"OPTIONS": {}}
        self.seconds, self.error = seconds, error

    def copy(self):
        return self

    def inc_thread_sharing(self):
        pass

    def cursor(self):
        time.sleep(self.seconds)
        raise self.error or OSError("gone")

    def close(self):
        pass


def test_a_database_that_hangs_hangs_no_answer_and_is_asked_once_at_a_time(monkeypatch):
    question = health.DatabaseQuestion()
    monkeypatch.setattr(health, "connections", {"default": Deaf(1.0)})
    began = time.monotonic()
    assert question.ask(0.2) is False
    assert question.ask(5) is False, "the earlier question is still unanswered"
    assert time.monotonic() - began < 0.8
    time.sleep(1.2)
    monkeypatch.setattr(health, "connections", {"default": Deaf(0, psycopg2.OperationalError("refused"))})
    assert question.ask(2) is False


def test_each_library_gets_the_queues_address_in_its_own_spelling(own_servers):
    socket = own_servers[1]
    path = socket.removeprefix("redis+socket://").partition("?")[0]
    assert addresses.for_client(socket) == f"unix://{path}?db=0"
    assert addresses.for_client("redis+socket:///a?virtual_host=/3") == "unix:///a?db=3"
    assert addresses.for_broker(f"unix://{path}?db=2") == f"redis+socket://{path}?virtual_host=2"
    assert addresses.for_broker(f"unix://{path}") == f"redis+socket://{path}?virtual_host=0"
    for url in ("redis://:secret@host:6379/1", "rediss://host/0"):
        assert addresses.for_client(url) == addresses.for_broker(url) == url
    assert alive.client(socket).ping()
    assert alive.client(f"unix://{path}").ping()
    assert (
        redis.Redis.from_url(addresses.for_client("redis://127.0.0.1:1/4")).connection_pool.connection_kwargs["db"] == 4
    )


def check(part: str, **env: str) -> "subprocess.CompletedProcess[str]":
    argv = [sys.executable, "-m", "vcsportal.alive", part]
    return subprocess.run(argv, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, timeout=30)


def test_the_containers_health_checks_ask_the_same(queue):
    assert check("queue", REDIS_URL=queue).returncode == 0
    assert check("worker", REDIS_URL=queue).returncode == 1
    alive.note(queue, alive.WORKER)
    alive.note(queue, alive.SCHEDULE)
    assert check("worker", REDIS_URL=queue).stdout == "worker: alive\n"
    assert check("schedule", REDIS_URL=queue).returncode == 0
    assert check("worker", REDIS_URL="redis+socket:///nowhere.sock").returncode == 1


def test_a_hung_queue_is_noticed_in_time(queue):
    path = queue.removeprefix("redis+socket://").partition("?")[0]
    with alive.client(queue) as server:
        pid = server.info("server")["process_id"]
    os.kill(pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert alive.ask(queue) == (False, False, False)
        assert time.monotonic() - began < 3
    finally:
        os.kill(pid, signal.SIGCONT)
    assert alive.ask(f"unix://{path}")[0] is True


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


@pytest.mark.parametrize(("part", "code"), [("queue", 0), ("worker", 1), ("schedule", 1), ("web", 1)])
def test_the_health_checks_answer_with_their_exit_code(queue, monkeypatch, capsys, part, code):
    monkeypatch.setenv("REDIS_URL", queue)
    monkeypatch.setattr(alive, "WEB", ("127.0.0.1", free_port()))
    assert alive.main(part) == code
    assert capsys.readouterr().out.startswith(f"{part}: ")
