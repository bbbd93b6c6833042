"""A column of a workbook that people download, fill in and upload: declared once, for writing and for reading.

Values are compared as *plain text*: "" for an empty cell, days as 2026-03-12, numbers without separators, choices by their
label. What a column reads from a cell is such a text, and so is what the database says of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from vcsportal.common.dates import in_words
from vcsportal.common.plain_texts import plain
from vcsportal.common.spreadsheets import values
from vcsportal.common.spreadsheets.workbook import SheetCell
from vcsportal.common.words import Refused

TURNED_INTO_DATE: Final = "The spreadsheet has turned this into a date. Format the cell as text and write it again."
Reads = Callable[[SheetCell | None, "Thing | None", date], str]
"""Takes a cell, the thing of its row (None for a new one) and the day; returns plain text as the portal keeps it, so that the same
file changes nothing twice. Raises ``UnreadableCell``."""
Writes = Callable[[str], str | Decimal | date | None]


class Use(StrEnum):
    """What a column is for."""

    KEY = "key"
    """It says which thing the row is about. Locked."""
    SHOWN = "shown"
    """It helps people to see what the row is about. Locked, and never read."""
    FILLED = "filled"
    """People fill it in."""
    BEGUN = "begun"
    """People fill it in for a new thing; locked for one that is there."""
    REASON = "reason"
    """People fill it in to explain a change of the row. By itself it changes nothing."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing as the database has it now: its row of the workbook.

    :ivar key: what names it in the workbook.
    :ivar name: what people call it.
    :ivar values: plain texts by the names of columns.
    :ivar choices: what may be chosen in a column of this row alone.
    :ivar source: whatever the kind of workbook needs to change it.
    """

    key: str
    name: str
    values: Mapping[str, str]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    source: Any = None


def read_text(cell: SheetCell | None, thing: Thing | None, today: date) -> str:
    """Read words."""
    return values.text_of(cell)


def tidied(tidy: Callable[[str], str]) -> Reads:
    """Return a reader of words that ``tidy`` makes what the portal keeps. What it refuses stays as it is: the check of the row says
    why.
    """

    def read(cell: SheetCell | None, thing: Thing | None, today: date) -> str:
        text = values.text_of(cell)
        try:
            return tidy(text)
        except Refused:
            return text

    return read


read_line: Final = tidied(lambda text: " ".join(text.split()))
"""Read words that the portal keeps on one line."""


def read_reference(cell: SheetCell | None, thing: Thing | None, today: date) -> str:
    """Read a reference or a number in words, which spreadsheets take for a date where they can."""
    if cell is not None and isinstance(cell.value, date):
        raise values.UnreadableCell(values.shown(cell), TURNED_INTO_DATE)
    return read_line(cell, thing, today)


def read_number(cell: SheetCell | None, thing: Thing | None, today: date) -> str:
    """Read a number."""
    number = values.number_of(cell)
    return "" if number is None else values.written(number)


def read_day(cell: SheetCell | None, thing: Thing | None, today: date) -> str:
    """Read a day."""
    day = values.day_of(cell, today)
    return day.isoformat() if day else ""


def write_text(text: str) -> str | None:
    """Write words."""
    return text or None


def write_number(text: str) -> str | Decimal | None:
    """Write a number; words that are no number as they are."""
    try:
        return Decimal(text) if text else None
    except ArithmeticError:
        return text


def write_day(text: str) -> date | None:
    """Write a day."""
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a workbook.

    :ivar name: its name in code, which the fields of refusals use too.
    :ivar heading: what people read above it. It is found again by it.
    :ivar meaning: one sentence on what to write, for the sheet of instructions.
    :ivar choices: the words among which people choose, for every row.
    :ivar longest: how many characters it may have; 0 for no limit of its own.
    :ivar width: in characters, on the sheet.
    :ivar example: what one may write there; "" for no example.
    :ivar needed: whether a table without it is none. Where no column is needed, a table has at least half of them.
    """

    name: str
    heading: str
    meaning: str
    use: Use = Use.FILLED
    reads: Reads = read_text
    writes: Writes = write_text
    choices: tuple[str, ...] = ()
    longest: int = 0
    width: int = 20
    example: str = ""
    needed: bool = False

    def read(self, cell: SheetCell | None, thing: Thing | None, today: date) -> str:
        """Return what a cell says, as plain text.

        :raises UnreadableCell: it is not what belongs there.
        """
        text = self.reads(cell, thing, today)
        if cell is not None and (offered := (thing.choices.get(self.name) if thing else None) or self.choices):
            text = _chosen(cell, text, offered)
        if cell is not None and self.longest and len(text) > self.longest:
            raise values.UnreadableCell(
                values.shown(cell), f"This has {len(text):,} characters. Shorten it to {self.longest:,} or fewer."
            )
        return text

    def say(self, text: str) -> str:
        """Return plain text as people read it on a page."""
        try:
            written = self.writes(text)
        except ValueError:  # what a file says was there before may be no day
            return text
        return in_words(written) if isinstance(written, date) else text


def _chosen(cell: SheetCell, text: str, offered: Sequence[str]) -> str:
    if not text:
        return ""
    check_one_word(cell, offered)
    for word in offered:
        if word.casefold() == " ".join(text.split()).casefold():
            return word
    if isinstance(cell.value, date):
        raise values.UnreadableCell(values.shown(cell), TURNED_INTO_DATE)
    raise values.UnreadableCell(values.shown(cell), f"Choose one of: {', '.join(offered)}.")


def check_one_word(cell: SheetCell, offered: Sequence[str]) -> None:
    """Raise ``UnreadableCell`` for a number that may be several of the words that are offered."""
    if isinstance(cell.value, Decimal) and len(same := [word for word in offered if _is(word, cell.value)]) > 1:
        raise values.UnreadableCell(
            values.shown(cell), f"This may be {' or '.join(same)}. Format the cell as text and write it again."
        )


def _is(word: str, number: Decimal) -> bool:
    """Whether a spreadsheet would show a word as this number: "1.10" becomes 1.1."""
    try:
        return Decimal(word) == number
    except ArithmeticError:
        return False


def plain_text(text: object) -> str:
    """Return what the database has, as plain text of a workbook."""
    if text is None:
        return ""
    if isinstance(text, date):
        return text.isoformat()
    if isinstance(text, Decimal):
        return values.written(text)
    return plain(str(text))
