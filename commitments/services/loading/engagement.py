"""Writes the engagement of a strategy's file. What people have changed in the portal stays as it is."""

from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from commitments.models import Engagement, HistoryEntry, Strategy
from commitments.services.loading.closing import LoadOutcome
from commitments.services.loading.commitments import plain_values
from commitments.services.loading.points import commitments_by_name, load_points
from commitments.strategy_file.engagement import EngagementEntry
from partners.models import User

FIELDS: Final = (
    "kind", "ends_on", "month_only", "place", "question", "method", "people_attended", "people_asked", "people_answered",
    "summary", "source",
)  # fmt: skip


def load_engagement(
    *, by: User | None, at: datetime, strategy: Strategy, entries: tuple[EngagementEntry, ...], done: LoadOutcome
) -> None:
    """Bring a strategy's engagement in step with the file. Doing it twice changes nothing.

    Title and first day say which is which. With a summary it is written up. What people have planned or changed in the
    portal is left as it is, with a note; so is what the file does not name.

    :param done: gathers changes, notes and faults.
    """
    if not entries:
        return
    moved = HistoryEntry.objects.filter(act="engagement_edit", said__moved__from__strategy=strategy.slug)
    ours = Q(strategy=strategy) | Q(pk__in=moved.values("engagement"))  # people may have made it another's since
    known = {(row.title, row.starts_on): row for row in Engagement.objects.filter(ours).order_by("id")}
    for entry in entries:
        if entry.summary and entry.starts_on > timezone.localdate(at):
            done.faults.append(entry.fault("summary", "is given, although it has not begun yet."))
            continue
        row = known.get((entry.title, entry.starts_on))
        if row is None:
            row = _add(by, at, strategy, entry)
            done.changes.append(f"Added the {_noun(entry)} “{entry.title}”.")
            row.commitments.set(_about(strategy, entry, done))
        elif row.history.exclude(act="amend").exists():
            other = entry.commitments is not None and _keys(row) != _about(strategy, entry, done)
            if other or any(getattr(row, name) != getattr(entry, name) for name in FIELDS):
                done.notes.append(f"People have changed “{entry.title}” in the portal, so it stays as it is there.")
        else:
            _amend(by, at, row, entry, done)
            _tie(by, at, row, strategy, entry, done)
        if entry.points and row.strategy_id == strategy.pk:
            load_points(by=by, at=at, engagement=row, entry=entry, done=done)


def _noun(entry: EngagementEntry) -> str:
    return Engagement(kind=entry.kind).kind_of.noun


def _account(by: User | None, at: datetime, entry: EngagementEntry) -> dict[str, Any]:
    """Return the state that goes with having a summary or none."""
    if not entry.summary:
        return {"state": "planned", "written_up_at": None, "written_up_by": None}
    return {"state": "written_up", "written_up_at": at, "written_up_by": by}


def _about(strategy: Strategy, entry: EngagementEntry, done: LoadOutcome) -> set[int]:
    """Return the keys of the commitments that an entry names; a fault for each that there is none of."""
    if not entry.commitments:
        return set()
    named = commitments_by_name(strategy)
    for name in entry.commitments:
        if name not in named:
            done.faults.append(entry.fault("commitments", f"There is no commitment “{name}” in this strategy."))
    return {named[name].pk for name in entry.commitments if name in named}


def _keys(row: Engagement) -> set[int]:
    return set(row.commitments.values_list("pk", flat=True))


def _tie(
    by: User | None, at: datetime, row: Engagement, strategy: Strategy, entry: EngagementEntry, done: LoadOutcome
) -> None:
    """Let it be about what the file names; a file that names nothing leaves what is there."""
    if entry.commitments is None:
        return
    was, now = _keys(row), _about(strategy, entry, done)
    if was == now:
        return
    row.commitments.set(now)
    done.changes.append(f"Amended “{entry.title}”, commitments: {', '.join(entry.commitments) or 'none'}.")
    said = {"now": {"commitments": list(entry.commitments)}}
    HistoryEntry.objects.create(
        at=at, by=by, act="amend", engagement=row, from_state=row.state, to_state=row.state, said=said
    )


def _add(by: User | None, at: datetime, strategy: Strategy, entry: EngagementEntry) -> Engagement:
    values = {name: getattr(entry, name) for name in FIELDS}
    return Engagement.objects.create(
        strategy=strategy, title=entry.title, starts_on=entry.starts_on, **values, **_account(by, at, entry)
    )


def _amend(by: User | None, at: datetime, row: Engagement, entry: EngagementEntry, done: LoadOutcome) -> None:
    was = {name: getattr(row, name) for name in FIELDS if getattr(row, name) != getattr(entry, name)}
    if not was:
        return
    now, before = {name: getattr(entry, name) for name in was}, row.state
    for name, value in now.items():
        setattr(row, name, value)
        done.changes.append(f"Amended “{entry.title}”, {name}: “{was[name] or ''}” becomes “{value or ''}”.")
    if bool(entry.summary) != row.is_written_up:
        for name, value in _account(by, at, entry).items():
            setattr(row, name, value)
    row.version += 1
    row.save()
    said = {"was": plain_values(was), "now": plain_values(now)}
    HistoryEntry.objects.create(
        at=at, by=by, act="amend", engagement=row, from_state=before, to_state=row.state, said=said
    )
