"""What a cell means where a number, a day or words are expected, as people in several countries write them."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from vcsportal.common.dates import in_words, read_day, read_whole_day
from vcsportal.common.spreadsheets.workbook import CellNote, SheetCell

SHOWN_CHARACTERS: Final = 60
NUMBER: Final = "Write a number, such as 12 or 1,204.5, and nothing else in the cell."
DAY: Final = "Write a date like 25 November 2026."
_PLAIN: Final = re.compile(r"\d+(?:\.\d+)?")
_BRITISH: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_CONTINENTAL: Final = re.compile(r"\d{1,3}(?:\.\d{3})*,\d+|\d+,\d+|\d{1,3}(?:\.\d{3}){2,}")
_SPACED: Final = re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?")


class UnreadableCell(ValueError):
    """A cell does not have what is expected.

    :ivar found: what is in the cell, as people see it.
    :ivar instead: a sentence on what to write instead.
    """

    def __init__(self, found: str, instead: str) -> None:
        super().__init__(instead)
        self.found, self.instead = found, instead


def shown(cell: SheetCell) -> str:
    """Return what a person sees in a cell, cut where it is long."""
    value = cell.value
    if cell.error:
        return cell.error
    if value is None:
        return "a formula without a saved result"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return in_words(value)
    if isinstance(value, Decimal):
        return f"{written(value * 100)}%" if cell.percent else written(value)
    line = " ".join(value.split())
    return line if len(line) <= SHOWN_CHARACTERS else f"{line[:SHOWN_CHARACTERS]}…"


def written(number: Decimal) -> str:
    """Return a number without zeros at its end: ``12``, ``0.5``."""
    return format(number.normalize(), "f") if number else "0"


def text_of(cell: SheetCell | None) -> str:
    """Return the words of a cell; "" if nothing is in it. A number is written as people see it.

    :raises UnreadableCell: it shows an error, or has a formula without a saved result.
    """
    if cell is None:
        return ""
    _check(cell)
    return cell.value if isinstance(cell.value, str) else shown(cell)


def number_of(cell: SheetCell | None, *, percent: bool = False) -> Decimal | None:
    """Return the number in a cell; None if nothing is in it.

    "1,234.5" is read as British, "1.234,5" and "1,5" with a comma for decimals; "1,234" is British.

    :param percent: a percentage is expected: 74% is 74. Otherwise a percentage is unreadable.
    :raises UnreadableCell: it is no number.
    """
    if cell is None:
        return None
    _check(cell)
    value = cell.value
    if isinstance(value, Decimal):
        if cell.percent and not percent:
            raise UnreadableCell(shown(cell), "Write a number without a percent sign.")
        return value * 100 if cell.percent else value
    if not isinstance(value, str):
        raise UnreadableCell(shown(cell), NUMBER)
    text = re.sub(r"[\s\u00a0\u202f\u2009]+", " ", value).replace("−", "-").strip()
    if percent:
        text = text.removesuffix("%").strip()
    text = text.removeprefix("£").strip()
    sign = -1 if text.startswith("-") else 1
    text = text.removeprefix("-").removeprefix("+").strip().removeprefix("£").strip()
    if _PLAIN.fullmatch(text):
        return sign * Decimal(text)
    if _BRITISH.fullmatch(text):
        return sign * Decimal(text.replace(",", ""))
    if _CONTINENTAL.fullmatch(text):
        return sign * Decimal(text.replace(".", "").replace(",", "."))
    if _SPACED.fullmatch(text):
        return sign * Decimal(text.replace(" ", "").replace(",", "."))
    raise UnreadableCell(shown(cell), NUMBER)


def day_of(cell: SheetCell | None, today: date) -> date | None:
    """Return the day in a cell; None if nothing is in it. Texts are read day before month, and need their year.

    :raises UnreadableCell: it is no day.
    """
    if cell is None:
        return None
    _check(cell)
    value = cell.value
    if isinstance(value, date):
        day = value
    elif isinstance(value, str):
        day = _whole_day(cell, value[:100], today)
    else:
        raise UnreadableCell(shown(cell), f"{DAY} A number alone is not a date.")
    if not 1990 <= day.year <= 2100:
        raise UnreadableCell(shown(cell), f"Check the year: {day.year} can’t be right.")
    return day


def _whole_day(cell: SheetCell, text: str, today: date) -> date:
    try:
        return read_whole_day(text)
    except ValueError:
        pass
    try:
        read_day(text, today)
    except ValueError:
        raise UnreadableCell(shown(cell), DAY) from None
    raise UnreadableCell(shown(cell), f"{DAY} Give the year too.")


def yes_or_no_of(cell: SheetCell | None) -> bool | None:
    """Return yes or no; None if nothing is in the cell.

    :raises UnreadableCell: it is neither.
    """
    if cell is None:
        return None
    _check(cell)
    if isinstance(cell.value, bool):
        return cell.value
    if isinstance(cell.value, str):
        word = cell.value.casefold()
        if word in {"yes", "y", "true", "x", "✓", "✔"}:
            return True
        if word in {"no", "n", "false"}:
            return False
    raise UnreadableCell(shown(cell), "Write yes or no.")


def _check(cell: SheetCell) -> None:
    if cell.error:
        raise UnreadableCell(cell.error, CellNote.ERROR.sentence())
    if cell.value is None:
        raise UnreadableCell(shown(cell), CellNote.FORMULA_WITHOUT_VALUE.sentence())
