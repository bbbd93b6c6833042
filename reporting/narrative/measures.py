"""How success will be measured, in words: under each commitment, and how many have no measure yet. From the facts alone."""

from typing import Final

from commitments.reading.plans import agreed, dates_in_words
from reporting.facts import CommitmentFacts, Report
from vcsportal.common import plurals

HEADING: Final = "How we will measure success:"


def expected(report: Report) -> list[CommitmentFacts]:
    """Return the commitments that should have a measure: not closed, and accepted where that was asked; [] in old editions."""
    return [
        commitment
        for commitment in report.commitments()
        if commitment.success_measure is not None
        and commitment.was_there
        and commitment.status != "closed"
        and not commitment.awaits_response
    ]


def missing(report: Report) -> list[CommitmentFacts]:
    """Return those of :func:`expected` that have no success measure."""
    return [commitment for commitment in expected(report) if not commitment.success_measure]


def summary(report: Report) -> str:
    """Return ``9 of 32 commitments have no success measure yet.``; "" where none is expected."""
    whole, without, nouns = len(expected(report)), len(missing(report)), report.strategy.nouns
    counted = nouns.counted_commitments(whole)
    if not whole:
        return ""
    if not without:
        return (
            f"Every one of the {counted} has a success measure."
            if whole > 1
            else f"The {counted} has a success measure."
        )
    if without == whole:
        return (
            f"None of the {counted} has a success measure yet."
            if whole > 1
            else f"The {counted} has no success measure yet."
        )
    return f"{without} of {counted} {plurals.has(without)} no success measure yet."


def agreement(commitment: CommitmentFacts) -> str:
    """Return who agreed a commitment's measure and when, in a sentence; "" where it has none."""
    if not commitment.success_measure:
        return ""
    return agreed(commitment.success_measure_agreed_by, commitment.success_measure_agreed_on)


def plan(commitment: CommitmentFacts) -> str:
    """Return the team, the dates and the ties of a commitment in sentences; "" where nothing is known."""
    related = plurals.join_with_and(commitment.related)
    parts = (
        f"Team: {commitment.team}." if commitment.team else "",
        f"{dates}." if (dates := dates_in_words(commitment.starts_on, commitment.ends_on)) else "",
        f"It replaces {commitment.follows}." if commitment.follows else "",
        f"It is related to {related}." if related else "",
    )
    return " ".join(part for part in parts if part)
