"""What a kind of workbook is, and what it is about each time."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from commitments.models import Round, Strategy
from partners.models import User
from vcsportal.common.spreadsheets.columns import SheetColumn, Thing
from vcsportal.common.spreadsheets.comparison import ChecksTwin, ComparedRow

T = TypeVar("T")
Changed = frozenset[str]
Wanted = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scope:
    """Who uses it, on which day, and what it is about: a strategy, and perhaps a round of it.

    :ivar known: what was asked of the database for one row and serves the next ones; see :meth:`once`.
    """

    person: User
    today: date
    strategy: Strategy | None = None
    round: Round | None = None
    known: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, name: str, ask: Callable[[], T]) -> T:
        """Return what ``ask`` returns, and ask no more: a thousand rows of a file are checked with the queries of one."""
        if name not in self.known:
            self.known[name] = ask()
        found: T = self.known[name]
        return found

    @property
    def of(self) -> Strategy:
        """The strategy. Only asked by kinds that have one."""
        if self.strategy is None:
            raise ValueError("this workbook is not about a strategy")
        return self.strategy

    @property
    def in_round(self) -> Round:
        """The round. Only asked by kinds that have one."""
        if self.round is None:
            raise ValueError("this workbook is not about a round")
        return self.round


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A row that is to be saved.

    :ivar thing: what it changes; None for a new one.
    :ivar wanted: plain texts of all its columns.
    :ivar changed: the names of the columns that change.
    :ivar file: the name of the file, for the history.
    """

    scope: Scope
    at: datetime
    thing: Thing | None
    wanted: Wanted
    changed: Changed
    file: str


def day_in(wanted: Wanted, name: str) -> date | None:
    """Return the day of a column; None for an empty one."""
    return date.fromisoformat(wanted[name]) if wanted[name] else None


@dataclass(frozen=True, slots=True)
class WorkbookKind:
    """A kind of workbook.

    :ivar code: stable; it stands in addresses and in the files.
    :ivar label: what it is called, as a heading.
    :ivar noun: what a row is about, in the singular and the plural.
    :ivar sheet: the name of the sheet that people fill in.
    :ivar purpose: one sentence on what people do with it.
    :ivar steps: sentences of its own for the sheet of instructions.
    :ivar of_strategy: whether it is about a strategy.
    :ivar of_round: whether it is about a round of a strategy.
    :ivar check_may: raises ``Refused`` for who may not use it, in its scope.
    :ivar columns: its columns in their order. The first is the key; a kind whose rows only add things has none.
    :ivar things: what there is now, in the order of the sheet, as far as the person may see and change it.
    :ivar check: raises ``Refused`` for what can't be saved; an ``Invalid`` names the column as its field.
    :ivar save: saves one row through the services.
    :ivar read_ahead: locks and reads what the services ask for, with few queries for all rows that are saved in one transaction, in
        the order in which the services lock it.
    :ivar after: what is done once for all rows that were saved together.
    :ivar identity: returns what tells a thing from the others, by its values or those of a new row: a row of which it is there
        already adds nothing. None where the kind has no new rows.
    :ivar twins: what rows without a key may be about, by its identity; None where that is among ``things``.
    :ivar check_twin: raises ``Refused`` where a row can't be about the thing that it is recognised as; None where any difference is
        refused.
    :ivar most_rows: the most rows of one file; 0 for no limit of its own.
    """

    code: str
    label: str
    noun: tuple[str, str]
    sheet: str
    purpose: str
    steps: tuple[str, ...]
    of_strategy: bool
    of_round: bool
    check_may: Callable[[Scope], None]
    columns: Callable[[Scope], tuple[SheetColumn, ...]]
    things: Callable[[Scope], Sequence[Thing]]
    check: Callable[[Scope, Thing | None, Wanted, Changed], None]
    save: Callable[[SavedRow], None]
    read_ahead: Callable[[Scope, Sequence[ComparedRow]], None]
    identity: Callable[[Scope, Wanted], Hashable | None] | None = None
    after: Callable[[Scope, datetime], None] | None = None
    twins: Callable[[Scope, Sequence[Wanted]], Mapping[Hashable, Thing]] | None = None
    check_twin: ChecksTwin | None = None
    most_rows: int = 0

    @property
    def takes_new(self) -> bool:
        """Whether a row without a key adds a thing."""
        return self.identity is not None

    @property
    def adds_only(self) -> bool:
        """Whether its rows have no keys, so that every row adds a thing."""
        return self.twins is not None
