"""Says which commitment another replaces, and which commitments belong together."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

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
    for field, tied in (("follows", [follows]), ("related", related)):
        if commitment in tied:
            raise Invalid("It can’t be linked to itself. Choose another one.", field=field)
    if follows is not None:
        _check_order(commitment, follows)
    was = _ties(commitment)
    commitment.follows = follows
    commitment.save(update_fields=["follows"])
    commitment.related.set(related)
    now = _ties(commitment)
    different = [name for name in now if now[name] != was[name]]
    if different:
        said = {"was": {name: was[name] for name in different}, "now": {name: now[name] for name in different}}
        HistoryEntry.objects.create(at=at, by=by, act="tie", commitment=commitment, said=said)


def _check_order(commitment: Commitment, follows: Commitment) -> None:
    here, there = commitment.strategy, follows.strategy
    if here != there and there.starts_on >= here.starts_on:
        raise Invalid("It belongs to a strategy that does not begin before this one.", field="follows")
    ways = dict(Commitment.objects.filter(follows__isnull=False).order_by("id").values_list("pk", "follows"))
    earlier: int | None = follows.pk
    seen = set[int]()
    while earlier is not None and earlier not in seen:
        if earlier == commitment.pk:
            raise Invalid("They would replace one another in a circle. Choose another one.", field="follows")
        seen.add(earlier)
        earlier = ways.get(earlier)


def _ties(commitment: Commitment) -> dict[str, Any]:
    """Return what it replaces and what belongs with it, each as the strategy's slug, a slash and the key."""
    follows, related = commitment.follows, commitment.related.select_related("strategy")
    return {
        "follows": f"{follows.strategy.slug}/{follows.key}" if follows else "",
        "related": [f"{each.strategy.slug}/{each.key}" for each in related.order_by("strategy__slug", "key")],
    }
