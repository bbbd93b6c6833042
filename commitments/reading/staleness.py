"""How fresh the board is: which statuses were reported more than a year ago, and how many were not. No query, no clock."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from commitments.rules import status as words
from vcsportal.common import plurals

SILENT_AFTER_DAYS: Final = 365
"""A status that was last reported more days ago than this is stale."""


def is_stale(reported_on: date | None, code: str, today: date) -> bool:
    """Return whether a status was last reported more than a year ago, and another report of it is expected.

    :param reported_on: the day of the last report; None where there has been none, which is not stale.
    :param code: the status, as :func:`commitments.rules.status.of` reads it.
    """
    if reported_on is None or words.of(code).ends_updates:
        return False
    return (today - reported_on).days > SILENT_AFTER_DAYS


def updated_lately(days: Iterable[date | None], today: date) -> str:
    """Return ``16 of 32 were updated in the last year.``; "" where there are no updates at all.

    :param days: for each commitment, the day on which its status was last reported, if it ever was.
    """
    days = list(days)
    if not any(days):
        return ""
    fresh = sum(day is not None and (today - day).days <= SILENT_AFTER_DAYS for day in days)
    if fresh == len(days):
        who = "It was" if fresh == 1 else f"All {fresh} were"
        return f"{who} updated in the last year."
    if not fresh:
        return "None of them has been updated in the last year." if len(days) > 1 else "It was updated over a year ago."
    return f"{fresh} of {len(days)} {plurals.was(fresh)} updated in the last year."
