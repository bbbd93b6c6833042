"""The facts about a strategy's risks. Impact and likelihood are words or ranges of words; there is no number for them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RiskAssessmentFacts:
    """How high a risk was on the day of the report, of what (``about``, "" for the risk as a whole) and for which ``period``."""

    about: str
    period: str
    impact: str
    impact_reason: str
    likelihood: str
    likelihood_reason: str
    condition: str


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """A risk that had not ended on the day of the report.

    ``about`` is what it is a risk to, "" for the strategy as a whole; ``leads`` are organisations or words, never names.
    """

    number: int
    words: str
    controls: str
    leads: tuple[str, ...]
    about: str
    assessments: tuple[RiskAssessmentFacts, ...]


@dataclass(frozen=True, slots=True)
class RiskRoseFacts:
    """That a bound of a risk rose: ``bound`` is "impact" or "likelihood", ``was`` and ``now`` are words or ranges of words."""

    number: int
    words: str
    about: str
    bound: str
    was: str
    now: str
    on: date
