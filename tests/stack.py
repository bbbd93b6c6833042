"""A whole portal for browser tests: own database, web server, worker and beat, all real processes."""

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import psycopg2

from vcsportal.common.processes import dies_with_us

ROOT = Path(__file__).resolve().parent.parent
STORY = "portal_story"
"""The database in which the demo story was written, and the folder with its files."""
TELL = """
from django.core.management import call_command
from reporting.models import Edition
from reporting.production import produce

call_command("load_areas", "partners/areas/oxfordshire.toml")
call_command("load_strategy", "commitments/strategies/oxfordshire-vcs-2022-27.toml")
call_command("load_demo", report=True)
for key in Edition.objects.filter(state="queued").values_list("pk", flat=True):
    assert produce(key)
"""
"""Writes the demo story in one process, and makes the report that it asks for: else the worker of each portal would draw it."""
GUNICORN = "python:vcsportal.serving.gunicorn_conf"


@dataclass(frozen=True)
class Stack:
    """Where a running portal is reached and where its state lies."""

    url: str
    data: Path
    env: dict[str, str]

    def manage(self, *words: str, seconds: int = 300, **more: str) -> str:
        """Run a management command against it, with ``more`` in its environment, and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.env | more,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        assert done.returncode == 0, f"manage.py {' '.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout


def database(url: str, name: str) -> str:
    """Return the address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def _server(url: str) -> Iterator[Any]:
    """Yield a cursor with which databases are made and dropped."""
    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    server = psycopg2.connect(
        host=host, port=parts.port, user=parts.username, password=parts.password, dbname=parts.path.lstrip("/")
    )
    server.autocommit = True
    with closing(server), server.cursor() as cursor:
        yield cursor


@contextmanager
def fresh_database(url: str, template: str = "") -> Iterator[str]:
    """Make a database on the server, empty or a copy of ``template``; drop it afterwards. Yields its address."""
    name = f"portal_{secrets.token_hex(4)}"
    with _server(url) as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        try:
            yield database(url, name)
        finally:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def empty_portal(folder: Path, *, template: str = "") -> Iterator[Stack]:
    """Yield a portal that is not started: a database, a folder and an environment of its own.

    :param template: the database to copy; without one the new database is empty.
    """
    with fresh_database(os.environ["DATABASE_URL"], template) as database_url:
        yield _stack(folder, database_url)


def _stack(folder: Path, database_url: str) -> Stack:
    port = free_port()
    env = os.environ | {
        "DATABASE_URL": database_url,
        "PORTAL_DATA": str(folder),
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "vcsportal.settings",
        "QUEUE_PREFIX": f"journey-{port}:",
    }
    return Stack(env["PORTAL_URL"], folder, env)


@contextmanager
def portal_with_story(folder: Path) -> Iterator[Stack]:
    """Yield a portal that is not started, with the strategy and the demo story.

    Where the database's server is there for this run only, the story is written once and copied for each portal.
    """
    if os.environ.get("TEST_DATABASE_TEMPLATE"):
        files = _story_written_once()
        with empty_portal(folder, template=STORY) as stack:
            shutil.copytree(files, folder, dirs_exist_ok=True)
            yield stack
    else:
        with empty_portal(folder) as stack:
            stack.manage("migrate", "-v0")
            _write_story(stack)
            yield stack


def _story_written_once() -> Path:
    """Return the folder of the files that belong to the database :data:`STORY`; make both if no process has yet."""

    def write(files: Path) -> None:
        with _server(os.environ["DATABASE_URL"]) as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{STORY}"')
            cursor.execute(f'CREATE DATABASE "{STORY}" TEMPLATE "{os.environ["TEST_DATABASE_TEMPLATE"]}"')
        _write_story(_stack(files, database(os.environ["DATABASE_URL"], STORY)))

    return made_once(STORY, write)


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder of this run that ``make`` has filled, called by the first process that asks for it."""
    place = Path(os.environ["PORTAL_DATA"]) / name
    place.mkdir(exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        files = place / "files"
        if not (place / "made").exists():
            shutil.rmtree(files, ignore_errors=True)
            files.mkdir()
            make(files)
            (place / "made").touch()
    return files


def static_files(stack: Stack) -> Path:
    """Return a folder with the static files as production serves them, compressed; they are the same for all portals."""

    def collect(files: Path) -> None:
        stack.manage("collectstatic", "--noinput", "-v0", STATIC_ROOT=str(files), DEBUG="0")

    if os.environ.get("TEST_DATABASE_TEMPLATE"):
        return made_once("static_files", collect)
    files = stack.data / "static"
    collect(files)
    return files


def _write_story(stack: Stack) -> None:
    """Write it into a database that has its tables."""
    stack.manage("shell", "-v0", "-c", TELL, seconds=600)


@contextmanager
def copied_database(stack: Stack) -> Iterator[Stack]:
    """Yield the same portal, which is not started, with a copy of its database; the copy is dropped afterwards."""
    name = urlsplit(stack.env["DATABASE_URL"]).path.lstrip("/")
    with fresh_database(os.environ["DATABASE_URL"], name) as database_url:
        yield Stack(stack.url, stack.data, stack.env | {"DATABASE_URL": database_url})


@contextmanager
def running_portal(
    folder: Path, *, workers: int = 1, wsgi: str = "vcsportal.wsgi", debug: bool = True, jobs: bool = True, **more: str
) -> Iterator[Stack]:
    """Start a portal with the strategy and the demo story; stop every process of it afterwards.

    :param debug: False serves as in production (the story is still told first, in debug).
    :param jobs: False for the web server alone.
    :param more: further variables of its environment.
    """
    with portal_with_story(folder) as stack:
        if not debug:
            stack.env.update(DEBUG="0", STATIC_ROOT=str(static_files(stack)))
        stack.env.update(more)
        with started(stack, workers=workers, wsgi=wsgi, jobs=jobs):
            yield stack


@contextmanager
def started(
    stack: Stack, *, workers: int = 1, wsgi: str = "vcsportal.wsgi", jobs: bool = True
) -> Iterator[dict[str, "subprocess.Popen[bytes]"]]:
    """Start web server, worker and beat of a portal whose tables are there; stop all three afterwards. Yields them by name.

    :param jobs: False for the web server alone.
    """
    address = stack.url.removeprefix("http://")
    python = [sys.executable, "-m"]
    commands = {
        "web": ["gunicorn", "--config", GUNICORN, "--bind", address, "--workers", str(workers), wsgi],
        "worker": [
            "celery",
            "--skip-checks",
            "-A",
            "vcsportal.celery",
            "worker",
            "-Q",
            "default,pdf",
            "-c",
            "1",
            "-l",
            "info",
        ],
        "beat": [
            "celery",
            "--skip-checks",
            "-A",
            "vcsportal.celery",
            "beat",
            "-l",
            "info",
            "-s",
            str(stack.data / "beat-schedule"),
        ],
    }
    if not jobs:
        commands = {"web": commands["web"]}
    processes = {}
    for name, words in commands.items():
        with (stack.data / f"{name}.log").open("wb") as log:
            processes[name] = _begin([*python, *words], stack, log)
    try:
        _wait(stack, "/readyz" if jobs else "/healthz")  # without worker and beat it is never ready for everything
        yield processes
    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _begin(command: list[str], stack: Stack, log: IO[bytes]) -> "subprocess.Popen[bytes]":
    """Start a process of a portal, which ends with this one even if this one is killed."""
    return subprocess.Popen(
        command, cwd=ROOT, env=stack.env, stdout=log, stderr=log, preexec_fn=dies_with_us(signal.SIGKILL)
    )


@contextmanager
def served_strictly(stack: Stack) -> Iterator[str]:
    """Serve the same portal once more as in production, where faults have pages of their own; yields the address."""
    port = free_port()
    strict = Stack(
        f"http://127.0.0.1:{port}",
        stack.data,
        stack.env | {"DEBUG": "0", "PORTAL_URL": f"http://127.0.0.1:{port}", "STATIC_ROOT": str(static_files(stack))},
    )
    command = [sys.executable, "-m", "gunicorn", "--config", GUNICORN, "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    with (stack.data / "strict.log").open("wb") as log:
        process = _begin(command, strict, log)
    try:
        _wait(strict)
        yield strict.url
    finally:
        process.terminate()
        process.wait(20)


def _wait(stack: Stack, sign: str = "/readyz") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{stack.url}{sign}", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    logs = "\n".join(f"--- {log.name}\n{log.read_text()[-3000:]}" for log in stack.data.glob("*.log"))
    raise AssertionError(f"The portal did not become ready within 60 s.\n{logs}")
