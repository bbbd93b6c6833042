"""The two dates that a report names: the one for its statuses and the one for its actions."""

from datetime import date

from django.utils import timezone

from reporting.facts import Report
from vcsportal.common.dates import in_words


def made_on(report: Report) -> date:
    """Return the day on which the facts were gathered."""
    return timezone.localdate(report.making.at)


def statuses_on(report: Report) -> date:
    """Return the day on which the statuses were frozen; while the round runs, the day on which they were read."""
    return report.round.closed_on or made_on(report)


def actions_on(report: Report) -> date:
    """Return the day up to which the report knows what happened to actions.

    Editions made before 0.4.0 kept what was known at the end of the period, or on the day they were made if that came first.
    """
    return report.actions_as_at or min(report.round.observes_to, made_on(report))


def ended_on(report: Report) -> date:
    """Return the last day of the period, or the day on which the report was made if that came first."""
    return min(report.round.observes_to, made_on(report))


def named(report: Report) -> str:
    """Return both days in a sentence; without actions, the day of the statuses alone."""
    words = f"Statuses are as frozen on {in_words(statuses_on(report))}"
    if report.round.closed_on is None:
        words = f"Statuses are as they stood on {in_words(statuses_on(report))}, not yet frozen"
    if any(commitment.actions for commitment in report.commitments()):
        words += f"; actions are as at {in_words(actions_on(report))}"
    return f"{words}."
