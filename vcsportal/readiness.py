"""What has to work for the portal to work, asked one part at a time. Each question is put in a thread, so none can hang the answer."""

import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader

from vcsportal.common import stored_files

logger = logging.getLogger(__name__)
T = TypeVar("T")
TRIAL_FILE_BYTES: Final = 262_144
"""Bytes that are written to find out whether files can be."""
MIN_FREE_BYTES: Final = 20_000_000
"""Bytes; less than that is no room for one large file."""
ALTERED: Final = (
    "SELECT count(*) FROM reporting_integritycheck c JOIN reporting_edition e ON e.id = c.edition_id "
    "WHERE c.trouble <> '' AND e.published_at IS NOT NULL"
)


class Asking(Generic[T]):
    """A question under way; several may wait for its answer."""

    def __init__(self, ask: Callable[[], T], otherwise: T) -> None:
        self.began = time.monotonic()
        self._answer = otherwise
        self._ask = ask
        self.ended = threading.Event()

    def run(self) -> None:
        try:
            self._answer = self._ask()
        except Exception as error:  # whatever it is, this part does not work
            logger.warning("A part of the portal does not work: %s", error)
        finally:
            self.ended.set()

    def answer(self, seconds: float) -> T:
        """Return the answer, or what stands for none if it takes longer than so many seconds from the beginning."""
        self.ended.wait(max(0.0, self.began + seconds - time.monotonic()))
        return self._answer


class SharedQuestion(Generic[T]):
    """Asked once at a time: whoever asks meanwhile gets the same answer. A part that hangs holds one thread, not one a request.

    :param fresh: seconds for which an answer is given again.
    """

    def __init__(self, ask: Callable[[], T], otherwise: T, *, fresh: float = 0.0) -> None:
        self._ask, self._otherwise, self._fresh = ask, otherwise, fresh
        self._lock = threading.Lock()
        self._asking: Asking[T] | None = None

    def begin(self) -> Asking[T]:
        """Put the question, or join in with whoever has."""
        with self._lock:
            last = self._asking
            if last and (not last.ended.is_set() or time.monotonic() - last.began < self._fresh):
                return last
            asking = self._asking = Asking(self._ask, self._otherwise)
        threading.Thread(target=asking.run, daemon=True, name="readyz").start()
        return asking


@dataclass(frozen=True)
class DatabaseReadiness:
    """What the database says of itself. ``altered``: parts of published editions that are not as they were published."""

    answers: bool = False
    takes_writes: bool = False
    has_tables: bool = False
    altered: int = 0


def ask_database() -> DatabaseReadiness:
    """Ask whether it answers, takes writes, and has the tables of this version of the portal."""
    connection = connections["default"].copy()
    connection.inc_thread_sharing()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('transaction_read_only') = 'off' AND NOT pg_is_in_recovery()")
            takes_writes = bool(cursor.fetchone()[0])
            return DatabaseReadiness(True, takes_writes, _has_tables(cursor), _altered(cursor))
    finally:
        connection.close()


@cache
def _newest_migrations() -> frozenset[tuple[str, str]]:
    """Return the last migration of every app, as the code has it; the code does not change while a process runs."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _has_tables(cursor: Any) -> bool:
    try:
        cursor.execute("SELECT app, name FROM django_migrations")
        return set(cursor.fetchall()) >= _newest_migrations()
    except DatabaseError as error:  # before the first migration
        logger.warning("The list of migrations could not be read: %s", error)
        return False


def _altered(cursor: Any) -> int:
    try:
        cursor.execute(ALTERED)
        return int(cursor.fetchone()[0])
    except DatabaseError as error:  # before the tables are made
        logger.warning("The checks of published files could not be read: %s", error)
        return 0


def has_room() -> bool:
    """Whether files can be written where the portal keeps them: a real one is, down to the disk, and is gone at once."""
    folders = [
        folder for folder in (stored_files.local_folder(), Path(settings.DATA_DIR)) if folder and folder.is_dir()
    ]
    for folder in {folder.stat().st_dev: folder for folder in reversed(folders)}.values():
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0" * TRIAL_FILE_BYTES)
            file.flush()
            os.fsync(file.fileno())
        state = os.statvfs(folder)
        if state.f_bavail * state.f_frsize < MIN_FREE_BYTES:
            return False
    return bool(folders)


def has_static_files() -> bool:
    """Whether pages find their style sheet: false in production before ``collectstatic``."""
    try:
        return bool(staticfiles_storage.url("portal.css"))
    except ValueError:
        return False
