"""Gunicorn's threads, with a limit on how long the head of a request may take, and without work for readers who have left."""

import socket
from typing import Any, Final

from gunicorn.workers.gthread import ThreadWorker

from vcsportal.serving.deadlines import deadlines

HEAD_SECONDS = 5
"""Half of what the proxy allows: a proxy sends a head in one piece, so only a web server that stands alone meets slow ones."""
READS: Final = frozenset({"GET", "HEAD"})


class LimitedThreads(ThreadWorker):  # type: ignore[misc]  # gunicorn gives no types
    """A sender who drips the head of a request loses the connection instead of holding a thread.

    A reader who went away while the request waited for a thread is not answered any more: else a portal with more visitors
    than it can serve would work for those who have given up, and the others would give up too. What is to be saved is
    saved, whoever still waits for the answer.
    """

    def handle(self, conn: Any) -> Any:
        deadlines.set(conn.sock, HEAD_SECONDS)
        try:
            return super().handle(conn)
        finally:
            deadlines.lift(conn.sock)

    def handle_request(self, req: Any, conn: Any) -> Any:
        was_late = deadlines.lift(conn.sock)  # then it was us who closed it for reading
        if req.method in READS and not was_late and has_left(conn.sock):
            self.log.debug("A reader went away before there was time for the request.")
            return False
        return super().handle_request(req, conn)


def has_left(connection: socket.socket) -> bool:
    """Whether whoever sent a request has closed the connection since. Nothing is taken from what is still to be read."""
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
