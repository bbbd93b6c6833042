"""The shape of the tables that every data format writes, and how they are filled from an edition's facts."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from commitments.rules.kinds import GENERAL, Nouns
from commitments.rules.periods import YEAR, PeriodKind
from reporting.facts import Report
from vcsportal.common.cells import Value, settled
from vcsportal.common.columns import as_words

_ACTION: Final = re.compile(r"\b(?:an (?=action))?action(?=s?\b)", re.IGNORECASE)


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
    """A table as it is declared; ``things`` finds in the facts what there is a row for.

    ``names_actions`` says that its words name the actions of a commitment. They are steps where a commitment is itself an action,
    as no two sheets and no two columns of one may have the same name.
    """

    things: Callable[[Report], Iterable[Any]]
    names_actions: bool = field(default=False, kw_only=True)

    def worded(self, report: Report) -> "TableDefinition":
        """Return it in the nouns of the report's strategy and of its period."""
        nouns, period = report.strategy.nouns, report.period
        steps = self.names_actions and nouns.commitment == "action"

        def say(text: str) -> str:
            return period.reworded(nouns.reworded(_of_steps(text) if steps else text))

        columns = tuple(
            replace(column, label=_of_steps(column.heading), meaning=_of_steps(column.meaning)) if steps else column
            for column in self.columns
        )
        return replace(
            self, title=say(self.title), says=say(self.says), label=say(self.heading),
            columns=tuple(column.worded(nouns, period) for column in columns),
        )  # fmt: skip

    def fill(self, report: Report) -> Table:
        """Return the table with what the facts say, in the nouns of their strategy and of their period."""
        nouns = report.strategy.nouns
        rows = tuple(tuple(_cell(column, thing, nouns) for column in self.columns) for thing in self.things(report))
        worded = self.worded(report)
        return Table(self.name, worded.title, worded.says, worded.columns, rows, label=worded.heading)


def _of_steps(text: str) -> str:
    """Return a sentence with steps in the place of actions."""

    def step(found: re.Match[str]) -> str:
        word = "a step" if " " in found[0] else "step"
        return word.capitalize() if found[0][0].isupper() else word

    return _ACTION.sub(step, text)


def _cell(column: Column, thing: Any, nouns: Nouns) -> Value:
    value = settled(column.read(thing))
    return nouns.reworded(value) if column.own_words and isinstance(value, str) else value
