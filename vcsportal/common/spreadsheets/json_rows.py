"""A list of objects in JSON as a sheet: what programs write where people write a spreadsheet."""

import json
from dataclasses import replace
from typing import Any, Final

from vcsportal.common.office_parts import Damaged
from vcsportal.common.spreadsheets.sheets_read import SheetRead, decimal_of
from vcsportal.common.spreadsheets.workbook import ITEMS, ReadingLimits, Sheet, Value
from vcsportal.common.words import Invalid

BETWEEN: Final = "; "
"""What a list of texts has between them in one cell."""


def is_json(data: bytes) -> bool:
    """Say whether a file begins as JSON does. No table of a spreadsheet program begins so."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"[", b"{"}


def read_json(data: bytes, limits: ReadingLimits) -> tuple[Sheet, ...]:
    """Return the one sheet of a list of objects. Its headings, the names of their members, are row 0, and the first object is row 1.

    A list of texts is one cell with semicolons between them, as people write several in one cell; null is an empty cell.

    :raises Invalid: it is no such list, or has more than is read.
    """
    items = _items(data, limits.shown)
    sheet, columns = SheetRead("Items", limits), dict[str, int]()
    for number, item in enumerate(items, start=1):
        cells = []
        for name, value in item.items():
            column = columns.setdefault(name, len(columns) + 1)
            cells.append(sheet.cell(number, column, _value(value, name, number, limits.shown)))
        sheet.add(number, [cell for cell in cells if cell is not None])
    headings = (sheet.cell(0, column, name) for name, column in columns.items())
    sheet.add(0, [cell for cell in headings if cell is not None])
    return (replace(sheet.done(), name=ITEMS),)


def _items(data: bytes, shown: str) -> list[dict[str, Any]]:
    try:
        read = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except RecursionError:
        raise Damaged from None
    except json.JSONDecodeError as error:
        sentence = f"“{shown}” is not JSON: there is something wrong in line {error.lineno}, character {error.colno}."
        raise Invalid(sentence, field="file") from None
    except ValueError:
        raise Invalid(f"“{shown}” is not JSON in UTF-8.", field="file") from None
    if not isinstance(read, list) or not all(isinstance(item, dict) for item in read):
        raise Invalid(f"“{shown}” is not a list of objects. Write one object for each row.", field="file")
    return read


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _value(value: Any, name: str, number: int, shown: str) -> Value:
    if value is None or isinstance(value, str | bool):
        return value
    try:
        if isinstance(value, int | float):
            return decimal_of(float(value))
    except (OverflowError, ValueError):
        raise Invalid(
            f"The number of “{name[:60]}” in item {number} of “{shown}” is too large.", field="file"
        ) from None
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return BETWEEN.join(value)
    sentence = f"“{name[:60]}” in item {number} of “{shown}” is neither a text, a number, true, false, null nor a list of texts."
    raise Invalid(sentence, field="file")
