"""The order of events: they are collected first and then carried out in the order of time, so that every history is in
sequence."""

import heapq
import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import count

from django.utils import timezone

Happening = Callable[[datetime], None]


class Agenda:
    """Events in the order of time. The same seed gives the same story."""

    def __init__(self, today: date, rng: random.Random) -> None:
        self.today, self.rng = today, rng
        self._waiting: list[tuple[datetime, int, Happening]] = []
        self._numbers = count()

    def moment(self, day: date, *, after: datetime | None = None) -> datetime:
        """A time of the working day, later than ``after`` and never past the small hours of today."""
        if day >= self.today:
            day, hours = self.today, 0
        else:
            hours = self.rng.randrange(9, 17)
        at = timezone.make_aware(datetime.combine(day, time(hours, self.rng.randrange(60), self.rng.randrange(60))))
        return at if after is None or at > after else after + timedelta(seconds=self.rng.randrange(40, 900))

    def afternoon(self, day: date) -> datetime:
        """Five o'clock of a day in the past. It takes no chance, so that what else happens stays as it was."""
        return timezone.make_aware(datetime.combine(day, time(17)))

    def add(self, at: datetime, happening: Happening) -> None:
        """Schedule an event."""
        heapq.heappush(self._waiting, (at, next(self._numbers), happening))

    def run(self) -> None:
        """Carry out every event; an event may add later ones."""
        while self._waiting:
            at, _, happening = heapq.heappop(self._waiting)
            happening(at)
