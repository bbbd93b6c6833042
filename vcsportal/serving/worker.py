"""Gunicorn's threads, with a limit on how long the head of a request may take."""

from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from vcsportal.serving.deadlines import deadlines

HEAD_SECONDS = 5
"""Half of what the proxy allows: a proxy sends a head in one piece, so only a web server that stands alone meets slow ones."""


class LimitedThreads(ThreadWorker):  # type: ignore[misc]  # gunicorn gives no types
    """A sender who drips the head of a request loses the connection instead of holding a thread."""

    def handle(self, conn: Any) -> Any:
        deadlines.set(conn.sock, HEAD_SECONDS)
        try:
            return super().handle(conn)
        finally:
            deadlines.lift(conn.sock)

    def handle_request(self, req: Any, conn: Any) -> Any:
        deadlines.lift(conn.sock)
        return super().handle_request(req, conn)
