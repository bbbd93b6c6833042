"""The table of all commitments: how each stood in the round before and stands now, whose it is, and how success is measured."""

from dataclasses import dataclass
from textwrap import shorten
from typing import Final

from reporting.facts import CommitmentFacts, Report
from reporting.narrative import charts, standings
from reporting.narrative.standings import Standing

MAX_MEASURE_CHARACTERS: Final = 56
"""Characters of a success measure; it stands in full under its commitment."""


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A commitment in the table. ``was_there`` says whether it belonged to the strategy in the round before.

    ``measure`` is its success measure, cut where it is long; "" where there is none yet.
    """

    reference: str
    title: str
    was: Standing
    was_words: str
    was_there: bool
    now: Standing
    now_words: str
    team: str
    measure: str
    items: int


def rows(report: Report) -> list[StandingRow]:
    """Return a row for each commitment, in the strategy's own order."""
    return [_row(report, commitment) for commitment in report.commitments()]


def before(report: Report) -> str:
    """Return what people call the round before; "" in the first."""
    return report.label_of(report.rounds[-2]) if len(report.rounds) > 1 else ""


def _row(report: Report, commitment: CommitmentFacts) -> StandingRow:
    year = charts.year_of(commitment, report.rounds[-2]) if len(report.rounds) > 1 else charts.NO_YEAR
    there = year.was_there or bool(year.standing)
    return StandingRow(
        commitment.reference,
        commitment.short_title,
        standings.of(year.standing),
        _words(year.standing, there=there),
        there,
        standings.of(commitment.standing),
        _words(commitment.standing, there=commitment.was_there or bool(commitment.standing)),
        commitment.team,
        shorten(commitment.success_measure or "", MAX_MEASURE_CHARACTERS, placeholder=" …"),
        len(commitment.evidence),
    )


def _words(code: str, *, there: bool) -> str:
    if code:
        return standings.of(code).label
    return "No update" if there else "not there yet"
