"""What the steering group decided, in sentences and rows. Made from the facts alone."""

from collections.abc import Iterable
from datetime import date

from commitments.rules.lateness import is_over
from reporting.facts import DecisionFacts, Report
from reporting.narrative import dates
from vcsportal.common import plurals
from vcsportal.common.dates import in_words

TITLE = "Decisions of the steering group"


def summary(report: Report) -> str:
    """Return how many there were and how many of them are done; "" for none."""
    if not report.decisions:
        return ""
    count, done = len(report.decisions), sum(decision.done_on is not None for decision in report.decisions)
    made = plurals.counted(count, "decision")
    if done == count:
        return f"{made}, done by {in_words(dates.actions_on(report))}." if count > 1 else "1 decision. It is done."
    return f"{made}. By {in_words(dates.actions_on(report))}, {done} of {count} {plurals.was(done)} done."


def rows(report: Report) -> Iterable[tuple[DecisionFacts, str]]:
    """Return each decision with what became of it."""
    return [(decision, became(decision, dates.actions_on(report))) for decision in report.decisions]


def became(decision: DecisionFacts, day: date) -> str:
    """Return what had become of a decision by a day: ``Done on 4 May 2025``, ``Late: due on 31 March 2025``."""
    if decision.done_on is not None:
        return f"Done on {in_words(decision.done_on)}"
    if decision.closed:
        return "Closed without being done"
    if decision.due_on is None:
        return "Open, with no due date"
    return (
        f"{'Late: it was due' if is_over(decision.due_on, day) else 'Open: it is due'} on {in_words(decision.due_on)}"
    )
