"""Three risks to the strategy that opens: one that rose, one with a range, and one to a single commitment. All invented."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from django.utils import timezone

from commitments.content.risks import AssessmentContent, RiskContent, RiskLeadContent
from commitments.models import Risk, RiskAssessment, Strategy
from commitments.rules.risk_levels import LevelRange
from commitments.services.risk_assessments import assess_risk
from commitments.services.risks import record_risk
from partners.models import User
from vcsportal.demo.cast import Cast
from vcsportal.demo.responses import WRITER
from vcsportal.demo.timeline import Agenda, Happening

FIRST_DAYS: Final = 400
"""Days ago on which the risks were recorded."""
ROSE_DAYS: Final = 20
"""Days ago on which one of them rose."""
LOW, MEDIUM, HIGH = (LevelRange(place, place) for place in (1, 2, 3))


@dataclass(slots=True)
class RisksStory:
    """Schedules when the risks are recorded and assessed."""

    agenda: Agenda
    cast: Cast
    strategy: Strategy

    def tell(self) -> None:
        """Recorded a year ago, and one of them assessed again three weeks ago."""
        self._at(FIRST_DAYS, self._records)
        self._at(ROSE_DAYS, self._rises)

    def _at(self, days: int, happening: Happening) -> None:
        day = self.agenda.today - timedelta(days=days)
        self.agenda.add(timezone.make_aware(datetime.combine(day, time(11))), happening)

    @property
    def _officer(self) -> User:
        return self.cast.people[WRITER]

    def _records(self, at: datetime) -> None:
        council = RiskLeadContent(self.strategy.owner)
        volunteers = self._record(
            at,
            RiskContent(
                "Too few people volunteer, so groups cut down what they offer",
                "A yearly survey of groups; training and expenses for volunteers",
                (council, RiskLeadContent(words="Volunteer centres")),
            ),
        )
        self._assess(at, volunteers, AssessmentContent(HIGH, MEDIUM, impact_reason="Most groups depend on volunteers."))
        money = self._record(
            at,
            RiskContent(
                "Grants end before groups have found other money",
                "Notice of at least six months before a grant ends",
                (council,),
            ),
        )
        in_town, in_villages = LevelRange(1, 2), LevelRange(2, 3)
        for scope, likelihood in (("groups in towns", in_town), ("groups in villages", in_villages)):
            self._assess(at, money, AssessmentContent(LevelRange(2, 3), likelihood, scope=scope))
        commitment = self.strategy.commitments.in_order()[0]
        small = self._record(
            at,
            RiskContent(
                "Nobody in the team is free to see this through", "A deputy is named", (council,), commitment=commitment
            ),
        )
        self._assess(at, small, AssessmentContent(MEDIUM, LOW, condition="as long as the post is filled"))

    def _rises(self, at: datetime) -> None:
        first = RiskAssessment.objects.get(risk__strategy=self.strategy, risk__number=1)
        content = AssessmentContent(
            HIGH, LevelRange(2, 3), impact_reason=first.impact_reason,
            likelihood_reason="Two volunteer centres report fewer enquiries than last year.",
        )  # fmt: skip
        assess_risk(by=self._officer, at=at, risk=first.risk, content=content, replaces=first)

    def _record(self, at: datetime, content: RiskContent) -> Risk:
        return record_risk(by=self._officer, at=at, strategy=self.strategy, content=content)

    def _assess(self, at: datetime, risk: Risk, content: AssessmentContent) -> None:
        assess_risk(by=self._officer, at=at, risk=risk, content=content)
