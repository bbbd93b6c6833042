"""Writes changes of many rows with one statement."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Field, Model

AT_ONCE: Final = 1_000
"""How many rows are changed with one statement."""


def change_many(rows: Iterable[Model], names: Iterable[str], *, at_once: int = AT_ONCE) -> int:
    """Write these fields of rows of one model, as they are in memory. Return how many rows were there to be changed.

    The same as Django's ``bulk_update``, whose statement has a condition for each row and field: building it takes about
    ten times as long, and the database compares every row with each of them.
    """
    them = list(rows)
    if not them:
        return 0
    meta, quote = type(them[0])._meta, connection.ops.quote_name
    found = [meta.get_field(name) for name in dict.fromkeys(names)]
    changed = [field for field in found if isinstance(field, Field)]
    types = [meta.pk.rel_db_type(connection), *(field.db_type(connection) for field in changed)]
    columns = [quote(str(field.column)) for field in (meta.pk, *changed)]
    table, placeholders = quote(meta.db_table), f"({', '.join(f'%s::{name}' for name in types)})"
    head = f"UPDATE {table} SET {', '.join(f'{column} = new.{column}' for column in columns[1:])} FROM (VALUES "  # noqa: S608 - names of the model
    tail = f") AS new ({', '.join(columns)}) WHERE {table}.{columns[0]} = new.{columns[0]}"
    count = 0
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        for first in range(0, len(them), at_once):
            part = them[first : first + at_once]
            cursor.execute(f"{head}{', '.join([placeholders] * len(part))}{tail}", _values(part, [meta.pk, *changed]))
            count += cursor.rowcount
    return count


def _values(rows: Sequence[Model], fields: Sequence["Field[Any, Any]"]) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, add=False), connection) for row in rows for field in fields]
