"""Leaves out savepoints where a failure takes the whole transaction back anyway."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from django.db import DEFAULT_DB_ALIAS, connections

from vcsportal.database.base import DatabaseWrapper


@contextmanager
def without_savepoints() -> Iterator[None]:
    """Have each ``transaction.atomic`` within be a part of the one around it, so that it asks nothing of the database.

    What fails in it can't be taken back by itself. If the failure is caught and not raised again, Django refuses every later
    statement, and ``connection.needs_rollback`` is true: the caller raises then, and takes back everything.
    """
    connection = cast(DatabaseWrapper, connections[DEFAULT_DB_ALIAS])
    before, connection.sets_savepoints = connection.sets_savepoints, False
    try:
        yield
    finally:
        connection.sets_savepoints = before
