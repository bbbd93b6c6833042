"""Two machines over one database, one queue and one bucket are one portal: each has web server, worker, beat and a folder of its own."""

import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.models import Commitment, EvidenceFile
from partners.emails.outbox import put_mail
from partners.models import Mail, User
from reporting.models import DataSnapshot, Edition
from tests.commitments import sample_files
from tests.factories import make_evidence, make_person
from tests.files_server import ACCESS, client_of, files_server, new_bucket, storage_settings
from tests.long import LONG, only_in_test_all
from tests.mail_server import MailServer, mail_server
from tests.partners.doing import code_in_text
from tests.pooler import BEHIND_POOLER, only_with_pooler, pooler_before
from tests.reporting.conftest import Workers, wait_for
from tests.signing_in import sign_in
from tests.stack import ROOT, free_port
from vcsportal.celery import app
from vcsportal.common.processes import dies_with_us

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900 if LONG else 400)]
PDF = "pdf"
DRAWN_SECONDS = 300 if LONG else 90
"""Long trials run side by side, and a report is then drawn more slowly."""
DIRECTLY, BY_A_POOLER = "the database itself", "a pooler"
LOGGED_FAULTS = ("Traceback (most recent call last)", "raised unexpected")


class Browser(requests.Session):
    """A browser at one of the machines. Its cookies may be those of a browser at the other, as behind a balancer."""

    def __init__(self, url: str, cookies: dict[str, str] | None = None) -> None:
        super().__init__()
        self.url = url
        token = secrets.token_hex(16)
        self.cookies.update({"csrftoken": token, **(cookies or {})})
        self.headers["X-CSRFToken"] = (cookies or {}).get("csrftoken", token)

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(method, f"{self.url}{url}", *args, **{"timeout": 30, **kwargs, "allow_redirects": False})


def cookies_of(browser: Browser) -> dict[str, str]:
    return {cookie.name: cookie.value or "" for cookie in browser.cookies}


@dataclass
class Machine:
    """One of the two."""

    name: str
    folder: Path
    env: dict[str, str]
    port: int = field(default_factory=free_port)
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        celery = ["celery", "--skip-checks", "-A", "vcsportal.celery"]
        worker = [*celery, "worker", "-Q", "default,pdf", "-c", "1", "-l", "INFO", "--hostname", f"{self.name}@test"]
        parts = {
            "web": ["gunicorn", "--config", "python:vcsportal.serving.gunicorn_conf", "--bind", self.url[7:], "--workers", "1"],
            "worker": [*worker, "--without-gossip", "--without-mingle"],
            "beat": [*celery, "beat", "--pidfile", "", "-s", str(self.folder / "beat"), "-l", "INFO"],
        }  # fmt: skip
        for name, words in parts.items():
            with self.log(name).open("wb") as log:
                self.processes[name] = subprocess.Popen(
                    [sys.executable, "-m", *words],
                    cwd=ROOT,
                    env=self.env,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=dies_with_us(signal.SIGKILL),
                )

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def kill(self, *names: str) -> None:
        """Kill parts with all their children, as a machine that loses power does."""
        for name in names or tuple(self.processes):
            with suppress(ProcessLookupError):
                os.killpg(self.processes[name].pid, signal.SIGKILL)
            self.processes[name].wait(10)

    def is_ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def browser(self, person: User | None = None, cookies: dict[str, str] | None = None) -> Browser:
        """Return a browser, of somebody who has signed in or of nobody."""
        if person is not None:
            session = sign_in(Client(), person).cookies[django_settings.SESSION_COOKIE_NAME].value
            cookies = {django_settings.SESSION_COOKIE_NAME: session}
        return Browser(self.url, cookies)


@dataclass
class Portal:
    """Both, with what they share."""

    a: Machine
    b: Machine
    mails: MailServer
    files: Any
    bucket: str

    @property
    def both(self) -> tuple[Machine, Machine]:
        return self.a, self.b

    def logs(self) -> str:
        return "\n".join(
            f"--- {log}\n{log.read_text(errors='replace')[-2500:]}"
            for machine in self.both
            for log in sorted(machine.folder.glob("*.log"))
        )


@pytest.fixture(params=[DIRECTLY, pytest.param(BY_A_POOLER, marks=[only_in_test_all, only_with_pooler])])
def portal(
    request: pytest.FixtureRequest, year: Any, workers: Workers, tmp_path: Path, settings: Any
) -> Iterator[Portal]:
    """The two machines, running, with the files of the year in the bucket."""
    with ExitStack() as stack:
        address = stack.enter_context(files_server())
        mails = stack.enter_context(mail_server())
        bucket, before = new_bucket(address), Path(settings.MEDIA_ROOT)
        settings.STORAGES = settings.STORAGES | {"default": storage_settings(address, bucket)}
        call_command("copy_files", str(before), stdout=StringIO())
        shared = workers.environment() | {
            "FILES_BUCKET": bucket, "FILES_ENDPOINT_URL": address, "FILES_ACCESS_KEY": ACCESS["access_key"],
            "FILES_SECRET_KEY": ACCESS["secret_key"], "EMAIL_URL": f"smtp://127.0.0.1:{mails.port}", "DEBUG": "1",
            "REPORT_LEASE_SECONDS": "3", "REPORT_SWEEP_SECONDS": "2", "PORTAL_URL": "http://portal.test",
        }  # fmt: skip
        if request.param == BY_A_POOLER:
            pooled = pooler_before(shared["DATABASE_URL"], tmp_path, connections=8)
            shared |= {**BEHIND_POOLER, "DATABASE_URL": stack.enter_context(pooled)}
        a, b = (Machine(name, tmp_path / name, shared | {"PORTAL_DATA": str(tmp_path / name)}) for name in ("a", "b"))
        found = Portal(a, b, mails, client_of(address), bucket)
        for machine in found.both:
            machine.folder.mkdir()
            stack.callback(machine.kill)
            machine.start()
        for machine in found.both:
            wait_for(machine.is_ready, what=found.logs)
        yield found


def test_two_machines_are_one_portal(portal: Portal, year, partner, now):
    a_session_is_the_same_on_both(portal, partner)
    a_photograph_of_one_is_shown_by_the_other(portal, partner)
    of_two_who_save_at_once_one_gets_the_conflict(portal, year)
    edition = a_report_asked_of_one_is_served_by_the_other(portal, year)
    a_changed_object_is_refused_by_both(portal, edition, year.officer)
    a_schedule_on_each_does_everything_once(portal)
    what_a_killed_worker_had_begun_is_finished_by_the_other(portal, year)
    one_that_goes_away_leaves_the_other_serving(portal, year.officer)
    assert not [path for machine in portal.both for path in machine.folder.rglob("files/*")], (
        "all files are in the bucket"
    )


def a_session_is_the_same_on_both(portal: Portal, partner: User) -> None:
    asking = portal.a.browser()
    assert asking.post("/account/login/", data={"email": partner.email, "way": "code"}).status_code == 302
    [mail] = wait_for(lambda: [mail for mail in portal.mails.came if mail["to"] == partner.email], what=portal.logs)
    code = code_in_text(mail.get_body(("plain",)).get_content())
    there = Browser(portal.b.url, cookies_of(asking))
    assert there.post("/account/login/code/confirm/", data={"code": code}).status_code == 302
    here = Browser(portal.a.url, cookies_of(there))
    work = reverse("commitments:my-work")
    assert [browser.get(work).status_code for browser in (here, there)] == [200, 200]
    assert here.post("/account/logout/").status_code == 302
    left = there.get(work)
    assert (left.status_code, left.headers.get("Location", "").startswith("/account/login/")) == (302, True)


def a_photograph_of_one_is_shown_by_the_other(portal: Portal, partner: User) -> None:
    piece = make_evidence(partner, Commitment.objects.order_by("pk")[0])
    added = portal.a.browser(partner).post(
        reverse("commitments:evidence-file-add", args=[piece.pk]),
        files={"uploads": ("Walk.jpg", sample_files.photograph(), "image/jpeg")}, data={"shows_people": "no"},
    )  # fmt: skip
    assert added.status_code == 302, added.text
    file = EvidenceFile.objects.get(evidence=piece)
    shown = portal.b.browser(partner).get(reverse("commitments:evidence-file", args=[piece.pk, file.pk]))
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert sha256(shown.content).hexdigest() == file.sha256


def of_two_who_save_at_once_one_gets_the_conflict(portal: Portal, year: Any) -> None:
    commitment = Commitment.objects.order_by("pk")[0]
    address = reverse("commitments:status-change", args=[commitment.strategy.slug, commitment.key])
    sent = {"reason": "Begun.", "remedy": "More hours.", "version": str(commitment.version)}
    browsers = [
        machine.browser(person) for machine, person in zip(portal.both, (year.officer, year.reviewer), strict=True)
    ]
    with ThreadPoolExecutor(2) as pool:
        asked = [
            pool.submit(browser.post, address, data={**sent, "status": status})
            for browser, status in zip(browsers, ("on_track", "at_risk"), strict=True)
        ]
        answers = [answer.result() for answer in asked]
    assert sorted(answer.status_code for answer in answers) == [302, 409], [answer.text[:3000] for answer in answers]


def a_report_asked_of_one_is_served_by_the_other(portal: Portal, year: Any) -> Edition:
    edition = asked_of(portal.a, year)
    wait_for(lambda: Edition.objects.get(pk=edition.pk).state == "ready", seconds=DRAWN_SECONDS, what=portal.logs)
    for face in edition.faces.all():
        served = portal.b.browser(year.officer).get(reverse("reporting:face", args=[edition.pk, face.code]))
        assert (served.status_code, sha256(served.content).hexdigest()) == (200, face.sha256), face.code
    return edition


def asked_of(machine: Machine, year: Any) -> Edition:
    answer = machine.browser(year.officer).post(
        reverse("reporting:edition-request"), data={"round": str(year.round.pk)}
    )
    assert answer.status_code == 302, answer.text
    return Edition.objects.newest_first()[0]


def a_changed_object_is_refused_by_both(portal: Portal, edition: Edition, officer: User) -> None:
    name = str(edition.faces.get(code=PDF).content.name)
    address = reverse("reporting:face", args=[edition.pk, PDF])
    with default_storage.open(name) as file:
        whole = file.read()
    browsers = [machine.browser(officer) for machine in portal.both]
    portal.files.put_object(Bucket=portal.bucket, Key=name, Body=whole[:-1] + bytes([whole[-1] ^ 1]))
    assert [browser.get(address).status_code for browser in browsers] == [503, 503]
    portal.files.put_object(Bucket=portal.bucket, Key=name, Body=whole)
    assert [browser.get(address).status_code for browser in browsers] == [200, 200]


def a_schedule_on_each_does_everything_once(portal: Portal) -> None:
    """Everything that beat asks for is asked for twice by each of two schedules."""
    people = [make_person("steering_group") for _ in range(8)]
    with transaction.atomic():
        for person in people:
            put_mail(
                key=f"to {person.pk}", kind="test", to=person, template="invitation",
                values={"role": {"label": "Guest"}, "by_password": False}, at=timezone.now(),
            )  # fmt: skip
    tasks = {entry["task"] for entry in app.conf.beat_schedule.values()}
    for _ in range(2):
        sent = {app.send_task(task).id for task in sorted(tasks) for _schedule in portal.both}
        wait_for(partial(sent_are_ended, portal, sent), what=portal.logs)
    wait_for(lambda: not Mail.objects.filter(state="waiting").exists(), what=portal.logs)
    assert [portal.mails.counted[person.email] for person in people] == [1] * len(people)
    identities = [message["message-id"] for message in portal.mails.came]
    assert len(identities) == len(set(identities)), "nothing was sent twice"
    assert DataSnapshot.objects.count() == 1
    assert not [log for log in portal.logs().split("--- ") if any(fault in log for fault in LOGGED_FAULTS)]
    for machine in portal.both:
        assert "Sending due task" in machine.log("beat").read_text()


def sent_are_ended(portal: Portal, sent: set[str]) -> bool:
    return sent <= ended(portal)


def ended(portal: Portal) -> set[str]:
    """Return the identities of the messages that a worker has dealt with, well or not."""
    text = "".join(machine.log("worker").read_text(errors="replace") for machine in portal.both)
    return set(re.findall(r"\[([0-9a-f-]{36})\] (?:succeeded|raised)", text))


def what_a_killed_worker_had_begun_is_finished_by_the_other(portal: Portal, year: Any) -> None:
    edition = asked_of(portal.b, year)

    def begun() -> Machine | None:
        if Edition.objects.get(pk=edition.pk).stage != "drawing":
            return None
        name = "reporting.tasks.produce_edition"
        words = {machine.name: machine.log("worker").read_text(errors="replace") for machine in portal.both}
        counts = {which: text.count(f"Task {name}[") for which, text in words.items()}  # received, and succeeded
        return next(machine for machine in portal.both if counts[machine.name] % 2)

    machine = wait_for(begun, what=portal.logs)
    machine.kill("worker")
    wait_for(lambda: Edition.objects.get(pk=edition.pk).state == "ready", seconds=DRAWN_SECONDS, what=portal.logs)
    assert Edition.objects.get(pk=edition.pk).attempts == 2
    served = portal.b.browser(year.officer).get(reverse("reporting:face", args=[edition.pk, PDF]))
    assert sha256(served.content).hexdigest() == edition.faces.get(code=PDF).sha256
    survivor = next(other for other in portal.both if other is not machine)
    assert survivor.processes["worker"].poll() is None


def one_that_goes_away_leaves_the_other_serving(portal: Portal, officer: User) -> None:
    gone = next(machine for machine in portal.both if machine.processes["worker"].poll() is not None)
    gone.kill()
    left = next(machine for machine in portal.both if machine is not gone)
    assert left.is_ready(), left.browser().get("/readyz").text
    assert left.browser(officer).get(reverse("commitments:my-work")).status_code == 200
