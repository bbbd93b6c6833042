"""The table of headline figures through the rounds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reporting.exports.tables import Column, TableDefinition
from reporting.facts import Report
from reporting.narrative import years_compared
from reporting.narrative.definitions import meaning
from reporting.narrative.years_compared import HeadlineFigure, RoundFigure
from vcsportal.common.columns import NUMBER, TEXT


@dataclass(frozen=True, slots=True)
class FigureInRound:
    """A headline figure in one round."""

    figure: HeadlineFigure
    of_round: RoundFigure


def _figures(report: Report) -> Iterable[FigureInRound]:
    for figure in years_compared.rows(report):
        for of_round in figure.rounds:
            yield FigureInRound(figure, of_round)


HEADLINES: Final = TableDefinition(
    "headline_figures",
    "Headline figures, year by year",
    "One row for each headline figure and each year up to the one reported on. No rows in the first year. Counts are of the commitments in this report; earlier sums include what has come in since.",
    (
        Column("figure", TEXT, "The figure's code, which stays the same: updates, a status, no_update, items, organisations, or what items of evidence count.", lambda row: row.figure.code),
        Column("label", TEXT, "What it is called.", lambda row: row.figure.label),
        Column("round", TEXT, "The year, for example 2023-24.", lambda row: row.of_round.round),
        Column("value", NUMBER, "The number. Empty where nothing was counted.", lambda row: row.of_round.value, "see the figure's label"),
        Column("given_by", NUMBER, f"{meaning('given_by')} Empty for a count.", lambda row: row.of_round.given, "items of evidence"),
        Column("out_of", NUMBER, "Of a sum: how many items of evidence there were. Empty for a count.", lambda row: row.of_round.of, "items of evidence"),
    ),
    _figures,
)  # fmt: skip
