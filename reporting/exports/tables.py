"""The shape of the tables that every data format writes, and how they are filled from an edition's facts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from commitments.rules.kinds import GENERAL, Nouns
from commitments.rules.periods import YEAR, PeriodKind
from reporting.exports.cells import Value, settled
from reporting.facts import Report

TEXT: Final = "text"
MARKDOWN: Final = "text in Markdown"
NUMBER: Final = "whole number"
DECIMAL: Final = "number"
DATE: Final = "date"
MOMENT: Final = "date and time, ISO 8601"
YES_NO: Final = "yes or no"
LIST: Final = "list"


@dataclass(frozen=True, slots=True)
class Column:
    """A column, declared once: every format and the dictionary read it from here.

    ``read`` takes one of the table's things. ``unit`` says what a number counts. The cells of one that is ``own_words``
    are the portal's own sentences.
    """

    name: str
    kind: str
    meaning: str
    read: Callable[[Any], Value]
    unit: str = ""
    own_words: bool = False
    label: str = ""

    @property
    def heading(self) -> str:
        """The name as words, for people who read a spreadsheet."""
        return self.label or as_words(self.name)

    def worded(self, nouns: Nouns, period: PeriodKind) -> "Column":
        """Return it as people read it where a strategy has nouns of its own, or rounds that are no years. Its name stays, as programs know it."""
        if nouns == GENERAL and period == YEAR:
            return self
        return replace(
            self,
            meaning=period.reworded(nouns.reworded(self.meaning)),
            unit=nouns.reworded(self.unit),
            label=nouns.reworded(self.heading),
        )


@dataclass(frozen=True, slots=True)
class TableHeader:
    """What the definition of a table and a filled table share. ``says`` is one sentence on what the table contains."""

    name: str
    title: str
    says: str
    columns: tuple[Column, ...]
    label: str = field(default="", kw_only=True)

    @property
    def heading(self) -> str:
        """The name as words: what a sheet is called."""
        return self.label or as_words(self.name)


@dataclass(frozen=True, slots=True)
class Table(TableHeader):
    """A table with its rows; each row holds one value for each column."""

    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class TableDefinition(TableHeader):
    """A table as it is declared; ``things`` finds in the facts what there is a row for."""

    things: Callable[[Report], Iterable[Any]]

    def fill(self, report: Report) -> Table:
        """Return the table with what the facts say, in the nouns of their strategy and of their period."""
        nouns = report.strategy.nouns
        rows = tuple(tuple(_cell(column, thing, nouns) for column in self.columns) for thing in self.things(report))
        columns = tuple(column.worded(nouns, report.period) for column in self.columns)
        title, says, label = (
            report.period.reworded(nouns.reworded(text)) for text in (self.title, self.says, self.heading)
        )
        return Table(self.name, title, says, columns, rows, label=label)


def _cell(column: Column, thing: Any, nouns: Nouns) -> Value:
    value = settled(column.read(thing))
    return nouns.reworded(value) if column.own_words and isinstance(value, str) else value


def as_words(name: str) -> str:
    """Return ``people_reached`` as ``People reached``."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
