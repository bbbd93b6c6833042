"""How two reports of a round differ in their groups, their points and their decisions.

Facts of a shape that had none of them say nothing about them: that they are there now is no change.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from reporting.facts import DecisionFacts, GroupFacts, PointFacts, Report
from vcsportal.common import plurals

FIRST_SCHEMA: Final = 5
"""The first version of the facts' shape that had groups, points and decisions."""


def partnership_differences(before: Report, now: Report) -> Iterable[str]:
    """Yield what changed in seats and groups, then in points, then in decisions."""
    if before.schema < FIRST_SCHEMA:
        return
    yield from _groups(before, now)
    yield from _points(before, now)
    yield from _decisions(before, now)


def _groups(before: Report, now: Report) -> Iterable[str]:
    was = {group.slug: group for group in before.groups}
    for group in now.groups:
        if group.slug not in was:
            yield f"{group.name} is a new group"
        elif told := [*_seats(was[group.slug], group), *_standing(was[group.slug], group)]:
            yield f"{group.name}: {plurals.join_with_and(told)}"
    there = {group.slug for group in now.groups}
    yield from (f"{group.name} is left out" for group in before.groups if group.slug not in there)


def _seats(before: GroupFacts, now: GroupFacts) -> Iterable[str]:
    """Yield which seats are held or vacant now and were not so. Seats of one title are compared by their number."""
    held, was_held = _titles(now, held=True), _titles(before, held=True)
    vacant, was_vacant = _titles(now, held=False), _titles(before, held=False)
    for title in dict.fromkeys(seat.title for seat in now.seats):
        if held[title] > was_held[title]:
            yield f"the seat “{title}” was filled"
        elif vacant[title] > was_vacant[title]:
            yield (
                f"the seat “{title}” fell vacant"
                if was_held[title] > held[title]
                else f"the new seat “{title}” is vacant"
            )


def _titles(group: GroupFacts, *, held: bool) -> Counter[str]:
    return Counter(seat.title for seat in group.seats if seat.is_held == held)


def _standing(before: GroupFacts, now: GroupFacts) -> Iterable[str]:
    if now.ended_on is not None:
        if before.ended_on is None:
            yield "it has ended"
    elif (now.rests_since is None) != (before.rests_since is None):
        yield "it meets again" if now.rests_since is None else "it no longer meets"


def _points(before: Report, now: Report) -> Iterable[str]:
    was = {point.id: _told(point) for point in before.points}
    changed = sum(point.id in was and _told(point) != was[point.id] for point in now.points)
    if changed:
        yield f"changed words or answers of {plurals.counted(changed, 'point')}"
    yield from _came_and_went(set(was), {point.id for point in now.points}, "point")


def _told(point: PointFacts) -> tuple[object, ...]:
    """Return the words of a point and what became of it, as far as a reader would notice."""
    return point.words, point.raised_by, point.stance, point.response, point.done_on, point.became, point.is_closed


def _decisions(before: Report, now: Report) -> Iterable[str]:
    was = {decision.id: _became(decision) for decision in before.decisions}
    if 0 in was:  # kept without their numbers, so none can be found again
        return
    changed = sum(decision.id in was and _became(decision) != was[decision.id] for decision in now.decisions)
    if changed:
        yield f"news of {plurals.counted(changed, 'decision')}"
    yield from _came_and_went(set(was), {decision.id for decision in now.decisions}, "decision")


def _became(decision: DecisionFacts) -> tuple[object, ...]:
    return decision.who, decision.due_on, decision.done_on, decision.closed


def _came_and_went(was: set[int], is_: set[int], noun: str) -> Iterable[str]:
    if added := len(is_ - was):
        yield f"{added} more {plurals.noun(added, noun)}"
    if gone := len(was - is_):
        yield f"{plurals.counted(gone, noun)} left out"
