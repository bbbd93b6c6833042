"""The steps that all acts on an indicator share: lock its round, record it in the history. Only services call these."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from commitments.models import HistoryEntry, Indicator, Round
from commitments.rules import indicators as rules
from partners.models import User


def lock_round_by_id(round_id: int) -> Round:
    """Return the round as it is now, kept so until the transaction ends. It is held before what is counted in it, everywhere."""
    return Round.objects.select_for_update(of=("self",), no_key=True).get(pk=round_id)


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return it as the history keeps it, numbers as people write them."""
    return {name: rules.say_number(value) if isinstance(value, Decimal) else value for name, value in values.items()}


def history(
    *, by: User | None, at: datetime, act: str, indicator: Indicator, round_: Round | None = None, **more: Any
) -> None:
    """Note an act upon an indicator."""
    HistoryEntry.objects.create(
        at=at, by=by, act=act, commitment_id=indicator.commitment_id, indicator=indicator, round=round_, **more
    )
