"""A database that stops answering altogether, asked by a process that watches its own waits. The server is the test's own."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import psutil
import psycopg2
import pytest
from django.db import connection
from psycopg2.extensions import POLL_OK, POLL_READ

from vcsportal.common.processes import dies_with_us
from vcsportal.database import limits, waiting
from vcsportal.local.places import ROOT

ASK = """
import os, sys, time
from vcsportal.database.limits import begin
begin("web")
import django
django.setup()
from django.db import Error, connection, transaction

def ask():
    began = time.monotonic()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            said = "yes"
    except Error as fault:
        said = type(fault).__name__
    print(said, f"{time.monotonic() - began:.2f}", flush=True)

for line in sys.stdin:
    connection.close_if_unusable_or_obsolete()
    connection.health_check_enabled, connection.health_check_done = True, False
    ask()
"""


class Asker:
    """A web process's way to the database, in a process of its own."""

    def __init__(self, url: str) -> None:
        env = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": "test", "DJANGO_SETTINGS_MODULE": "vcsportal.settings"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", ASK],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=dies_with_us(signal.SIGKILL),
        )

    def ask(self) -> tuple[str, float]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        said, seconds = self.process.stdout.readline().split()
        return said, float(seconds)


def test_a_frozen_database_is_noticed_known_for_a_while_and_found_again(own_servers):
    asker = Asker(own_servers[0])
    server = None
    try:
        assert asker.ask()[0] == "yes"
        with psycopg2.connect(own_servers[0]) as own, own.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid = pg_backend_pid()"
            )
            server = psutil.Process(cursor.fetchone()[0]).parent()
        own.close()
        assert server is not None
        frozen = [server, *server.children()]
        for process in frozen:
            process.suspend()
        try:
            first, second = asker.ask(), asker.ask()
            time.sleep(waiting.PAUSE_SECONDS)
            probe, after = asker.ask(), asker.ask()
        finally:
            for process in frozen:
                with suppress(psutil.NoSuchProcess):  # one that ends as soon as it may
                    process.resume()
        print(
            f"frozen: first {first[1]} s, behind it {second[1]} s, one try later {probe[1]} s, behind it {after[1]} s"
        )
        assert [said for said, _ in (first, second, probe, after)] == ["OperationalError"] * 4
        assert 1.5 < first[1] < 6
        assert second[1] < 0.5, "whoever comes next does not wait again"
        assert 2.5 < probe[1] < 8
        assert after[1] < 0.5
        time.sleep(waiting.PAUSE_SECONDS)
        assert asker.ask()[0] == "yes"
    finally:
        asker.process.kill()
        asker.process.wait()


def test_after_a_silence_one_at_a_time_may_try(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    silence = waiting.Silence()
    silence.check()
    assert not silence.lasts
    silence.noticed()
    assert silence.lasts
    with pytest.raises(psycopg2.OperationalError, match="did not answer"):
        silence.check()
    now[0] += waiting.PAUSE_SECONDS + 0.1
    assert not silence.lasts
    silence.check()
    with pytest.raises(psycopg2.OperationalError):
        silence.check()
    silence.ended()
    silence.check()
    silence.check()


class Server:
    """What psycopg2 shows the callback of a server that never answers."""

    def __init__(self, states, end: int = 0) -> None:
        self.states, self.end = iter(states), end

    def poll(self):
        return next(self.states)

    def fileno(self):
        return self.end


def test_a_connection_without_a_limit_waits_and_an_unknown_state_is_a_fault():
    reading, writing = os.pipe()
    os.write(writing, b"x")
    waiting.wait(Server([POLL_OK]))
    waiting.wait(Server([POLL_READ, POLL_OK], end=reading))
    with pytest.raises(psycopg2.OperationalError, match="unknown state"):
        waiting.wait(Server([42]))
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize("kind", limits.LIMITS)
def test_every_kind_of_process_tells_the_server_its_limits_and_an_address_may_say_otherwise(kind, monkeypatch):
    monkeypatch.setattr(limits.process, "kind", kind)
    made = limits.limited({"dbname": "x", "connect_timeout": 9, "options": "-c lock_timeout=1"}, tell_server=True)
    own = limits.LIMITS[kind]
    assert own.lock > 0
    assert f"-c statement_timeout={own.statement * 1000} -c lock_timeout={own.lock * 1000}" in made["options"]
    assert made["options"].endswith("-c lock_timeout=1"), "what stands last counts"
    assert made["connect_timeout"] == 9
    assert made["keepalives_idle"] == 10
    assert "options" not in limits.limited({"dbname": "x"}, tell_server=False)


def test_only_the_web_watches_its_waits_and_migrations_give_up_sooner_than_commands():
    assert [kind for kind, own in limits.LIMITS.items() if own.watched] == ["web"]
    assert limits.LIMITS["migration"].lock < limits.LIMITS["command"].lock
    assert 0 < limits.LIMITS["web"].lock < limits.LIMITS["web"].statement < limits.LIMITS["worker"].statement


@pytest.mark.parametrize(
    ("words", "kind"), [(["migrate", "--check"], "migration"), (["check"], "command"), ([], "command")]
)
def test_the_command_line_knows_what_it_is(words, kind, monkeypatch):
    import manage

    monkeypatch.setattr(limits.process, "kind", "none")
    monkeypatch.setattr(sys, "argv", ["manage.py", *words])
    monkeypatch.setattr("django.core.management.execute_from_command_line", lambda argv: None)
    manage.main()
    assert limits.process.kind == kind


def test_a_worker_knows_what_it_is_before_its_processes_are_made(monkeypatch):
    from vcsportal import celery

    monkeypatch.setattr(limits.process, "kind", "none")
    celery.limit_waits()
    assert limits.process.kind == "worker"


def test_behind_a_pooler_the_server_is_told_nothing_at_the_start(settings):
    assert "lock_timeout" in connection.get_connection_params()["options"]
    settings.DATABASE_LIMITS_BY_OPTIONS = False
    assert "options" not in connection.get_connection_params()
    assert connection.get_connection_params()["connect_timeout"] == limits.CONNECT_SECONDS
