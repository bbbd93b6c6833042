"""A whole portal for browser tests: own database, web server, worker and beat, all real processes."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
GUNICORN = "python:vcsportal.serving.gunicorn_conf"


@dataclass(frozen=True)
class Stack:
    """Where a running portal is reached and where its state lies."""

    url: str
    data: Path
    env: dict[str, str]

    def manage(self, *words: str, **more: str) -> str:
        """Run a management command against it, with ``more`` in its environment, and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.env | more,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"manage.py {' '.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout


def database(url: str, name: str) -> str:
    """Return the address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def fresh_database(url: str) -> Iterator[str]:
    """Make an empty database on the server and drop it afterwards; yields its address."""
    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    name = f"portal_{secrets.token_hex(4)}"
    server = psycopg2.connect(
        host=host, port=parts.port, user=parts.username, password=parts.password, dbname=parts.path.lstrip("/")
    )
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield database(url, name)
    finally:
        with server.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        server.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def empty_portal(folder: Path) -> Iterator[Stack]:
    """Yield a portal that is not started: an empty database, a folder and an environment of its own."""
    port = free_port()
    with fresh_database(os.environ["DATABASE_URL"]) as database_url:
        env = os.environ | {
            "DATABASE_URL": database_url,
            "PORTAL_DATA": str(folder),
            "PORTAL_URL": f"http://127.0.0.1:{port}",
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "vcsportal.settings",
            "QUEUE_PREFIX": f"journey-{port}:",
        }
        yield Stack(env["PORTAL_URL"], folder, env)


@contextmanager
def running_portal(
    folder: Path, *, workers: int = 1, wsgi: str = "vcsportal.wsgi", debug: bool = True
) -> Iterator[Stack]:
    """Start a portal with the strategy and the demo story; stop every process of it afterwards.

    :param debug: False serves as in production (the story is still told first, in debug).
    """
    with empty_portal(folder) as stack:
        stack.manage("migrate", "-v0")
        stack.manage("load_areas", "partners/areas/oxfordshire.toml")
        stack.manage("load_strategy", "commitments/strategies/oxfordshire-vcs-2022-27.toml")
        stack.manage("load_demo", "--report")
        if not debug:
            stack.env["DEBUG"] = "0"
            stack.manage("collectstatic", "--noinput", "-v0")
        with started(stack, workers=workers, wsgi=wsgi):
            yield stack


@contextmanager
def started(stack: Stack, *, workers: int = 1, wsgi: str = "vcsportal.wsgi") -> Iterator[None]:
    """Start web server, worker and beat of a portal whose tables are there; stop all three afterwards."""
    address = stack.url.removeprefix("http://")
    python = [sys.executable, "-m"]
    commands = {
        "web": ["gunicorn", "--config", GUNICORN, "--bind", address, "--workers", str(workers), wsgi],
        "worker": ["celery", "-A", "vcsportal.celery", "worker", "-Q", "default,pdf", "-c", "1", "-l", "info"],
        "beat": ["celery", "-A", "vcsportal.celery", "beat", "-l", "info", "-s", str(stack.data / "beat-schedule")],
    }
    processes = []
    for name, words in commands.items():
        with (stack.data / f"{name}.log").open("wb") as log:
            processes.append(subprocess.Popen([*python, *words], cwd=ROOT, env=stack.env, stdout=log, stderr=log))
    try:
        _wait(stack)
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def served_strictly(stack: Stack) -> Iterator[str]:
    """Serve the same portal once more as in production, where faults have pages of their own; yields the address."""
    port = free_port()
    strict = Stack(
        f"http://127.0.0.1:{port}",
        stack.data,
        stack.env | {"DEBUG": "0", "PORTAL_URL": f"http://127.0.0.1:{port}", "STATIC_ROOT": str(stack.data / "static")},
    )
    strict.manage("collectstatic", "--noinput", "-v0")
    command = [sys.executable, "-m", "gunicorn", "--config", GUNICORN, "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    with (stack.data / "strict.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=strict.env, stdout=log, stderr=log)
    try:
        _wait(strict)
        yield strict.url
    finally:
        process.terminate()
        process.wait(20)


def _wait(stack: Stack) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{stack.url}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    logs = "\n".join(f"--- {log.name}\n{log.read_text()[-3000:]}" for log in stack.data.glob("*.log"))
    raise AssertionError(f"The portal did not become ready within 60 s.\n{logs}")
