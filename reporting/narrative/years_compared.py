"""Each headline figure of the report beside that of every round before it, from the facts alone.

Rounds are compared, never averaged: a count of commitments is one of those in this report, and a sum has its base.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from commitments.rules.evidence_figures import FIGURE_BY_CODE, SUMMED_FIGURES
from commitments.rules.status import STATUSES
from reporting.facts import EarlierRoundFacts, EvidenceSumFacts, Report
from reporting.narrative import charts, sentences, standings
from vcsportal.common import plurals

NOT_COUNTED: Final = "not counted"
"""What stands for a sum to which no item gave a number; never 0."""
UPDATES: Final = "updates"
SILENT: Final = "no_update"
ITEMS: Final = "items"
ORGANISATIONS: Final = "organisations"


@dataclass(frozen=True, slots=True)
class RoundFigure:
    """A figure in one round. ``value`` is None where nothing was counted.

    Of a sum, ``given`` of ``of`` items of evidence gave a number; both are None for a count.
    """

    round: str
    value: int | None
    given: int | None = None
    of: int | None = None

    @property
    def said(self) -> str:
        """The number as it is printed, or why there is none."""
        return NOT_COUNTED if self.value is None else f"{self.value:,}"

    @property
    def base(self) -> str:
        """How many items gave a number, in words; "" for a count and for what nobody counted."""
        return f"from {self.given:,} of {plurals.counted(self.of or 0, 'item')}" if self.given else ""


@dataclass(frozen=True, slots=True)
class HeadlineFigure:
    """A headline figure in every round up to the one reported on, the oldest first."""

    code: str
    label: str
    rounds: tuple[RoundFigure, ...]
    is_part: bool = False
    """Whether it is a part of the figure above it."""


def rows(report: Report) -> list[HeadlineFigure]:
    """Return every headline figure; none in the first round.

    Editions that were made before earlier sums were kept have the counts of commitments alone.
    """
    if len(report.rounds) < 2:
        return []
    return [*_of_commitments(report), *(_of_evidence(report) if report.earlier else ())]


def _of_commitments(report: Report) -> Iterable[HeadlineFigure]:
    counts = {round_: _standings(report, round_) for round_ in report.rounds}

    def row(code: str, label: str, standing: str) -> HeadlineFigure:
        return HeadlineFigure(
            code, label, tuple(RoundFigure(round_, found[standing]) for round_, found in counts.items()), is_part=True
        )

    nouns = report.strategy.nouns
    spoken = (RoundFigure(round_, sum(found[status.code] for status in STATUSES)) for round_, found in counts.items())
    yield HeadlineFigure(UPDATES, f"{plurals.capital(nouns.commitments)} with a status", tuple(spoken))
    for standing in standings.ALL:
        if any(found[standing.code] for found in counts.values()):
            yield row(standing.code, standing.label, standing.code)
    if any(found[""] for found in counts.values()):
        yield row(SILENT, "No update", "")


def _standings(report: Report, round_: str) -> Counter[str]:
    """Return how many commitments had each standing in a round; "" counts those that were there and had none."""
    years = (charts.year_of(commitment, round_) for commitment in report.commitments())
    return Counter(year.standing for year in years if year.standing or year.was_there)


def _of_evidence(report: Report) -> Iterable[HeadlineFigure]:
    known = {each.round: each for each in (*report.earlier, _this(report))}
    rounds = [(round_, known.get(round_)) for round_ in report.rounds]
    items = tuple(RoundFigure(round_, each.items if each else None) for round_, each in rounds)
    came_from = tuple(RoundFigure(round_, each.organisations if each else None) for round_, each in rounds)
    yield HeadlineFigure(ITEMS, "Items of evidence", items)
    yield HeadlineFigure(ORGANISATIONS, "Organisations that took part", came_from)
    for figure in SUMMED_FIGURES:
        found = tuple(_sum(round_, each, figure.code) for round_, each in rounds)
        if any(each.value is not None for each in found):
            yield HeadlineFigure(figure.code, FIGURE_BY_CODE[figure.code].label, found)


def _this(report: Report) -> EarlierRoundFacts:
    """Return what organisations did in the round reported on, as the facts hold it of earlier ones."""
    sums = tuple(EvidenceSumFacts(each.code, each.total, each.given) for each in sentences.figures(report.evidence))
    return EarlierRoundFacts(report.round.slug, len(report.evidence), len(report.organisations), sums)


def _sum(round_: str, counted: EarlierRoundFacts | None, code: str) -> RoundFigure:
    found = next((each for each in counted.sums if each.code == code), None) if counted else None
    return (
        RoundFigure(round_, found.total, found.given, counted.items) if counted and found else RoundFigure(round_, None)
    )
