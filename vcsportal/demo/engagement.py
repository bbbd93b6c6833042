"""A workshop and a meeting of the steering group that were written up, a meeting that was held, and the next one that is planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Final

from django.utils import timezone

from commitments.content.engagement import AttendanceEntry, EngagementAccount, EngagementPlan
from commitments.content.points import RecordedPoint
from commitments.models import Engagement, Point, Strategy
from commitments.services.engagement import hold_engagement, plan_engagement
from commitments.services.engagement_account import set_attendance, write_up_engagement
from commitments.services.points import finish_point
from commitments.services.receiving_points import record_point
from partners.models import Area, PartnershipGroup
from vcsportal.demo.cast import Cast
from vcsportal.demo.timeline import Agenda, Happening

WRITER: Final = "heath.harebell@example.org"
WORKSHOP: Final = "Keeping volunteers"
"""The title of the workshop: there is one. Everything about it is invented."""
WORKSHOP_DAYS_AGO: Final = 62
MEETING_DAYS_AGO: Final = 9
NEXT_MEETING_IN_DAYS: Final = 10
SUMMER_DAYS_AGO: Final = 96
"""The meeting that is written up, with minutes that everyone can read."""
SUMMER: Final = "Summer meeting of the Alliance"
CAME: Final = ("common-thread", "signpost", "willowbank")
SENT_APOLOGIES: Final = "larder"
COMMITMENTS: Final = ("promote-volunteering-and-social-action", "tackle-barriers-to-volunteering")
SUMMARY: Final = """Groups told us what makes people stay, and what makes them stop.

* **Travel** came up most often: people stop when the bus does.
* Younger volunteers want shifts of two hours, not a weekly promise.
* Groups would share training if someone kept the list of who offers what.

The council will answer each point in writing."""

SUMMER_DECISIONS: Final = (
    ("Ask each member which of their rooms other groups may use.", "Signpost Volunteering", 60, 75),
    ("Put the year’s meetings on one page, so that small groups can plan.", "Partnership clerk", 30, 80),
)
AUTUMN_DECISIONS: Final = (
    ("Invite two parish councils to the next meeting.", "Partnership clerk", 5, 4),
    ("Find a business to take the vacant seat.", "Co-chair for public bodies", 7, None),
    ("Bring a note on what the bus timetable means for volunteers.", "Spokes", -20, None),
)
"""What was decided, who does it, how many days after the meeting it is due (or, if negative, how many days from today), and how
many days ago it was done. None is not yet."""


def workshop() -> Engagement:
    """Return the workshop of the story. Raise ``DoesNotExist`` where the story has not been told."""
    return Engagement.objects.get(title=WORKSHOP)


@dataclass(slots=True)
class Convener:
    """Schedules the workshop and the meetings."""

    agenda: Agenda
    cast: Cast
    strategy: Strategy

    def tell(self) -> None:
        """Plan each a fortnight before; the workshop is written up three days after it."""
        self._on(WORKSHOP_DAYS_AGO + 14, time(10), self._plan_workshop)
        self._on(WORKSHOP_DAYS_AGO - 3, time(20, 40), self._write_up)
        self._on(SUMMER_DAYS_AGO + 14, time(9), self._plan_summer)
        self._on(SUMMER_DAYS_AGO - 1, time(9), self._write_up_summer)
        for decisions in (SUMMER_DECISIONS, AUTUMN_DECISIONS):
            for words, _who, _due, done in decisions:
                if done is not None:
                    self._on(done, time(15), partial(self._finish, words))
        self._on(MEETING_DAYS_AGO + 14, time(9), self._plan_meeting)
        self._on(MEETING_DAYS_AGO - 1, time(9), self._hold_meeting)
        self._on(MEETING_DAYS_AGO - 2, time(11), self._plan_next)

    def _on(self, days_ago: int, at: time, happens: Happening) -> None:
        day = self.agenda.today - timedelta(days=days_ago)
        self.agenda.add(timezone.make_aware(datetime.combine(day, at)), happens)

    def _plan_workshop(self, at: datetime) -> None:
        plan = EngagementPlan(
            kind="workshop",
            title=WORKSHOP,
            starts_on=self.agenda.today - timedelta(days=WORKSHOP_DAYS_AGO),
            starts_at=time(13, 30),
            place="A village hall near Witney",
            districts=tuple(Area.objects.districts().order_by("name", "id")[3:]),
            question="What would help your volunteers to stay?",
            method="Small groups at five tables, then everyone put three dots on what matters most.",
            commitments=tuple(self.strategy.commitments.filter(key__in=COMMITMENTS).in_order()),
        )
        plan_engagement(by=self.cast.people[WRITER], at=at, group=None, strategy=self.strategy, plan=plan)

    def _write_up(self, at: datetime) -> None:
        officer, organisations = self.cast.people[WRITER], self.cast.organisations
        entries = [
            *(AttendanceEntry(organisation=organisations[key], post="Volunteer coordinator") for key in CAME),
            AttendanceEntry(organisation=self.strategy.owner, post="Volunteering officer"),
            AttendanceEntry(post="Parish clerk"),
            AttendanceEntry(organisation=organisations[SENT_APOLOGIES], post="Manager", sent_apologies=True),
        ]
        set_attendance(by=officer, at=at, engagement=workshop(), entries=entries)
        account = EngagementAccount(SUMMARY, people_attended=31, people_asked=120, people_answered=54)
        write_up_engagement(by=officer, at=at, engagement=workshop(), account=account)

    def _meeting(self, at: datetime, title: str, days: int) -> None:
        group, _new = PartnershipGroup.objects.get_or_create(organisation=self.cast.group)
        plan = EngagementPlan(
            kind="meeting",
            title=title,
            starts_on=self.agenda.today + timedelta(days=days),
            starts_at=time(18),
            place="Online",
            question="What is at risk, what is late, and what needs a decision?",
        )
        plan_engagement(by=self.cast.people[WRITER], at=at, group=group, strategy=self.strategy, plan=plan)

    def _plan_summer(self, at: datetime) -> None:
        self._meeting(at, SUMMER, -SUMMER_DAYS_AGO)

    def _write_up_summer(self, at: datetime) -> None:
        officer, meeting = self.cast.people[WRITER], Engagement.objects.get(title=SUMMER)
        self._decide(at, meeting, SUMMER_DECISIONS)
        seats = [AttendanceEntry(organisation=self.cast.organisations[key], post="Director") for key in CAME]
        away = AttendanceEntry(
            organisation=self.cast.organisations[SENT_APOLOGIES], post="Manager", sent_apologies=True
        )
        set_attendance(by=officer, at=at, engagement=meeting, entries=[*seats, away])
        account = EngagementAccount("We went through what was late, and agreed how members lend each other rooms.")
        write_up_engagement(by=officer, at=at, engagement=meeting, account=account)

    def _decide(self, at: datetime, meeting: Engagement, decisions: Sequence[tuple[str, str, int, int | None]]) -> None:
        for words, who, due, _done in decisions:
            day = meeting.starts_on + timedelta(days=due) if due > 0 else self.agenda.today - timedelta(days=due)
            content = RecordedPoint(
                "decision", words, meeting.starts_on, engagement=meeting, owner_words=who, due_on=day
            )
            record_point(by=self.cast.people[WRITER], at=at, content=content)

    def _finish(self, words: str, at: datetime) -> None:
        point = Point.objects.get(words=words)
        finish_point(by=self.cast.people[WRITER], at=at, point=point, done_on=timezone.localdate(at))

    def _plan_meeting(self, at: datetime) -> None:
        self._meeting(at, "Autumn meeting of the Alliance", -MEETING_DAYS_AGO)

    def _hold_meeting(self, at: datetime) -> None:
        meeting = Engagement.objects.get(group__organisation=self.cast.group, state="planned")
        hold_engagement(by=self.cast.people[WRITER], at=at, engagement=meeting)
        self._decide(at, meeting, AUTUMN_DECISIONS)

    def _plan_next(self, at: datetime) -> None:
        self._meeting(at, "Winter meeting of the Alliance", NEXT_MEETING_IN_DAYS)
