"""Of which commitments a round asks for an update: opening it does so, and the page before it says so."""

from commitments.models import Commitment, Round


def commitments_asked(round_: Round) -> list[Commitment]:
    """Return the strategy's commitments that are not closed, await no response, and belonged to it by the end of the period,
    in order. One query."""
    found = (
        Commitment.objects.open_to_progress().filter(strategy=round_.strategy_id).exclude(status="closed").in_order()
    )
    return [commitment for commitment in found if commitment.was_there(round_.observes_to)]
