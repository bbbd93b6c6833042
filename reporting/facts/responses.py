"""The facts about what addressees answered to a commitment, such as a recommendation."""

from dataclasses import dataclass
from datetime import date

from commitments.rules import stances


@dataclass(frozen=True, slots=True)
class ResponseFacts:
    """The response of one addressee, as it had been published by the day on which the round was closed.

    ``number`` is that of its row in the report's appendix. ``stance`` is a code of :mod:`commitments.rules.stances`, "" while the
    response was awaited, and then ``words``, ``decided_where`` and ``decided_on`` are empty too. ``given_on`` is the day on
    which it was published.

    What happened after that day, up to ``Report.actions_as_at``, is apart: ``stance_since`` was published on
    ``given_since``, or the response was withdrawn on ``withdrawn_since``, and then its words are left out.
    """

    number: int
    addressee: str
    stance: str
    words: str
    decided_where: str
    decided_on: date | None
    given_on: date | None
    is_owners: bool = False
    stance_since: str = ""
    given_since: date | None = None
    withdrawn_since: date | None = None

    @property
    def public_stance(self) -> stances.Stance:
        """What it was by the day on which the round was closed."""
        return stances.of(self.stance)
