"""PgBouncer in front of a database, lending a connection to one transaction at a time, as docs/scaling.md has it."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

import psycopg2
import pytest

from tests.reporting.conftest import wait_for
from tests.stack import free_port
from vcsportal.common.processes import dies_with_us

PROGRAM: Final = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
only_with_pooler: Final = pytest.mark.skipif(not PROGRAM, reason="PgBouncer is not installed")
BEHIND_POOLER: Final = {"DATABASE_LIMITS_BY_OPTIONS": "false", "DATABASE_SERVER_SIDE_CURSORS": "false"}
"""The settings of a portal whose connections it lends out."""


@contextmanager
def pooler_before(url: str, folder: Path, *, connections: int) -> Iterator[str]:
    """Start it before the database of an address, with so many connections; yield the address through it.

    It refuses to run as root, and the database's socket may be closed to others: it runs as the user whose socket it is, in
    the socket's folder.
    """
    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    local, port = host.startswith("/"), free_port()
    place = f"host={'/proc/self/cwd' if local else host} port={parts.port or 5432}"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    log = folder / "pooler.log"
    with tempfile.TemporaryDirectory() as written, log.open("wb") as out:
        own = Path(written)
        (own / "people").write_text(f'"{user}" "{password}"\n')
        (own / "settings").write_text(
            f"[databases]\n* = {place}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
            f"auth_type = plain\nauth_file = {own / 'people'}\npool_mode = transaction\ndefault_pool_size = {connections}\n"
            "max_client_conn = 200\n"
        )
        process = subprocess.Popen(
            [str(PROGRAM), str(own / "settings")], stdout=out, stderr=out, stdin=subprocess.DEVNULL,
            cwd=host if local else None, preexec_fn=dies_with_us(signal.SIGKILL), **_owner_of(Path(host), own, local=local),
        )  # fmt: skip
        try:
            there = f"postgres://{quote(user)}:{quote(password)}@127.0.0.1:{port}{parts.path}"
            wait_for(lambda: _answers(there), seconds=30, what=log.read_text)
            yield there
        finally:
            process.terminate()
            process.wait(20)


def _owner_of(socket: Path, own: Path, *, local: bool) -> dict[str, Any]:
    """Return the options that make a process one of whoever owns the socket, who is given what we have written."""
    if os.geteuid() != 0:
        return {}
    state = socket.stat() if local else Path("/proc/self").stat()
    who = {"user": state.st_uid, "group": state.st_gid} if state.st_uid else {"user": "nobody", "group": "nogroup"}
    for path in (own, *own.iterdir()):
        shutil.chown(path, **who)
    return {**who, "extra_groups": []}


def _answers(url: str) -> bool:
    try:
        psycopg2.connect(url, connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True
