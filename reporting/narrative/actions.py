"""The outcome of an action in words, from the facts alone, the same in every format of the report."""

from datetime import date

from reporting.facts import ActionFacts, ActionMoveFacts
from vcsportal.common.dates import in_words


def title(action: ActionFacts) -> str:
    """Return what is to be done after the action's reference: "5b i Ask the groups"."""
    return f"{action.reference} {action.title}".strip()


def details(action: ActionFacts) -> list[str]:
    """Return who owns an action, what it is part of, why it was dropped and how its due date moved, a sentence each."""
    return [
        *([f"Owner: {_ended(action.owner)}"] if action.owner else []),
        *([f"Part of {_ended(action.parent)}"] if action.parent else []),
        *([f"Dropped because: {_ended(action.dropped_why)}"] if action.dropped_why else []),
        *map(moved, action.moved),
    ]


def moved(move: ActionMoveFacts) -> str:
    """Return "Due date moved from 1 March 2025 to 30 June 2025: The hall is closed." and the like."""
    reason = _ended(move.reason)
    if move.was is None:
        return f"Due date set to {in_words(move.now)}: {reason}" if move.now else f"Due date changed: {reason}"
    if move.now is None:
        return f"Due date of {in_words(move.was)} removed: {reason}"
    return f"Due date moved from {in_words(move.was)} to {in_words(move.now)}: {reason}"


def _ended(words: str) -> str:
    words = " ".join(words.split())
    return words if words.endswith((".", "!", "?")) else f"{words}."


def outcome(action: ActionFacts, *, ended: date, as_at: date) -> str:
    """Return "done on 12 March 2025", "not done by 31 March 2025; done since, on 18 June 2025" and so on.

    :param ended: the last day of the period (:func:`reporting.narrative.dates.ended_on`).
    :param as_at: the day on which actions stood as the report says (:func:`reporting.narrative.dates.actions_on`).
    """
    if action.dropped_on:
        return f"dropped on {in_words(action.dropped_on)}"
    if action.done_on:
        return f"done late, on {in_words(action.done_on)}" if action.slipped else f"done on {in_words(action.done_on)}"
    since = _since(action)
    if since and action.slipped:
        return f"not done by {in_words(ended)}; {since}"
    if since:
        return since
    if action.due_on is None:
        return f"not done by {in_words(as_at)}"
    if action.slipped or action.due_on < as_at:
        return f"late, not done by {in_words(as_at)}"
    return "still to come"


def _since(action: ActionFacts) -> str:
    """Return its outcome after the period, up to the day for which the state of actions is known."""
    if action.done_since:
        late = ", late" if not action.slipped and action.due_on and action.done_since > action.due_on else ""
        return f"done since, on {in_words(action.done_since)}{late}"
    return f"dropped since, on {in_words(action.dropped_since)}" if action.dropped_since else ""
