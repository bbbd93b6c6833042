"""A workbook for people to fill in, described once for both formats: instructions, the sheet, and two hidden sheets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

from vcsportal.common.plain_texts import plain
from vcsportal.common.spreadsheets.columns import SheetColumn, Thing, Use, write_day, write_number
from vcsportal.common.spreadsheets.tables import ABOUT, BEFORE

Holds = Literal["text", "number", "day"]
NEW_ROWS: Final = 50
"""Empty rows for new things, below those that are there."""
HEADINGS_ROW: Final = 3
"""The row of the headings, counted from 1, after the title and a sentence."""


@dataclass(frozen=True, slots=True)
class MadeCell:
    """A cell: its value, whether it can be changed, the words among which people choose, and what belongs there.

    A cell for words is formatted as text, so that a spreadsheet leaves "1.10", "3/4" and "01632 960001" as they are typed.
    """

    value: str | Decimal | date | None = None
    locked: bool = False
    choices: tuple[str, ...] = ()
    holds: Holds = "text"


@dataclass(frozen=True, slots=True)
class MadeSheet:
    """A sheet that people fill in."""

    name: str
    title: str
    sentence: str
    headings: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[MadeCell, ...], ...]


@dataclass(frozen=True, slots=True)
class MadeBook:
    """A workbook. ``lists`` are the hidden sheets: rows of texts by the sheet's name."""

    title: str
    author: str
    at: datetime
    instructions: tuple[tuple[str, ...], ...]
    sheet: MadeSheet
    lists: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)


def make_book(
    *,
    title: str,
    author: str,
    at: datetime,
    sheet: str,
    sentence: str,
    columns: Sequence[SheetColumn],
    things: Sequence[Thing],
    about: Mapping[str, str],
    steps: Sequence[str],
    new: bool,
) -> MadeBook:
    """Return a workbook with one row a thing.

    :param about: what the workbook is about, for :func:`tables.about` to read back.
    :param steps: sentences for the sheet of instructions, before the meaning of each column.
    :param new: whether there are rows for new things.
    """
    locked = {Use.KEY, Use.SHOWN, Use.BEGUN}
    rows = [
        tuple(
            MadeCell(
                column.writes(thing.values.get(column.name, "")),
                column.use in locked,
                () if column.use in locked else tuple(thing.choices.get(column.name, column.choices)),
                _held(column),
            )
            for column in columns
        )
        for thing in things
    ]
    if new:
        empty = tuple(
            MadeCell(
                None, column.use in {Use.KEY, Use.SHOWN}, () if column.use in {Use.KEY, Use.SHOWN} else column.choices,
                _held(column),
            )
            for column in columns
        )  # fmt: skip
        rows += [empty] * NEW_ROWS
    key = next((column for column in columns if column.use is Use.KEY), None)
    before: tuple[tuple[str, ...], ...] = ()
    if key is not None:
        kept = [column for column in columns if column.use in {Use.FILLED, Use.BEGUN}]
        there = ((thing.key, *(thing.values.get(column.name, "") for column in kept)) for thing in things)
        before = ((key.name, *(column.name for column in kept)), *there)
    meanings = [(column.heading, _meaning(column)) for column in columns]
    return MadeBook(
        title=plain(title),
        author=plain(author),
        at=at,
        instructions=(*((step,) for step in steps), ("",), ("Column", "What to write"), *meanings),
        sheet=MadeSheet(
            sheet,
            plain(title),
            sentence,
            tuple(column.heading for column in columns),
            tuple(column.width for column in columns),
            tuple(rows),
        ),
        lists={**({BEFORE: before} if before else {}), ABOUT: tuple(about.items())},
    )


def _held(column: SheetColumn) -> Holds:
    return "day" if column.writes is write_day else "number" if column.writes is write_number else "text"


def _meaning(column: SheetColumn) -> str:
    parts = [column.meaning]
    if column.choices:
        parts.append(f"Choose one of: {', '.join(column.choices)}.")
    if column.longest:
        parts.append(f"{column.longest:,} characters at most.")
    if column.use in {Use.KEY, Use.SHOWN}:
        parts.append("You can’t change it.")
    if column.example:
        parts.append(f"For example: {column.example}")
    return " ".join(parts)
