"""Which actions are late, since when and whose, and which come next: from the facts alone, with the days that the report names."""

from dataclasses import dataclass
from datetime import date

from reporting.facts import ActionFacts, CommitmentFacts, Report
from reporting.narrative import dates
from reporting.narrative.actions import title
from vcsportal.common.dates import in_words


@dataclass(frozen=True, slots=True)
class DueAction:
    """An open action with its commitment and the day on which it is, or was, due.

    ``whose`` is who has to do it, in words: its own owner, or else the team of its commitment; "" where neither is known.
    """

    commitment: CommitmentFacts
    action: ActionFacts
    due_on: date
    whose: str

    @property
    def title(self) -> str:
        """What is to be done, after the action's own reference."""
        return title(self.action)

    @property
    def late_since(self) -> str:
        """Return ``late since 12 March 2025 (Policy team)``; for a sentence or a list."""
        return f"late since {in_words(self.due_on)}{self._by}"

    @property
    def due(self) -> str:
        """Return ``by 12 March 2025 (Policy team)``."""
        return f"by {in_words(self.due_on)}{self._by}"

    @property
    def _by(self) -> str:
        return f" ({self.whose})" if self.whose else ""


def late(report: Report) -> list[DueAction]:
    """Return the open actions that were due before the day for which actions are known, the longest late first."""
    day = dates.actions_on(report)
    return [found for found in _open(report) if found.due_on < day]


def coming(report: Report) -> list[DueAction]:
    """Return the open actions that are due on that day or later, the nearest first."""
    day = dates.actions_on(report)
    return [found for found in _open(report) if found.due_on >= day]


def _open(report: Report) -> list[DueAction]:
    found = [
        DueAction(commitment, action, action.due_on, action.owner or commitment.team)
        for commitment in report.commitments()
        for action in commitment.actions
        if action.is_open and action.due_on is not None
    ]
    return sorted(found, key=lambda due: due.due_on)  # stable: in the strategy's order on one day
