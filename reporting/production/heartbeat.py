"""Renews the lease of an edition that is being made, and records its progress, without holding up the drawing."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import TracebackType

from django.conf import settings
from django.db import Error, connection
from django.db.models.functions import Now

from reporting.models import Edition

logger = logging.getLogger(__name__)
MAX_BEAT_SECONDS = 3.0
"""Seconds between two looks at the row at most: so soon somebody who stops the making is heard."""


class ClaimLost(Exception):
    """Another worker has taken over the edition, or it was cancelled; this one must end and write nothing."""


class Heartbeat:
    """A thread that renews the lease several times before it can run out, and writes progress to the row at once."""

    def __init__(self, edition_id: int, token: int) -> None:
        self._rows = Edition.objects.filter(pk=edition_id, state="running", attempts=token)
        self._lease = settings.REPORT_LEASE_SECONDS
        self._told: tuple[str, int, int] | None = None
        self._news = threading.Event()
        self._over = threading.Event()
        self._overtaken = False
        self._edition_id = edition_id
        self._thread = self._new_thread()

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End it; afterwards the row is only the caller's to write."""
        self._over.set()
        self._news.set()
        self._thread.join(timeout=10)

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Stop the thread for a moment in which a process is forked: one that has threads is copied without them."""
        self.stop()
        try:
            yield
        finally:
            if not self._overtaken:
                self._over.clear()
                self._thread = self._new_thread()
                self._thread.start()

    def is_all_that_runs_beside(self) -> bool:
        """Return whether this is the main thread, and no thread but the heartbeat's own runs beside it."""
        others = {*threading.enumerate()} - {threading.current_thread(), self._thread}
        return threading.current_thread() is threading.main_thread() and not others

    def _new_thread(self) -> threading.Thread:
        return threading.Thread(target=self._run, daemon=True, name=f"lease-{self._edition_id}")

    def say(self, stage: str, done: int, total: int) -> None:
        """Record the stage and ``done`` of ``total``. Raise :class:`ClaimLost` if the edition is no longer this worker's."""
        self.check()
        self._told = (stage, done, total)
        self._news.set()

    def check(self) -> None:
        """Raise :class:`ClaimLost` if the edition is known not to be this worker's any more."""
        if self._overtaken:
            raise ClaimLost

    def _run(self) -> None:
        try:
            while not self._over.is_set():
                self._beat()
                self._news.wait(min(self._lease / 4, MAX_BEAT_SECONDS))
                self._over.wait(0.3)  # not more than about three writes a second, however fast the pages come
        finally:
            connection.close()

    def _beat(self) -> None:
        self._news.clear()
        told = self._told
        progress = {"stage": told[0], "done": told[1], "total": told[2]} if told else {}
        try:
            kept = self._rows.update(lease_until=Now() + timedelta(seconds=self._lease), **progress)
        except Error as error:
            logger.warning("The lease could not be renewed: %s", error)
            connection.close()
            return
        if not kept:
            self._overtaken = True
            self._over.set()
