"""Everything that stands around a worker dies, is stopped, is full or comes back empty. Each job ends well all the same."""

import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from functools import partial

import psutil
import psycopg2
import pytest
from billiard.pool import SIG_SOFT_TIMEOUT
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from reporting import tasks
from reporting.formats import FORMAT_BY_CODE
from reporting.models import Edition
from reporting.production import failures
from reporting.services import editions as services
from tests.long import only_in_test_all
from tests.reporting.conftest import Workers, assert_whole, files_of, point_to_queue, wait_for
from tests.reporting.production.test_jobs import LONG
from tests.reporting.servers import own_database, own_queue
from tests.reporting.year import make_year
from tests.stack import ROOT, database
from vcsportal.celery import app
from vcsportal.common.processes import dies_with_us
from vcsportal.queue_addresses import for_broker

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY = "redis://127.0.0.1:1/0"


def row(edition: Edition) -> Edition:
    return Edition.objects.defer("facts").get(pk=edition.pk)


def draws(edition: Edition) -> bool:
    """The first pages are drawn, and there are many more."""
    found = row(edition)
    return found.stage == "drawing" and found.done > 0


def is_at(edition: Edition, attempt: int) -> bool:
    return row(edition).attempts == attempt


def is_silent(edition: Edition) -> bool:
    """Its worker is thought to be dead."""
    until = row(edition).lease_until
    return until is not None and until < timezone.now()


def ended(edition: Edition, workers: Workers, seconds: float = 90) -> Edition:
    """Wait for its end, and for the last file to be cleared away; look at folder and row."""
    wait_for(lambda: row(edition).state in {"ready", "failed", "cancelled"}, what=workers.logs, seconds=seconds)
    wait_for(lambda: len(files_of(edition)) == row(edition).faces.count(), what=workers.logs, seconds=10)
    assert_whole(edition)
    return row(edition)


@pytest.fixture
def long_year(council):
    return make_year(shape=(2,), pieces=9, years=2, council=council, story=LONG)


@pytest.fixture
def asked(long_year, queue, now) -> Edition:
    """An edition that takes long to draw."""
    return services.request_edition(by=long_year.officer, at=now, round_=long_year.round)


def test_somebody_stops_it_while_it_is_drawn(asked, long_year, workers, now):
    worker = workers.start()
    wait_for(lambda: draws(asked), what=workers.logs)
    drawing = drawers(worker)
    services.cancel_edition(by=long_year.officer, at=now, edition=asked)
    wait_for(lambda: "is not this worker's any more" in workers.logs(), what=workers.logs, seconds=20)
    assert_nothing_draws(drawing)
    assert ended(asked, workers).state == "cancelled"
    another = services.request_edition(by=long_year.officer, at=now, round_=long_year.round)
    assert ended(another, workers).state == "ready"


def test_the_queue_is_killed_while_drawing_and_comes_back_empty(long_year, workers, now, tmp_path):
    with own_queue(tmp_path / "own") as (server, url):
        workers.more["REDIS_URL"] = url
        point_to_queue(broker_url=for_broker(url))
        workers.start()
        drawn, waiting = (
            services.request_edition(by=long_year.officer, at=now, round_=round_) for round_ in long_year.rounds
        )
        wait_for(lambda: draws(drawn), what=workers.logs)
        server.lose_everything()
        assert ended(drawn, workers).attempts == 1, "what was being drawn did not notice"
        assert row(waiting).state == "queued"
        wait_for(lambda: "1 edition sent" in workers.sweep(), what=workers.logs)
        assert ended(waiting, workers).state == "ready"


def test_the_database_restarts_while_drawing(asked, workers, tmp_path):
    """It goes away while pages are drawn, and is not back when they are finished. The worker waits for it."""
    with own_database(tmp_path / "own") as (server, url):
        workers.more["DATABASE_URL"] = url
        workers.start()
        assert tasks.send(asked.pk)
        wait_for(lambda: draws(asked), what=workers.logs)
        server.stop(signal.SIGQUIT)  # as if it had crashed
        wait_for(lambda: "waits for the database" in workers.logs(), what=workers.logs)
        with pytest.raises(DatabaseError):
            row(asked)
        connection.close()
        server.start()
        found = ended(asked, workers)
        assert (found.state, found.attempts) == ("ready", 1)


@only_in_test_all
def test_the_database_restarts_while_somebody_asks(year, queue, signed_in, tmp_path):
    """The answer is a page that says so, at once; nothing half is left, and asking again is one job."""
    with own_database(tmp_path / "own") as (server, _):
        client: Client = signed_in(year.officer)
        client.raise_request_exception = False
        answers = []

        def ask() -> None:
            answers.append(client.post("/reports/request/", {"round": year.round.pk}))
            connection.close()

        with connection.cursor() as cursor:  # somebody else holds the year, so that the request is stuck in its middle
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM commitments_round WHERE id = %s FOR UPDATE", [year.round.pk])
            thread = threading.Thread(target=ask)
            thread.start()
            wait_for(lambda: _waiting(cursor), seconds=20)
            server.stop(signal.SIGINT)
            thread.join(20)
        connection.close()
        assert answers, "the request hangs"
        assert answers[0].status_code == 503
        assert "may not have been saved" in answers[0].content.decode()
        server.start()
        assert Edition.objects.count() == 0
        assert client.post("/reports/request/", {"round": year.round.pk}).status_code == 302
        assert client.post("/reports/request/", {"round": year.round.pk}).status_code == 302
        assert Edition.objects.get().sent_at is not None


def _waiting(cursor) -> bool:
    cursor.execute("SELECT pg_stat_clear_snapshot()")
    cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    return bool(cursor.fetchone()[0])


@only_in_test_all
def test_there_is_no_room_for_the_file(year, workers, now):
    """The worker may write no file as large as the report."""
    edition = services.request_edition(by=year.officer, at=now, round_=year.round)
    workers.start(before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)))
    assert ended(edition, workers).error == failures.NO_ROOM.format(step=FORMAT_BY_CODE["pdf"].label)


@only_in_test_all
def test_there_is_not_enough_memory(long_year, workers, now):
    idle = address_space_when_idle(workers)
    edition = services.request_edition(by=long_year.officer, at=now, round_=long_year.round)
    workers.start(WORKER_ADDRESS_SPACE=str(idle + ROOM))
    # a library that ends the process instead of saying so is tried again
    wait_for(lambda: workers.sweep() and row(edition).state not in {"queued", "running"}, what=workers.logs)
    assert ended(edition, workers).error in {
        failures.TOO_BIG.format(step=FORMAT_BY_CODE["pdf"].label),
        failures.spent(3),
    }


ROOM = 64 * 1024 * 1024
"""Bytes: enough to gather the facts, not enough to draw a hundred pages, which takes four times as much."""


def address_space_when_idle(workers: Workers) -> int:
    """Return how many bytes of addresses the process of a worker has that draws, before it draws anything."""
    worker = workers.start()
    wait_for(lambda: " ready." in workers.logs(), what=workers.logs)
    [drawing] = psutil.Process(worker.pid).children()
    size = drawing.memory_info().vms
    workers.kill(worker)
    return int(size)


@only_in_test_all
def test_what_does_not_even_hear_that_its_time_is_up_is_given_up(long_year, workers, now):
    """No soft limit reaches it while it waits for a table; the pool kills the process, three times."""
    point_to_queue(broker_url=NOBODY)
    edition = services.request_edition(by=long_year.officer, at=now, round_=long_year.round)
    point_to_queue(broker_url=for_broker(os.environ["REDIS_URL"]))
    workers.start(before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, {SIG_SOFT_TIMEOUT}))
    with locked("commitments_evidence"):
        for attempt in (1, 2, 3):
            tasks.produce_edition.apply_async((edition.pk,), soft_time_limit=1, time_limit=2)
            wait_for(partial(is_at, edition, attempt), what=workers.logs)
            wait_for(partial(is_silent, edition), what=workers.logs)
    assert "Hard time limit" in workers.logs()
    workers.sweep()
    found = ended(edition, workers)
    assert (found.state, found.error) == ("failed", failures.spent(3))


@contextmanager
def locked(table: str) -> Iterator[None]:
    """Let nobody else read a table meanwhile, so that a job is stuck however fast the machine is."""
    name = connection.settings_dict["NAME"]
    with closing(psycopg2.connect(database(os.environ["DATABASE_URL"], name))) as holding, holding.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


@only_in_test_all
def test_a_lost_job_is_found_without_beat_by_the_worker_itself(year, workers, now):
    ago = now - timedelta(minutes=2)
    edition = Edition.objects.create(
        round=year.round, number=1, requested_at=ago, requested_by=year.officer, sent_at=ago
    )
    workers.start(REPORT_SWEEP_SECONDS="1")
    assert ended(edition, workers).state == "ready"


@only_in_test_all
def test_two_sweepers_at_once_send_and_give_up_as_one_does(year, workers, now):
    ago = now - timedelta(minutes=2)
    lost = Edition.objects.create(round=year.round, number=1, requested_at=ago, sent_at=ago)
    spent = Edition.objects.create(
        round=year.rounds[0], number=1, requested_at=ago, sent_at=ago, state="running", attempts=3, lease_until=ago
    )
    both = [
        subprocess.Popen(
            [sys.executable, "manage.py", "sweep_editions"],
            cwd=ROOT,
            env=workers.environment(),
            preexec_fn=dies_with_us(signal.SIGKILL),
        )
        for _ in range(2)
    ]
    assert [one.wait(60) for one in both] == [0, 0]
    workers.start()
    found = ended(lost, workers)
    assert (found.state, found.attempts) == ("ready", 1)
    assert ended(spent, workers).error == failures.spent(3)


def drawers(worker: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    """The processes that draw for those of the pool."""
    found: list[psutil.Process] = []
    for child in psutil.Process(worker.pid).children():
        with suppress(psutil.NoSuchProcess):  # its time was up between two looks
            found += child.children()
    return found


def assert_nothing_draws(processes: list[psutil.Process]) -> None:
    assert processes, "nothing was drawn by a process of its own"
    _, alive = psutil.wait_procs(processes, timeout=10)
    assert not alive, "a process draws on for nobody"


def test_processes_that_draw_are_killed_and_the_next_attempt_draws_in_turn(asked, workers):
    """The pool's process goes on: it lets the edition go at once, and takes it again with one process at a time."""
    worker = workers.start(REPORT_PROCESSES="3")
    wait_for(lambda: draws(asked) and len(drawers(worker)) > 1, what=workers.logs)
    for drawer in drawers(worker):
        drawer.send_signal(signal.SIGKILL)
    wait_for(lambda: is_silent(asked), what=workers.logs, seconds=20)
    assert files_of(asked) == []
    assert "ended with status -9" in workers.logs()
    wait_for(lambda: "1 edition sent" in workers.sweep(), what=workers.logs)
    wait_for(lambda: is_at(asked, 2) and draws(asked), what=workers.logs)
    assert len(drawers(worker)) == 1
    found = ended(asked, workers)
    assert (found.state, found.attempts) == ("ready", 2)


@only_in_test_all
def test_processes_that_draw_are_killed_three_times(asked, workers):
    worker = workers.start()
    for attempt in (1, 2, 3):
        wait_for(partial(is_at, asked, attempt), what=workers.logs)
        wait_for(partial(drawers, worker), what=workers.logs)
        for drawer in drawers(worker):
            drawer.send_signal(signal.SIGKILL)
        wait_for(lambda: is_silent(asked), what=workers.logs, seconds=20)
        if attempt < 3:  # an edition is sent again a lease after it was sent, however soon it was lost
            wait_for(lambda: "1 edition sent" in workers.sweep(), what=workers.logs)
    wait_for(lambda: workers.sweep() and row(asked).state == "failed", what=workers.logs)
    found = ended(asked, workers)
    assert (found.state, found.error) == ("failed", failures.spent(3))


@pytest.mark.parametrize("whom", ["the pool's process", "the worker"])
def test_processes_that_draw_end_with_whoever_is_killed(asked, workers, whom):
    worker = workers.start(REPORT_PROCESSES="3")
    wait_for(lambda: draws(asked) and len(drawers(worker)) > 1, what=workers.logs)
    drawing = drawers(worker)
    if whom == "the worker":
        worker.kill()
    else:
        [child] = psutil.Process(worker.pid).children()
        child.kill()
    assert_nothing_draws(drawing)


@only_in_test_all
def test_processes_that_draw_end_when_the_time_is_up(council, workers, now):
    long_year = make_year(shape=(2,), pieces=40, years=2, council=council, story=LONG)  # not done in time anywhere
    works = app.conf.broker_url
    point_to_queue(broker_url=NOBODY)
    edition = services.request_edition(by=long_year.officer, at=now, round_=long_year.round)
    point_to_queue(broker_url=works)
    tasks.produce_edition.apply_async((edition.pk,), soft_time_limit=3)
    worker = workers.start(REPORT_PROCESSES="2")
    drawing = wait_for(lambda: drawers(worker), what=workers.logs)
    assert "took too long" in ended(edition, workers).error
    assert_nothing_draws(drawing)


@only_in_test_all
def test_every_child_that_draws_dies(asked, long_year, workers):
    """Three times the process that draws is killed; then there is a sentence, and trying again makes the report."""
    worker = workers.start()
    for attempt in (1, 2, 3):
        wait_for(partial(is_at, asked, attempt), what=workers.logs)
        wait_for(partial(draws, asked), what=workers.logs)
        for child in psutil.Process(worker.pid).children():
            os.kill(child.pid, signal.SIGKILL)
        if attempt < 3:
            wait_for(lambda: "1 edition sent" in workers.sweep(), what=workers.logs)
    wait_for(partial(is_silent, asked))
    workers.sweep()
    found = ended(asked, workers)
    assert (found.state, found.error) == ("failed", failures.spent(3))
    services.retry_edition(by=long_year.officer, at=timezone.now(), edition=found)
    assert ended(asked, workers).attempts == 4
