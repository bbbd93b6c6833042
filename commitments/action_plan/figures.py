"""Baselines and targets: a number with its unit, or words."""

import re
from dataclasses import dataclass
from decimal import Decimal

from commitments.action_plan.grid import PlanCell
from commitments.rules.indicators import check_number, read_number
from vcsportal.common.words import Refused

_WITH_UNIT = re.compile(r"([£€$]?\s?[\d.,\s\u00a0]*\d)\s?(%|[A-Za-z][A-Za-z -]{0,40})?")


@dataclass(frozen=True, slots=True)
class PlanFigure:
    """A number and its unit, "" where none is written."""

    value: Decimal
    unit: str = ""


def read_figure(cell: PlanCell) -> PlanFigure | None:
    """Return the number in a cell; None for words. “12,5” is twelve and a half, “1,200” is one thousand two hundred."""
    try:
        if isinstance(cell.value, Decimal):
            return PlanFigure(check_number(cell.value.quantize(Decimal("0.0001"))))
        if not isinstance(cell.value, str) or not (found := _WITH_UNIT.fullmatch(cell.text)):
            return None
        number, word = found[1].strip(), (found[2] or "").strip()
        unit = "£" if number.startswith("£") else word
        return PlanFigure(check_number(read_number(number)), unit)
    except (Refused, ArithmeticError):
        return None
