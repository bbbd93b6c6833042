"""How programs name a commitment of any strategy, in what they send and in filters: the strategy's slug, a colon and its key."""

from collections.abc import Iterable
from typing import Final

from django.db.models import Q

from commitments.models import Commitment
from commitments.rules.commitment_keys import MAX_KEY_CHARACTERS

MAX_NAME_CHARACTERS: Final = 80 + 1 + MAX_KEY_CHARACTERS
HOW_NAMED: Final = "a strategy's slug, a colon and a key, such as our-strategy:lend-chairs"


def commitments_named(names: Iterable[str]) -> dict[str, Commitment]:
    """Return the commitments with these names, by name; what there is none of is left out. One query; none for no names."""
    wanted = Q()
    for name in names:
        slug, _colon, key = name.rpartition(":")
        wanted |= Q(strategy__slug=slug, key=key)
    if not wanted:
        return {}
    rows = Commitment.objects.select_related("strategy__owner", "priority").filter(wanted).order_by("id")
    return {f"{row.strategy.slug}:{row.key}": row for row in rows}
