"""Holds what acts are about until the transaction ends: the strategy first, then commitments, rounds and what belongs to them."""

from django.db.models import QuerySet

from commitments.models import Commitment, Round, Strategy
from vcsportal.common.saving_together import held_once


def lock_strategy(strategy_id: int) -> Strategy:
    """Return the strategy as it is now. No round of it opens or closes until the transaction ends."""
    return held_once(
        (Strategy, strategy_id), lambda: Strategy.objects.select_for_update(no_key=True).get(pk=strategy_id)
    )


def locked_commitments() -> QuerySet[Commitment]:
    """Return the commitments as a query that locks them."""
    return Commitment.objects.select_for_update(of=("self",), no_key=True).select_related("status_by")


def lock_commitment(commitment_id: int) -> Commitment:
    """Return the commitment as it is now."""
    return held_once((Commitment, commitment_id), lambda: locked_commitments().get(pk=commitment_id))


def lock_round_by_id(round_id: int) -> Round:
    """Return the round as it is now. It is held before what is reported in it, everywhere."""
    return held_once(
        (Round, round_id), lambda: Round.objects.select_for_update(of=("self",), no_key=True).get(pk=round_id)
    )
