"""The decisions of the group that steers a strategy, at meetings that were written up."""

from datetime import date
from typing import Any

from django.db.models import Exists, Q

from commitments.models import Point, Strategy
from commitments.reading.decisions import decisions, due_on, outcome, who
from commitments.rules.engagement_kinds import DECISION, MEETING
from reporting.facts import DecisionFacts


def there_are(strategy: Strategy) -> Exists:
    """Return the column that says whether a meeting about a strategy has published any decision: a part of another query."""
    return Exists(Point.objects.filter(of_meetings(strategy), kind=DECISION))


def decided(strategy: Strategy, first: date, last: date, day: date) -> tuple[DecisionFacts, ...]:
    """Return what was decided about a strategy from ``first`` to ``last``, both included, and published. One query.

    :param day: the day of the report, on which what became of it is as it says.
    """
    found = decisions(of_meetings(strategy), Q(raised_on__gte=first, raised_on__lte=last))
    return tuple(_facts(number, point, day) for number, point in enumerate(found, start=1))


def of_meetings(strategy: Strategy) -> Q:
    """Return the condition that a published point was made at a meeting about a strategy, or of the group that steers it."""
    about = Q(strategy=strategy) | Q(strategy__isnull=True, engagement__strategy=strategy)
    if strategy.steered_by_id is not None:
        about |= Q(strategy__isnull=True, engagement__group__organisation=strategy.steered_by_id)
    return about & Q(engagement__kind=MEETING, engagement__state="written_up", published_at__isnull=False)


def _facts(number: int, row: Any, day: date) -> DecisionFacts:
    action, became = row.became_action, outcome(row, day)
    return DecisionFacts(
        number,
        row.engagement.title,
        row.raised_on,
        row.public_words,
        who(row),
        due_on(row),
        row.done_on or (action.done_on if action is not None else None),
        row.commitment.reference
        if row.commitment is not None and row.commitment.strategy_id == row.strategy_id
        else "",
        became.code in {"closed", "dropped"},
        row.pk,
    )
