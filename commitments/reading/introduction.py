"""What a strategy is, in one sentence for somebody who has never heard of it. No query, no clock."""

from datetime import date, timedelta
from typing import Final

from commitments.rules.kinds import GENERAL, Nouns
from vcsportal.common import plurals
from vcsportal.common.dates import in_words

DAYS_IN_A_YEAR: Final = 365.25
WHOLE_YEARS_WITHIN_DAYS: Final = 7
"""A term that differs from whole years by at most this many days is called by its years."""


def introduction(
    *,
    owner: str,
    starts_on: date,
    ends_on: date,
    priorities: int,
    commitments: int,
    nouns: Nouns = GENERAL,
    made_by: str = "",
    signed: bool = False,
) -> str:
    """Return who promised how much, for how long; "" for a strategy without commitments.

    :param owner: the name of the council, or of whoever else the strategy belongs to.
    :param ends_on: the last day of its term.
    :param nouns: what it calls its priorities and commitments.
    :param made_by: who recommends it to the owner, where somebody else did; the owner has promised nothing then.
    :param signed: whether organisations sign it; what it says is then a promise of each of them.
    """
    if not commitments:
        return ""
    if signed:
        return f"{plurals.capital(nouns.a_strategy)} that organisations sign, with {nouns.counted_commitments(commitments)}."
    under = f" under {nouns.counted_priorities(priorities)}" if priorities > 1 else ""
    if made_by:
        return f"{made_by} has recommended {nouns.counted_commitments(commitments)}{under} to {owner}."
    made = "made" if nouns == GENERAL else "set"
    return f"{owner} has {made} {nouns.counted_commitments(commitments)}{under}, for {term(starts_on, ends_on)}."


def term(starts_on: date, ends_on: date) -> str:
    """Return ``the five years to March 2027``; ``May 2022 to March 2027`` where the term is not one of whole years."""
    days = (ends_on + timedelta(days=1) - starts_on).days
    years = round(days / DAYS_IN_A_YEAR)
    if years < 1 or abs(days - years * DAYS_IN_A_YEAR) > WHOLE_YEARS_WITHIN_DAYS:
        return f"{_month(starts_on)} to {_month(ends_on)}"
    return f"the {'year' if years == 1 else plurals.spelt(years, 'year')} to {_month(ends_on)}"


def _month(day: date) -> str:
    return in_words(day).split(" ", 1)[1]
