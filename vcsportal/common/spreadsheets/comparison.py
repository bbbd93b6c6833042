"""Compares what a workbook says with what is there now and what was there when it was downloaded, row by row."""

import hashlib
import json
from collections.abc import Callable, Container, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from vcsportal.common.spreadsheets.columns import SheetColumn, Thing, Use
from vcsportal.common.spreadsheets.tables import CellFault, FileRow, SheetTable
from vcsportal.common.words import Invalid, Refused

SHOWN_CHARACTERS: Final = 300
"""The characters of a long text that a page shows at first."""


class RowOutcome(StrEnum):
    """What saving a row would do."""

    REFUSED = "refused"
    CONFLICT = "conflict"
    CHANGE = "change"
    NEW = "new"
    SAME = "same"
    SAVED = "saved"
    """It has added something already: nothing more."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that would change.

    :ivar was: what is there now, as people read it.
    :ivar will: what will be there.
    :ivar before: what was there at download, where someone has changed it since; None where nobody has.
    """

    column: str
    heading: str
    was: str
    will: str
    place: str
    before: str | None = None
    new: bool = False

    @property
    def texts(self) -> tuple["ShownText", ...]:
        """What people compare: what was there at download, where someone has changed it, what is there now, and what will be there.

        Of long texts the part where they begin to differ is shown first: whoever agrees to them has to see the difference.
        """
        texts = {"Now": self.was, "Will be": self.will} if not self.new else {"": self.will}
        if self.before is not None:
            texts = {"When downloaded": self.before, **texts}
        start = _first_difference(list(texts.values())) if len(texts) > 1 else 0
        begin = max(start - 60, 0) if start >= SHOWN_CHARACTERS - 100 else 0
        return tuple(ShownText(label, text, *_excerpt(text, begin)) for label, text in texts.items())


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text of a cell on the page: the part that is shown, and the whole. ``cut`` says whether they differ."""

    label: str
    whole: str
    part: str
    cut: bool


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A row of the uploaded sheet, compared.

    :ivar wanted: what would be there after saving, by column.
    :ivar changed: the names of the columns that change.
    :ivar seen: a checksum of what is there now and of what would be saved: who agrees to the row, agrees to these.
    :ivar elsewhere: headings of cells that someone else has changed since the download and this file leaves alone.
    """

    row: int
    outcome: RowOutcome
    thing: Thing | None
    name: str
    changes: tuple[CellChange, ...] = ()
    faults: tuple[CellFault, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    wanted: Mapping[str, str] | None = None
    changed: frozenset[str] = frozenset()
    seen: str = ""
    elsewhere: tuple[str, ...] = ()


Checks = Callable[[Thing | None, Mapping[str, str], frozenset[str]], None]
"""Raises ``Refused`` for what can't be saved: of a thing (None for a new one), what is wanted, and the columns that change."""
Identity = Callable[[Mapping[str, str]], Hashable | None]
"""Returns what tells a thing from the others of its kind, by its values or those of a new row; None where they do not say."""
ChecksTwin = Callable[[Thing, Mapping[str, str]], None]
"""Raises ``Refused`` where a row with these values can't be about a thing that has its identity."""
DIFFERS: Final = "This differs from what is in the portal, which stays as it is. Change it on its page."
NO_LONGER: Final = "It is no longer in the portal. Delete the row."


def compare(
    table: SheetTable,
    columns: Sequence[SheetColumn],
    things: Mapping[str, Thing],
    *,
    check: Checks,
    identity: Identity = lambda values: None,
    saved: Container[int] = (),
    twins: Mapping[Hashable, Thing] | None = None,
    check_twin: ChecksTwin | None = None,
) -> list[ComparedRow]:
    """Return the rows in the order of the sheet, each with what saving it would do.

    :param saved: the numbers of the rows that have been saved from this file. A new one among them adds nothing again, whatever has
        become of the thing since.
    :param twins: what is there already, by its identity; without it, that of ``things``.
    :param check_twin: raises ``Refused`` where a row that has the identity of something can't be about that. Otherwise the row changes
        nothing, and a note says in what it differs. Without it, every difference is refused.
    """
    comparison = _Comparison(table, columns, things, check, identity, saved, twins, check_twin)
    return [comparison.row(row) for row in table.rows]


class _Comparison:
    def __init__(
        self, table: SheetTable, columns: Sequence[SheetColumn], things: Mapping[str, Thing], check: Checks,
        identity: Identity, saved: Container[int], twins: Mapping[Hashable, Thing] | None,
        check_twin: ChecksTwin | None,
    ) -> None:  # fmt: skip
        self.table, self.columns, self.things, self.check = table, columns, things, check
        self.identity, self.saved, self.twins, self.check_twin = identity, saved, twins, check_twin
        self.added: dict[Hashable, int] = {}
        """The rows above that add something, by its identity."""

    @cached_property
    def by_identity(self) -> Mapping[Hashable, Thing]:
        """The things that are there, by identity."""
        if self.twins is not None:
            return self.twins
        return {key: thing for thing in self.things.values() if (key := self.identity(thing.values)) is not None}

    def row(self, row: FileRow) -> ComparedRow:
        """Return one row, compared."""
        thing = self.things.get(row.key)
        name = thing.name if thing else self._name(row)
        if row.row in self.saved and not row.key:
            return ComparedRow(row.row, RowOutcome.SAVED, None, name, notes=row.notes)
        if row.faults:
            return ComparedRow(row.row, RowOutcome.REFUSED, thing, name, faults=row.faults, notes=row.notes)
        if row.key and thing is None:  # it has gone since the file was uploaded
            return self._refused(row, row.key, row.key, NO_LONGER)
        key = None if thing else self.identity(row.values)
        if key is not None:
            if (twin := self.by_identity.get(key)) is not None:
                return self._twin(row, name, twin)
            if (first := self.added.get(key)) is not None:
                return self._refused(row, name, "", f"Row {first} adds the same. Keep one of the two.")
        found = self._changes(row, thing, name)
        if key is not None and found.outcome is RowOutcome.NEW:
            self.added[key] = row.row
        return found

    def _name(self, row: FileRow) -> str:
        """Return what a new row is called: what the first column says that is needed, else the first that says anything."""
        columns = sorted(self.columns, key=lambda column: not column.needed)
        return next((text for column in columns if (text := row.values.get(column.name))), row.key)

    def _refused(self, row: FileRow, name: str, said: str, sentence: str) -> ComparedRow:
        fault = CellFault("", self.table.place(row.row, ""), said, sentence)
        return ComparedRow(row.row, RowOutcome.REFUSED, None, name, faults=(fault,), notes=row.notes)

    def _twin(self, row: FileRow, name: str, twin: Thing) -> ComparedRow:
        """Return a row without a key about something that is there: what it says besides must not be lost without a word."""
        differs = [
            column
            for column in self.columns
            if (text := row.values.get(column.name, ""))
            and column.use is not Use.REASON
            and not _same(text, twin.values.get(column.name, ""))
        ]
        if self.check_twin is not None:
            return self._known(row, twin, differs, self.check_twin)
        for column in differs:
            sentence = f"This is there already. Write its key, {twin.key}, into this row, or delete the row."
            return self._refused(row, name, column.say(row.values[column.name])[:60], sentence)
        return ComparedRow(row.row, RowOutcome.SAME, None, name, notes=row.notes)

    def _known(self, row: FileRow, twin: Thing, differs: Sequence[SheetColumn], check_twin: ChecksTwin) -> ComparedRow:
        """Return a row about something that is there and stays as it is."""
        try:
            check_twin(twin, row.values)
        except Refused as refused:
            fault = fault_of(self.table, row.row, refused, ())
            return ComparedRow(row.row, RowOutcome.REFUSED, None, twin.name, faults=(fault,), notes=row.notes)
        notes = [(self.table.place(row.row, column.name), DIFFERS) for column in differs]
        return ComparedRow(row.row, RowOutcome.SAME, twin, twin.name, notes=(*row.notes, *notes))

    def _changes(self, row: FileRow, thing: Thing | None, name: str) -> ComparedRow:
        changes, elsewhere, clash = [], [], False
        now = thing.values if thing else {}
        wanted = {column.name: now.get(column.name, "") for column in self.columns}
        for column in self.columns:
            if column.name not in row.values:
                continue
            text, there = row.values[column.name], now.get(column.name, "")
            before = row.was.get(column.name, "") if row.was is not None and column.name in row.was else there
            if column.use is Use.REASON:
                wanted[column.name] = text
                continue
            if text == there:
                continue
            if thing and text == before:  # someone else changed it, and this file did not
                elsewhere.append(column.heading)
                continue
            wanted[column.name] = text
            stale = bool(thing) and before != there
            clash = clash or stale
            changes.append(
                CellChange(
                    column.name, column.heading, column.say(there), column.say(text),
                    self.table.place(row.row, column.name), column.say(before) if stale else None, thing is None,
                )
            )  # fmt: skip
        if not changes:
            return ComparedRow(row.row, RowOutcome.SAME, thing, name, notes=row.notes, elsewhere=tuple(elsewhere))
        changed = frozenset(change.column for change in changes)
        found = ComparedRow(
            row.row,
            RowOutcome.CONFLICT if clash else RowOutcome.CHANGE if thing else RowOutcome.NEW,
            thing, name, tuple(changes), (), row.notes, wanted, changed, _seen(now, wanted), tuple(elsewhere),
        )  # fmt: skip
        try:
            self.check(thing, wanted, changed)
        except Refused as refused:
            fault = fault_of(self.table, row.row, refused, changes)
            return ComparedRow(row.row, RowOutcome.REFUSED, thing, name, tuple(changes), (fault,), row.notes)
        return found


def fault_of(table: SheetTable, row: int, refused: Refused, changes: Sequence[CellChange]) -> CellFault:
    """Return a refusal as what is wrong in a cell: that of the field it names, else the first that changes."""
    column = refused.field if isinstance(refused, Invalid) and refused.field in table.columns else ""
    column = column or next((change.column for change in changes), "")
    found = " ".join(next((change.will for change in changes if change.column == column), "").split())
    return CellFault(column, table.place(row, column), f"{found[:60]}…" if len(found) > 60 else found, refused.sentence)


def _first_difference(texts: Sequence[str]) -> int:
    """Return where the texts begin to differ."""
    shortest = min(map(len, texts))
    return next((place for place in range(shortest) if len({text[place] for text in texts}) > 1), shortest)


def _excerpt(text: str, begin: int) -> tuple[str, bool]:
    """Return the part of a text that is shown, and whether that is less than the whole."""
    if len(text) <= SHOWN_CHARACTERS:
        return text, False
    part = text[begin : begin + SHOWN_CHARACTERS]
    return f"{'…' if begin else ''}{part}{'…' if begin + SHOWN_CHARACTERS < len(text) else ''}", True


def _same(text: str, other: str) -> bool:
    return text.casefold() == other.casefold()


def _seen(now: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    text = json.dumps([sorted(now.items()), sorted(wanted.items())], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
