"""What changed: between any two days, from the history; in a yearly report, from the standings of its rounds.

A report must not contradict itself, so :func:`since_last_year` compares what the report says about its round and about
the round before. :func:`between` reads the history, which knows the day of every change.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any, Final

from django.db import models
from django.utils import timezone

from commitments.models import Commitment, HistoryEntry, Strategy
from commitments.rules import stances
from reporting.assembly.actions import read_steps, steps
from reporting.assembly.grouping import grouped
from reporting.assembly.participation import newcomers, organisations
from reporting.assembly.partnership_changes import partnership_changes
from reporting.assembly.responses import of_strategy, responded
from reporting.assembly.revisions import added, measured, renumbered
from reporting.facts import (
    AmendedFacts,
    ChangesFacts,
    CommitmentFacts,
    DoneFacts,
    MovedFacts,
    RespondedFacts,
    SlippedFacts,
)

ENTRIES: Final = (
    "id", "commitment_id", "commitment__key", "commitment__reference", "commitment__short_title", "act", "at", "from_state",
    "to_state", "reason", "said",
)  # fmt: skip


def between(strategy: Strategy, *, since: date, until: date, as_at: date | None = None) -> ChangesFacts:
    """Return what changed after ``since`` and up to ``until``, in six queries however much it is,
    and two more where commitments are addressed to somebody.

    A commitment had no update (``silent``) if in that time none of its updates was approved and its status did not
    change; one that its owner had not accepted by the end of it needed none. An action becomes late on the day after the one on which it was due: so it is late between two days once,
    and never on its due date.

    :param as_at: the day up to which is said what became of late actions, not before ``until``.
    """
    as_at = as_at or until
    commitments: list[Any] = list(
        Commitment.objects.filter(strategy=strategy)
        .select_related("merged_into")
        .in_order()
        .annotate(steps=steps())
        .defer("wording")
    )
    commitments = [commitment for commitment in commitments if commitment.was_there(until)]
    addressed = of_strategy(strategy, commitments)
    told = grouped((entry["commitment_id"], entry) for entry in _entries(strategy, end_of(since), end_of(until)))
    spoken = {commitment.pk for commitment in commitments if _acts(told[commitment.pk], "approve")}
    moved = [
        change for commitment in commitments if (change := _moved(commitment, _acts(told[commitment.pk], "status")))
    ]
    acted = spoken | {commitment.pk for commitment in commitments if _acts(told[commitment.pk], "status")}
    slipped, overdue, done = [], [], []
    for commitment in commitments:
        for step in read_steps(commitment.steps):
            then, now = step.on(until), step.on(as_at)
            if then.due_on is not None and then.was_late(until):
                late = SlippedFacts(
                    commitment.reference, then.title, then.due_on, then.done_on,
                    done_since=None if then.done_on else now.done_on, dropped_since=now.dropped_on,
                )  # fmt: skip
                if then.due_on >= since:
                    slipped.append(late)
                elif then.is_open:
                    overdue.append(late)
            if then.done_on is not None and then.done_on > since:
                done.append(DoneFacts(commitment.reference, then.title, then.due_on, then.done_on))
    taking_part = organisations(strategy, since, until)
    met = partnership_changes(strategy, since=since, until=until)
    return ChangesFacts(
        since,
        until,
        moved=tuple(moved),
        silent=tuple(
            commitment.reference
            for commitment in commitments
            if commitment.pk not in acted
            and commitment.was_there(since)
            and not stances.holds_back(addressed.owners_by(commitment.pk, end_of(until)))
            and not _ended(commitment, told[commitment.pk])
        ),
        slipped=tuple(slipped),
        overdue=tuple(overdue),
        as_at=as_at,
        partners=newcomers(taking_part, since, until),
        amended=tuple(_amended(commitments, told)),
        added=added(chain.from_iterable(told.values())),
        renumbered=renumbered(
            (commitment.reference, commitment.short_title, told[commitment.pk]) for commitment in commitments
        ),
        measured=measured(
            (commitment.reference, commitment.short_title, told[commitment.pk]) for commitment in commitments
        ),
        done=tuple(done),
        responded=responded(addressed, commitments, after=end_of(since), until=end_of(until)),
        commitments=len(commitments),
        spoken=len(spoken),
        pieces=taking_part[0].items_in_all if taking_part else 0,
        organisations=sum(organisation.came_in for organisation in taking_part),
        owner=next(
            (organisation.name for organisation in taking_part if organisation.is_owner and organisation.came_in), ""
        ),
        seats=met.seats,
        groups=met.groups,
        answered=met.answered,
        decided=met.decided,
        carried_out=met.carried_out,
        risks=met.risks,
    )


def since_last_year(
    strategy: Strategy,
    *,
    since: date,
    until: date,
    against: str,
    told: Sequence[CommitmentFacts],
    frozen: tuple[datetime, datetime],
    joined: tuple[date, date],
    made: date,
    responses: tuple[RespondedFacts, ...] = (),
) -> ChangesFacts:
    """Return how a round differs from the round before, comparing the report's own facts. Five queries.

    Statuses and silence are those of the two rounds' standings; actions, first evidence, seats, answers to points and
    decisions are those of the period that the round observes. Wordings, numbers and organisations belong to no round: they are included if they changed, or joined, after
    the round before was frozen and before this one was, to the moment, so that each change is in exactly one report.

    :param against: the round before; ``since`` is the last day that it observes.
    :param told: the report's commitments.
    :param frozen: the moments at which the round before and this one were frozen; the moment of making for one that runs.
    :param joined: an organisation is new if it joined after the first day and up to the second: see
        :mod:`reporting.assembly.participation`.
    :param responses: those that were published between the two moments.
    :param made: the day on which the report is made: what happened to actions after the period is included up to that day.
    """
    entries = grouped((entry["commitment__key"], entry) for entry in _entries(strategy, *frozen))
    moved = []
    for commitment in told:
        before, now = commitment.years[-2], commitment.years[-1].status
        if now and before.status != now and (before.was_there or now == "closed"):
            day = commitment.updated_on or commitment.closed_on
            moved.append(
                MovedFacts(
                    commitment.reference,
                    commitment.short_title,
                    before.status,
                    now,
                    commitment.reason,
                    day,
                    into=commitment.closed_into,
                )
            )
    actions = [(commitment.reference, action) for commitment in told for action in commitment.actions]
    late = [
        SlippedFacts(reference, a.title, a.due_on, a.done_on, a.done_since, a.dropped_since)
        for reference, a in actions
        if a.slipped and a.due_on is not None
    ]
    met = partnership_changes(strategy, since=since, until=until)
    return ChangesFacts(
        since,
        until,
        moved=tuple(moved),
        silent=tuple(commitment.reference for commitment in told if commitment.is_silent),
        slipped=tuple(action for action in late if action.due_on > since),
        overdue=tuple(action for action in late if action.due_on <= since and action.done_on is None),
        as_at=made,
        partners=newcomers(organisations(strategy, *joined), *joined),
        amended=tuple(
            change
            for commitment in told
            for change in _amendment(commitment.reference, _acts(entries[commitment.key], "amend"))
        ),
        added=added(chain.from_iterable(entries.values())),
        renumbered=renumbered(
            (commitment.reference, commitment.short_title, entries[commitment.key]) for commitment in told
        ),
        measured=measured(
            (commitment.reference, commitment.short_title, entries[commitment.key]) for commitment in told
        ),
        done=tuple(
            DoneFacts(reference, action.title, action.due_on, action.done_on)
            for reference, action in actions
            if action.done_on is not None and action.done_on > since
        ),
        against=against,
        responded=responses,
        commitments=len(told),
        spoken=sum(commitment.has_update for commitment in told),
        seats=met.seats,
        groups=met.groups,
        answered=met.answered,
        decided=met.decided,
        carried_out=met.carried_out,
        risks=met.risks,
    )


def _entries(strategy: Strategy, after: datetime, end: datetime) -> Iterable[dict[str, Any]]:
    """Yield what happened to commitments after a moment and up to another."""
    approved = models.Q(act="approve", update__state="published")
    acts = models.Q(act__in=["status", "amend", "add", "renumber", "measure"])
    entries = HistoryEntry.objects.filter(acts | approved, commitment__strategy=strategy, at__gt=after, at__lte=end)
    yield from entries.order_by("at", "id").values(*ENTRIES)


def _acts(entries: Iterable[dict[str, Any]], act: str) -> list[dict[str, Any]]:
    return [entry for entry in entries if entry["act"] == act]


def _moved(commitment: Commitment, entries: Sequence[dict[str, Any]]) -> MovedFacts | None:
    if not entries:
        return None
    last = entries[-1]
    return MovedFacts(
        commitment.reference, commitment.short_title, entries[0]["from_state"], last["to_state"], last["reason"],
        timezone.localdate(last["at"]), tuple(entry["to_state"] for entry in entries[:-1]),
        into=_into(commitment, last),
    )  # fmt: skip


def _ended(commitment: Commitment, entries: Sequence[dict[str, Any]]) -> bool:
    """Whether no more updates are expected: it was closed before this time."""
    return commitment.status == "closed" and not _acts(entries, "status")


def _amended(commitments: Iterable[Commitment], told: dict[int, list[dict[str, Any]]]) -> Iterable[AmendedFacts]:
    for commitment in commitments:
        yield from _amendment(commitment.reference, _acts(told[commitment.pk], "amend"))


def _amendment(reference: str, entries: Iterable[dict[str, Any]]) -> Iterable[AmendedFacts]:
    """Yield the wording before the first change and after the last, unless the two are the same."""
    worded = [entry for entry in entries if "wording" in entry["said"].get("now", {})]
    if worded:
        was, now = worded[0]["said"]["was"]["wording"], worded[-1]["said"]["now"]["wording"]
        if was != now:
            yield AmendedFacts(reference, was, now, timezone.localdate(worded[-1]["at"]))


def _into(commitment: Commitment, last: dict[str, Any]) -> str:
    """Return the reference of what a commitment was merged into, if its last change closed it so."""
    merged = commitment.merged_into
    return merged.reference if merged and last["to_state"] == "closed" and commitment.status == "closed" else ""


def end_of(day: date) -> datetime:
    """Return the last moment of a day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - datetime.resolution
