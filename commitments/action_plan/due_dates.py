"""Due dates as action plans write them. What names no day is kept in its words."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from commitments.action_plan.grid import PlanCell
from commitments.action_plan.periods import quarter_in, year_in
from commitments.rules.plan_limits import EARLIEST_DAY, LATEST_DAY
from vcsportal.common.dates import MONTHS, in_words, read_day, read_whole_day

ONGOING: Final = frozenset(
    {"ongoing", "on-going", "on going", "continuous", "continuing", "rolling", "business as usual", "bau", "throughout"}
)
_BEFORE = re.compile(
    r"^(?:by|before|due|end of|by end of|by the end of|end)\s+(?:the\s+)?(?:end of\s+)?", re.IGNORECASE
)
_MONTH = re.compile(r"([a-z]{3,9})\.?([\s,'’-]*)(\d{4}|\d{2})", re.IGNORECASE)
_YEAR_ALONE = re.compile(r"20\d{2}|(?:20)?\d{2}\s?[/–-]\s?(?:20)?\d{2}")
_LEAP_YEAR: Final = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due: a day, or that it has no end, or ``words`` that name no day.

    ``warning`` says how the words were understood where that is not plain; "" where it is.
    """

    day: date | None = None
    ongoing: bool = False
    words: str = ""
    warning: str = ""


def read_due(cell: PlanCell) -> Due:
    """Return what a cell of the column of due dates means. A month, a quarter and a year mean their last day."""
    if isinstance(cell.value, date):
        return _checked(cell.value, cell.text, "")
    said = cell.text
    plain = said.casefold().strip(" .")
    if plain in ONGOING or plain.startswith(("ongoing", "on-going")):
        return Due(ongoing=True)
    bare = _BEFORE.sub("", plain)
    try:
        return _checked(read_whole_day(bare), said, "")
    except ValueError:
        pass
    if not _may_lack_year(bare) and (last := _period_end(bare)) is not None:
        return _checked(last, said, f"“{said}” is read as {in_words(last)}.")
    return Due(words=said, warning=f"“{said}” does not give a date, so it is kept in words and no due date is set.")


def _checked(day: date, said: str, warning: str) -> Due:
    if not max(EARLIEST_DAY, date(1990, 1, 1)) <= day <= min(LATEST_DAY, date(2100, 12, 31)):
        return Due(words=said, warning=f"“{said}” is in the year {day.year}, so it is kept in words. Check the year.")
    return Due(day=day, warning=warning)


def _may_lack_year(text: str) -> bool:
    """Whether a text may be a day without its year: "25/11", "11/12" (or 2011–12), "June 30" (or June 2030).

    Plans write "Mar 26" for the month, so two digits after its name are a year from 20 to 29. They are a day where the month ends
    with it.
    """
    try:
        day = read_day(text, _LEAP_YEAR, direction="future")
    except ValueError:
        return False
    found = _MONTH.fullmatch(text)
    if found is None:
        return True
    if found[2].strip():
        return False
    return not 20 <= day.day <= 29 or day.day + 1 >= calendar.monthrange(day.year, day.month)[1]


def _period_end(text: str) -> date | None:
    year, quarter = year_in(text), quarter_in(text)
    if year and quarter:
        return year.quarter_end(quarter)
    if found := _MONTH.fullmatch(text):
        name = found[1].casefold()
        month = next((place for place, word in enumerate(MONTHS, start=1) if word.startswith(name)), 0)
        if name == "sept":
            month = 9
        if month:
            digits = int(found[3])
            full = digits + 2000 if digits < 100 else digits
            return date(full, month, calendar.monthrange(full, month)[1]) if 1 <= full <= 9999 else None
    if year and _YEAR_ALONE.fullmatch(text):
        return year.last_day
    return None
