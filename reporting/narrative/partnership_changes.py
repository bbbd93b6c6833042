"""What changed in the groups, which points were answered and what meetings decided, in words; made from the facts alone.

No line has the words of a point: what is taken down later would stay in the report.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from commitments.rules import stances
from commitments.rules.engagement_kinds import POINT_KIND
from reporting.facts import AnsweredFacts, ChangesFacts, DecidedFacts, GroupChangeFacts, SeatChangeFacts
from reporting.narrative import risks
from reporting.narrative.change_lines import ChangeGroup, ChangeLine, ChangeValues
from vcsportal.common import plurals
from vcsportal.common.dates import in_words

ENDS: Final = {"rested": "stopped meeting", "ended": "ended"}
HowMany = Callable[[int, str], str]


def counts(changes: ChangesFacts) -> list[int]:
    """Return the numbers that :func:`parts` tells."""
    return [
        len(changes.seats),
        len(changes.groups),
        len(changes.answered),
        len(changes.decided),
        len(changes.carried_out),
        risks.count_of(changes),
    ]


def parts(changes: ChangesFacts, how_many: HowMany) -> list[str]:
    """Return what changed as parts of one sentence, each with its number.

    :param how_many: words for a number and its noun.
    """
    return [
        *_of_groups(changes, how_many),
        *_of_points(changes, how_many),
        *_of_decisions(changes, how_many),
        *_of_risks(changes, how_many),
    ]


def groups(changes: ChangesFacts) -> list[ChangeGroup]:
    """Return the changes of each kind with a line for each; no empty kinds."""
    found = [
        ChangeGroup("groups", "Groups and seats", _whole(_of_groups(changes, plurals.spelt)), (
            *map(_of_group, changes.groups), *map(_of_seat, changes.seats),
        )),
        ChangeGroup("answered", "Points answered", _whole(_of_points(changes, plurals.spelt)), tuple(map(_of_point, changes.answered))),
        ChangeGroup("decided", "Decisions made at meetings", _whole(_of_decisions(changes, plurals.spelt)), (
            *_decided(changes.decided), *map(_carried_out, changes.carried_out),
        )),
        *risks.changes(changes),
    ]  # fmt: skip
    return [group for group in found if group.lines]


def copied(changes: ChangesFacts) -> list[str]:
    """Return the same for an agenda, without reasons: the lines of each kind as one sentence. Their numbers are in :func:`parts`."""
    plain = replace(changes, groups=tuple(replace(group, why="") for group in changes.groups))
    return [
        f"{group.title}: {'; '.join(line.sentence.removesuffix('.') for line in group.lines)}."
        for group in groups(plain)
    ]


def _of_groups(changes: ChangesFacts, how_many: HowMany) -> list[str]:
    filled = sum(seat.filled for seat in changes.seats)
    empty = len(changes.seats) - filled
    told = [
        f"{how_many(filled, 'seat')} {plurals.was(filled)} filled" if filled else "",
        f"{how_many(empty, 'seat')} fell vacant" if empty else "",
    ]
    ways = Counter(group.what for group in changes.groups)
    told += [f"{how_many(ways[what], 'group')} {words}" for what, words in ENDS.items() if ways[what]]
    return [part for part in told if part]


def _of_points(changes: ChangesFacts, how_many: HowMany) -> list[str]:
    count = len(changes.answered)
    return [f"{how_many(count, 'point')} {plurals.was(count)} answered"] if count else []


def _of_decisions(changes: ChangesFacts, how_many: HowMany) -> list[str]:
    made, done = len(changes.decided), len(changes.carried_out)
    return [
        *([f"{how_many(made, 'decision')} {plurals.was(made)} made at meetings"] if made else []),
        *([f"{how_many(done, 'decision')} {plurals.was(done)} carried out"] if done else []),
    ]


def _of_risks(changes: ChangesFacts, how_many: HowMany) -> list[str]:
    count = risks.count_of(changes)
    return [f"{how_many(count, 'risk')} rose"] if count else []


def _whole(told: list[str]) -> str:
    return f"{plurals.capital(plurals.join_with_and(told))}." if told else ""


def _of_seat(seat: SeatChangeFacts) -> ChangeLine:
    became = f"was filled on {in_words(seat.on)}" if seat.filled else f"has been vacant since {in_words(seat.on)}"
    values = ChangeValues(now=f"{seat.title}: {'filled' if seat.filled else 'vacant'}", on=seat.on)
    return ChangeLine("", seat.group, f": the seat “{seat.title}” {became}.", values=values)


def _of_group(group: GroupChangeFacts) -> ChangeLine:
    if group.what == "ended":
        ended = ChangeValues(now="Ended", on=group.on)
        return ChangeLine("", group.group, f": it ended on {in_words(group.on)}.", values=ended)
    why = f": {group.why.rstrip('. ')}" if group.why else ""
    resting = ChangeValues(now="Not meeting", on=group.on, reason=group.why)
    return ChangeLine("", group.group, f" has not met since {in_words(group.on)}{why}.", values=resting)


def _of_point(point: AnsweredFacts) -> ChangeLine:
    about = f", about {point.reference}" if point.reference else ""
    said = f"{stances.of(point.stance).past} on {in_words(point.on)}"
    values = ChangeValues(now=stances.of(point.stance).label, on=point.on)
    return ChangeLine(
        "", POINT_KIND[point.kind].label, f" of {in_words(point.raised_on)}{about}: {said}.", values=values
    )


def _decided(decided: tuple[DecidedFacts, ...]) -> list[ChangeLine]:
    """Return a line for each meeting with the number of its decisions, in their order."""
    meetings = Counter((decision.meeting, decision.decided_on) for decision in decided)
    return [
        ChangeLine(
            "",
            _met(meeting),
            f", {in_words(day)}: {plurals.spelt(count, 'decision')}.",
            values=ChangeValues(now=plurals.counted(count, "decision"), on=day),
        )
        for (meeting, day), count in meetings.items()
    ]


def _carried_out(decision: DecidedFacts) -> ChangeLine:
    day = f" on {in_words(decision.done_on)}" if decision.done_on else ""
    said = f", {in_words(decision.decided_on)}: a decision was carried out{day}."
    values = ChangeValues(f"Decided {in_words(decision.decided_on)}", "Carried out", decision.done_on)
    return ChangeLine("", _met(decision.meeting), said, values=values)


def _met(meeting: str) -> str:
    return meeting or "Decision without a meeting"
