"""The easy summary on groups, on what was decided, and on what people asked for: a part of the summary where there is any."""

from collections import Counter
from typing import Final

from commitments.rules import stances
from reporting.easy.words import EasyPart, cut, first_sentence, listing
from reporting.facts import GroupFacts, PointFacts, Report
from reporting.narrative import dates, decisions
from reporting.narrative.sentences import number
from vcsportal.common import plurals
from vcsportal.common.dates import in_words

YOU_SAID: Final = "You said, we did"


def groups(report: Report, most: int) -> EasyPart | None:
    """Return how many groups there are, and their empty seats; None without groups."""
    found = report.groups
    if not found:
        return None
    working = [group for group in found if not _is_idle(group)]
    says = [
        f"{number(len(working), 'group')} {plurals.agree(len(working), 'meets', 'meet')} for this plan."
        if working
        else "No group meets for this plan now."
    ]
    seats = sum(len(group.seats) for group in working)
    empty = sum(len(group.vacant) for group in working)
    if seats:
        says.append(f"{plurals.agree(len(working), 'It has', 'They have')} {number(seats, 'seat')}.")
        which = (
            f"{_none_or(empty)} of them {plurals.was(empty or 1)}" if seats > 1 else f"It was{'' if empty else ' not'}"
        )
        says.append(f"{plurals.capital(which)} empty on {in_words(dates.actions_on(report))}.")
    if idle := len(found) - len(working):
        says.append(f"{number(idle, 'group')} {plurals.agree(idle, 'does', 'do')} not meet now.")
    return listing("Our groups", says, [told for group in found if (told := _told(group))], most)


def _is_idle(group: GroupFacts) -> bool:
    return group.rests_since is not None or group.ended_on is not None


def _told(group: GroupFacts) -> tuple[str, str] | None:
    """Return what is to be known of a group, besides that it meets; None where there is nothing."""
    if group.ended_on is not None:
        return group.name, f"It ended on {in_words(group.ended_on)}."
    if group.rests_since is not None:
        return group.name, f"It does not meet now. {plurals.capital(first_sentence(group.rests_why))}".strip()
    empty = [seat.title for seat in group.vacant]
    if not empty:
        return None
    return group.name, f"{plurals.agree(len(empty), '1 seat is', f'{len(empty):,} seats are')} empty."


def decided(report: Report, most: int) -> EasyPart | None:
    """Return what meetings decided and what became of it; None where nothing was decided."""
    others = [point for point in report.points if point.is_decision]
    count = len(report.decisions) + len(others)
    if not count:
        return None
    days = [decision.done_on for decision in report.decisions] + [point.done_on for point in others]
    done = sum(day is not None for day in days)
    says = [
        f"Meetings made {number(count, 'decision')}.",
        f"{plurals.capital(_none_or(done))} of them {plurals.be(done or 1)} done{'' if done else ' yet'}."
        if count > 1
        else f"It is {'done' if done else 'not done yet'}.",
    ]
    points = [(_quoted(each.words), f"{became}.") for each, became in decisions.rows(report)]
    points += [(_quoted(point.words), _became(point)) for point in others]
    return listing("What was decided", says, points, most)


def _became(point: PointFacts) -> str:
    if point.done_on is not None:
        return f"Done on {in_words(point.done_on)}."
    return "Closed without being done." if point.is_closed else "Not done yet."


def said(report: Report, most: int) -> EasyPart | None:
    """Return what people asked for and how it was answered; None where nothing was published."""
    asked = [point for point in report.points if not point.is_decision]
    if not asked:
        return None
    codes = Counter(point.stance for point in asked)
    closed = sum(point.is_closed and not point.stance for point in asked)
    waiting = codes[""] - closed
    says = [f"People told us {number(len(asked), 'thing')} that we can print here."]
    says += [
        f"{codes[stance.code]:,} {plurals.be(codes[stance.code])} {stance.past}."
        for stance in stances.STANCES
        if codes[stance.code]
    ]
    if closed:
        says.append(f"{closed:,} {plurals.was(closed)} closed without an answer.")
    if waiting:
        says.append(f"{waiting:,} {plurals.be(waiting)} waiting for an answer.")
    return listing(YOU_SAID, says, [(_quoted(point.words), _answer(point)) for point in asked], most)


def _answer(point: PointFacts) -> str:
    if point.is_closed and not point.stance:
        return "It was closed without an answer."
    done = f" It was done on {in_words(point.done_on)}." if point.done_on else ""
    return f"{point.answer.plain}{done}"


def _quoted(words: str) -> str:
    """Return somebody's words as a quotation that fits a line or two, without the full stop at their end."""
    return f"“{cut(' '.join(words.split())).removesuffix('.')}”"


def _none_or(count: int) -> str:
    return f"{count:,}" if count else "none"
