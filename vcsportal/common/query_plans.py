"""How PostgreSQL goes about a query, where its own guesses are too rough."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Model


@contextmanager
def by_indexes_alone() -> Iterator[None]:
    """Within this block no table is read from end to end where an index can answer, and what an index answers is remembered row
    by row: with less memory than that PostgreSQL remembers pages, and has to read each row of them. Nothing else in the session
    changes.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL work_mem = '32MB'")
        yield
        # for the rest of a transaction around this one
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL work_mem TO DEFAULT")


def rows_of(model: type[Model]) -> int:
    """Return about how many rows a table has, as PostgreSQL counted them last; 0 where it never has. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
        rows: int = cursor.fetchone()[0]
    return max(rows, 0)
