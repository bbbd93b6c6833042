"""One clock, the database's, decides what has expired and what has to be sent again.

Web processes and workers run on machines whose clocks need not agree. Code that compares a moment with one that another
process wrote gets it here, once per request or job, and passes it on as ``at``.
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
