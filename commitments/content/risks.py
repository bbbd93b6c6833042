"""What people enter about a risk: its words, what is done about it, who leads on it, and how high it is."""

from dataclasses import dataclass
from datetime import date

from commitments.models import Commitment, Priority
from commitments.rules.risk_levels import LevelRange
from partners.models import Organisation


@dataclass(frozen=True, slots=True)
class RiskLeadContent:
    """Who leads on it: an organisation, or else words."""

    organisation: Organisation | None = None
    words: str = ""

    def __str__(self) -> str:
        return self.organisation.name if self.organisation else self.words


@dataclass(frozen=True, slots=True)
class RiskContent:
    """What is recorded of a risk. It is to a priority, to a commitment, or to the strategy as a whole with neither."""

    words: str
    controls: str = ""
    leads: tuple[RiskLeadContent, ...] = ()
    priority: Priority | None = None
    commitment: Commitment | None = None
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class AssessmentContent:
    """How high a risk is assessed to be. ``assessed_on`` is None for today; a scope is a priority, words, or neither."""

    impact: LevelRange
    likelihood: LevelRange
    impact_reason: str = ""
    likelihood_reason: str = ""
    condition: str = ""
    priority: Priority | None = None
    scope: str = ""
    period: str = ""
    assessed_on: date | None = None

    @property
    def of_what(self) -> tuple[int | None, str, str]:
        """Its scope and period, as :class:`commitments.models.RiskAssessment` has them."""
        return self.priority.pk if self.priority else None, self.scope, self.period
