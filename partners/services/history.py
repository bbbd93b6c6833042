"""The history of people and organisations: one entry for each change."""

from datetime import datetime

from partners.models import HistoryEntry, Organisation, User
from vcsportal.common.saving_together import write_entry


def write_history(
    at: datetime,
    by: User | None,
    act: str,
    *,
    person: User | None = None,
    organisation: Organisation | None = None,
    detail: str = "",
) -> None:
    """Note what was done to a person, an organisation or both. ``by=None``: the portal itself did it."""
    entry = HistoryEntry(at=at, by=by, act=act, person=person, organisation=organisation, detail=detail)
    write_entry(entry)
