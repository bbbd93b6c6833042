"""Workers, schedules and commands beside the tests without a start of Python and Django for each.

One process loads what they are made of, then makes a copy of itself (a fork) for each program that it is asked to start. That
copy reads the settings from its own environment and goes on as ``python -m celery`` or ``python -m manage`` does: it can be killed, waited for and
read about in its log as any other process. What a start itself does is tested where ``make run`` and the commands of the guide
to deployment start the programs.
"""

import atexit
import json
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module, reload
from pathlib import Path
from typing import Any, Protocol, cast

from tests.commands import ROOT, read_settings_again


class Process(Protocol):
    """A program that runs: one of :class:`subprocess.Popen`, or a copy."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


class Copy:
    """A program that was started as a copy."""

    def __init__(self, programs: "Programs", pid: int, words: Sequence[str]) -> None:
        self._programs, self.pid, self._words = programs, pid, words
        self._code: int | None = None

    def poll(self) -> int | None:
        """Return its exit code, or None while it runs."""
        if self._code is None:
            self._code = self._programs.ask({"code of": self.pid})
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return its exit code.

        :raises subprocess.TimeoutExpired: it has not ended after ``timeout`` seconds.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if timeout is not None and until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired(list(self._words), timeout)
            time.sleep(0.02)
        return code

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        if self.poll() is None:  # until it has been asked for its code, its number is nobody else's
            os.kill(self.pid, number)


class Programs:
    """The process that has loaded everything."""

    def __init__(self) -> None:
        env = os.environ | {"DJANGO_SETTINGS_MODULE": "vcsportal.settings"}
        command = [sys.executable, "-m", "tests.programs"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._turn = threading.Lock()

    def start(self, words: Sequence[str], *, env: Mapping[str, str], log: Path, session: bool = False) -> Copy:
        """Start ``python -m`` with these words; what it prints is added to ``log``.

        :param session: whether it leads a process group of its own, so that it can be killed with its children.
        """
        wish = {"words": list(words), "env": dict(env), "log": str(log), "session": session}
        pid = self.ask(wish)
        assert pid
        return Copy(self, pid, words)

    def ask(self, wish: dict[str, Any]) -> int | None:
        """Send the process a wish and return its answer: a process's number, or an exit code, if there is one yet."""
        assert self._process.stdin
        assert self._process.stdout
        with self._turn:  # a test may kill in one thread what it waits for in another
            self._process.stdin.write(json.dumps(wish) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        assert answer, "The process that starts programs has ended."
        number: int | None = json.loads(answer)
        return number

    def close(self) -> None:
        """End the process, which then counts among the ones that this one has waited for."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


@cache
def programs() -> Programs:
    """Return this process's own, loaded when it is first asked for and ended with this process."""
    loaded = Programs()
    atexit.register(loaded.close)
    return loaded


# In that process -------------------------------------------------------------------------------------------------------

PARTS = (
    "celery.bin.celery", "celery.bin.worker", "celery.bin.beat", "celery.apps.worker", "celery.apps.beat",
    "celery.worker.worker", "celery.worker.components", "celery.worker.consumer", "celery.worker.strategy",
    "celery.worker.autoscale", "celery.worker.control", "celery.concurrency.prefork", "celery.app.amqp", "celery.app.control",
    "celery.app.events", "celery.app.log", "celery.app.trace", "celery.fixups.django", "celery.backends.base",
    "kombu.transport.redis", "billiard.pool", "billiard.popen_fork", "vcsportal.tasks", "partners.tasks", "commitments.tasks",
    "reporting.tasks", "reporting.production", "reporting.rendering.engine",
)  # fmt: skip
"""What a worker or a schedule imports when it starts, and that asks for no setting."""


def serve() -> None:
    """Load everything, then do what comes on standard input, one wish a line; answer with a process or its exit code."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what is printed while loading is no answer
    _load()
    codes: dict[int, int] = {}
    for line in sys.stdin:
        wish = json.loads(line)
        if "words" in wish:
            found: int | None = os.fork()
            if found == 0:
                _become(wish)
        else:
            number = wish["code of"]
            if number not in codes:
                ended, status = os.waitpid(number, os.WNOHANG)
                if ended:
                    codes[number] = os.waitstatus_to_exitcode(status)
            found = codes.get(number)
        answers.write(json.dumps(found) + "\n")
        answers.flush()


def _load() -> None:
    import django

    django.setup()
    for name in PARTS:
        import_module(name)
    from django.db import connections

    from vcsportal.celery import app

    connections.close_all()
    assert not cast(Any, app).configured, "Celery has read its settings, which are another program's"
    assert "vcsportal.urls" not in sys.modules, "the addresses depend on settings"


def _become(wish: dict[str, Any]) -> None:
    """Become the program: its environment, its settings, its output."""
    code = 1
    try:
        if wish["session"]:
            os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number in (1, 2):
            os.dup2(os.open(wish["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
        os.closerange(3, 100)
        read_settings_again(wish["env"])
        reload(import_module("vcsportal.worker_health"))  # its keys are named after the environment
        sys.argv = list(wish["words"])
        runpy.run_module(wish["words"][0], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
