"""Ends a wait for a database that has stopped answering, and tells the requests behind it at once.

``psycopg2`` asks a callback to wait for the server; ours waits with a limit. When the limit has passed the connection is
closed and :class:`psycopg2.OperationalError` raised. ``COPY`` and large objects do not work with a callback: nothing
here uses them. https://www.psycopg.org/docs/advanced.html#support-for-coroutine-libraries
"""

import select
import threading
import time
from typing import Any, Final

import psycopg2
import psycopg2.extensions
from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE

from vcsportal.database.limits import CONNECT_SECONDS

SILENT: Final = "The database did not answer in time."
PAUSE_SECONDS: Final = 2.0
"""Seconds for which nobody asks a database again that did not answer; then one request tries."""


class Watched(psycopg2.extensions.connection):  # type: ignore[misc]  # psycopg2 is written in C, without types
    """A connection with a limit on each wait."""

    wait_seconds: float | None = CONNECT_SECONDS
    """None is no limit. It begins with the time that making a connection may take."""


class Silence:
    """Remembers that the database did not answer, so that not every request finds out for itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0

    def noticed(self) -> None:
        """The database did not answer."""
        with self._lock:
            self._until = time.monotonic() + PAUSE_SECONDS

    def ended(self) -> None:
        """The database has answered."""
        with self._lock:
            self._until = 0.0

    @property
    def lasts(self) -> bool:
        """Whether the database is not to be asked at this moment."""
        return time.monotonic() < self._until

    def check(self) -> None:
        """Raise :class:`psycopg2.OperationalError` while the database is not to be asked; after that, one at a time may try."""
        with self._lock:
            if not self._until:
                return
            now = time.monotonic()
            if now < self._until:
                raise psycopg2.OperationalError(SILENT)
            self._until = now + PAUSE_SECONDS


silence = Silence()


def wait(connection: Any) -> None:
    """Wait until the server has answered, or raise :class:`psycopg2.OperationalError` when its time is up."""
    seconds = getattr(connection, "wait_seconds", None)
    until = None if seconds is None else time.monotonic() + seconds
    while (state := connection.poll()) != POLL_OK:
        if state not in {POLL_READ, POLL_WRITE}:
            raise psycopg2.OperationalError(f"The database connection is in an unknown state: {state}.")
        poller = select.poll()  # not select.select, which refuses file descriptors above 1023
        poller.register(connection.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
        left = None if until is None else (until - time.monotonic()) * 1000
        if left is not None and (left <= 0 or not poller.poll(left)):
            silence.noticed()
            raise psycopg2.OperationalError(SILENT)
        if left is None:
            poller.poll()


def watch() -> None:
    """Let every connection of this process wait like this."""
    psycopg2.extensions.set_wait_callback(wait)
