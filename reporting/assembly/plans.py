"""How each commitment is to succeed, as facts: its success measure, team, dates, and what it follows or relates to."""

from typing import Any

from commitments.models import Strategy
from commitments.reading.plans import followed, related_column, tied


def ties() -> dict[str, Any]:
    """Return the column that :func:`plan` reads, of a query for commitments."""
    return {"related_rows": related_column()}


def plan(commitment: Any, strategy: Strategy) -> dict[str, Any]:
    """Return these facts of a commitment, read with :func:`ties` and ``follows__strategy``. No query."""
    earlier = followed(commitment, strategy)
    return {
        "success_measure": commitment.success_measure,
        "success_measure_agreed_by": commitment.success_measure_agreed_by,
        "success_measure_agreed_on": commitment.success_measure_agreed_on,
        "team": commitment.team,
        "starts_on": commitment.starts_on,
        "ends_on": commitment.ends_on,
        "follows": earlier.words if earlier else "",
        "related": tuple(each.words for each in tied(commitment.related_rows, strategy)),
    }
