"""Draws the files of an edition in processes of their own, several at a time.

A process of its own gives back all its memory at its end, and need not clear up before it. It ends with the process that
started it, whatever ends that one. Files are the same however many processes draw them.
"""

import json
import logging
import selectors
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Final

from django.conf import settings

from reporting.formats import ReportFormat
from reporting.production.failures import DrawingFailed
from reporting.production.helper import Helper, Write, signals_held
from vcsportal.common import machine

logger = logging.getLogger(__name__)
LOOK_SECONDS: Final = 0.2
"""Seconds between two looks at whether somebody has stopped the edition."""
MEMORY_A_PROCESS: Final = 512 * 1024**2
"""Bytes: a large year takes 400 MB."""


class HelperLost(Exception):
    """A process that draws was killed, or ended without a word."""


def processes(attempt: int) -> int:
    """Return how many processes may draw at the same time: ``REPORT_PROCESSES``, or as many as the machine has room for.

    After an attempt that was lost, files are drawn one after another: it may have been memory that was wanting.
    """
    if attempt > 1:
        return 1
    if settings.REPORT_PROCESSES:
        return int(settings.REPORT_PROCESSES)
    return max(1, min(machine.processors(), machine.memory() // MEMORY_A_PROCESS))


def shares(formats: Iterable[ReportFormat]) -> list[tuple[ReportFormat, ...]]:
    """Return what each process draws: a long file each, and one process all the short ones."""
    formats = tuple(formats)
    long: list[tuple[ReportFormat, ...]] = [(each,) for each in formats if each.tells_pages]
    short = tuple(each for each in formats if not each.tells_pages)
    return [*long, short] if short else long


class SideBySide:
    """The drawing of some shares, at most ``at_once`` at the same time. Leaving the context ends every process.

    ``kept`` are the records of the files that are in their places, by format; ``pages`` the pages drawn, and about how many
    there will be, by format.
    """

    def __init__(self, work: Sequence[tuple[ReportFormat, ...]], write: Write, *, at_once: int) -> None:
        self._waiting = list(enumerate(work))
        self._write, self._at_once = write, at_once
        self._running: dict[int, Helper] = {}
        self._failed: dict[int, Exception] = {}
        self._order = [each.code for share in work for each in share]
        self.kept: dict[str, dict[str, Any]] = {}
        self.pages: dict[str, tuple[int, int]] = {}

    def __enter__(self) -> "SideBySide":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for helper in self._running.values():
            helper.end()
        self._running.clear()

    def run(self, start: Callable[[Callable[[], Helper]], Helper], look: Callable[[], None]) -> None:
        """Draw everything.

        :param start: calls what it is given, which forks a process, at a moment when no thread of ours runs.
        :param look: called again and again meanwhile; what it raises ends the drawing.
        :raises DrawingFailed: if a file could not be written. Of several, the first in the formats' order is named.
        :raises HelperLost: if a process was killed.
        """
        while self._running or self._waiting:
            while self._waiting and len(self._running) < self._at_once:
                place, share = self._waiting.pop(0)
                with signals_held():
                    self._running[place] = start(partial(Helper, share, self._write))
            self._listen()
            look()
        if self._failed:
            raise self._failed[min(self._failed)]

    def step(self) -> str:
        """Return the code of the first format, in the formats' order, that is not ready."""
        return next((code for code in self._order if code not in self.kept), self._order[-1])

    def _listen(self) -> None:
        with selectors.DefaultSelector() as selector:
            for place, helper in self._running.items():
                selector.register(helper.reading, selectors.EVENT_READ, place)
            spoke = [key.data for key, _ in selector.select(LOOK_SECONDS)]
        for place in sorted(spoke):
            if place in self._running:  # not ended by one before it
                self._hear(place, self._running[place])

    def _hear(self, place: int, helper: Helper) -> None:
        for line in helper.lines():
            match json.loads(line):
                case {"code": code, "done": done, "total": total}:
                    self.pages[code] = (done, total)
                case {"kept": record}:
                    self.kept[record["code"]] = record
                case {"failed": sentence}:
                    self._failed[place] = DrawingFailed(sentence)
        if helper.open:
            return
        status = helper.end()
        del self._running[place]
        if place not in self._failed and any(each.code not in self.kept for each in helper.share):
            self._failed[place] = HelperLost(
                f"The process that wrote {helper.share[0].code} ended with status {status}."
            )
        if place in self._failed:
            self._stop_after(place)

    def _stop_after(self, place: int) -> None:
        """End what draws later files, and begin no more; earlier ones may fail too, and are named first then."""
        self._waiting = [each for each in self._waiting if each[0] < place]
        for later in [each for each in self._running if each > place]:
            self._running[later].end()
            del self._running[later]
