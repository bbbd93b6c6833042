"""One process that draws some of an edition's files, and what it says while it does so."""

import gc
import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NoReturn

from billiard.pool import SIG_SOFT_TIMEOUT

from reporting.formats import ReportFormat
from reporting.production.failures import DrawingFailed
from reporting.rendering.layout import Progress
from vcsportal.common.processes import dies_with_us

Write = Callable[[ReportFormat, Progress], Mapping[str, Any]]
"""Writes one file and returns its record, as values that JSON can hold.

What it raises is a :class:`reporting.production.failures.DrawingFailed` with the sentence for the edition's row.
"""
HELD: Final = frozenset({SIG_SOFT_TIMEOUT, signal.SIGTERM})
READ_BYTES: Final = 65536


class Helper:
    """A process that was forked from this one, and draws. ``lines`` is what it says, ``open`` whether it may say more."""

    def __init__(self, share: tuple[ReportFormat, ...], write: Write) -> None:
        self.share = share
        self.open = True
        self._rest = b""
        self._status: int | None = None
        ours = os.getpid()
        self.reading, writing = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            _draw_and_end(share, write, writing, ours)
        os.close(writing)

    def lines(self) -> Iterator[bytes]:
        """Yield what it has said since, after something was said; at its end, ``open`` is false."""
        new = os.read(self.reading, READ_BYTES)
        self.open = bool(new)
        *whole, self._rest = (self._rest + new).split(b"\n")
        yield from whole

    def end(self) -> int:
        """Kill it if it still runs, wait for its end, and return its exit status: below 0 is a signal's number."""
        if self._status is None:
            if self.open:
                os.kill(self._pid, signal.SIGKILL)
            with signals_held():
                _, status = os.waitpid(self._pid, 0)
                self._status = os.waitstatus_to_exitcode(status)
                os.close(self.reading)
        return self._status


@contextmanager
def signals_held() -> Iterator[None]:
    """Let signals that end a task wait, so that there is never a process that nobody knows of."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, HELD)  # raises for one that came just before
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _draw_and_end(share: tuple[ReportFormat, ...], write: Write, writing: int, parent: int) -> NoReturn:
    """Draw, in the new process, and leave it without anything that the old one does at its end."""
    try:
        gc.disable()  # it lives for seconds: what it leaves lying goes with it
        signal.signal(SIG_SOFT_TIMEOUT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD)
        if ask := dies_with_us(signal.SIGKILL):
            ask()
        if os.getppid() == parent:  # it may have been killed before we asked
            _draw(share, write, writing)
    finally:
        os._exit(0)


def _draw(share: tuple[ReportFormat, ...], write: Write, writing: int) -> None:
    def say(**what: Any) -> None:
        os.write(writing, json.dumps(what).encode() + b"\n")  # nobody who listens any more is an error, which ends this

    for each in share:

        def on_page(done: int, total: int, code: str = each.code) -> None:
            say(code=code, done=done, total=total)

        try:
            record = write(each, on_page)
        except DrawingFailed as error:
            say(failed=str(error))
            return
        say(kept=record)
