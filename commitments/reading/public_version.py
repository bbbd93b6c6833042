"""One short text that changes whenever a public page would: the ETag of pages for people who are not signed in.

A single query looks at the newest entries of both histories that tell strangers anything, at the few rows that a strategy is made of
and those of areas, and at what an upper floor asks to have watched. The day belongs to it too, as pages say how long ago things were.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from commitments.models.public_effect import ADDS, CHANGES

PARTS = ("vcsportal", "reporting", "commitments", "partners", "templates")


@dataclass(frozen=True)
class PublicVersion:
    """The version of everything public, as two texts."""

    whole: str
    """Changes with anything that strangers may read."""
    lasting: str
    """Changes when something of that may have gone or reads differently, and not when there is only more to read."""


def _newest(table: str, condition: str = "true") -> str:
    # Numbers are given out before a transaction ends, so a late one may appear below the highest: look at the last few.
    newest = f"SELECT id FROM {table} WHERE {condition} ORDER BY id DESC LIMIT 100"  # noqa: S608 - our own names, here and below
    return f"(SELECT sum(id) FROM ({newest}) AS newest)"  # noqa: S608


def _rows(table: str) -> str:
    # Where a row lies and which transaction wrote it change with every write, even one that leaves no history.
    return f"(SELECT sum(hashtext(ctid::text || xmin::text)) FROM {table})"  # noqa: S608


_additions: Final = _newest("commitments_historyentry", f"public_effect = '{ADDS}'")
_watched: list[str] = [
    _newest("commitments_historyentry", f"public_effect = '{CHANGES}'"),
    _newest("partners_historyentry"),
    *(_rows(f"commitments_{table}") for table in ("strategy", "priority", "commitment", "round")),
    *(_rows(f"partners_{table}") for table in ("area", "area_successors")),
]


def watch(sql: str) -> None:
    """Let an upper floor's value belong to the version: a scalar subquery in brackets, written by us, never by a user."""
    if sql not in _watched:
        _watched.append(sql)


def current(today: date) -> str:
    """Return the version of everything that is public, in one query."""
    return versions(today).whole


def versions(today: date) -> PublicVersion:
    """Return the version of everything that is public, with the part that only what is added leaves as it was, in one query."""
    cast(Any, connection).health_check_done = True  # the question is its own health check, and saves one on every visit
    try:
        lasting, additions = _ask()
    except (InterfaceError, OperationalError):
        if connection.in_atomic_block:
            raise
        connection.close()  # the database was started again since; ask on a new connection
        lasting, additions = _ask()
    lasting = _short(f"{today} {lasting} {build()}")
    return PublicVersion(_short(f"{lasting} {additions}"), lasting)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _ask() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT concat_ws('.', {', '.join(_watched)}), {_additions}")
        lasting, additions = cursor.fetchone()
        return str(lasting), str(additions)


def is_steady() -> bool:
    """Whether code and templates stay as they were at start-up; false under the development server, which reloads itself."""
    return not os.environ.get("RUN_MAIN")


@cache
def build() -> str:
    """Return the version of what draws the pages: code, templates, static files' names, the council's identity."""
    found = hashlib.sha256()
    for path in _sources():
        found.update(str(path).encode() + b"\0" + path.read_bytes())
    found.update(
        repr([(name, getattr(settings, name)) for name in dir(settings) if name.startswith("PORTAL_")]).encode()
    )
    return found.hexdigest()


def _sources() -> Iterator[Path]:
    base = Path(settings.BASE_DIR)
    for part in PARTS:
        yield from sorted(path for path in (base / part).rglob("*") if path.suffix in {".py", ".html"})
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists():
        yield manifest
