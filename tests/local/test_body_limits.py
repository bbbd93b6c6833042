"""How bodies are taken in: whole or not at all, a few at a time, and none that comes too slowly."""

import errno
import io
import json
import socket
import tempfile
import threading
import time

import pytest

from vcsportal.serving import body_limits, deadlines
from vcsportal.serving.body_limits import LimitedBodies, SendingPlaces, sender
from vcsportal.serving.received_body import IN_MEMORY_BYTES


def portal(environ, start_response):
    """Says what it was given."""
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


class Asked:
    """One request to the middleware, and what came of it."""

    def __init__(self, gate: LimitedBodies, source, length: object, **environ: object) -> None:
        self.near, self.far = socket.socketpair()
        made = {
            "wsgi.input": source,
            "CONTENT_LENGTH": str(length),
            "gunicorn.socket": self.near,
            "PATH_INFO": "/",
            **environ,
        }
        self.body = b"".join(gate(made, self._start))
        self.far.setblocking(False)
        try:
            self.read_on = self.far.send(b"more") == 4
        except BrokenPipeError:
            self.read_on = False
        self.near.close()
        self.far.close()

    def _start(self, status, headers):
        self.status, self.headers = int(status[:3]), dict(headers)


def test_a_body_arrives_as_it_was_sent_whatever_its_size():
    gate = LimitedBodies(portal, proxies=0)
    for size in (
        1,
        body_limits.PIECE_BYTES - 1,
        body_limits.PIECE_BYTES,
        body_limits.PIECE_BYTES + 1,
        IN_MEMORY_BYTES,
        IN_MEMORY_BYTES + 1,
        3 * IN_MEMORY_BYTES + 7,
    ):
        sent = bytes(index % 251 for index in range(size))
        asked = Asked(gate, io.BytesIO(sent), size)
        assert asked.body == sent
        assert asked.read_on, "the next request may come on the same connection"
    assert gate.places._by_address.total() == 0


class FullDisk(io.BytesIO):
    """Takes 20,000 bytes, the last of them in half a piece."""

    def write(self, data):
        room = 20_000 - self.tell()
        if room == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data[:room])


def test_a_full_disk_loses_no_byte_of_the_body(monkeypatch):
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda buffering: FullDisk())
    sent = bytes(index % 251 for index in range(IN_MEMORY_BYTES + 100_000))
    source = io.BytesIO(sent)
    asked = Asked(LimitedBodies(portal, proxies=0), source, len(sent))
    assert asked.status == 200
    assert asked.body == sent


def test_a_body_without_a_disk_at_all_is_read_too(monkeypatch):
    def nowhere(buffering):
        raise OSError(errno.ENOENT, "no folder for temporary files")

    monkeypatch.setattr(tempfile, "TemporaryFile", nowhere)
    sent = b"x" * (IN_MEMORY_BYTES + 40_000)
    assert Asked(LimitedBodies(portal, proxies=0), io.BytesIO(sent), len(sent)).body == sent


def test_what_comes_after_the_body_is_not_touched():
    source = io.BytesIO(b"body and the next request")
    assert Asked(LimitedBodies(portal, proxies=0), source, 4).body == b"body"
    assert source.read() == b" and the next request"


@pytest.mark.parametrize("length", ["", "0", "many", "-1"])
def test_a_request_without_a_body_passes_untouched(length):
    source = io.BytesIO(b"untouched")
    assert Asked(LimitedBodies(portal, proxies=0), source, length).body == b"untouched"


def test_without_the_web_servers_own_socket_it_stands_aside():
    gate = LimitedBodies(portal, proxies=0)
    environ = {"wsgi.input": io.BytesIO(b"abc"), "CONTENT_LENGTH": "3"}
    assert b"".join(gate(environ, lambda status, headers: None)) == b"abc"


@pytest.mark.parametrize("path", ["/", "/api/v1/evidence/"])
def test_a_body_that_ends_too_early_is_not_given_to_the_portal(path):
    asked = Asked(LimitedBodies(portal, proxies=0), io.BytesIO(b"half"), 8, PATH_INFO=path)
    assert asked.status == 408
    assert asked.headers["Connection"] == "close"
    text = json.loads(asked.body)["detail"] if path != "/" else asked.body.decode()
    assert body_limits.TOO_SLOW in text


def test_a_body_that_is_too_large_is_refused_before_it_is_read():
    class Unread:
        def read(self, size):
            raise AssertionError("it was read")

    assert Asked(LimitedBodies(portal, proxies=0), Unread(), body_limits.MAX_BODY_BYTES + 1).status == 413


def test_a_sender_who_is_too_slow_loses_the_place(monkeypatch):
    monkeypatch.setattr(body_limits, "PIECE_SECONDS", 0.3)
    monkeypatch.setattr(deadlines, "TICK_SECONDS", 0.05)
    near, far = socket.socketpair()
    over = threading.Event()

    def drip():
        while not over.wait(0.1):
            try:
                far.send(b"a")
            except OSError:
                return

    thread = threading.Thread(target=drip)
    thread.start()

    class Source:
        def read(self, size):
            data = b""
            while len(data) < size and (more := near.recv(size - len(data))):
                data += more
            return data

    gate = LimitedBodies(portal, proxies=0)
    answered: list[int] = []
    environ = {"wsgi.input": Source(), "CONTENT_LENGTH": "100000", "gunicorn.socket": near, "PATH_INFO": "/"}
    began = time.monotonic()
    gate(environ, lambda status, headers: answered.append(int(status[:3])))
    over.set()
    thread.join()
    assert answered == [408]
    assert 0.2 < time.monotonic() - began < 3
    assert gate.places._by_address.total() == 0
    near.close()
    far.close()


def test_there_are_so_many_places_and_never_all_for_one_address(monkeypatch):
    monkeypatch.setattr(body_limits, "WAIT_SECONDS", 0.05)
    places = SendingPlaces()
    assert [places.take("a") for _ in range(body_limits.BODIES_AT_ONCE_PER_ADDRESS + 1)] == [
        True
    ] * body_limits.BODIES_AT_ONCE_PER_ADDRESS + [False]
    assert [places.take("b") for _ in range(2)] == [True, False]
    places.give_back("a")
    assert places.take("c")
    assert places.take("b") is False


def test_without_a_place_the_answer_says_when_to_try_again(monkeypatch):
    monkeypatch.setattr(body_limits, "WAIT_SECONDS", 0.01)
    gate = LimitedBodies(portal, proxies=0)
    gate.places._by_address["x"] = body_limits.BODIES_AT_ONCE
    asked = Asked(gate, io.BytesIO(b"abc"), 3)
    assert (asked.status, asked.headers["Retry-After"]) == (503, "10")
    assert asked.read_on is False, "the web server would wait for the rest before it closes"
    assert body_limits.TOO_MANY in asked.body.decode()


def test_the_sender_is_whom_our_own_proxy_has_seen_and_nobody_elses_word():
    environ = {"HTTP_X_FORWARDED_FOR": "203.0.113.7, 198.51.100.2", "REMOTE_ADDR": "127.0.0.1"}
    assert [sender(environ, proxies) for proxies in (0, 1, 2, 3)] == [
        "127.0.0.1",
        "198.51.100.2",
        "203.0.113.7",
        "127.0.0.1",
    ]
    assert sender({"REMOTE_ADDR": "198.51.100.3"}, 1) == "198.51.100.3"
    assert sender({}, 0) == sender({}, 1) == ""


def test_a_deadline_that_is_lifted_in_time_ends_nothing():
    watch = deadlines.Deadlines()
    near, far = socket.socketpair()
    watch.set(near, 60)
    watch.look()
    assert watch.lift(near) is False
    watch.set(near, -1)
    watch.look()
    assert watch.lift(near) is True
    assert watch.lift(near) is False, "it is said once"
    near.close()
    far.close()
