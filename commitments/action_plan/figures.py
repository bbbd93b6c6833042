"""Baselines and targets: a number with its unit, or words."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from commitments.action_plan.grid import PlanCell
from commitments.rules.indicators import check_number, read_number, say_number
from vcsportal.common.words import Refused

_WITH_UNIT = re.compile(
    r"(?P<number>[-−]?\s?£?\s?-?[\d.,\s\u00a0]*\d)\s?"
    r"(?:(?P<scale>k|m|mn|bn|thousand|million|billion)\b)?\s?(?P<unit>%|[A-Za-z][A-Za-z -]{0,40})?",
    re.IGNORECASE,
)
SCALES: Final = {
    "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanFigure:
    """A number and its unit, "" where none is written. ``warning`` says how it was read where that is not plain."""

    value: Decimal
    unit: str = ""
    warning: str = ""


def read_figure(cell: PlanCell) -> PlanFigure | None:
    """Return the number in a cell; None for words. “12,5” is twelve and a half, “1,200” is one thousand two hundred, and “£1.2m”
    is 1,200,000. “£40 per person” is words: the pound sign alone would not say what is counted.
    """
    try:
        if isinstance(cell.value, Decimal):
            return PlanFigure(check_number(cell.value.quantize(Decimal("0.0001"))))
        if not isinstance(cell.value, str) or not (found := _WITH_UNIT.fullmatch(cell.text)):
            return None
        return _figure(
            found["number"].strip(), (found["scale"] or "").lower(), (found["unit"] or "").strip(), cell.text
        )
    except (Refused, ArithmeticError):
        return None


def _figure(number: str, scale: str, unit: str, said: str) -> PlanFigure | None:
    pounds = "£" in number
    if (pounds and unit) or (scale == "m" and not pounds):  # “40 m” may be metres or miles
        return None
    if pounds:
        unit = "£"
    value = read_number(re.sub(r"^([-−])\s", r"\1", number))
    if not scale:
        return PlanFigure(value, unit)
    value = check_number(value * SCALES[scale])
    return PlanFigure(value, unit, f"“{said}” is read as {say_number(value)}.")
