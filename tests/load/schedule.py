"""When each visitor comes. It is known before the trial begins, so that a slow portal does not slow its visitors down."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Arrival:
    """One visitor: the second at which they come, counted from the beginning, what for, and the how manieth of these."""

    at: float
    journey: str
    number: int


def arrivals(counts: Mapping[str, int], seconds: float) -> list[Arrival]:
    """Return so many visitors of each journey, spread evenly over the seconds, in the order in which they come.

    Each journey begins at a moment of its own, so that not all of them meet at the same second.
    """
    found = []
    for place, (journey, count) in enumerate(counts.items()):
        between, first = seconds / count, (place + 0.5) / len(counts)
        found += [Arrival((number + first) * between, journey, number) for number in range(count)]
    return sorted(found)


@dataclass
class Clock:
    """When a visitor’s next request is due. What comes late, for whatever reason, counts from then.

    Every pause is counted from the moment at which the last request *should* have begun: a visitor who had to wait for an
    answer has less of the pause left, and one who is late does not make the trial slower.
    """

    planned: float
    """Seconds on a clock that only goes forward, as are all others here."""
    _due: float | None = None

    def __post_init__(self) -> None:
        self._due = self.planned

    def pause(self, seconds: float) -> float:
        """Plan the next request so long after this one; return when that is."""
        self.planned += seconds
        self._due = self.planned
        return self.planned

    def begins(self, now: float) -> float:
        """Return from when the request counts that begins now: from when it was due, or from now if it follows another at once."""
        due, self._due = self._due, None
        return now if due is None else min(due, now)
