"""What *My tasks* asks of the people who answer points. It comes with another question of that page."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse

from commitments.models import Point
from commitments.reading.points import LATE_DAYS
from commitments.rules.engagement_kinds import DECISION, POINT_KIND
from partners.models import User
from vcsportal.common.dates import in_words

MAX_SHOWN: Final = 20
POINT_COLUMNS: Final = {"pk": "pk", "kind": "kind", "raised_on": "raised_on", "due_on": "due_on", "owner": "owner_id"}
"""What :func:`point_tasks` needs of each."""


def points_to_answer(person: User, today: date) -> QuerySet[Point]:
    """Return what was raised first on top: what the person owns and is due or has waited for 30 days, and what nobody owns."""
    waited = Q(raised_on__lte=today - timedelta(days=LATE_DAYS)) & ~Q(kind=DECISION)
    own = Q(owner=person) & (waited | Q(due_on__lte=today))
    nobodys = (Q(owner__isnull=True, owner_words="") | Q(owner__is_active=False)) & ~Q(kind=DECISION)
    waiting = Point.objects.handled_by(person, today).unfinished().filter(own | nobodys, state="raised")
    return waiting.oldest_first()[:MAX_SHOWN]


def point_tasks(rows: Iterable[Mapping[str, Any]], today: date) -> list[dict[str, Any]]:
    """Return the tasks of points.

    :param rows: dictionaries of :data:`POINT_COLUMNS`, with days as the database's JSON has them.
    """
    return [_task(row, today) for row in rows]


def _task(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    raised = date.fromisoformat(row["raised_on"])
    due = date.fromisoformat(row["due_on"]) if row["due_on"] else None
    hint = f"Raised on {in_words(raised)}."
    overdue = due is not None and due < today
    if due is not None:
        hint += f" {'It was due' if overdue else 'Due'} on {in_words(due)}."
    waited = row["kind"] != DECISION and (today - raised).days >= LATE_DAYS
    word = "Needs an owner" if row["owner"] is None else "Late" if overdue or waited else "Due"
    return {
        "title": f"{POINT_KIND[row['kind']].label}, number {row['pk']}",
        "url": reverse("commitments:point", args=[row["pk"]]),
        "hint": hint,
        "word": word,
    }
