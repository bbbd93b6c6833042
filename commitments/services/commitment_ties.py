"""Says which commitment another replaces, and which commitments belong together."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from commitments.models import Commitment, HistoryEntry
from commitments.permissions.progress import check_can_manage_commitment
from commitments.services.locks import lock_commitment
from partners.models import User
from vcsportal.common.words import Invalid

OTHER_SIDE: Final = "other_side"
"""In the history of a commitment that was tied, or whose tie was ended, on another one's page: which one that is."""
TIES_LOCK: Final = 726_300_522
"""The number of the advisory lock that is held while ties change."""


def lock_ties(commitment: Commitment) -> Commitment:
    """Return a commitment as it is now; it and the ties of all commitments are held until the transaction ends.

    A circle leads through rows that two people need not share, so no row is enough to hold. The commitment comes first, then
    the ties: the same order everywhere.
    """
    held = lock_commitment(commitment.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TIES_LOCK])
    return held


@transaction.atomic
def tie_commitment(
    *, by: User, at: datetime, commitment: Commitment, follows: Commitment | None, related: Iterable[Commitment]
) -> None:
    """Set what a commitment replaces, and its related commitments, both ways. Each that is concerned has it in its history.

    Raise :class:`Refused` without the right to manage the commitment, for a tie to itself, for a circle of commitments that
    replace one another, and for one of a strategy that does not begin before this one's.
    """
    check_can_manage_commitment(by, commitment)
    commitment, related = lock_ties(commitment), list(related)
    for field, tied in (("follows", [follows]), ("related", related)):
        if commitment in tied:
            raise Invalid("It can’t be linked to itself. Choose another one.", field=field)
    if follows is not None:
        _check_order(commitment, follows)
    before = {each.pk: each for each in commitment.related.order_by("id")}
    after = {each.pk: each for each in related}
    others = [(before | after)[pk] for pk in sorted(before.keys() ^ after.keys())]
    was = {each.pk: _ties(each) for each in (commitment, *others)}
    commitment.follows = follows
    commitment.save(update_fields=["follows"])
    commitment.related.set(related)
    for each in (commitment, *others):
        now = _ties(each)
        different = [name for name in now if now[name] != was[each.pk][name]]
        if different:
            said: dict[str, Any] = {
                "was": {name: was[each.pk][name] for name in different},
                "now": {name: now[name] for name in different},
            }
            if each != commitment:
                said[OTHER_SIDE] = f"{commitment.strategy.slug}/{commitment.key}"
            HistoryEntry.objects.create(at=at, by=by, act="tie", commitment=each, said=said)


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
    """Return what it replaces and its related commitments, each as the strategy's slug, a slash and the key."""
    follows, related = commitment.follows, commitment.related.select_related("strategy")
    return {
        "follows": f"{follows.strategy.slug}/{follows.key}" if follows else "",
        "related": [f"{each.strategy.slug}/{each.key}" for each in related.order_by("strategy__slug", "key")],
    }
