"""How long forms really take: the median of what was measured, as an average would be spoilt by one long lunch."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Final

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from commitments.models import TimeTaken
from vcsportal.common import plurals
from vcsportal.common.prepared_queries import PreparedQuery

LAST_FORMS: Final = 200
"""How many of the newest measurements are looked at."""
MIN_FORMS: Final = 5
"""With fewer measurements than this, the estimate below is used instead."""
GUESSED_MINUTES: Final = {"update": 5, "confirm": 1, "evidence": 4, "view": 3, "value": 2}
"""Minutes that a form is said to take until enough is measured."""


@dataclass(frozen=True, slots=True)
class FormTime:
    """What one form takes. ``seconds`` is None until enough is measured."""

    form: str
    measured: int
    seconds: int | None

    @property
    def minutes(self) -> float:
        """Minutes, measured or guessed."""
        return GUESSED_MINUTES[self.form] if self.seconds is None else self.seconds / 60

    @property
    def in_words(self) -> str:
        """``4 minutes``, or ``less than a minute``."""
        return long(self.minutes)


def long(minutes: float) -> str:
    """Return how long something takes, as people say it: ``12 minutes``, ``1½ hours``."""
    whole = round(minutes)
    halves = round(whole / 30)
    if minutes < 0.75:
        return "less than a minute"
    if whole < 60:
        return plurals.counted(whole, "minute")
    return "1 hour" if halves == 2 else f"{halves // 2}{'½' if halves % 2 else ''} hours"


def about(minutes: float) -> str:
    """Return it inside a sentence: ``about 12 minutes``, ``less than a minute``."""
    words = long(minutes)
    return words if words.startswith("less") else f"about {words}"


def _newest(forms: list[str]) -> QuerySet[TimeTaken, tuple[str, int]]:
    number = Window(RowNumber(), partition_by=F("form"), order_by=F("id").desc())
    newest = TimeTaken.objects.filter(form__in=forms).annotate(number=number).filter(number__lte=LAST_FORMS)
    return newest.values_list("form", "seconds")


_NEWEST: Final = PreparedQuery(_newest)


def of(forms: Iterable[str] = tuple(GUESSED_MINUTES)) -> dict[str, FormTime]:
    """Return the pace of each form, in one query."""
    forms = list(forms)
    seconds: dict[str, list[int]] = {form: [] for form in forms}
    for form, taken in _NEWEST(forms=forms):
        seconds[form].append(taken)
    return {
        form: FormTime(form, len(found), round(median(found)) if len(found) >= MIN_FORMS else None)
        for form, found in seconds.items()
    }
