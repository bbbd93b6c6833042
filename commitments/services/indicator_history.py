"""The steps that all acts on an indicator share: record it in the history. Only services call these."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from commitments.models import HistoryEntry, Indicator, Round
from commitments.rules import indicators as rules
from partners.models import User
from vcsportal.common.saving_together import write_entry


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return it as the history keeps it, numbers as people write them."""
    return {name: rules.say_number(value) if isinstance(value, Decimal) else value for name, value in values.items()}


def history(
    *, by: User | None, at: datetime, act: str, indicator: Indicator, round_: Round | None = None, **more: Any
) -> None:
    """Note an act upon an indicator."""
    write_entry(
        HistoryEntry(
            at=at, by=by, act=act, commitment_id=indicator.commitment_id, indicator=indicator, round=round_, **more
        )
    )
