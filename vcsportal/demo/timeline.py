"""What happens when: the story is gathered first and told in the order of time, so that every history reads forward."""

import heapq
import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import count

from django.utils import timezone

Happening = Callable[[datetime], None]


class Agenda:
    """Happenings in the order of time. The same seed tells the same story."""

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
        """Put something on the agenda."""
        heapq.heappush(self._waiting, (at, next(self._numbers), happening))

    def run(self) -> None:
        """Let everything happen; a happening may add others that come later."""
        while self._waiting:
            at, _, happening = heapq.heappop(self._waiting)
            happening(at)
