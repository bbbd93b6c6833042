"""Twenty reports are made while everything around them is killed at random. Nothing is lost, and nothing is left over."""

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress

import psutil
import pytest
from django.db import connection, models
from django.utils import timezone

from reporting import tasks
from reporting.formats import FORMAT_BY_CODE
from reporting.models import Edition
from reporting.production import edition_files
from reporting.services import editions as services
from tests.long import only_in_test_all
from tests.reporting.conftest import Workers, assert_whole, files_of, point_to_queue, wait_for
from tests.reporting.servers import Server, own_queue
from tests.reporting.year import make_year
from vcsportal.queue_addresses import for_broker

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
    only_in_test_all,
]
JOBS, SECONDS = 20, float(os.environ.get("STORM_SECONDS", "40"))
BLOWS = ("child", "child", "child", "worker", "database", "database", "queue", "nothing left in the queue")


class Storm:
    """What a bad day does, one blow at a time."""

    def __init__(self, workers: Workers, queue: Server, chance: random.Random) -> None:
        self.workers, self.queue, self.chance = workers, queue, chance
        self.blows: Counter[str] = Counter()
        self.worker = workers.start()
        self.next: list[str] = []

    def strike(self) -> None:
        if not self.next:  # every kind comes, in any order
            self.next = self.chance.sample(BLOWS, len(BLOWS))
        blow = self.next.pop()
        self.blows[blow] += 1
        if blow == "child":
            with suppress(psutil.NoSuchProcess):
                for child in psutil.Process(self.worker.pid).children():
                    child.send_signal(signal.SIGKILL)
        elif blow == "worker":
            self.workers.kill(self.worker)
            self.worker = self.workers.start()
        elif blow == "database":  # every connection of the workers, as a restart does
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        elif blow == "queue":
            self.queue.stop()
            self.queue.start()
        else:
            self.queue.lose_everything()

    def is_dead(self) -> bool:
        return self.worker.poll() is not None


def counted() -> Counter[str]:
    return Counter(Edition.objects.values_list("state", flat=True))


def test_twenty_reports_in_a_storm(council, workers, now, tmp_path, capsys):
    seed = int(os.environ.get("STORM_SEED", "0")) or random.SystemRandom().randrange(1_000_000)
    year = make_year(shape=(2,), pieces=3, years=JOBS, council=council)
    with own_queue(tmp_path / "own") as (queue, url):
        workers.more["REDIS_URL"] = url
        point_to_queue(broker_url=for_broker(url))
        storm = Storm(workers, queue, random.Random(seed))
        for round_ in year.rounds:
            services.request_edition(by=year.officer, at=now, round_=round_)
        began = struck = time.monotonic()
        while time.monotonic() - began < SECONDS:
            time.sleep(0.2)
            if time.monotonic() - struck > storm.chance.uniform(1.0, 4.0):
                storm.strike()
                struck = time.monotonic()
            if storm.is_dead():  # as a supervisor does
                storm.worker = workers.start()
            tasks.sweep()
        in_storm = counted()
        first = _settle(storm)
        for edition in Edition.objects.filter(state="failed"):
            assert "stopped three times" in edition.error, edition.error
            services.retry_edition(by=year.officer, at=timezone.now(), edition=edition)
        last = _settle(storm)
        edition_files.clear_leftovers()
    attempts = Edition.objects.aggregate(sum=models.Sum("attempts"), most=models.Max("attempts"))
    with capsys.disabled():
        print(
            f"\nStorm {seed}: {JOBS} reports, {sum(storm.blows.values())} blows in {SECONDS:.0f} s ({dict(storm.blows)});"
            f" at its end {dict(in_storm)}, once it was calm {dict(first)}, after trying the rest again {dict(last)};"
            f" {attempts['sum']} attempts in all, {attempts['most']} at most for one."
        )
    assert last == {"ready": JOBS}
    for edition in Edition.objects.all():
        assert_whole(edition)
        assert len(files_of(edition)) == len(FORMAT_BY_CODE)


def _settle(storm: Storm) -> Counter[str]:
    """Wait, with sweeps but without blows, until nothing waits or is being made."""

    def calm() -> bool:
        if storm.is_dead():
            storm.worker = storm.workers.start()
        tasks.sweep()
        time.sleep(0.5)
        return not Edition.objects.active().exists()

    wait_for(calm, seconds=400, what=storm.workers.logs)
    return counted()
