"""Starts the portal as in production, sends the visitors, and looks for what they sent. Everything it starts ends with it."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import psutil

from tests.load.found_again import email_faults
from tests.load.hour import DECISIONS_OF_AN_OFFICER, OFFICERS, PAUSE_SECONDS, PEOPLE_SENDING, PHOTOGRAPHS, journeys_in
from tests.load.machine import Watch, descendants
from tests.load.photographs import take
from tests.mail_server import MailServer, mail_server
from tests.proxy import started_proxy
from tests.stack import ROOT, Stack, free_port, started
from vcsportal.common.processes import dies_with_us

LOCUST_MEMORY_BYTES: Final = 3 * 1024**3
EMAILS_SECONDS: Final = 90
"""So long it waits for the last emails to go."""
SPARE_SECONDS: Final = 400
"""So much longer than its visitors come may a trial take, until the last has an answer."""


@dataclass(frozen=True)
class Phase:
    """A part of the trial: so long, at so many times the rate of the hour."""

    times: float
    seconds: float
    soak: bool = False
    pause: float = PAUSE_SECONDS

    @property
    def name(self) -> str:
        rate = "the rate of the hour" if self.times == 1 else f"{self.times:g} times the rate of the hour"
        return f"{rate}, {self.seconds / 60:g} minutes{' (soak)' if self.soak else ''}"

    @property
    def counts(self) -> dict[str, int]:
        return journeys_in(self.seconds, times=self.times)


@dataclass(frozen=True)
class Ran:
    """What one phase left: its samples and the machine's."""

    phase: Phase
    samples: list[dict[str, Any]]
    watch: Watch


@dataclass
class Trial:
    """A portal under load."""

    stack: Stack
    emails: MailServer
    processes: Mapping[str, "subprocess.Popen[bytes]"]
    folder: Path
    _first: dict[str, int]

    def run(self, phase: Phase) -> Ran:
        """Send the visitors of one phase and wait until the last has gone."""
        trial, samples = self.folder / "trial.json", self.folder / "samples.jsonl"
        told = {
            "plan": str(self.folder / "plan.json"), "ledger": str(self.folder / "ledger.jsonl"), "samples": str(samples),
            "counts": phase.counts, "first": self._first, "seconds": phase.seconds, "pause": phase.pause,
        }  # fmt: skip
        trial.write_text(json.dumps(told), encoding="utf-8")
        argv = [
            sys.executable,
            "-m",
            "locust",
            "-f",
            "tests/load/locustfile.py",
            "--headless",
            "--host",
            self.stack.url,
        ]
        argv += [
            "--users",
            "1",
            "--spawn-rate",
            "1",
            "--exit-code-on-error",
            "0",
            "--only-summary",
            "--loglevel",
            "WARNING",
        ]
        env = {name: value for name, value in os.environ.items() if name.startswith(("PYTHON", "PATH", "HOME", "LANG"))}
        with (self.folder / "locust.log").open("ab") as log:
            locust = subprocess.Popen(
                argv,
                cwd=ROOT,
                env=env | {"LOAD_TRIAL": str(trial)},
                stdout=log,
                stderr=log,
                preexec_fn=_bounded(dies_with_us(signal.SIGKILL)),
            )
        try:
            with Watch(lambda: self._roles(locust.pid)) as watch:
                code = locust.wait(phase.seconds + SPARE_SECONDS)
        finally:
            if locust.poll() is None:
                locust.kill()
                locust.wait()
        assert code == 0, f"locust ended with {code}:\n{(self.folder / 'locust.log').read_text()[-3000:]}"
        for journey, count in phase.counts.items():
            self._first[journey] = self._first.get(journey, 0) + count
        with samples.open(encoding="utf-8") as file:
            return Ran(phase, [json.loads(line) for line in file], watch)

    def find_again(self) -> dict[str, Any]:
        """Wait for the emails, then look for everything that was sent. Returns counts, and sentences of what is wrong."""
        words = [str(self.folder / name) for name in ("plan.json", "ledger.jsonl")]
        found: dict[str, Any] = json.loads(
            in_portal(self.stack, "tests.load.found_again", *words, str(EMAILS_SECONDS)).splitlines()[-1]
        )
        came = Counter(str(message["message-id"]) for message in self.emails.came)
        found["wrong"] += email_faults(found["emails"], came)
        states = {f"emails {state}": count for state, count in found["emails"]["states"].items()}
        found["counts"] |= states | {"emails that the mail server got": came.total()}
        return found

    def _roles(self, locust: int) -> dict[int, str]:
        found = {locust: "visitors"}
        for name, process in self.processes.items():
            found[process.pid] = f"{name} (parent)" if name in {"web", "worker"} else name
            if name in {"web", "worker"}:
                found |= {child.pid: name for child in _children(process.pid)}
        return found | _servers()


def _children(pid: int) -> list[psutil.Process]:
    """Return the lasting children of a web server or worker."""
    try:
        return psutil.Process(pid).children()
    except psutil.Error:
        return []


def _servers() -> dict[int, str]:
    """Return the processes of the database and the queue that were started for this run."""
    found = {}
    for process in descendants(os.getppid()):
        try:
            name = process.name()
        except psutil.Error:
            continue
        if name.startswith("postgres"):
            found[process.pid] = "database"
        elif name.startswith("valkey"):
            found[process.pid] = "queue"
    return found


def _bounded(also: Callable[[], None] | None) -> Callable[[], None]:
    """Return what the process of the visitors calls first: it takes no more memory than is theirs."""

    def begin() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (LOCUST_MEMORY_BYTES, LOCUST_MEMORY_BYTES))
        if also:
            also()

    return begin


def in_portal(stack: Stack, module: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *words], cwd=ROOT, env=stack.env, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, f"{module}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def _needed(phases: list[Phase], photographs: list[Path], *, small: bool) -> dict[str, Any]:
    """Return what the cast of these phases needs. There are as many people as in the hour, or fewer if fewer come."""
    total: dict[str, int] = {}
    for phase in phases:
        for journey, count in phase.counts.items():
            total[journey] = total.get(journey, 0) + count
    links, programs = total["link"], min(total["program"], 30)
    return {
        "partners": min(total["photograph"], PEOPLE_SENDING), "links": links, "programs": programs,
        "officers": min(total["officer"], OFFICERS), "to_decide": total["officer"] * DECISIONS_OF_AN_OFFICER,
        "photographs": [str(photograph) for photograph in photographs], "small": small,
    }  # fmt: skip


@contextmanager
def portal_under_load(stack: Stack, phases: list[Phase], *, small: bool = False) -> Iterator[Trial]:
    """Fill a portal that is not started with who comes, start it behind its proxy, and yield the trial.

    :param stack: its tables are there, with a strategy whose round is open.
    :param small: for trying the trial itself: a small strategy is written first, photographs are few and small, and one process serves.
    """
    folder = stack.data / "load"
    folder.mkdir()
    photographs = take(folder / "photographs", 2, (640, 480)) if small else take(folder / "photographs", PHOTOGRAPHS)
    with mail_server() as emails:
        port = free_port()
        env = stack.env | {"DEBUG": "0", "EMAIL_URL": f"smtp://127.0.0.1:{emails.port}"}
        outside = replace(stack, env=env)
        behind = replace(stack, url=f"http://127.0.0.1:{port}", env=env | {"BEHIND_PROXY": "1"})
        people = json.dumps(_needed(phases, photographs, small=small))
        in_portal(outside, "tests.load.cast", str(folder / "plan.json"), people)
        number = int(stack.url.rpartition(":")[2])
        trusted = {
            "PROXY_TRUSTED": "127.0.0.1/32"
        }  # what our visitors say of their addresses is believed, as they stand for many
        with (
            started(behind, workers=1 if small else 2) as processes,
            started_proxy(f"127.0.0.1:{port}", folder, number, **trusted) as proxy,
        ):
            yield Trial(outside, emails, {**processes, "proxy": proxy}, folder, {})
