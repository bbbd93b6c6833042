"""A request that waited for a thread until its reader had left costs nothing; what is to be saved is saved all the same."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.local import slow_pages
from tests.proxy import HOST, proxy_before
from tests.stack import GUNICORN, free_port
from vcsportal.common.processes import dies_with_us
from vcsportal.local.places import ROOT
from vcsportal.serving.worker import has_left


def send(port: int, method: str, path: str) -> socket.socket:
    """Send a whole request and return the connection; the answer is still to come."""
    connection = socket.create_connection((HOST, port), timeout=30)
    body = "Content-Length: 2\r\n\r\nhi" if method == "POST" else "\r\n"
    connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\n{body}".encode())
    return connection


@pytest.mark.parametrize("proxied", [False, True], ids=["alone", "behind the proxy"])
def test_nobody_works_for_a_reader_who_has_left(tmp_path, proxied):
    port, worked_on = free_port(), tmp_path / "worked-on"
    argv = [sys.executable, "-m", "gunicorn", "--config", GUNICORN, "--bind", f"{HOST}:{port}", "--workers", "1"]
    argv += ["--threads", "1", "tests.local.slow_pages"]
    with (tmp_path / "web.log").open("wb") as log:
        web = subprocess.Popen(
            argv,
            cwd=ROOT,
            env=os.environ | {"WORKED_ON": str(worked_on)},
            stdout=log,
            stderr=log,
            preexec_fn=dies_with_us(signal.SIGKILL),
        )
    try:
        _wait(port, worked_on)
        if proxied:
            with proxy_before(f"{HOST}:{port}", tmp_path) as front:
                seen = _use(front, worked_on)
        else:
            seen = _use(port, worked_on)
    finally:
        web.terminate()
        web.wait(20)
    assert seen == ["/first", "/saved", "/last"], (tmp_path / "web.log").read_text()[-2000:]


def _use(port: int, worked_on: Path) -> list[str]:
    """Keep the only thread busy; meanwhile two send and leave, a reader and somebody who saves, and one waits."""
    first = send(port, "GET", "/first")
    time.sleep(slow_pages.SECONDS / 4)
    for method, path in (("GET", "/read"), ("POST", "/saved")):
        leaving = send(port, method, path)
        time.sleep(slow_pages.SECONDS / 8)  # a proxy has passed it on
        leaving.close()
    last = send(port, "GET", "/last")
    for waiting in (first, last):
        assert waiting.recv(100).startswith(b"HTTP/1.1 200")
        waiting.close()
    return worked_on.read_text().split()


def _wait(port: int, worked_on: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            connection = send(port, "GET", "/begin")
        except OSError:
            time.sleep(0.1)
            continue
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
        connection.close()
        worked_on.unlink()
        return
    raise AssertionError("the web server did not start")


def test_whether_somebody_has_left_is_seen_without_taking_anything():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert not has_left(ours)
        theirs.sendall(b"next")
        assert not has_left(ours)
        assert ours.recv(10) == b"next"
        theirs.close()
        assert has_left(ours)
    assert has_left(ours), "it is closed on our side too"
