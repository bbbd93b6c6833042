"""Points as pages show them: the queue, one point with its history, and what everyone reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.urls import reverse

from commitments.models import HistoryEntry, Point
from commitments.rules import stances
from vcsportal.common.dates import in_words

POINTS_ON_A_PAGE: Final = 20
LATE_DAYS: Final = 30
"""Days after which a point without an answer is late: it is among the tasks of whoever has to answer it."""
ACT_WORDS: Final = {
    "amend": "Written from the strategy’s file",
    "point_record": "Recorded",
    "point_assign": "Owner or due date changed",
    "point_direct": "Passed on",
    "point_publish": "Published",
    "point_take_down": "Taken down",
    "point_answer": "Answered",
    "point_done": "Marked as done",
    "point_close": "Closed",
    "point_reopen": "Reopened",
}


@dataclass(frozen=True, slots=True)
class PointRow:
    """One line of the queue: the point, the first of its words, how long it has waited, and whether that is too long."""

    point: Point
    excerpt: str
    days: int
    late: bool


def rows(points: Iterable[Point], today: date) -> list[PointRow]:
    """Return the lines of the queue."""
    return [PointRow(point, _excerpt(point), (today - point.raised_on).days, is_late(point, today)) for point in points]


def _excerpt(point: Point) -> str:
    words = " ".join((point.words or point.public_words).split())
    return words if len(words) <= 160 else f"{words[:159].rstrip()}…"


def is_late(point: Point, today: date) -> bool:
    """Whether nobody has answered it for 30 days, or its due date has passed."""
    if not point.is_waiting:
        return False
    overdue = point.due_on is not None and point.due_on < today
    return overdue or (not point.is_decision and (today - point.raised_on).days >= LATE_DAYS)


def history(point: Point) -> list[dict[str, Any]]:
    """Return what was done to a point, latest first, for the timeline. One query."""
    entries: list[HistoryEntry] = list(point.history.select_related("by").order_by("-at", "-id")[:100])
    return [
        {
            "at": entry.at,
            "by": entry.by.name if entry.by else "",
            "text": ACT_WORDS.get(entry.act, entry.act),
            "detail": _detail(entry),
        }
        for entry in entries
    ]


def _detail(entry: HistoryEntry) -> str:
    if entry.act == "point_answer":
        return str(entry.said.get("response", ""))
    if entry.act in {"point_assign", "point_direct"}:
        now = entry.said.get("now", {})
        return ", ".join(str(value) for value in now.values() if value)
    return entry.reason


def public_points(today: date) -> QuerySet[Point]:
    """Return what everyone sees: the published ones, and those that nobody has answered for 60 days, without words."""
    silent = Point.objects.silent(today).values("pk")
    shown = Q(published_at__isnull=False, taken_down_at__isnull=True) | Q(pk__in=silent)
    return Point.objects.filter(shown).exclude(is_spam=True)


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One line of “You said, we did”: where it belongs, the point, for how many days it waits, when and who, and what it
    says where nothing was done.
    """

    place: str
    point: Point
    days: int
    meta: str
    undone: str


def said(point: Point, today: date) -> SaidLine:
    """Return a point as everyone reads it. Who raised it shows only where its words do."""
    engagement = point.engagement
    place = f"{engagement.title}, {engagement.when}" if engagement else point.kind_of.label
    who = (point.raised_by.name if point.raised_by else point.raised_by_words) if point.is_published else ""
    meta = [in_words(point.raised_on), who, point.district.name if point.district else ""]
    if point.is_decision:
        undone = f"Due on {in_words(point.due_on)}." if point.due_on else "Nothing recorded yet."
    elif point.is_answered and point.stance == stances.NO.code:
        undone = "It will not be done."
    elif point.is_answered and point.stance == stances.NOTED.code:
        undone = "Nothing was decided."
    else:
        undone = "Nothing recorded yet."
    return SaidLine(place, point, (today - point.raised_on).days, ", ".join(filter(None, meta)), undone)


def in_public_order(points: QuerySet[Point]) -> QuerySet[Point]:
    """Return points in the order of “You said, we did”: those of an engagement together, the one held last first."""
    held = F("engagement__starts_on").desc(nulls_last=True)
    alone = Case(When(engagement__isnull=True, then="kind"), default=Value(""))
    return points.order_by(held, "engagement", alone, "-raised_on", "id")


def addresses_of_points(today: date) -> dict[int, str]:
    """Return where everyone reads each public point: the page of “You said, we did” that has it. One query."""
    keys = in_public_order(public_points(today)).values_list("pk", flat=True)
    list_address = reverse("commitments:you-said")
    return {key: f"{list_address}?page={place // POINTS_ON_A_PAGE + 1}#point-{key}" for place, key in enumerate(keys)}
