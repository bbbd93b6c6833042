"""After a test that commits: the tables are emptied, in a fraction of the time of Django's ``flush``.

``flush`` truncates every table and makes all content types and permissions anew, half a second for each test. Here
only the tables that hold rows are emptied, row by row; content types and permissions stay, as no test changes them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

KEPT = {"auth_permission", "django_content_type", MigrationRecorder.Migration._meta.db_table}
"""Tables whose rows are the same for every test."""


def empty_tables() -> list[str]:
    """Delete all rows that tests have committed, whatever triggers of ours say; return the tables that had any."""
    with transaction.atomic(), connection.cursor() as cursor:
        found = filled_tables(cursor)
        with without_triggers(cursor, found):
            for name in found:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")
    return found


def filled_tables(cursor: Any) -> list[str]:
    """Return the tables that hold rows, but for :data:`KEPT`."""
    names = [one.name for one in connection.introspection.get_table_list(cursor) if one.type in {"t", "p"}]
    asked = [f"SELECT %s WHERE EXISTS (SELECT FROM {connection.ops.quote_name(name)})" for name in names]
    cursor.execute(" UNION ALL ".join(asked), names)
    return sorted({name for (name,) in cursor.fetchall()} - KEPT)


@contextmanager
def without_triggers(cursor: Any, tables: list[str]) -> Iterator[None]:
    """Keep our triggers from acting on these tables, and foreign keys from being looked at before the end."""
    for name in tables:
        cursor.execute(f"ALTER TABLE {connection.ops.quote_name(name)} DISABLE TRIGGER USER")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a row that points at none fails here
    for name in tables:
        cursor.execute(f"ALTER TABLE {connection.ops.quote_name(name)} ENABLE TRIGGER USER")
