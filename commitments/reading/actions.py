"""The actions of a commitment as pages and the API show them, read with the commitment and without a query of their own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import OuterRef
from django.urls import reverse
from django.utils import timezone

from commitments.models import Action, ActionDueDateChange, Commitment, HistoryEntry
from commitments.rules import workflow
from commitments.rules.lateness import is_over
from partners.models import User
from vcsportal.common.dates import in_words
from vcsportal.common.json_columns import list_column
from vcsportal.common.prepared_queries import PreparedQuery
from vcsportal.common.states import State

DUE_SOON: Final = timedelta(days=30)
"""How far ahead "due soon" looks."""
MAX_SHOWN: Final = 50
CHANGED: Final = {
    "action": "what will be done", "reference": "reference", "parent": "what it is part of", "owner_person": "officer",
    "owner_organisation": "organisation", "owner_team": "team",
}  # fmt: skip
DAYS: Final = ("due_on", "done_on", "dropped_on")


@dataclass(frozen=True, slots=True)
class Move:
    """A due date that was moved: None is "no due date"."""

    was: date | None
    now: date | None
    reason: str
    on: date

    @property
    def sentence(self) -> str:
        """``From 1 March 2025 to 30 June 2025.``"""
        if self.was is None:
            return f"Due date set to {in_words(self.now)}." if self.now else ""
        if self.now is None:
            return f"Due date of {in_words(self.was)} removed."
        return f"Due date moved from {in_words(self.was)} to {in_words(self.now)}."


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action in its current state. ``parent`` is the key of the action that it is a part of; ``person`` its owner's name."""

    pk: int
    version: int
    reference: str
    title: str
    parent: int | None
    due_on: date | None
    done_on: date | None
    dropped_on: date | None
    dropped_why: str
    team: str
    organisation: str
    person: str
    moves: tuple[Move, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor dropped."""
        return self.done_on is None and self.dropped_on is None

    def is_late(self, today: date) -> bool:
        """Whether it should have been done before today and is still open."""
        return self.is_open and is_over(self.due_on, today)

    def state(self, today: date) -> State:
        """Return its state on ``today``."""
        if self.done_on:
            return workflow.ACTION_STATE["done"]
        if self.dropped_on:
            return workflow.ACTION_STATE["dropped"]
        return workflow.ACTION_STATE["late" if self.is_late(today) else "planned"]

    def days(self, today: date) -> str:
        """Return its day in a sentence: ``Done on 4 May 2025, late: it was due on 31 March 2025.``"""
        due = in_words(self.due_on) if self.due_on else ""
        if self.done_on:
            late = f", late: it was due on {due}" if self.due_on and self.done_on > self.due_on else ""
            return f"Done on {in_words(self.done_on)}{late}."
        if self.dropped_on:
            return f"Dropped on {in_words(self.dropped_on)}."
        if not due:
            return "No due date."
        return f"It was due on {due}." if self.is_late(today) else f"Due on {due}."

    def owner(self, *, named: bool) -> str:
        """Return who owns it. :param named: whether the reader may read a person's name."""
        return ", ".join(filter(None, [self.person if named else "", self.team, self.organisation]))


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action in a list, in words, with its parts."""

    line: ActionLine
    state: State
    days: str
    owner: str
    parts: tuple["ActionView", ...] = ()


def column() -> Any:
    """Return a column with the actions of a commitment, the first due first and those without a due date last."""
    moves = ActionDueDateChange.objects.filter(action=OuterRef("pk")).order_by("at", "id")
    actions = Action.objects.filter(commitment=OuterRef("pk")).in_order()
    return list_column(
        actions.annotate(moves=list_column(moves, was="was", now="now", reason="reason", at="at")),
        pk="id", version="version", reference="reference", title="title", parent="parent_id", due_on="due_on",
        done_on="done_on", dropped_on="dropped_on", dropped_why="dropped_why", team="owner_team",
        organisation="owner_organisation__name", person="owner_person__name", moves="moves",
    )  # fmt: skip


def lines_of(commitment: Any) -> list[ActionLine]:
    """Return the actions of a commitment out of :data:`commitments.reading.pages.WHOLE`."""
    return lines(commitment.steps)


def lines(rows: Iterable[dict[str, Any]]) -> list[ActionLine]:
    """Return what :func:`column` holds."""
    return [
        ActionLine(
            **{
                **row,
                **{name: _day(row[name]) for name in DAYS},
                "organisation": row["organisation"] or "",
                "person": row["person"] or "",
                "moves": tuple(_move(move) for move in row["moves"]),
            }
        )
        for row in rows
    ]


def views(lines: Iterable[ActionLine], today: date, *, named: bool) -> list[ActionView]:
    """Return actions in words, each followed by its parts. :param named: as :meth:`ActionLine.owner` takes it."""
    under: dict[int | None, list[ActionLine]] = {}
    for line in lines:
        under.setdefault(line.parent, []).append(line)

    def view(line: ActionLine) -> ActionView:
        parts = tuple(view(part) for part in under.get(line.pk, []))
        return ActionView(line, line.state(today), line.days(today), line.owner(named=named), parts)

    return [view(line) for line in under.get(None, [])]


def address(slug: str, key: str, action: int | None = None) -> str:
    """Return the address of an action by its primary key, or without one of all actions of a commitment.

    :param key: the commitment's key.
    """
    if action is None:
        return reverse("commitments:actions", args=[slug, key])
    return reverse("commitments:action", args=[slug, key, action])


def history_of(action: Action) -> list[HistoryEntry]:
    """Return what was done to an action, latest first."""
    return list(action.history.select_related("by").order_by("-at", "-id")[:MAX_SHOWN])


def entry_in_words(entry: HistoryEntry) -> str:
    """Return an entry of an action's history as a sentence."""
    details = entry.said
    if entry.act == "move_action":
        text = Move(_day(details["was"]), _day(details["now"]), "", entry.at.date()).sentence
    elif entry.act == "action":
        text = f"Done on {in_words(date.fromisoformat(details['done']))}." if details["done"] else "Not done after all."
    elif entry.act == "drop_action":
        text = f"Dropped on {in_words(date.fromisoformat(details['dropped']))}."
    elif entry.act == "edit_action":
        text = f"Edited: {', '.join(CHANGED.get(name, name) for name in details['now'])}."
    else:
        text = {"plan": "Planned.", "reopen_action": "Reopened."}.get(entry.act, entry.act)
    file = f"From the file “{details['file']}”." if details.get("file") else ""
    return " ".join(filter(None, (text, entry.reason, file)))


def owned(person: User, today: date) -> list[Action]:
    """Return the person's own open actions that are late or due within 30 days, the first due first."""
    return _OWNED(person=person.pk, last=today + DUE_SOON)


_OWNED: Final = PreparedQuery(
    lambda person, last: (
        Action.objects.open()
        .filter(owner_person=person, due_on__lte=last)
        .select_related("commitment__strategy")
        .in_order()[:MAX_SHOWN]
    )
)


def late_elsewhere(person: User, today: date) -> list[Action]:
    """Return the late actions of commitments that the person leads or supports, apart from those the person owns."""
    actions = Action.objects.late(today).filter(commitment__in=Commitment.objects.led_or_supported_by(person))
    return list(actions.exclude(owner_person=person).select_related("commitment__strategy").in_order()[:MAX_SHOWN])


def _move(row: dict[str, Any]) -> Move:
    on = timezone.localdate(datetime.fromisoformat(row["at"]))
    return Move(_day(row["was"]), _day(row["now"]), row["reason"], on)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
