"""Starts the portal as ``make run`` does, in a folder of the test's own."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

from vcsportal.common.processes import dies_with_us
from vcsportal.local.places import ROOT

OURS = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "APP_DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "DEBUG",
    "PORTAL_URL",
    "ARGS",
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Portal:
    """One ``make run``, without the demo story so that it is quick."""

    def __init__(self, folder: Path, port: int | None = None, **env: str) -> None:
        self.folder = folder
        self.port = port or free_port()
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - read until the test ends
        base = {name: value for name, value in os.environ.items() if name not in OURS}
        base |= {"PORTAL_DATA": str(folder), "PORT": str(self.port), "PORTAL_DEMO": "0", **env}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "vcsportal.local", "run"],
            cwd=ROOT,
            env=base,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            preexec_fn=dies_with_us(signal.SIGTERM),
        )

    def __enter__(self) -> "Portal":
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.stop(signal.SIGTERM)

    @property
    def said(self) -> str:
        return os.pread(self._output.fileno(), 1_000_000, 0).decode()

    def wait_for(self, words: str, seconds: float = 150) -> "Portal":
        until = time.monotonic() + seconds
        while words not in self.said:
            assert self.process.poll() is None, f"It ended with {self.process.returncode}:\n{self.said}"
            assert time.monotonic() < until, f"{words!r} was not said within {seconds} s:\n{self.said}"
            time.sleep(0.05)
        return self

    def ready(self) -> "Portal":
        return self.wait_for("Ready.")

    def ends(self, seconds: float = 60) -> int:
        """Wait for its end and return its exit code."""
        return self.process.wait(seconds)

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.ends()

    def get(self, path: str, timeout: float = 10) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, HTTPException) as error:
            return 0, repr(error)
        finally:
            connection.close()

    def get_until(self, path: str, status: int, seconds: float = 30) -> str:
        """Ask until the answer has this status; return its text."""
        until = time.monotonic() + seconds
        while True:
            code, text = self.get(path)
            if code == status:
                return text
            assert time.monotonic() < until, f"{path} still answers {code} {text}\n{self.said}"
            time.sleep(0.1)

    def secret(self, name: str) -> str:
        return json.loads((self.folder / "secrets.json").read_text())[name]

    def children(self) -> dict[str, psutil.Process]:
        """Return its running programs by what they are."""
        kinds = {
            "postgres": "database",
            "valkey-server": "queue",
            "gunicorn": "web",
            "caddy": "proxy",
            "worker": "worker",
            "beat": "beat",
        }
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # one that ended once it was listed
                words = " ".join(child.cmdline())
                found[next((kind for word, kind in kinds.items() if f"{word} " in f"{words} "), words)] = child
        return found


def alive_in(folder: Path, ever: list[psutil.Process]) -> list[str]:
    """Return what still runs of these processes, or mentions the folder."""
    left = []
    for process in psutil.process_iter(["pid", "cmdline", "status"]):
        if process.info["status"] == psutil.STATUS_ZOMBIE or process.pid == os.getpid():
            continue
        if process in ever or any(str(folder) in word for word in process.info["cmdline"] or []):
            left.append(f"{process.pid} {' '.join(process.info['cmdline'] or [])}")
    return left


def nothing_left(folder: Path, ever: list[psutil.Process], seconds: float = 20) -> list[str]:
    """Wait until nothing of a portal is alive; return what still is after that time."""
    until = time.monotonic() + seconds
    while (left := alive_in(folder, ever)) and time.monotonic() < until:
        time.sleep(0.1)
    return left


def family(portal: Portal) -> list[psutil.Process]:
    """Return all processes of a portal, also the children's own."""
    return psutil.Process(portal.process.pid).children(recursive=True)
