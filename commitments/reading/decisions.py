"""Decisions as meetings, minutes and reports tell them: what, who in words without a name, by when, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from commitments.models import Engagement, Point
from commitments.rules.engagement_kinds import DECISION
from commitments.rules.lateness import is_over
from partners.kinds import PUBLIC_BODY
from partners.models import Appointment
from partners.reading.public_names import NO_POST, NO_POST_ELSEWHERE
from vcsportal.common.dates import in_words

MAX_SHOWN: Final = 200
READ_WITH: Final = (
    "owner", "group__organisation", "strategy__owner", "engagement__group__organisation", "engagement__strategy__owner",
    "commitment__strategy", "became_action__commitment__strategy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DecisionOutcome:
    """What became of a decision: ``done``, ``late``, ``open``, ``dropped`` or ``closed``, its label, and the rest as a sentence."""

    code: str
    label: str
    sentence: str

    @property
    def tone(self) -> str:
        """The colour of its tag, which says nothing that the label does not."""
        return {"done": "green", "late": "red", "open": "blue"}.get(self.code, "grey")

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be done."""
        return self.code in {"done", "dropped", "closed"}


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision. ``about`` names what it is about, "" for nothing in particular; ``who`` is a post or an organisation.

    ``due_on`` is that of its action where it became one, as that is the date that moves.
    """

    point: Point
    words: str
    about: str
    about_url: str
    who: str
    due_on: date | None
    outcome: DecisionOutcome
    action: str
    action_url: str


def decisions(*conditions: Q) -> QuerySet[Point]:
    """Return the decisions that meet the conditions in the order in which they were recorded, read with all that is told of them."""
    secretary = Appointment.objects.filter(
        person=OuterRef("owner"), seat__group=OuterRef("group"), seat__is_secretary=True
    )
    found = Point.objects.filter(*conditions, kind=DECISION).exclude(taken_down_at__isnull=False)
    return found.select_related(*READ_WITH).annotate(owned_by_secretary=Exists(secretary)).order_by("raised_on", "id")


def decided_at(engagement: Engagement, *, public: bool) -> list[Point]:
    """Return what was decided at an engagement. One query.

    :param public: only what everyone can read.
    """
    of_it = Q(engagement=engagement)
    return list(decisions(of_it & Q(published_at__isnull=False) if public else of_it)[:MAX_SHOWN])


def lines(points: Iterable[Any], today: date) -> list[DecisionLine]:
    """Return decisions out of :func:`decisions` in words; no query."""
    return [_line(point, today) for point in points]


def _line(point: Any, today: date) -> DecisionLine:
    action = point.became_action
    about, url = point.about_words, point.about_page
    if point.commitment is not None:
        about, url = str(point.commitment), point.commitment.get_absolute_url()
    return DecisionLine(
        point,
        point.public_words or point.words,
        about,
        url,
        who(point),
        due_on(point),
        outcome(point, today),
        action.title if action else "",
        f"{action.commitment.get_absolute_url()}actions/{action.pk}/" if action else "",
    )


def who(point: Any) -> str:
    """Return who has to do it, without a name: ``Volunteering officer, Elmshire Council`` or the words that were written."""
    if point.owner is None:
        return str(point.owner_words)
    group, strategy = point.about_group, point.about_strategy
    if point.owned_by_secretary and group is not None:
        return f"Secretary, {group.organisation.name}"
    organisation = strategy.owner if strategy else None
    if organisation is None:
        return point.owner.post or NO_POST
    without = NO_POST if organisation.kind == PUBLIC_BODY else NO_POST_ELSEWHERE
    return f"{point.owner.post or without}, {organisation.name}"


def due_on(point: Any) -> date | None:
    """Return the day by which it has to be done: that of its action, if it became one."""
    day: date | None = (point.became_action or point).due_on
    return day


def outcome(point: Any, today: date) -> DecisionOutcome:
    """Return what became of a decision. Done on its due date is not late; it is late from the next day on."""
    action, due = point.became_action, due_on(point)
    done_on = point.done_on or (action.done_on if action is not None else None)
    if done_on is not None:
        return DecisionOutcome("done", "Done", f"Done on {in_words(done_on)}.")
    if point.is_closed:
        return DecisionOutcome("closed", "Closed", point.closed_why)
    if action is not None and action.dropped_on is not None:
        return DecisionOutcome("dropped", "Dropped", f"Dropped on {in_words(action.dropped_on)}: {action.dropped_why}")
    if due is None:
        return DecisionOutcome("open", "Open", "No due date.")
    if is_over(due, today):
        return DecisionOutcome("late", "Late", f"It was due on {in_words(due)}.")
    return DecisionOutcome("open", "Open", f"Due on {in_words(due)}.")
