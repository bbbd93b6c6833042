"""The same with a real queue and real workers, started, killed and starved."""

import os
import signal
import time
from datetime import timedelta

import psutil
import pytest

from reporting import tasks
from reporting.models import Edition
from reporting.services import editions as services
from tests.long import only_in_test_all
from tests.reporting.conftest import assert_whole, files_of, point_to_queue, wait_for
from tests.reporting.year import STORY, make_year
from vcsportal.celery import app

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "\n\n".join([STORY] * 70)
"""A story that takes long to draw, so that there is time to interfere."""


def state(edition: Edition) -> str:
    return Edition.objects.get(pk=edition.pk).state


@pytest.fixture
def long_year(council):
    return make_year(shape=(2,), pieces=9, years=1, council=council, story=LONG)


def test_a_report_is_asked_for_and_made(year, workers, now):
    workers.start()
    edition = services.request_edition(by=year.officer, at=now, round_=year.round)
    wait_for(lambda: state(edition) == "ready", what=workers.logs)
    edition.refresh_from_db()
    assert edition.sent_at is not None
    assert_whole(edition)
    assert {file.stat().st_mode & 0o777 for file in files_of(edition)} == {0o600}


def test_a_worker_killed_while_drawing_loses_nothing(long_year, workers, now):
    first = workers.start()
    edition = services.request_edition(by=long_year.officer, at=now, round_=long_year.round)

    def drawing():
        edition.refresh_from_db()
        return edition.stage == "drawing" and edition.done > 0

    wait_for(drawing, what=workers.logs)
    assert edition.total >= edition.done
    workers.kill(first)
    workers.start()
    wait_for(lambda: "1 edition sent" in workers.sweep(), what=workers.logs)
    wait_for(lambda: state(edition) == "ready", what=workers.logs)
    edition.refresh_from_db()
    assert edition.attempts == 2
    assert_whole(edition)


@only_in_test_all
def test_a_child_killed_while_drawing_is_made_again_without_a_new_worker(long_year, workers, now):
    worker = workers.start()
    edition = services.request_edition(by=long_year.officer, at=now, round_=long_year.round)
    wait_for(lambda: Edition.objects.get(pk=edition.pk).stage == "drawing", what=workers.logs)
    for child in psutil.Process(worker.pid).children():
        os.kill(child.pid, signal.SIGKILL)
    wait_for(lambda: "1 edition sent" in workers.sweep(), what=workers.logs)
    wait_for(lambda: state(edition) == "ready", what=workers.logs)
    assert_whole(edition)


def test_what_takes_too_long_fails_with_a_sentence_and_can_be_tried_again(long_year, workers, now):
    works = app.conf.broker_url
    point_to_queue(broker_url="redis://127.0.0.1:1/0")
    edition = services.request_edition(by=long_year.officer, at=now, round_=long_year.round)
    point_to_queue(broker_url=works)
    tasks.produce_edition.apply_async((edition.pk,), soft_time_limit=1)
    workers.start()
    wait_for(lambda: state(edition) in {"failed", "ready"}, what=workers.logs)
    edition.refresh_from_db()
    assert "took too long" in edition.error
    wait_for(lambda: not files_of(edition), seconds=10)
    assert_whole(edition)
    services.retry_edition(by=long_year.officer, at=now, edition=edition)
    wait_for(lambda: state(edition) == "ready", what=workers.logs)


def test_a_message_that_comes_twice_is_one_report(year, workers, now):
    edition = services.request_edition(by=year.officer, at=now, round_=year.round)
    assert tasks.send(edition.pk)
    assert tasks.send(edition.pk)
    workers.start()
    wait_for(lambda: state(edition) == "ready", what=workers.logs)
    time.sleep(0.5)
    edition.refresh_from_db()
    assert edition.attempts == 1


@only_in_test_all
def test_a_message_that_was_lost_is_sent_again(year, workers, now):
    Edition.objects.create(
        round=year.round, number=1, requested_at=now - timedelta(minutes=2), requested_by=year.officer,
        sent_at=now - timedelta(minutes=2),
    )  # fmt: skip
    workers.start()
    assert "1 edition sent" in workers.manage("sweep_editions")
    wait_for(lambda: Edition.objects.get().state == "ready", what=workers.logs)
