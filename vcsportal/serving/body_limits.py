"""Takes in the body of a request before the portal sees it: a few at a time, and none that comes too slowly.

The proxy in front takes in most bodies itself. This is for the large ones, and for a web server that stands alone.
"""

import json
import logging
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import Enum
from typing import Any, Final

from vcsportal.common.api_problems import MEDIA_TYPE, problem_members
from vcsportal.serving.deadlines import deadlines
from vcsportal.serving.received_body import Body

logger = logging.getLogger(__name__)
BODIES_AT_ONCE: Final = 4
"""Bodies that a process takes in at the same time."""
BODIES_AT_ONCE_PER_ADDRESS: Final = 3
"""Of these, how many from one address."""
WAIT_SECONDS: Final = 1.0
"""So long a request waits for its turn."""
PIECE_BYTES: Final = 16_384
PIECE_SECONDS: Final = 10
"""A piece has to be here in that time: 1.6 kB a second, less than any telephone manages."""
MAX_BODY_BYTES: Final = 160_000_000
"""Bytes: ten files of the largest size, and words. The proxy's file names the same."""

TOO_SLOW: Final = "What you sent arrived too slowly, so it was not saved. Check your connection, then try again."
TOO_MANY: Final = "Many people are sending files at the moment, so yours were not saved. Wait a moment, then try again."
TOO_LARGE: Final = "What you sent is too large, so it was not saved. Send fewer or smaller files."

Environ = dict[str, Any]
Answer = Iterable[bytes]


class SendingPlaces:
    """Who is sending at the moment, by address."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._by_address: Counter[str] = Counter()

    def take(self, address: str) -> bool:
        """Take a place, waiting a moment for it; False when there is none in time."""
        with self._changed:
            free = self._changed.wait_for(lambda: self._is_free(address), WAIT_SECONDS)
            if free:
                self._by_address[address] += 1
            return free

    def _is_free(self, address: str) -> bool:
        # An address that many share (a proxy that names nobody, an office) may not be told from one that sends too much,
        # but it can never take every place.
        return self._by_address.total() < BODIES_AT_ONCE and self._by_address[address] < BODIES_AT_ONCE_PER_ADDRESS

    def give_back(self, address: str) -> None:
        with self._changed:
            self._by_address[address] -= 1
            self._by_address += Counter()  # forgets whoever sends nothing any more
            self._changed.notify_all()


class LimitedBodies:
    """WSGI in front of the portal. Without gunicorn's own socket (tests, ``runserver``) it stands aside."""

    def __init__(self, application: Callable[[Environ, Any], Answer], *, proxies: int) -> None:
        """``proxies``: how many of ours stand in front; each adds an address to ``X-Forwarded-For``."""
        self.application = application
        self.proxies = proxies
        self.places = SendingPlaces()

    def __call__(self, environ: Environ, start_response: Any) -> Answer:
        connection = environ.get("gunicorn.socket")
        length = environ.get("CONTENT_LENGTH") or "0"
        if connection is None or not length.isdecimal() or int(length) == 0:
            return self.application(environ, start_response)
        if int(length) > MAX_BODY_BYTES:
            return refuse(environ, start_response, "413 Content Too Large", TOO_LARGE)
        address = sender(environ, self.proxies)
        if not self.places.take(address):
            return refuse(environ, start_response, "503 Service Unavailable", TOO_MANY, retry_after="10")
        body = Body()
        try:
            came = take_in(environ["wsgi.input"], int(length), body, connection)
        finally:
            self.places.give_back(address)
        if came is Arrival.TOO_SLOWLY:
            body.close()
            return refuse(environ, start_response, "408 Request Timeout", TOO_SLOW)
        # What the disk does not take, the portal reads from the sender itself: the words of a form count more than its files.
        environ["wsgi.input"] = body.reader(environ["wsgi.input"] if came is Arrival.IN_PART else None)
        return self.application(environ, start_response)


def sender(environ: Environ, proxies: int) -> str:
    """Return the address that our own proxies have seen, or the connection's; "" where neither is known."""
    named = [part.strip() for part in str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    if proxies and len(named) >= proxies and named[-proxies]:
        return named[-proxies]
    return str(environ.get("REMOTE_ADDR", ""))


class Arrival(Enum):
    """How a body has arrived."""

    WHOLE = 1
    IN_PART = 2
    """The disk took no more of it; the rest is still to be read."""
    TOO_SLOWLY = 3
    """Or its sender has gone."""


def take_in(source: Any, length: int, body: Body, connection: Any) -> Arrival:
    """Read the body piece by piece, each in its time."""
    left = length
    try:
        while left > 0:
            deadlines.set(connection, PIECE_SECONDS)
            piece = source.read(min(PIECE_BYTES, left))
            if deadlines.lift(connection) or not piece:
                return Arrival.TOO_SLOWLY
            left -= len(piece)
            if not body.add(piece):
                logger.error("The disk for temporary files is full: an upload is read without being kept first.")
                return Arrival.IN_PART
    except OSError:
        return Arrival.TOO_SLOWLY
    finally:
        deadlines.lift(connection)
    return Arrival.WHOLE


def refuse(environ: Environ, start_response: Any, status: str, sentence: str, *, retry_after: str = "") -> Answer:
    """Answer with a sentence, as JSON below ``/api/``, and read nothing more: what is still to come is not wanted."""
    with suppress(OSError):  # else the web server would wait for the rest before it closes, and everybody with it
        environ["gunicorn.socket"].shutdown(socket.SHUT_RD)
    if environ.get("PATH_INFO", "").startswith("/api/"):
        kind, text = MEDIA_TYPE, json.dumps(problem_members(int(status[:3]), sentence))
    else:
        kind = "text/html; charset=utf-8"
        text = (
            '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>This was not saved</title></head><body>'
            f"<h1>This was not saved</h1><p>{sentence}</p>"
            "<p>Your browser’s Back button takes you to the form, with what you typed.</p></body></html>"
        )
    content = text.encode()
    headers = [("Content-Type", kind), ("Content-Length", str(len(content))), ("Connection", "close")]
    headers += [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
    headers += [("Retry-After", retry_after)] if retry_after else []
    start_response(status, headers)
    return [content]
