"""The facts about what the group that steers a strategy decided at its meetings."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """A decision whose words everyone could read when the report was made.

    ``number`` is that of its row in the report. ``meeting`` is the title of the meeting, ``decided_on`` its day. ``who`` is
    an organisation or a post, never a name. ``reference`` is the commitment's number, "" where it was about none. What
    became of it is as the portal knew it on the day of the report: ``done_on``, ``closed`` for what was closed or dropped
    without being done. ``id`` is the key of its point, 0 where an edition does not have it.
    """

    number: int
    meeting: str
    decided_on: date
    words: str
    who: str
    due_on: date | None
    done_on: date | None
    reference: str = ""
    closed: bool = False
    id: int = 0
