"""What a cell can contain: one set of rules for every format, so that all formats agree."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from vcsportal.common.plain_texts import tidy_line_ends

Value = str | int | bool | Decimal | date | tuple[str, ...] | None
"""The values in the tables. None means "nothing was reported": an empty cell in every format, never a 0."""
Cell = str | int | Decimal | date | None
"""What a spreadsheet's cell holds: lists and yes-or-no have become words."""

MAX_CELL_CHARACTERS: Final = 32_767
"""Characters in a cell of Excel, counted as Excel does: one outside the first 65,536 counts twice."""
CUT_NOTE: Final = (
    " … [Cut here, as a cell of a spreadsheet holds at most 32,767 characters. The JSON file has the whole text.]"
)
LIST_SEPARATOR: Final = "; "

# What no XML can hold or nobody can see: control characters but tab and line end, halves of pairs, two non-characters.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return ``text`` with line ends as LF, without blanks at its ends, and without what can't be kept or seen."""
    return visible(tidy_line_ends(text)).strip()


def visible(text: str) -> str:
    """Return ``text`` without the characters that no XML can hold or nobody can see."""
    return _UNSEEN.sub("", text)


def settled(value: Value) -> Value:
    """Return the value as every format takes it; texts and lists without anything in them are None."""
    if isinstance(value, str):
        return clean(value) or None
    if isinstance(value, tuple):
        return tuple(part for part in map(clean, value) if part) or None
    if isinstance(value, Decimal):  # 74.50 and 74.5 are one number; 74.00 is a whole one
        return int(value) if value == value.to_integral_value() else Decimal(format(value, "f").rstrip("0"))
    return value


def cell(value: Value) -> Cell:
    """Return a settled value as a spreadsheet or CSV shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return shortened(LIST_SEPARATOR.join(value))
    return shortened(value) if isinstance(value, str) else value


def shortened(text: str) -> str:
    """Return what fits into a cell. What is cut off is replaced by a sentence that says so."""
    if len(text) * 2 <= MAX_CELL_CHARACTERS or _length(text) <= MAX_CELL_CHARACTERS:
        return text
    kept = text[: MAX_CELL_CHARACTERS - len(CUT_NOTE)]
    while (over := _length(kept) + len(CUT_NOTE) - MAX_CELL_CHARACTERS) > 0:
        kept = kept[: -((over + 1) // 2)]
    return kept.rstrip() + CUT_NOTE


def _length(text: str) -> int:
    """Return the characters as Excel counts them, which are the units of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
