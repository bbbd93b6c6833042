"""A workshop that was written up, a meeting of the steering group that was held, and the next one that is planned."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from django.utils import timezone

from commitments.engagement_content import AttendanceEntry, EngagementAccount, EngagementPlan
from commitments.models import Engagement, Strategy
from commitments.services.engagement import hold_engagement, plan_engagement
from commitments.services.engagement_account import set_attendance, write_up_engagement
from partners.models import Area, PartnershipGroup
from vcsportal.demo.cast import Cast
from vcsportal.demo.timeline import Agenda, Happening

WRITER: Final = "heath.harebell@example.org"
WORKSHOP: Final = "Keeping volunteers"
"""The title of the workshop: there is one. Everything about it is invented."""
WORKSHOP_DAYS_AGO: Final = 62
MEETING_DAYS_AGO: Final = 9
NEXT_MEETING_IN_DAYS: Final = 10
CAME: Final = ("common-thread", "signpost", "willowbank")
SENT_APOLOGIES: Final = "larder"
COMMITMENTS: Final = ("promote-volunteering-and-social-action", "tackle-barriers-to-volunteering")
SUMMARY: Final = """Groups told us what makes people stay, and what makes them stop.

* **Travel** came up most often: people stop when the bus does.
* Younger volunteers want shifts of two hours, not a weekly promise.
* Groups would share training if someone kept the list of who offers what.

The council will answer each point in writing."""


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

    def _plan_meeting(self, at: datetime) -> None:
        self._meeting(at, "Autumn meeting of the Alliance", -MEETING_DAYS_AGO)

    def _hold_meeting(self, at: datetime) -> None:
        meeting = Engagement.objects.get(group__organisation=self.cast.group, state="planned")
        hold_engagement(by=self.cast.people[WRITER], at=at, engagement=meeting)

    def _plan_next(self, at: datetime) -> None:
        self._meeting(at, "Winter meeting of the Alliance", NEXT_MEETING_IN_DAYS)
