"""Clocks of the web, the worker and the database an hour apart: nothing is lost, nothing is called late that is not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from partners.emails.outbox import put_mail
from partners.models import Mail, User
from reporting.models import Edition
from reporting.production import sweeping
from tests.factories import make_person
from tests.reporting.conftest import Workers, assert_whole, point_to_queue, wait_for
from tests.signing_in import sign_in
from vcsportal.celery import app
from vcsportal.common import clock

pytestmark = pytest.mark.django_db(transaction=True)
AN_HOUR = timedelta(hours=1)


def shifted(folder: Path, by: timedelta) -> dict[str, Any]:
    """Environment of a Python process whose clock is wrong from its first moment."""
    (folder / "sitecustomize.py").write_text(
        "import datetime, time_machine\n"
        f"time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds={by.total_seconds()})).start()\n"
    )
    return {"PYTHONPATH": str(folder)}


@pytest.mark.parametrize("by", [AN_HOUR, -AN_HOUR], ids=["ahead", "behind"])
def test_a_web_process_whose_clock_is_wrong_writes_the_databases_time(year, queue, signed_in, by: timedelta):
    client = signed_in(year.officer)
    point_to_queue(broker_url="redis://127.0.0.1:1/0")
    before = clock.now()
    with time_machine.travel(datetime.now(UTC) + by):
        client.post(reverse("reporting:edition-request"), {"round": year.round.pk})
        edition = Edition.objects.get()
        page = client.get(reverse("reporting:edition", args=[edition.pk])).content.decode()
    assert before <= edition.requested_at <= clock.now()
    assert "It has waited for" not in page
    assert "silent" not in page
    Edition.objects.update(requested_at=edition.requested_at - timedelta(seconds=settings.REPORT_LEASE_SECONDS))
    assert sweeping.overdue() == [edition.pk], "what the queue never took is sent again when its time has come"


def test_the_page_of_a_healthy_worker_calls_it_silent_by_no_clock_of_the_web(year, signed_in):
    from tests import factories

    edition = factories.make_edition(
        round_=year.round, by=year.officer, state="running", stage="drawing", attempts=1,
        lease_until=clock.now() + timedelta(seconds=settings.REPORT_LEASE_SECONDS),
    )  # fmt: skip
    client = signed_in(year.officer)
    with time_machine.travel(datetime.now(UTC) + AN_HOUR):
        page = client.get(reverse("reporting:edition", args=[edition.pk])).content.decode()
    assert "silent" not in page


@pytest.mark.parametrize("by", [AN_HOUR, -AN_HOUR], ids=["ahead", "behind"])
def test_a_worker_whose_clock_is_wrong_throws_no_message_away_and_makes_the_report(
    year, workers: Workers, tmp_path: Path, by: timedelta
):
    person: User = make_person("steering_group")
    at = clock.now()
    values: dict[str, object] = {"role": {"label": "Guest"}, "by_password": False}
    put_mail(key="one", kind="test", to=person, template="invitation", values=values, at=at)
    for name in ("send-mails", "worker-heartbeat", "sweep-editions"):
        entry: Any = settings.CELERY_BEAT_SCHEDULE[name]
        app.send_task(entry["task"], **entry["options"])  # as beat does, by a clock that is right
    client = sign_in(Client(), year.officer)
    client.post(reverse("reporting:edition-request"), {"round": year.round.pk})
    workers.start(**shifted(tmp_path, by))
    wait_for(lambda: Mail.objects.get().state == "sent", what=workers.logs)
    wait_for(lambda: Edition.objects.get().state == "ready", seconds=90, what=workers.logs)
    assert_whole(Edition.objects.get())
    logs = workers.logs()
    assert "Discarding revoked" not in logs
    assert "expired" not in logs.lower()


def test_every_message_of_the_schedule_outlasts_clocks_that_differ():
    schedule: Any = settings.CELERY_BEAT_SCHEDULE
    lasting = [entry["options"]["expires"] for entry in schedule.values() if "options" in entry]
    assert len(lasting) >= 3
    assert min(lasting) >= 5 * 60 * 60
