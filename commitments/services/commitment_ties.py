"""Says which commitment another replaces, and which commitments belong together."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from commitments.models import Commitment, HistoryEntry
from commitments.permissions import check_can_manage_commitment
from commitments.services.update_transitions import lock_commitment
from partners.models import User
from vcsportal.common.words import Invalid


@transaction.atomic
def tie_commitment(
    *, by: User, at: datetime, commitment: Commitment, follows: Commitment | None, related: Iterable[Commitment]
) -> None:
    """Set what a commitment replaces, and which commitments belong with it, both ways.

    Raise :class:`Refused` without the right to manage the commitment, for a tie to itself, for a circle of commitments that
    replace one another, and for one of a strategy that does not begin before this one's.
    """
    check_can_manage_commitment(by, commitment)
    commitment, related = lock_commitment(commitment), list(related)
    if commitment in related or commitment == follows:
        raise Invalid("It can’t be tied to itself. Choose another one.", field="follows")
    if follows is not None:
        _check_order(commitment, follows)
    was = {"follows": commitment.follows.key if commitment.follows else "", "related": _keys(commitment)}
    commitment.follows = follows
    commitment.save(update_fields=["follows"])
    commitment.related.set(related)
    now = {"follows": follows.key if follows else "", "related": _keys(commitment)}
    if now != was:
        HistoryEntry.objects.create(at=at, by=by, act="tie", commitment=commitment, said={"was": was, "now": now})


def _check_order(commitment: Commitment, follows: Commitment) -> None:
    here, there = commitment.strategy, follows.strategy
    if here != there and there.starts_on >= here.starts_on:
        raise Invalid("It belongs to a strategy that does not begin before this one.", field="follows")
    ways = dict(Commitment.objects.filter(follows__isnull=False).order_by("id").values_list("pk", "follows"))
    earlier: int | None = follows.pk
    while earlier is not None:
        if earlier == commitment.pk:
            raise Invalid("They would replace one another in a circle. Choose another one.", field="follows")
        earlier = ways.get(earlier)


def _keys(commitment: Commitment) -> list[str]:
    return list(commitment.related.order_by("strategy", "key").values_list("key", flat=True))
