"""The database as streams of rows: read of one moment, and put back into tables that the migrations made.

Tables, roles and triggers come from the migrations, so no program of the database's is needed, a newer PostgreSQL can take an
older backup, and the application's role owns nothing afterwards. The rows go by ``COPY``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from psycopg2 import sql

from vcsportal.backup.encryption import BackupFault

HAS_PEOPLE: Final = "partners_user"
TABLES: Final = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY c.relname"
)
COLUMNS: Final = (
    "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
    "AND attgenerated = '' ORDER BY attnum"
)
SEQUENCES: Final = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename"
FUNCTIONS: Final = (
    "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
    "WHERE n.nspname = 'public' AND pg_get_userbyid(p.proowner) = current_user "
    "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
)


@dataclass(frozen=True, slots=True)
class BackedUpTable:
    """A table, its columns in order, and how many rows were read."""

    name: str
    columns: tuple[str, ...]
    rows: int


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside the block is as it was at one moment, however long it takes. Nothing else has to wait."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        without_limits(cursor)
        yield


def without_limits(cursor: Any) -> None:
    """Lift the time limits of this transaction, as reading a whole table takes longer than any request."""
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "transaction_timeout"):
        cursor.execute("SELECT set_config(name, '0', true) FROM pg_settings WHERE name = %s", [name])


def table_names() -> list[str]:
    """Return every table of the portal, by name."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return [name for (name,) in cursor.fetchall()]


def read_table(name: str, out: Any) -> BackedUpTable:
    """Write all rows of a table to ``out`` as text."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [f'public."{name}"'])
        columns = tuple(column for (column,) in cursor.fetchall())
        cursor.copy_expert(_copy(name, columns, "TO STDOUT").as_string(cursor.cursor), out)
        return BackedUpTable(name, columns, cursor.rowcount)


def write_table(table: BackedUpTable, rows: Any) -> None:
    """Put the rows into the table, which is empty. Raise :class:`BackupFault` if they are not as many as were read."""
    with connection.cursor() as cursor:
        cursor.copy_expert(_copy(table.name, table.columns, "FROM STDIN").as_string(cursor.cursor), rows)
        if cursor.rowcount != table.rows:
            raise BackupFault(f"{table.name} has {cursor.rowcount} rows instead of {table.rows}.")


def sequences() -> dict[str, tuple[int, bool]]:
    """Return the current value of each sequence."""
    with connection.cursor() as cursor:
        cursor.execute(SEQUENCES)
        found = {}
        for (name,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier("public", name)))
            found[name] = cursor.fetchone()
        return found


def set_sequences(values: dict[str, tuple[int, bool]]) -> None:
    """Set each sequence to the value it had."""
    with connection.cursor() as cursor:
        for name, (value, called) in values.items():
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [f'public."{name}"', value, called])


def migrations() -> list[tuple[str, str]]:
    """Return the migrations that the database has had."""
    return sorted(MigrationRecorder(connection).applied_migrations())


def check_known(applied: list[tuple[str, str]]) -> None:
    """Raise :class:`BackupFault` if the backup is of a newer version of the portal than this one."""
    known = MigrationExecutor(connection).loader.disk_migrations or {}
    if unknown := [migration for migration in applied if migration not in known]:
        app, name = unknown[0]
        raise BackupFault(
            f"This backup was made by a newer version of the portal: this one does not know the change {app}.{name}. "
            "Restore it with that version."
        )


def check_empty() -> None:
    """Raise :class:`BackupFault` if there are any people in the database."""
    if HAS_PEOPLE not in table_names():
        return
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", HAS_PEOPLE)))
        if cursor.fetchone()[0]:
            raise BackupFault(
                "There are people in this database already, and a restore would replace everything in it. "
                "Restore into an empty database."
            )


def make_tables(applied: list[tuple[str, str]]) -> None:
    """Create the tables as they were when the backup was made. Whatever the empty database contained is removed
    first."""
    with transaction.atomic(), connection.cursor() as cursor:
        without_limits(cursor)
        for name in table_names():
            cursor.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier("public", name)))
        cursor.execute(FUNCTIONS)
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {function} CASCADE")
    executor = MigrationExecutor(connection)
    graph, had = executor.loader.graph, set(applied)
    last = [
        migration
        for migration in applied
        if not any(child.key in had and child.key[0] == migration[0] for child in graph.node_map[migration].children)
    ]
    executor.migrate(last)


@contextmanager
def refilled() -> Iterator[None]:
    """Empty all tables and allow rows to be inserted. Constraints apply again at the end. All of it happens, or
    nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        without_limits(cursor)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        names = [sql.Identifier("public", name) for name in table_names()]
        for name in names:
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
        cursor.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(names)))
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in names:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))


def to_newest(say: Callable[[str], None]) -> None:
    """Bring the tables to this version of the portal."""
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes()
    for migration, _backwards in executor.migration_plan(targets):
        say(f"Brought to this version: {migration.app_label}.{migration.name}")
    executor.migrate(targets)


def _copy(name: str, columns: tuple[str, ...], way: str) -> sql.Composed:
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier("public", name), listed, sql.SQL(way))
