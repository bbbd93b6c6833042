"""Rows and files that take long to make: made by the first test that begins with them, and put back for each later one.

For tests that commit; the others share a transaction (``tests/built_once.py``).
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from tests.emptying import filled_tables, without_triggers


@dataclass(frozen=True)
class KeptRows:
    """A copy of every row and of every stored file."""

    schema: str
    """Where the database keeps the copies, each under the name of its table."""
    columns: dict[str, str]
    """Of each table, those that can be written."""
    files: Path


def keep_rows(schema: str, *, stored: Path, files: Path) -> KeptRows:
    """Copy all that is in the tables now, and the files of ``stored`` to ``files``."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        cursor.execute(f"CREATE SCHEMA {schema}")
        tables = filled_tables(cursor)
        for table in tables:
            cursor.execute(f'CREATE TABLE {schema}."{table}" AS TABLE public."{table}"')
        columns = {table: _columns(table) for table in tables}
    shutil.copytree(stored, files)
    return KeptRows(schema, columns, files)


def _columns(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        (columns,) = cursor.fetchone()
        return str(columns)


def put_rows_back(kept: KeptRows, *, stored: Path) -> None:
    """Fill the tables, which are empty, and the folder ``stored`` with what was kept."""
    with transaction.atomic(), connection.cursor() as cursor, without_triggers(cursor, list(kept.columns)):
        for table, columns in kept.columns.items():
            cursor.execute(
                f'INSERT INTO public."{table}" ({columns}) OVERRIDING SYSTEM VALUE'
                f' SELECT {columns} FROM {kept.schema}."{table}"'
            )
    shutil.copytree(kept.files, stored, dirs_exist_ok=True)
