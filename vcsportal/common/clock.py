"""One clock decides what has run out and what must be sent again: the database's.

Web processes and workers run on machines whose clocks need not agree. Whatever compares a moment with one that another process
wrote asks here, once at the door, and passes it on as ``at``.
"""

from datetime import datetime
from typing import cast

from django.db import connection


def now() -> datetime:
    """Return the moment by the database's clock, with its time zone. Costs one short query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [moment] = cast(tuple[datetime], cursor.fetchone())
    return moment
