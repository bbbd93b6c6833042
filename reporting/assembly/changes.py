"""What changed between two days, from what the portal has kept: statuses, actions, partners, wording."""

from datetime import date

from commitments.models import Strategy
from reporting.facts import ChangesFacts


def between(strategy: Strategy, *, since: date, until: date) -> ChangesFacts:
    """Return what changed after ``since`` and up to ``until``."""
    return ChangesFacts(since, until)
