"""The portal's own proxy with its own file, in front of whatever a test or a trial has."""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.stack import free_port
from vcsportal.common.processes import dies_with_us
from vcsportal.local import proxy

HOST = "127.0.0.1"


@contextmanager
def started_proxy(upstream: str, folder: Path, port: int, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start the proxy on a port of this machine; end it afterwards."""
    program = proxy.caddy()
    assert program, "no proxy is bundled for this kind of machine"
    names = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    names |= {"PROXY_ADDRESS": f"http://:{port}", "PROXY_BIND": HOST, "PROXY_UPSTREAM": upstream, **env}
    argv = [str(program), "run", "--config", str(proxy.CADDYFILE), "--adapter", "caddyfile"]
    with (folder / "proxy.log").open("w") as log:
        process = subprocess.Popen(
            argv, env=names, cwd=folder, stdout=log, stderr=log, preexec_fn=dies_with_us(signal.SIGKILL)
        )
    try:
        until = time.monotonic() + 20
        while True:
            try:
                socket.create_connection((HOST, port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < until, (folder / "proxy.log").read_text()
                time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def proxy_before(upstream: str, folder: Path, **env: str) -> Iterator[int]:
    """Start the proxy on a free port, which is yielded."""
    port = free_port()
    with started_proxy(upstream, folder, port, **env):
        yield port
