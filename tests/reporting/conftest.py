"""A year to report on, and a real queue with a real worker for it."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field, replace
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any, cast

import kombu.pools
import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from partners.models import Organisation
from reporting.facts import checksum
from reporting.formats import FORMAT_BY_CODE
from reporting.models import Edition, Face
from reporting.production import edition_files
from tests.built_once import all_begin_with, as_built, as_in_a_test, built_once
from tests.emptying import empty_tables
from tests.factories import make_council
from tests.kept_rows import KeptRows, keep_rows, put_rows_back
from tests.reporting.year import Year, small_year
from tests.reporting.year_voices import speak
from tests.stack import ROOT, database
from vcsportal.celery import app
from vcsportal.common.processes import dies_with_us


@dataclass
class OwnYear:
    """A year, the council that reports on it, the folder of its files, and its rows where they have to be put back."""

    council: Organisation
    year: Year
    files: Path
    rows: KeptRows | None = None


def make_own_year(files: Path) -> OwnYear:
    council = make_council()
    return OwnYear(council, small_year(council), files)


@pytest.fixture(scope="session")
def kept_year(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> OwnYear:
    """A year whose rows are put back for each test, for files in which some tests commit or begin without it."""
    folder = tmp_path_factory.mktemp("kept-year")
    with django_db_blocker.unblock():
        with as_in_a_test(folder / "stored"):
            made = make_own_year(folder / "files")
        rows = keep_rows("kept_year", stored=folder / "stored", files=made.files)
        empty_tables()
    return replace(made, rows=rows)


@pytest.fixture(scope="module")
def stored_year(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[OwnYear]:
    """The year that the tests of a file begin with: written once for the file, or else once for the process."""
    if not all_begin_with("year", request):
        yield request.getfixturevalue("kept_year")
        return
    files = tmp_path_factory.mktemp("year") / "files"
    with built_once(lambda: make_own_year(files), blocker=django_db_blocker, files=files) as built:
        yield built


@pytest.fixture
def shared_year(stored_year: OwnYear, db: None, settings: Any) -> OwnYear:
    if stored_year.rows:
        put_rows_back(stored_year.rows, stored=Path(settings.MEDIA_ROOT))
        return deepcopy(stored_year)
    return as_built(stored_year, files=stored_year.files, folder=settings.MEDIA_ROOT)


@pytest.fixture
def council(request: pytest.FixtureRequest, db: None) -> Organisation:
    """The council that the test's year is about, if it has one."""
    shared = request.getfixturevalue("shared_year") if "shared_year" in request.fixturenames else None
    return shared.council if shared else make_council()


@pytest.fixture
def year(shared_year: OwnYear) -> Year:
    """Two priorities, two rounds, seven pieces, two photographs."""
    return shared_year.year


@pytest.fixture
def voiced(year, administrator) -> Year:
    """The same year, in which the sector has spoken of 1.1, 2.1 was confirmed unchanged, and things were counted."""
    speak(year, administrator)
    return year


@dataclass
class Workers:
    """Starts and kills real workers on the test's own database and its own part of the queue."""

    folder: Path
    prefix: str
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)

    def start(self, *, before: Callable[[], None] | None = None, **env: str) -> "subprocess.Popen[bytes]":
        """Start one more, with ``env`` beside its environment; ``before`` is called in its process."""
        celery = [sys.executable, "-m", "celery", "--skip-checks"]  # the system checks take a sixth of each start
        words = [*celery, "-A", "vcsportal.celery", "worker", "-Q", "default,pdf", "-c", "1"]
        words += ["--loglevel", "INFO", "--without-gossip", "--without-mingle", "--hostname", f"{self.prefix}@test"]
        ends_with_us = dies_with_us(signal.SIGKILL)

        def begin() -> None:
            for act in (ends_with_us, before):
                if act:
                    act()

        log = (self.folder / f"worker-{len(self.running)}.log").open("wb")
        process = subprocess.Popen(
            words, cwd=ROOT, env={**self.environment(), **env}, stdout=log, stderr=log, start_new_session=True,
            preexec_fn=begin,
        )  # fmt: skip
        log.close()
        self.running.append(process)
        return process

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": database(os.environ["DATABASE_URL"], connection.settings_dict["NAME"]),
            "PORTAL_DATA": str(self.folder),
            "QUEUE_PREFIX": f"{self.prefix}:",
            "REPORT_LEASE_SECONDS": "2",
            "REPORT_SWEEP_SECONDS": "3600",  # a test sweeps when it wants to
            "DJANGO_SETTINGS_MODULE": "vcsportal.settings",
            **self.more,
        }

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment(), capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sweep(self) -> str:
        """What the command says that sends lost editions again; it runs here, as a test asks for it again and again."""
        said = StringIO()
        call_command("sweep_editions", stdout=said)
        return said.getvalue()

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """kill -9 the worker and its children, as a machine that loses power does."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def logs(self) -> str:
        return "\n".join(log.read_text(errors="replace")[-3000:] for log in sorted(self.folder.glob("worker-*.log")))


def point_to_queue(**changes: Any) -> None:
    """Let this process's Celery use another server or another part of it from now on."""
    app.conf.update(**changes)
    kombu.pools.reset()
    cast(Any, app)._pool = None  # Celery's own names for what it keeps; the stubs leave them out
    cast(Any, app.amqp)._producer_pool = None


@pytest.fixture
def queue(data_folder, settings) -> Iterator[str]:
    """A part of the queue that no other worker hears."""
    before = {"broker_transport_options": app.conf.broker_transport_options, "broker_url": app.conf.broker_url}
    prefix = f"test-{secrets.token_hex(4)}"
    settings.REPORT_LEASE_SECONDS = 2
    point_to_queue(broker_transport_options={**before["broker_transport_options"], "global_keyprefix": f"{prefix}:"})
    yield prefix
    point_to_queue(**before)


@pytest.fixture
def workers(queue, data_folder, transactional_db) -> Iterator[Workers]:
    found = Workers(data_folder, queue)
    yield found
    for process in found.running:
        found.kill(process)


def wait_for(look: Callable[[], Any], *, seconds: float = 90, what: Callable[[], str] = str) -> Any:
    """Return what ``look`` finds, as soon as it finds something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"Waited {seconds} seconds in vain: {what()}")


def pdf_of(edition: Edition) -> Face:
    """The report in print, of an edition that is ready."""
    return Edition.objects.get(pk=edition.pk).faces.get(code="pdf")


def files_of(edition: Edition) -> list[Path]:
    """What lies in the edition's folder, whoever wrote it."""
    return sorted(Path(default_storage.path(f"{edition_files.FOLDER}/{edition.pk}")).glob("*"))


def assert_whole(edition: Edition) -> None:
    """It came to a good end: a report with every face as its row says, or a sentence; and no file that no row names."""
    found = Edition.objects.get(pk=edition.pk)
    faces = {Path(default_storage.path(str(face.content.name))): face for face in found.faces.all()}
    assert found.state in {"ready", "failed", "cancelled"}, f"still {found.state}, {found.stage}"
    assert files_of(found) == sorted(faces), "a face without its file, or a file without its face"
    assert found.lease_until is None
    if found.state != "ready":
        assert not faces
        assert (found.error != "") == (found.state == "failed")
        return
    assert {face.code for face in faces.values()} == set(FORMAT_BY_CODE)
    for file, face in faces.items():
        content = file.read_bytes()
        assert (len(content), sha256(content).hexdigest()) == (face.size, face.sha256), f"{face.code} is not its file"
    assert checksum(found.facts) == found.facts_sha256
    assert found.citations.count() == len((found.facts or {})["evidence"])
