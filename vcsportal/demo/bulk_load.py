"""Loading very many rows at once: keys and indexes are taken away, and put back when the rows are there."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

_IS_OWNER: Final = "SELECT bool_and(pg_has_role(relowner, 'MEMBER')) FROM pg_class WHERE oid = ANY(%s::regclass[])"
_FOREIGN_KEYS: Final = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY conname
"""
_INDEXES: Final = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique ORDER BY 1
"""


@contextmanager
def keys_and_indexes_put_back(cursor: Any, tables: Iterable[str]) -> Iterator[None]:
    """Take foreign keys and plain indexes of the tables away; put them back, checked, at the end.

    To be used within one transaction, so that nothing is lost if it fails. Where the connection's role does not own the
    tables they stay, and loading takes several times as long.
    """
    names = list(tables)
    cursor.execute(_IS_OWNER, [names])
    if not cursor.fetchone()[0]:
        yield
        return
    cursor.execute(_FOREIGN_KEYS, [names])
    keys = cursor.fetchall()
    cursor.execute(_INDEXES, [names])
    indexes = cursor.fetchall()
    for table, name, _ in keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        cursor.execute(definition)
    for table, name, definition in keys:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
