"""Visitors who are slow, on purpose or not, and a measure of what others notice of them."""

import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException

HOST = "127.0.0.1"
BODY = (
    "POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken={token}\r\nContent-Length: 2000000\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)
HEAD = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Drip: "


def times(port: int, path: str, number: int = 10, limit: float = 15) -> list[float]:
    """Ask so many times; return the seconds each answer took. An answer that is not 200, or none in time, is a failure."""
    took = []
    for _ in range(number):
        began = time.monotonic()
        connection = HTTPConnection(HOST, port, timeout=limit)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        assert answer.status == 200, f"{path} answered {answer.status}"
        took.append(time.monotonic() - began)
    return took


@contextmanager
def dripping(port: int, number: int, start: str, *, every: float = 1.0) -> Iterator[list[socket.socket]]:
    """So many connections that begin a request and then send one byte at a time, until the end of the block."""
    opened = []
    for _ in range(number):
        one = socket.create_connection((HOST, port), timeout=10)
        one.sendall(start.format(token="a" * 32).encode())
        opened.append(one)
    over = threading.Event()

    def drip() -> None:
        while not over.wait(every):
            for one in opened:
                try:
                    one.send(b"a")
                except OSError:
                    continue

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield opened
    finally:
        over.set()
        thread.join()
        for one in opened:
            one.close()


def readers(port: int, path: str, number: int, seconds: float) -> tuple[int, list[str]]:
    """Keep-alive readers with pauses of all lengths; return how many answers there were, and what went wrong."""
    answered, wrong, lock = 0, [], threading.Lock()
    until = time.monotonic() + seconds

    def read(which: int) -> None:
        nonlocal answered
        connection = HTTPConnection(HOST, port, timeout=20)
        turn = which
        while time.monotonic() < until:
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                with lock:
                    answered += 1
                    if answer.status != 200:
                        wrong.append(str(answer.status))
            except (OSError, HTTPException) as error:
                with lock:
                    wrong.append(repr(error))
                connection.close()
                connection = HTTPConnection(HOST, port, timeout=20)
            turn += 1
            time.sleep((0.0, 0.3, 1.0, 1.9, 2.0, 2.1)[turn % 6])
        connection.close()

    threads = [threading.Thread(target=read, args=(which,)) for which in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answered, wrong


def ratio(name: str, quiet: list[float], busy: list[float]) -> float:
    """Print and return how much longer the middle answer took."""
    was, now = statistics.median(quiet), statistics.median(busy)
    print(
        f"{name}: {was * 1000:.0f} ms when quiet, {now * 1000:.0f} ms then, {now / was:.1f} times; slowest {max(busy) * 1000:.0f} ms"
    )
    return now / was
