"""The facts about indicators and their figures."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class StrandFacts:
    """A count of one strand as everyone may see it: ``count`` is None where it is hidden, and ``said`` has words in its place."""

    strand: str
    count: int | None
    said: str


@dataclass(frozen=True, slots=True)
class FigureFacts:
    """An indicator in one round: what was counted and aimed at, as numbers and in words.

    ``actual`` is the round's own number, ``total`` what it comes to with the rounds before where numbers add up; of a
    share both parts are kept. Without a number there is ``absent_reason``, or nobody has given one.
    ``strands`` break ``actual`` down; ``strands_note`` says what of them is hidden, and alone stands for a breakdown that can't be
    shown.
    """

    round: str
    actual: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    absent_reason: str
    total: Decimal | None
    target: Decimal | None
    target_total: Decimal | None
    actual_said: str
    total_said: str
    target_said: str
    target_total_said: str
    verdict: str
    note: str
    strands: tuple[StrandFacts, ...] = ()
    strands_note: str = ""


@dataclass(frozen=True, slots=True)
class AimFacts:
    """The target of a round after the one that is reported on: the round, the number, and the same in words."""

    round: str
    target: Decimal
    said: str


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """An indicator through the rounds up to this one. ``sentence`` says this round's number beside its target.

    ``later`` are the targets of later rounds, as they were set when the facts were gathered.
    """

    code: str
    title: str
    definition: str
    unit: str
    kind: str
    cumulative: bool
    direction: str
    baseline: Decimal | None
    baseline_said: str
    sentence: str
    rounds: tuple[FigureFacts, ...]
    later: tuple[AimFacts, ...] = ()

    def in_round(self, slug: str) -> FigureFacts | None:
        """Return its figure in a round, None where the round had neither number nor target."""
        return next((figure for figure in self.rounds if figure.round == slug), None)
