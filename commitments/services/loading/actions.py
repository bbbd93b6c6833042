"""Writes the actions of a strategy's file: adds and amends, and removes none. What people changed in the portal stays."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from commitments.models import Action, ActionDueDateChange, Commitment, HistoryEntry
from commitments.rules.references import folded
from commitments.strategy_file.actions import ActionEntry
from commitments.strategy_file.matching import plain
from partners.models import User
from vcsportal.common.changing_many import change_many
from vcsportal.common.data_file import Fault
from vcsportal.common.dates import in_words

FROM_FILE: Final = "file"
"""What the history of an action says of an entry that was written by loading a strategy's file."""
BY_FILE: Final = "The strategy’s file gives another date."
"""The reason of a due date that a file has moved."""


@dataclass(frozen=True, slots=True)
class _Field:
    """Something that the file says of an action: the name in the portal, in the history and in sentences."""

    name: str
    in_history: str
    called: str


TITLE, REFERENCE, TEAM, DUE = (
    _Field("title", "action", "wording"),
    _Field("reference", "reference", "reference"),
    _Field("owner_team", "owner_team", "team"),
    _Field("due_on", "due", "due date"),
)
FIELDS: Final = (TITLE, REFERENCE, TEAM, DUE)


class ActionsLoading:
    """The actions of one load. ``changes`` and ``notes`` are sentences about what was done and what was left."""

    def __init__(self, by: User | None, at: datetime) -> None:
        self.by, self.at = by, at
        self.changes: list[str] = []
        self.notes: list[str] = []
        self.faults: list[Fault] = []
        self._ours: list[Action] = []
        self._hands: dict[int, dict[str, HistoryEntry]] | None = None
        self._amended: dict[Action, None] = {}
        self._moves: list[ActionDueDateChange] = []
        self._entries: list[HistoryEntry] = []

    def load(self, written: Sequence[tuple[Commitment, Sequence[ActionEntry]]]) -> None:
        """Bring the actions of commitments in step with their entries. Doing it twice changes nothing."""
        self._ours = list(Action.objects.filter(commitment__in=[each for each, _ in written]).order_by("id"))
        ours: dict[int, list[Action]] = {}
        for action in self._ours:
            ours.setdefault(action.commitment_id, []).append(action)
        left: list[tuple[Commitment, Action]] = []
        for commitment, entries in written:
            here = ours.get(commitment.pk, [])
            seen = self._level(commitment, None, here, entries)
            left += [(commitment, action) for action in here if action.pk not in seen]
        self._name_those_left_out(left)
        change_many(self._amended, [*(field.name for field in FIELDS), "version"])
        ActionDueDateChange.objects.bulk_create(self._moves)
        HistoryEntry.objects.bulk_create(self._entries)

    def _level(
        self, commitment: Commitment, parent: Action | None, ours: Sequence[Action], entries: Sequence[ActionEntry]
    ) -> set[int]:
        """Write the actions of one level and the parts below them, and return the primary keys of those in the file."""
        here = [action for action in ours if action.parent_id == (parent.pk if parent else None)]
        same = _match(here, entries)
        self._amend_all(commitment, here, [(action, entries[place]) for place, action in same.items()])
        taken = {folded(action.reference) for action in here} - {""}
        seen: set[int] = set()
        for place, entry in enumerate(entries):
            action = same.get(place)
            if action is None and folded(entry.reference) in taken:
                self.faults.append(entry.fault("reference", f"“{entry.reference}” is another action’s in the portal."))
                continue
            action = action or self._add(commitment, parent, entry)
            seen |= {action.pk, *self._level(commitment, action, ours, entry.parts)}
        return seen

    def _add(self, commitment: Commitment, parent: Action | None, entry: ActionEntry) -> Action:
        action = Action.objects.create(
            commitment=commitment, parent=parent, reference=entry.reference, title=entry.wording, due_on=entry.due,
            owner_team=entry.team,
        )  # fmt: skip
        said = {
            "reference": entry.reference, "parent": str(parent) if parent else "", "owner_person": [],
            "owner_organisation": [], "owner_team": entry.team, "due": _iso(entry.due),
        }  # fmt: skip
        self._note(action, "plan", said)
        self.changes.append(f"Added {_named(action)}, to commitment {commitment.reference}.")
        return action

    def _amend_all(
        self, commitment: Commitment, here: Sequence[Action], same: Sequence[tuple[Action, ActionEntry]]
    ) -> None:
        """Amend the actions of one level that are in the file: what differs and nobody wrote in the portal."""
        amended = [(action, self._wanted(commitment, action, entry)) for action, entry in same]
        moving = [action for action, wanted in amended if REFERENCE in wanted]
        taken = {folded(action.reference) for action in here if action not in moving} - {""}
        for action, wanted in amended:
            if folded(str(wanted.get(REFERENCE, ""))) in taken:
                self._leave(commitment, action, REFERENCE, f"another action has “{wanted.pop(REFERENCE)}”")
        moving = [action for action in moving if REFERENCE in dict(amended)[action]]
        # Each reference is free before it is given out: two actions may change theirs with each other.
        Action.objects.filter(pk__in=[action.pk for action in moving]).update(reference="")
        for action, wanted in amended:
            if wanted:
                self._amend(commitment, action, wanted)

    def _wanted(self, commitment: Commitment, action: Action, entry: ActionEntry) -> dict[_Field, Any]:
        """Return what the file changes of an action. What it leaves out, or somebody wrote in the portal, stays."""
        given = {TITLE: entry.wording, REFERENCE: entry.reference, TEAM: entry.team, DUE: entry.due}
        wanted = {field: value for field, value in given.items() if value and getattr(action, field.name) != value}
        hands = self._last_hands(action) if wanted else {}
        for field in list(wanted):
            if why := _why_left(action, field, hands):
                del wanted[field]
                self._leave(commitment, action, field, why)
        return wanted

    def _last_hands(self, action: Action) -> dict[str, HistoryEntry]:
        """Return the last entry of an action's history about each of its fields. One query for all actions of the load."""
        if self._hands is None:
            self._hands = {}
            told = HistoryEntry.objects.filter(action__in=self._ours).select_related("by").order_by("at", "id")
            for entry in told:
                if entry.action_id is not None:
                    _put(self._hands.setdefault(entry.action_id, {}), entry)
        return self._hands.get(action.pk, {})

    def _leave(self, commitment: Commitment, action: Action, field: _Field, why: str) -> None:
        self.notes.append(
            f"Left the {field.called} of {_named(action)}, of commitment {commitment.reference}, as it is: {why}. "
            "Update the file to match."
        )

    def _amend(self, commitment: Commitment, action: Action, wanted: dict[_Field, Any]) -> None:
        called, was = _named(action), {field: getattr(action, field.name) for field in wanted}
        for field, value in wanted.items():
            setattr(action, field.name, value)
            self.changes.append(
                f"Amended {called}, of commitment {commitment.reference}, {field.called}: {_said(was[field])} becomes {_said(value)}."
            )
        action.version += 1
        self._amended[action] = None
        if texts := [field for field in wanted if field is not DUE]:
            said = {
                "was": {field.in_history: was[field] for field in texts},
                "now": {field.in_history: wanted[field] for field in texts},
            }
            self._note(action, "edit_action", said)
        if DUE in wanted:
            before, now = was[DUE], wanted[DUE]
            self._moves.append(
                ActionDueDateChange(action=action, was=before, now=now, reason=BY_FILE, at=self.at, by=self.by)
            )
            self._note(action, "move_action", {"was": _iso(before), "now": _iso(now)}, reason=BY_FILE)

    def _name_those_left_out(self, left: Sequence[tuple[Commitment, Action]]) -> None:
        """Note the open actions that a file gave before and this one does not."""
        from_file = HistoryEntry.objects.filter(action__in=[each for _, each in left if each.is_open], act="plan")
        known = set(from_file.filter(said__has_key=FROM_FILE).values_list("action_id", flat=True)) if left else set()
        self.notes += [
            f"Left {_named(action)}, of commitment {commitment.reference}, as it is: it is no longer in the file. If it will "
            "not be done, drop it in the portal with a reason; otherwise put it back into the file."
            for commitment, action in left
            if action.pk in known
        ]

    def _note(self, action: Action, act: str, said: dict[str, Any], *, reason: str = "") -> None:
        self._entries.append(
            HistoryEntry(
                at=self.at, by=self.by, act=act, commitment_id=action.commitment_id, action=action, reason=reason,
                said={"action": action.title, **said, FROM_FILE: True},
            )
        )  # fmt: skip


def _match(ours: Sequence[Action], entries: Sequence[ActionEntry]) -> dict[int, Action]:
    """Return which action each entry is, by its place: by reference and wording, then by wording, then by reference."""
    left = list(ours)
    same: dict[int, Action] = {}

    def pair(of_action: Callable[[Action], Hashable], of_entry: Callable[[ActionEntry], Hashable]) -> None:
        for place, entry in enumerate(entries):
            found = next((each for each in left if of_action(each) == of_entry(entry) and of_entry(entry)), None)
            if found is not None and place not in same:
                same[place] = found
                left.remove(found)

    pair(
        lambda action: (folded(action.reference), plain(action.title)),
        lambda entry: (folded(entry.reference), plain(entry.wording)),
    )
    pair(lambda action: plain(action.title), lambda entry: plain(entry.wording))
    pair(lambda action: folded(action.reference), lambda entry: folded(entry.reference))
    return same


def _put(last: dict[str, HistoryEntry], entry: HistoryEntry) -> None:
    """Let an entry of an action's history be the last about the fields that it is about."""
    if entry.act == "plan":
        last.update(dict.fromkeys((field.in_history for field in FIELDS), entry))
    elif entry.act == "edit_action":
        last.update(dict.fromkeys(entry.said["now"], entry))
    elif entry.act == "move_action":
        last[DUE.in_history] = entry


def _why_left(action: Action, field: _Field, hands: dict[str, HistoryEntry]) -> str:
    """Return why the file does not change a field of an action; "" where it does."""
    if field is DUE and (ended := action.done_on or action.dropped_on):
        return f"it was {'done' if action.done_on else 'dropped'} on {in_words(ended)}"
    last = hands.get(field.in_history)
    if last is None or FROM_FILE in last.said:
        return ""
    return (
        f"{last.by.name if last.by else 'Somebody'} wrote it in the portal on {in_words(timezone.localdate(last.at))}"
    )


def _named(action: Action) -> str:
    return f"action {action.reference}, “{action.title}”" if action.reference else f"the action “{action.title}”"


def _said(value: str | date | None) -> str:
    if isinstance(value, str):
        return f"“{value}”"
    return in_words(value) if value else "none"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
