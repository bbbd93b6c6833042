"""A small load generator: kept connections on loopback, a bounded time, counted answers."""

import multiprocessing
import socket
import threading
import time
from urllib.parse import urlsplit


def _read(sock: socket.socket, rest: bytes) -> tuple[int, bytes]:
    while b"\r\n\r\n" not in rest:
        more = sock.recv(65536)
        if not more:
            raise ConnectionError("closed")
        rest += more
    head, _, rest = rest.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines[1:])}
    left = (0 if lines[0].split()[1] == "304" else int(headers["content-length"])) - len(rest)
    while left > 0:
        more = sock.recv(min(left, 262144))
        if not more:
            raise ConnectionError("closed")
        left -= len(more)
    return int(lines[0].split()[1]), b""


def _one_connection(address: tuple[str, int], request: bytes, until: float, counts: list[int], wanted: int) -> None:
    done = 0
    while time.monotonic() < until:
        with socket.create_connection(address, timeout=10) as sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                while time.monotonic() < until:
                    sock.sendall(request)
                    status, _ = _read(sock, b"")
                    if status != wanted:
                        raise AssertionError(f"answered {status}, not {wanted}")
                    done += 1
            except ConnectionError:
                continue
    counts.append(done)


def _one_process(
    address: tuple[str, int], request: bytes, seconds: float, connections: int, wanted: int, queue
) -> None:
    counts: list[int] = []
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_one_connection, args=(address, request, until, counts, wanted))
        for _ in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.put(sum(counts) if len(counts) == connections else -1)


def requests_per_second(
    url: str, *, headers: dict[str, str] | None = None, wanted: int = 200, seconds: float = 4.0, connections: int = 8
) -> float:
    """Return answered requests a second. Raise ``AssertionError`` if one answer was not ``wanted``."""
    parts = urlsplit(url)
    assert parts.hostname == "127.0.0.1", "loopback only"
    lines = [f"GET {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    queue: multiprocessing.Queue[int] = multiprocessing.Queue()
    address = (parts.hostname, parts.port or 80)
    process = multiprocessing.Process(target=_one_process, args=(address, request, seconds, connections, wanted, queue))
    process.start()
    total = queue.get(timeout=seconds + 60)
    process.join()
    assert total >= 0, f"{url} gave an answer other than {wanted}"
    return total / seconds
