"""How long each kind of process may wait for the database (decision 29).

The server enforces most of it. A server that has stopped altogether enforces nothing, so a web process also keeps
watch from its own side: see :mod:`vcsportal.database.waiting`.
"""

from dataclasses import dataclass
from typing import Any, Final

CONNECT_SECONDS: Final = 3
"""For a new connection: the server may be busy, but not for longer than this."""


@dataclass(frozen=True)
class Limits:
    """Seconds; 0 is no limit. ``watched`` waits are also ended from our own side, ``MARGIN`` after the server should have."""

    statement: int
    lock: int
    idle_in_transaction: int
    watched: bool = False

    def options(self) -> str:
        """Return what the server is told when a connection is made."""
        wanted = {
            "statement_timeout": self.statement,
            "lock_timeout": self.lock,
            "idle_in_transaction_session_timeout": self.idle_in_transaction,
        }
        return " ".join(f"-c {name}={seconds * 1000}" for name, seconds in wanted.items())


MARGIN_SECONDS: Final = 2
TCP: Final = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds
}
"""Every kind of process notices within about 25 seconds if the network silently drops what is sent."""
LIMITS: Final = {
    "web": Limits(statement=8, lock=3, idle_in_transaction=60, watched=True),
    "worker": Limits(statement=60, lock=20, idle_in_transaction=300),
    "command": Limits(statement=0, lock=30, idle_in_transaction=900),
    "migration": Limits(statement=0, lock=10, idle_in_transaction=900),
}
"""Pages and the API are ``web``. A migration that waits for a lock holds up everyone behind it, so it gives up
sooner."""


class _Process:
    """The kind of this process: a command, unless it is set."""

    kind = "command"


process = _Process()


def begin(kind: str) -> None:
    """Say what this process is: a key of :data:`LIMITS`. To be called before the first connection."""
    process.kind = kind
    if LIMITS[kind].watched:
        from vcsportal.database.waiting import watch

        watch()


def current() -> Limits:
    """Return the limits of this process."""
    return LIMITS[process.kind]


def limited(params: dict[str, Any], *, tell_server: bool) -> dict[str, Any]:
    """Return connection parameters with this process's limits; what the address itself says wins.

    :param tell_server: False where a pooler stands in between that refuses start-up options.
    """
    made: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, **TCP, **params}
    if tell_server:
        made["options"] = f"{current().options()} {params.get('options', '')}".strip()
    return made
