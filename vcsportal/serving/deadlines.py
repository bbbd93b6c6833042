"""Ends the reading from a socket whose sender takes too long. One thread for all of a process."""

import socket
import threading
import time
from contextlib import suppress

TICK_SECONDS = 0.5
"""Seconds between two looks."""


class Deadlines:
    """Sockets that have to send something by a certain time. One that has not is closed for reading; answering it still works."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[socket.socket, float] = {}
        self._passed: set[socket.socket] = set()
        self._watcher: threading.Thread | None = None

    def set(self, connection: socket.socket, seconds: float) -> None:
        """The sender has so long from now; an earlier deadline of the same socket no longer counts."""
        with self._lock:
            self._until[connection] = time.monotonic() + seconds
            if self._watcher is None:  # not at import: threads do not survive a fork
                self._watcher = threading.Thread(target=self._watch, daemon=True, name="deadlines")
                self._watcher.start()

    def lift(self, connection: socket.socket) -> bool:
        """Stop watching; return whether the deadline had passed."""
        with self._lock:
            self._until.pop(connection, None)
            passed = connection in self._passed
            self._passed.discard(connection)
            return passed

    def _watch(self) -> None:
        while True:
            time.sleep(TICK_SECONDS)
            self.look()

    def look(self) -> None:
        """Close for reading whatever is late."""
        now = time.monotonic()
        with self._lock:
            for connection in [connection for connection, until in self._until.items() if until <= now]:
                del self._until[connection]
                self._passed.add(connection)
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RD)


deadlines = Deadlines()
