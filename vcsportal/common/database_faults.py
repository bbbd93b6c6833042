"""Which errors of the database and of the files' store mean "not now" rather than a mistake in the portal, and what the page says.

The codes are PostgreSQL's: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from dataclasses import dataclass
from typing import Final

from django.db import Error, InterfaceError, OperationalError

from vcsportal.common.stored_files import StoreUnavailable


@dataclass(frozen=True)
class Unavailable:
    """Why the portal can't answer now. ``unsaved`` is true where nothing of the request can have been saved.

    ``retry_after`` is in seconds.
    """

    sentence: str
    retry_after: int
    unsaved: bool


BUSY: Final = Unavailable(
    "Someone else is saving this just now, so your changes have not been saved yet. "
    "Wait a moment, then send them again.",
    5,
    unsaved=True,
)
CROWDED: Final = Unavailable(
    "Many people are saving at the moment, so your changes have not been saved yet. Wait a moment, then send them again.",
    5,
    unsaved=True,
)
SLOW: Final = Unavailable("This took too long, so we stopped it. Wait a moment, then try again.", 10, unsaved=True)
READ_ONLY: Final = Unavailable(
    "The portal can be read but not changed at the moment. Nothing has been saved. Try again in a few minutes.",
    60,
    unsaved=True,
)
FULL: Final = Unavailable(
    "The portal’s database has no room left, so nothing has been saved. Try again later.", 300, unsaved=True
)
AWAY: Final = Unavailable(
    "The portal’s database can’t be reached at the moment. Wait a minute, then try again.", 30, unsaved=False
)

FILES_AWAY: Final = Unavailable(
    "The portal’s files can’t be reached at the moment. Wait a minute, then try again.", 30, unsaved=False
)

BY_CODE: Final = {
    "55P03": BUSY,  # lock_not_available
    "40P01": BUSY,  # deadlock_detected
    "40001": BUSY,  # serialization_failure
    "57014": SLOW,  # query_canceled: the statement's time is up
    "25P03": SLOW,  # idle_in_transaction_session_timeout
    "25006": READ_ONLY,  # read_only_sql_transaction
    "53100": FULL,  # disk_full
}
AWAY_CLASSES: Final = ("08", "53", "57P", "58")
"""No connection, no resources, an operator's intervention, an error of the system itself."""


def unavailable(fault: BaseException | None) -> Unavailable | None:
    """Return what an error of the database or of the files' store means for the person using the portal; None for a mistake
    in the portal."""
    if isinstance(fault, StoreUnavailable):
        return FILES_AWAY
    if not isinstance(fault, Error):
        return None
    code = getattr(fault.__cause__, "pgcode", None) or ""
    if found := BY_CODE.get(code):
        return found
    if code.startswith(AWAY_CLASSES):
        return AWAY
    no_answer = isinstance(fault, OperationalError) and not code
    closed = isinstance(fault, InterfaceError) and "closed" in str(fault)
    return AWAY if no_answer or closed else None


def broken_constraint(fault: BaseException) -> str:
    """Return the name of the constraint that refused a row; "" where none did."""
    return getattr(getattr(fault.__cause__, "diag", None), "constraint_name", None) or ""
