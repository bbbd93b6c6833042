"""What people said at a workshop and sent from the public form, and what the council answered. All invented."""

import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from django.utils import timezone

from commitments.content.engagement import EngagementPlan
from commitments.content.points import PointAnswer, RecordedPoint, SentPoint
from commitments.models import Engagement, Point, Strategy
from commitments.services.engagement import hold_engagement, plan_engagement
from commitments.services.points import answer_point, assign_point, close_point, finish_point, publish_point
from commitments.services.receiving_points import record_point, send_point
from partners.models import Area, User
from vcsportal.demo.cast import Cast
from vcsportal.demo.responses import SECOND, WRITER
from vcsportal.demo.timeline import Agenda, Happening

WORKSHOP_DAYS: Final = 40
"""Days ago on which the workshop was held: what nobody has answered has waited for so long."""
SAID: Final = (
    ("The form for small grants takes a whole evening. Could it be one page?", "A trustee", "yes",
     "A one-page form is in use for grants under £1,000.", 9),
    ("Every meeting is in Oxford. Please hold some of them elsewhere.", "A village hall committee", "in_part",
     "One meeting in three will be elsewhere from next year. The partnership cannot afford more than that.", None),
    ("Pay the bus fares of all volunteers who come to a meeting.", "A volunteer", "no",
     "There is no money for this in the present budget. Organisations can already claim fares for people on a low income.", None),
    ("Some groups do not know that this strategy exists.", "A community café", "noted",
     "We discussed it. The next newsletter will explain the strategy in one page.", None),
    ("Say when each commitment will next be looked at.", "A charity for older people", "", "", None),
)  # fmt: skip
"""Words, who said them, stance, answer, and how many days ago it was done. The last one waits."""
INTEREST: Final = "Our lunch club would like to run the kitchen on weekdays, and keep it open for others at weekends."
PROBLEM: Final = "On a phone the last column of the table is cut off."


@dataclass(slots=True)
class PointsStory:
    """Schedules the workshop with its points, and the messages of people without an account."""

    agenda: Agenda
    cast: Cast
    strategy: Strategy

    def tell(self) -> None:
        """The workshop forty days ago with six points, then an expression of interest and a problem with a page."""
        self._at(WORKSHOP_DAYS + 60, self._plans)
        self._at(WORKSHOP_DAYS, self._records)
        self._at(31, self._answers)
        self._at(24, self._interest_comes)
        self._at(12, self._problem_comes)
        self._at(11, self._problem_is_mended)
        self._at(9, self._is_done)
        self._at(5, self._interest_is_answered)

    def _at(self, days: int, happening: Happening) -> None:
        day = self.agenda.today - timedelta(days=days)
        self.agenda.add(timezone.make_aware(datetime.combine(day, time(14))), happening)

    @property
    def _officer(self) -> User:
        return self.cast.people[WRITER]

    def _workshop(self) -> Engagement:
        return Engagement.objects.get(strategy=self.strategy, title="Autumn workshop")

    def _plans(self, at: datetime) -> None:
        plan = EngagementPlan(
            "workshop", "Autumn workshop", self.agenda.today - timedelta(days=WORKSHOP_DAYS), place="Ash Lane Hall",
            question="What would make it easier for your group to take part?",
        )  # fmt: skip
        plan_engagement(by=self._officer, at=at, group=None, strategy=self.strategy, plan=plan)

    def _records(self, at: datetime) -> None:
        workshop, today = self._workshop(), timezone.localdate(at)
        hold_engagement(by=self._officer, at=at, engagement=workshop)
        for words, who, *_ in SAID:
            content = RecordedPoint("said", words, today, engagement=workshop, raised_by_words=who)
            record_point(by=self._officer, at=at, content=content, owner=self._officer, publish=True)
        decision = RecordedPoint(
            "decision", "The dates of next year’s meetings are published before the year begins.", today, engagement=workshop,
            commitment=self.strategy.commitments.in_order().first(),
            due_on=self.agenda.today + timedelta(days=20),
        )  # fmt: skip
        owner = self.cast.people[SECOND]
        record_point(by=self._officer, at=at, content=decision, owner=owner, publish=True)

    def _answers(self, at: datetime) -> None:
        for words, _who, stance, response, _done in SAID:
            if stance:
                point = Point.objects.get(words=words)
                answer_point(by=self._officer, at=at, point=point, answer=PointAnswer(stance, response))

    def _is_done(self, at: datetime) -> None:
        for words, *_, done in SAID:
            if done is not None:
                finish_point(
                    by=self._officer, at=at, point=Point.objects.get(words=words), done_on=timezone.localdate(at)
                )

    def _interest_comes(self, at: datetime) -> None:
        content = SentPoint(
            "interest", INTEREST,
            about_words="The kitchen at Ash Lane Hall", strategy=self.strategy, district=Area.objects.districts().first(),
            name="Tansy Trefoil", group_name="Ash Lane Lunch Club", email="tansy.trefoil@example.org",
        )  # fmt: skip
        send_point(at=at, token=uuid.UUID(int=43), content=content)

    def _interest_is_answered(self, at: datetime) -> None:
        point = assign_point(by=self._officer, at=at, point=_sent(INTEREST), owner=self._officer)
        publish_point(
            by=self._officer, at=at, point=point, raised_by_words="A lunch club",
            public_words="A lunch club would like to run the kitchen of a community hall on weekdays.",
        )  # fmt: skip
        answer = PointAnswer(
            "in_part", "Yes for two mornings a week, from January. The other days are let until the summer."
        )
        answer_point(by=self._officer, at=at, point=point, answer=answer)

    def _problem_comes(self, at: datetime) -> None:
        content = SentPoint(
            "feedback", PROBLEM,
            about_page=self.strategy.get_absolute_url(), strategy=self.strategy,
        )  # fmt: skip
        send_point(at=at, token=uuid.UUID(int=44), content=content)

    def _problem_is_mended(self, at: datetime) -> None:
        close_point(by=self._officer, at=at, point=_sent(PROBLEM), reason="Thank you. The table now fits on a phone.")


def _sent(words: str) -> Point:
    return Point.objects.get(words=words)
