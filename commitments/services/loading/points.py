"""Writes the points of a strategy's file: what was said or decided at an occasion, as its source has it.

They are published, since the file quotes what is public already. What people changed in the portal stays as it is, and
words that were taken down or erased there are never brought back.
"""

from datetime import datetime, time
from typing import Any

from django.utils import timezone

from commitments.models import Commitment, Engagement, HistoryEntry, Point, Strategy
from commitments.services.loading.closing import LoadOutcome
from commitments.services.loading.commitments import plain_values
from commitments.strategy_file.engagement import EngagementEntry, PointEntry
from partners.models import User


def commitments_by_name(strategy: Strategy) -> dict[str, Commitment]:
    """Return a strategy's commitments by their keys and by their references of now. One query."""
    found = list(Commitment.objects.filter(strategy=strategy).select_related("strategy").order_by("id"))
    return {row.key: row for row in found} | {row.reference: row for row in found}


def load_points(
    *, by: User | None, at: datetime, engagement: Engagement, entry: EngagementEntry, done: LoadOutcome
) -> None:
    """Bring the points of one occasion in step with the file; its words say which is which. Doing it twice changes nothing.

    :param done: gathers changes, notes and faults.
    """
    known = {point.words: point for point in engagement.points.order_by("-id") if point.words}
    gone = engagement.points.filter(erased_at__isnull=False).exclude(source="").exists()
    named = commitments_by_name(engagement.strategy) if engagement.strategy else {}
    left_out = False
    for point in entry.points:
        if not _fits(point, entry, named, timezone.localdate(at), done):
            continue
        there, values = known.get(point.words), _values(point, entry, named)
        if there is None and gone:
            left_out = True
            continue
        if there is None:
            _add(by, at, engagement, point.words, values)
            done.changes.append(f"Added {_noun(point)} of “{entry.title}”.")
        elif changed := {name: now for name, now in values.items() if getattr(there, name) != now}:
            if there.history.exclude(act="amend").exists():
                done.notes.append(
                    f"People have changed {_noun(point)} of “{entry.title}”, so it stays as it is in the portal."
                )
            else:
                _amend(by, at, there, changed)
                done.changes.append(f"Amended {_noun(point)} of “{entry.title}”: {', '.join(changed)}.")
    if left_out:
        done.notes.append(
            f"Words of “{entry.title}” were taken down and erased in the portal, so no further point of it is added. "
            "Remove them from the file."
        )


def _noun(entry: PointEntry) -> str:
    return f"a {Point(kind=entry.kind).kind_of.noun}"


def _fits(
    point: PointEntry, entry: EngagementEntry, named: dict[str, Commitment], today: Any, done: LoadOutcome
) -> bool:
    """Whether it can be written; a fault for each thing that is wrong."""
    before = len(done.faults)
    if point.commitment and point.commitment not in named:
        done.faults.append(point.fault("commitment", f"There is no commitment “{point.commitment}” in this strategy."))
    if (point.raised_on or entry.starts_on) > today:
        done.faults.append(point.fault("raised_on", "is in the future. What was said or decided has taken place."))
    for name in ("answered_on", "done_on"):
        day = getattr(point, name)
        if day is not None and day > today:
            done.faults.append(point.fault(name, "is in the future."))
    return len(done.faults) == before


def _values(point: PointEntry, entry: EngagementEntry, named: dict[str, Commitment]) -> dict[str, Any]:
    commitment = named[point.commitment] if point.commitment else None
    answered = timezone.make_aware(datetime.combine(point.answered_on, time(12))) if point.answered_on else None
    return {
        "kind": point.kind,
        "raised_on": point.raised_on or entry.starts_on,
        "raised_by_words": point.raised_by,
        "owner_words": point.owner,
        "due_on": point.due_on,
        "stance": point.stance,
        "response": point.response,
        "responded_at": answered,
        "done_on": point.done_on,
        "source": point.source or entry.source,
        "state": "done" if point.done_on else "answered" if point.stance else "raised",
        "commitment_id": commitment.pk if commitment else None,
    }


def _add(by: User | None, at: datetime, engagement: Engagement, words: str, values: dict[str, Any]) -> None:
    point = Point.objects.create(
        engagement=engagement, strategy=engagement.strategy, group=engagement.group, raised_at=at, words=words,
        public_words=words, published_at=at, published_by=by, **values,
    )  # fmt: skip
    HistoryEntry.objects.create(at=at, by=by, act="amend", point=point, to_state=point.state)


def _amend(by: User | None, at: datetime, point: Point, changed: dict[str, Any]) -> None:
    """Change a point. Of who raised it, the history says only that it changed: the words may name somebody."""
    was, before = {name: getattr(point, name) for name in changed}, point.state
    for name, now in changed.items():
        setattr(point, name, now)
    point.version += 1
    point.save()
    said: dict[str, Any] = {"was": plain_values(was), "now": plain_values(changed)}
    if "raised_by_words" in changed:
        del said["was"]["raised_by_words"], said["now"]["raised_by_words"]
        said["changed"] = ["raised_by_words"]
    HistoryEntry.objects.create(
        at=at, by=by, act="amend", point=point, from_state=before, to_state=point.state, said=said
    )
