"""A queue and a database of a test's own, to kill, to empty and to restart, started as ``make run`` starts them."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from tests.reporting.conftest import wait_for
from tests.stack import database
from vcsportal.common.processes import dies_with_us
from vcsportal.local.folder import Folder
from vcsportal.local.postgres import DATABASE, OWNER, LocalDatabase
from vcsportal.local.servers import Program, Queue


class Server:
    """One server in our hands."""

    def __init__(self, data: Path, program: Callable[[], Program], answers: Callable[[], bool]) -> None:
        self.data, self._program, self._answers = data, program, answers
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = self._program()
        with program.open_log() as log:
            self._process = subprocess.Popen(
                program.argv, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=program.env, cwd=program.cwd,
                start_new_session=True, preexec_fn=dies_with_us(program.when_we_die), **program.options,
            )  # fmt: skip
        wait_for(self._answers, seconds=60, what=lambda: program.log.read_text(errors="replace")[-2000:])

    def stop(self, number: int = signal.SIGKILL) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(30)

    def lose_everything(self) -> None:
        """It comes back empty."""
        self.stop()
        for file in self.data.iterdir():
            if not file.is_socket():
                shutil.rmtree(file) if file.is_dir() else file.unlink()
        self.start()


@contextmanager
def own_queue(path: Path) -> Iterator[tuple[Server, str]]:
    """Yield a queue and its address."""
    folder = Folder(path)
    folder.take()
    queue = Queue(folder)
    server = Server(queue.data, queue.program, queue.answers)
    server.start()
    try:
        yield server, queue.url
    finally:
        server.stop()
        folder.release()


@contextmanager
def own_database(path: Path) -> Iterator[tuple[Server, str]]:
    """Yield a database with what this test has made so far, and its address; this process speaks to it from now on."""
    folder = Folder(path)
    folder.take()
    ours = LocalDatabase(folder)  # as in production: it is killed here, and must keep what it has acknowledged
    ours.make()
    server = Server(ours.data, ours.program, ours.answers)
    server.start()
    before = dict(connection.settings_dict)
    try:
        ours.make_roles()
        _copy(database(os.environ["DATABASE_URL"], before["NAME"]), ours)
        _speak_to(
            {"NAME": DATABASE, "USER": OWNER, "PASSWORD": folder.secret(OWNER), "HOST": str(ours.host), "PORT": ""}
        )
        yield server, ours.url(OWNER)
    finally:
        _speak_to(before)
        server.stop(signal.SIGQUIT)
        folder.release()


def _copy(source: str, ours: LocalDatabase) -> None:
    """Fill it from the test's own database."""
    programs = Path(ours.program().argv[0]).parent
    dump = subprocess.run(
        [programs / "pg_dump", "--no-owner", "--no-acl", source], capture_output=True, check=True, timeout=60
    )
    done = subprocess.run(
        [programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", ours.url(OWNER)], input=dump.stdout, capture_output=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()


def _speak_to(changes: dict[str, Any]) -> None:
    connection.close()
    connection.settings_dict.update(changes)
