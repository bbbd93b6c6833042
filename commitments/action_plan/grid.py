"""The cells of one sheet, with the place of each, as the rest of this package reads them and as an upload keeps them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

UNREAD: Final = "unread"
CellValue = str | Decimal | date | bool | None


@dataclass(frozen=True, slots=True)
class PlanCell:
    """One cell that is not empty. ``row`` and ``column`` count from 1; ``place`` is such as “Plan!B7”.

    ``spread`` says that the value is another cell’s, which is merged with this one. ``unread`` is what the cell shows where it has
    no value: an error such as “#REF!”, or that its formula has no saved result. Its warnings say what to do about it.
    """

    row: int
    column: int
    value: CellValue
    place: str
    warnings: tuple[str, ...] = ()
    spread: bool = False
    unread: str = ""

    @property
    def text(self) -> str:
        """What the cell says, on one line, numbers without needless zeros and days as 12/03/2026."""
        if self.value is None:
            return ""
        if isinstance(self.value, bool):
            return "Yes" if self.value else "No"
        if isinstance(self.value, date):
            return f"{self.value:%d/%m/%Y}"
        if isinstance(self.value, Decimal):
            said = format(self.value, "f")
            return said.rstrip("0").rstrip(".") if "." in said else said
        return " ".join(self.value.split())

    @property
    def lines(self) -> str:
        """The same with the lines of a text kept."""
        if not isinstance(self.value, str):
            return self.text
        return "\n".join(line for line in (" ".join(part.split()) for part in self.value.splitlines()) if line)


PlanRowCells = dict[int, PlanCell]
"""The cells of a row that say something, by their column."""


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """A sheet: its name and the rows that say something, by their number."""

    name: str
    rows: dict[int, PlanRowCells]
    warnings: tuple[str, ...] = ()


def sheet_of(name: str, cells: Iterable[PlanCell], warnings: Iterable[str] = ()) -> PlanSheet:
    """Return the sheet that these cells make; cells that say nothing are left out."""
    rows: dict[int, PlanRowCells] = {}
    for cell in cells:
        if cell.text or cell.unread:
            rows.setdefault(cell.row, {})[cell.column] = cell
    return PlanSheet(name, dict(sorted(rows.items())), tuple(warnings))


def as_json(sheet: PlanSheet) -> dict[str, Any]:
    """Return the sheet as plain values that JSON can hold; :func:`from_json` reads them."""
    cells = [
        [cell.row, cell.column, *_plain(cell), cell.place, list(cell.warnings), cell.spread]
        for row in sheet.rows.values()
        for cell in row.values()
    ]
    return {"name": sheet.name, "cells": cells, "warnings": list(sheet.warnings)}


def from_json(kept: dict[str, Any]) -> PlanSheet:
    """Return the sheet that :func:`as_json` wrote."""
    cells = (
        PlanCell(
            row, column, _value(kind, value), place, tuple(warnings), spread, unread=value if kind == UNREAD else ""
        )
        for row, column, kind, value, place, warnings, spread in kept["cells"]
    )
    return sheet_of(kept["name"], cells, kept["warnings"])


def _plain(cell: PlanCell) -> tuple[str, Any]:
    value = cell.value
    if cell.unread:
        return UNREAD, cell.unread
    if isinstance(value, bool):
        return "flag", value
    if isinstance(value, Decimal):
        return "number", str(value)
    if isinstance(value, date):
        return "day", value.isoformat()
    return "text", value


def _value(kind: str, value: Any) -> CellValue:
    if kind == "number":
        return Decimal(value)
    if kind == "day":
        return date.fromisoformat(value)
    if kind == UNREAD:
        return None
    return value  # type: ignore[no-any-return]  # a text or a flag, as it was written
