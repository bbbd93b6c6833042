"""Why an edition could not be made, as sentences for its row. Each names the step it had reached."""

import errno
from typing import Final

from billiard.exceptions import SoftTimeLimitExceeded

from reporting import rendering
from reporting.production.deadline import TooSlow
from vcsportal.common import memory, plurals
from vcsportal.common.stored_files import StoreUnavailable

GATHERING: Final = "gathering the facts"
FINISHING: Final = "saving the finished files"

TOO_SLOW: Final = (
    "Making the report took too long, so it was stopped. The step it had reached: {step}. "
    "Try again; if it happens again, the portal’s technical team can look into it."
)
TOO_BIG: Final = (
    "Making the report needed too much memory, so it was stopped. The step it had reached: {step}. "
    "Nothing else is affected."
)
NO_ROOM: Final = (
    "The report could not be saved, because the disk is full. The step it had reached: {step}. "
    "Try again when there is room."
)
NOT_KEPT: Final = "The report could not be written to the disk. The step it had reached: {step}. Try again in a while."
FILES_AWAY: Final = (
    "The portal’s files could not be reached, so the report could not be made. The step it had reached: {step}. "
    "Try again in a while."
)
BROKEN: Final = (
    "Something in this report’s content could not be drawn. The step it had reached: {step}. "
    "The portal’s log says what it was, under edition {key}."
)
SPENT: Final = (
    "The worker stopped {times} while it was making the report, so the portal has stopped trying. "
    "You can try again; if it happens again, the portal’s technical team can look into it."
)
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DrawingFailed(Exception):
    """A file could not be written by a process of its own; the message is the sentence for the edition's row."""


class NotKept(Exception):
    """A finished file could not be put into its place; its cause is the system's own error."""


def sentence(error: BaseException, *, step: str, key: int) -> str:
    """Return what to tell people about a failure at this step of making edition ``key``."""
    cause = error.__cause__ if isinstance(error, NotKept) else error
    if isinstance(error, rendering.FontsMissing | DrawingFailed):
        return str(error)
    if isinstance(error, TooSlow | SoftTimeLimitExceeded):
        words = TOO_SLOW
    elif isinstance(cause, OSError) and cause.errno in FULL:
        words = NO_ROOM
    elif isinstance(error, StoreUnavailable):
        words = FILES_AWAY
    elif isinstance(error, MemoryError) or memory.nearly_spent():
        words = TOO_BIG
    else:
        words = NOT_KEPT if isinstance(error, NotKept) else BROKEN
    return words.format(step=step, key=key)


def spent(attempts: int) -> str:
    """Return the sentence for an edition whose every attempt ended because the worker stopped."""
    return SPENT.format(times={1: "once", 2: "twice", 3: "three times"}.get(attempts, f"{attempts} times"))


def without_photographs(lost: int) -> str:
    """Return what is to be said of an edition that is made without photographs that are gone; "" for none."""
    if not lost:
        return ""
    what = f"{plurals.capital(plurals.spelt(lost, 'photograph'))} {plurals.be(lost)}"
    return (
        f"{what} left out, because their files could not be found. "
        "Before it is published, the portal’s technical team can bring them back from a backup; then request another "
        "edition."
    )
