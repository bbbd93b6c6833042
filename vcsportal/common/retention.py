"""How long each kind of personal data is kept: the shape of one row of the table, and the days counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of personal data: what it is, why it is kept, for how many days, and what happens then.

    ``days`` is the default; the setting ``RETENTION_DAYS`` may say otherwise. ``after`` completes "… days" in a sentence
    ("after the email was written"), ``outcome`` is a sentence. ``models`` are the tables that hold it, such as
    "partners.Mail". ``due(cutoff)`` returns the rows whose last day of keeping was before ``cutoff``;
    ``remove(rows, at)`` does what ``outcome`` says to rows that are locked, inside a transaction, and is safe to repeat; it
    returns how many it removed, or None for all. ``least`` is the shortest time that ``RETENTION_DAYS`` may say.
    """

    code: str
    label: str
    why: str
    days: int
    after: str
    outcome: str
    models: tuple[str, ...]
    due: Callable[[datetime], QuerySet[Any]]
    remove: Callable[[Sequence[Any], datetime], int | None]
    least: int = 1

    @property
    def kept_for(self) -> int:
        """Days for which it is kept in this portal."""
        return int(settings.RETENTION_DAYS.get(self.code, self.days))

    def cutoff(self, at: datetime) -> datetime:
        """Return the moment before which something must have happened to be due at ``at``.

        Something of 1 March that is kept for 30 days is still there on 31 March, and due from midnight.
        """
        first_day = timezone.localdate(at) - timedelta(days=self.kept_for)
        return timezone.make_aware(datetime.combine(first_day, time.min))

    def due_at(self, at: datetime) -> QuerySet[Any]:
        """Return what is due at this moment."""
        return self.due(self.cutoff(at))
