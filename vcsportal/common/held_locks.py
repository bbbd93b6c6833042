"""Locks of the database that belong to no row: for work that one process at a time may do, however many machines there are.

Each belongs to a transaction on a connection of its own, which a pooler lends to nobody else meanwhile. It is let go at once
when the process or that connection ends; then somebody else does the work.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection

ENDS_TRANSACTIONS: Final = ("idle_in_transaction_session_timeout", "transaction_timeout")
"""Limits of the server, which are lifted: the work may take longer than a transaction of ours otherwise may."""


@contextmanager
def held(number: int) -> Iterator[bool]:
    """Hold the lock of this number until the end of the block; give False if somebody else does."""
    own: Any = connection.copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            for limit in ENDS_TRANSACTIONS:
                cursor.execute("SELECT set_config(name, '0', true) FROM pg_settings WHERE name = %s", [limit])
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
            [was_free] = cursor.fetchone()
        yield was_free
    finally:
        own.close()
