"""Meetings, consultations, and what people asked for and were answered, in words. Made from the facts alone."""

from dataclasses import dataclass
from typing import Final

from commitments.reading.engagement import share_in_words
from commitments.rules.stances import Stance
from reporting.facts import EngagementFacts, PointFacts, Report
from reporting.narrative import dates
from vcsportal.common import plurals
from vcsportal.common.dates import in_words

TITLE: Final = "You said, we did"


@dataclass(frozen=True, slots=True)
class AnsweredPoint:
    """A row of “You said, we did”: what was asked or decided, what was answered, and what was done.

    ``number`` is that of its row in the report and in the paper. ``who`` says who raised it, where and when. ``answer`` is None where a decision needs none; ``reason`` is the answer in the
    words of whoever gave it, and ``answered`` when.
    """

    number: int
    facts: PointFacts
    who: str
    answer: Stance | None
    reason: str
    answered: str
    done: tuple[str, ...]


def placed(each: EngagementFacts) -> str:
    """Return ``workshop, 12 March 2026, Town Hall``."""
    return ", ".join(filter(None, [each.kind_label.lower(), each.when, each.place.rstrip(".")]))


def numbers(each: EngagementFacts) -> str:
    """Return ``25 people attended. 2,000 were asked, and 380 answered (19%).``, or as much of it as was counted."""
    told = []
    if each.attended is not None:
        told.append(f"{plurals.counted(each.attended, 'person')} attended.")
    if each.asked is not None and each.answered is not None:
        share = f" ({share_in_words(each.answered, each.asked)})" if each.asked else ""
        told.append(f"{each.asked:,} {plurals.was(each.asked)} asked, and {each.answered:,} answered{share}.")
    elif each.asked is not None:
        told.append(f"{plurals.counted(each.asked, 'person')} {plurals.was(each.asked)} asked.")
    elif each.answered is not None:
        told.append(f"{plurals.counted(each.answered, 'person')} answered.")
    return " ".join(told)


def rows(report: Report) -> list[AnsweredPoint]:
    """Return the published points of the report in its order."""
    return [_row(number, point) for number, point in enumerate(report.points, start=1)]


def _row(number: int, point: PointFacts) -> AnsweredPoint:
    who = [point.raised_by, point.district, point.engagement, in_words(point.raised_on)]
    done = [f"It led to: {each}." for each in point.became]
    if point.done_on:
        done.insert(0, f"Done on {in_words(point.done_on)}.")
    reason = point.response
    answer: Stance | None = point.answer
    if not point.stance and (point.is_decision or point.is_closed):
        answer, reason = None, "No answer is needed." if point.is_decision else "Closed without an answer."
    answered = in_words(point.responded_on) if point.responded_on and point.stance else ""
    return AnsweredPoint(
        number, point, ", ".join(filter(None, who)), answer, reason, answered, tuple(done) or ("Nothing recorded yet.",)
    )


def points_in_words(points: tuple[PointFacts, ...]) -> str:
    """Return how many points were published and how many of them were answered, as sentences; "" without points."""
    asked = [point for point in points if not point.is_decision]
    decided = len(points) - len(asked)
    told = []
    if asked:
        what = f"{plurals.counted(len(asked), 'point')} that people made {plurals.was(len(asked))} published"
        told.append(f"{what}, and {_so_many(sum(bool(point.stance) for point in asked))} been answered.")
    if decided:
        done = sum(point.done_on is not None for point in points if point.is_decision)
        what = f"{plurals.counted(decided, 'decision')} {plurals.was(decided)} published"
        told.append(f"{what}, and {_so_many(done)} been carried out.")
    return " ".join(told)


def _so_many(count: int) -> str:
    """Return ``none has``, ``one has``, ``12 have``."""
    return f"{plurals.in_words(count) if count else 'none'} {plurals.agree(count or 1, 'has', 'have')}"


def answered_as_at(report: Report) -> str:
    """Return a sentence that gives the day up to which answers are included."""
    return f"Answers are as published by {in_words(dates.actions_on(report))}."
