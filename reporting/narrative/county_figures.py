"""The county in figures and money as the report and the paper print them. Made from the facts alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from commitments.rules.sourced_figures import MONEY, TOPICS
from reporting.facts import AwardSumFacts, CountyFigureFacts, Report
from vcsportal.common import plurals

TITLE: Final = "The county in figures"
MONEY_TITLE: Final = "Money"
MONEY_CAPTION: Final = "What is spent, and what it brings"
SAYS: Final = "Each figure is as its source gives it. Where two sources differ, both are here."


@dataclass(frozen=True, slots=True)
class CountyFigureRow:
    """A row: what is counted, the figure, of when, and where it comes from."""

    number: int
    title: str
    said: str
    when: str
    source: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountyFigureSection:
    """The rows about one thing, under its heading."""

    code: str
    title: str
    rows: tuple[CountyFigureRow, ...]


def sections(report: Report) -> list[CountyFigureSection]:
    """Return the figures about the county, under what they are about; none where the report prints none."""
    return [section for section in _sections(report) if section.code != MONEY]


def money(report: Report) -> list[CountyFigureSection]:
    """Return the figures about money, which have a part of their own; none where the report prints none."""
    return [section for section in _sections(report) if section.code == MONEY]


def _sections(report: Report) -> list[CountyFigureSection]:
    return [
        CountyFigureSection(topic.code, MONEY_CAPTION if topic.code == MONEY else topic.label, rows)
        for topic in TOPICS
        if (rows := tuple(_rows([fact for fact in report.county_figures if fact.about == topic.code])))
    ]


def _rows(found: Sequence[CountyFigureFacts]) -> Iterator[CountyFigureRow]:
    """Yield the rows of facts; of a breakdown by strand only the first names its source and what is hidden."""
    firsts: dict[tuple[str, ...], int] = {}
    for fact in found:
        breakdown = (fact.title, fact.when, fact.source, fact.source_place, fact.note)
        first = firsts.setdefault(breakdown, fact.number) if fact.strand else fact.number
        row = _row(fact)
        yield row if first == fact.number else replace(row, source=f"As in row {first}.", notes=())


def _row(fact: CountyFigureFacts) -> CountyFigureRow:
    title = " – ".join(filter(None, [fact.title, fact.place or fact.strand]))
    quoted = f"“{fact.words}”" if fact.words else ""
    notes = tuple(filter(None, [quoted, fact.note, _differs(fact)]))
    source = ", ".join(filter(None, [fact.source, fact.source_place]))
    return CountyFigureRow(fact.number, title, fact.said, fact.when, source, notes)


def _differs(fact: CountyFigureFacts) -> str:
    if not fact.beside:
        return ""
    if not fact.differs:
        return f"Another source for row {fact.beside}. It gives the same figure."
    how = f" {fact.differs}" if fact.differs.startswith("by ") else f": {fact.differs}"
    return f"Another source for row {fact.beside}. The two differ{how}."


def award_sentences(report: Report) -> list[str]:
    """Return what the awards under the figures come to, a sentence for each kind and financial year."""
    return [_sum(row) for row in report.award_sums]


def _sum(row: AwardSumFacts) -> str:
    return f"{row.figure}: {plurals.counted(row.count, row.kind)} listed for {row.year}, {row.said} in all."
