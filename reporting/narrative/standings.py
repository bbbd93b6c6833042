"""What a count, a tile or a table says of a commitment: its status or, where none was asked for, the owner's response."""

from typing import Final

from commitments.rules import stances
from commitments.rules import status as words
from commitments.rules.stances import Stance
from commitments.rules.status import Status
from reporting.facts import RecordedStatusFacts
from vcsportal.common.dates import in_words

Standing = Status | Stance
_HOLDING_BACK: Final = {stance.code: stance for stance in stances.HOLDING_BACK}


def of(code: str) -> Standing:
    """Return the status or the response with this code; "" gives the standing of what had no update.

    Raise ``KeyError`` for any other code.
    """
    return _HOLDING_BACK.get(code) or words.of(code)


def counted_as(standing: Standing) -> str:
    """Return how a count says it: ``on track``, ``declined``, ``awaiting a response``."""
    return standing.past if isinstance(standing, Stance) else standing.label.lower()


def on_record(recorded: RecordedStatusFacts | None) -> str:
    """Return ``Status on record since 12 March 2026: At risk``, of a commitment that had no update; "" for None."""
    return f"Status on record since {in_words(recorded.on)}: {words.of(recorded.status).label}" if recorded else ""


ALL: Final[tuple[Standing, ...]] = (*words.STATUSES, *stances.HOLDING_BACK)
"""Every standing in the order of the tables."""
