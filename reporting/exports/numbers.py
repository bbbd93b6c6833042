"""The tables of indicators and their figures, round by round."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from commitments.reading.indicator_words import aims_in_words
from commitments.rules.indicators import NO_BASE
from reporting.exports.rows import parts
from reporting.exports.tables import Column, TableDefinition
from reporting.facts import FigureFacts, IndicatorFacts, Report, StrandFacts
from reporting.narrative.definitions import meaning
from vcsportal.common.columns import DECIMAL, NUMBER, TEXT, YES_NO

KINDS: Final = {
    "number": "a number", "ratio": "a share, in per cent", "percentage": "a percentage, in per cent", "scale": "a step of a scale",
}  # fmt: skip
BASES: Final = {"ratio": "published", "percentage": NO_BASE}


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator, and what it belongs to: a commitment's reference, or else the priority itself."""

    indicator: IndicatorFacts
    priority: int
    commitment: str = ""


def _counted(report: Report) -> Iterable[IndicatorRow]:
    for priority in report.priorities:
        for indicator in priority.indicators:
            yield IndicatorRow(indicator, priority.number)
        for commitment in priority.commitments:
            for indicator in commitment.indicators:
                yield IndicatorRow(indicator, priority.number, commitment.reference)


INDICATORS: Final = TableDefinition(
    "indicators",
    "Indicators: what is counted",
    "One row for each indicator, with what it counts and how the year's figure stands beside its target.",
    (
        Column("indicator", TEXT, "The indicator's code, which stays the same.", lambda c: c.indicator.code),
        Column("title", TEXT, "What it is called.", lambda c: c.indicator.title),
        Column("priority", NUMBER, "Number of the priority it belongs to.", lambda c: c.priority),
        Column("commitment", TEXT, "Number of its commitment. Empty if it belongs to the priority as a whole.", lambda c: c.commitment),
        Column("definition", TEXT, "What is counted, and how.", lambda c: c.indicator.definition),
        Column("unit", TEXT, "What its figures count.", lambda c: c.indicator.unit),
        Column("kind", TEXT, "Whether its figures are numbers, shares, percentages or steps of a scale.", lambda c: KINDS.get(c.indicator.kind, c.indicator.kind)),
        Column("base", TEXT, "For shares and percentages: whether the numbers behind them were published. Without a base they can’t be added up or averaged.", lambda c: BASES.get(c.indicator.kind, "")),
        Column("adds_up", YES_NO, "Whether the years' figures add up to a total.", lambda c: c.indicator.cumulative),
        Column("direction", TEXT, "Which way is good.", lambda c: c.indicator.direction),
        Column("baseline", DECIMAL, f"{meaning('baseline')} Empty if there is none.", lambda c: c.indicator.baseline, "see the indicator's unit"),
        Column("baseline_in_words", TEXT, "The same in words.", lambda c: c.indicator.baseline_said),
        Column("later_targets", TEXT, "The targets of later years, as they were set when the report was made.", lambda c: aims_in_words([(aim.round, aim.said) for aim in c.indicator.later])),
        Column("sentence", TEXT, "The year's figure beside its target, or why there is none.", lambda c: c.indicator.sentence),
    ),
    _counted,
)  # fmt: skip

FIGURES: Final = TableDefinition(
    "figures",
    "Figures of the indicators, year by year",
    "One row for each indicator and each year up to the one reported on that has a figure or a target.",
    (
        Column("indicator", TEXT, "The indicator's code.", lambda part: part.of.code),
        Column("title", TEXT, "What it is called.", lambda part: part.of.title),
        Column("round", TEXT, "The year, for example 2023-24.", lambda part: part.thing.round),
        Column("figure", DECIMAL, f"{meaning('figure')} Empty if there is none.", lambda part: part.thing.actual, "see the indicator's unit"),
        Column("figure_in_words", TEXT, "The same in words, or why there is none.", lambda part: part.thing.actual_said),
        Column("part", DECIMAL, "Of a share: the part that was counted.", lambda part: part.thing.numerator, "see the indicator's definition"),
        Column("whole", DECIMAL, "Of a share: the whole it is a part of, its base.", lambda part: part.thing.denominator, "see the indicator's definition"),
        Column("absent_because", TEXT, "Why there is no figure, if a reason was given.", lambda part: part.thing.absent_reason),
        Column("target", DECIMAL, f"{meaning('target')} Empty if nothing was.", lambda part: part.thing.target, "see the indicator's unit"),
        Column("target_in_words", TEXT, "The same in words.", lambda part: part.thing.target_said),
        Column("total", DECIMAL, f"{meaning('total')} Empty elsewhere.", lambda part: part.thing.total, "see the indicator's unit"),
        Column("total_in_words", TEXT, "The same in words.", lambda part: part.thing.total_said),
        Column("target_total", DECIMAL, "Where figures add up: the targets up to this year. Empty elsewhere.", lambda part: part.thing.target_total, "see the indicator's unit"),
        Column("target_total_in_words", TEXT, "The same in words.", lambda part: part.thing.target_total_said),
        Column("verdict", TEXT, "Whether the target was met. Empty if not yet known.", lambda part: part.thing.verdict),
        Column("note", TEXT, "A note about the figure.", lambda part: part.thing.note),
    ),
    lambda report: parts((counted.indicator for counted in _counted(report)), "rounds"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StrandRow:
    """A count of one strand in one round, with the figure and the indicator that it belongs to."""

    indicator: IndicatorFacts
    figure: FigureFacts
    strand: StrandFacts


def _strands(report: Report) -> Iterable[StrandRow]:
    for row in _counted(report):
        for figure in row.indicator.rounds:
            for strand in figure.strands:
                yield StrandRow(row.indicator, figure, strand)


STRANDS: Final = TableDefinition(
    "figures_by_strand",
    "Figures of the indicators by strand",
    "One row for each strand of a figure that is broken down. Strands overlap, so their numbers do not add up to the figure. Breakdowns whose small numbers could identify people are left out.",
    (
        Column("indicator", TEXT, "The indicator's code.", lambda row: row.indicator.code),
        Column("title", TEXT, "What it is called.", lambda row: row.indicator.title),
        Column("round", TEXT, "The year, for example 2023-24.", lambda row: row.figure.round),
        Column("strand", TEXT, "The strand.", lambda row: row.strand.strand),
        Column("figure", NUMBER, "How many of those counted belong to it. Empty where the number is hidden.", lambda row: row.strand.count, "see the indicator's unit"),
        Column("figure_in_words", TEXT, "The same in words, or “fewer than 5” or “more than” a number.", lambda row: row.strand.said),
        Column("note", TEXT, "What is hidden. Empty if nothing is.", lambda row: row.figure.strands_note),
    ),
    _strands,
)  # fmt: skip
