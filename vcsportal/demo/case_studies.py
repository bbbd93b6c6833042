"""Three case studies: one with a quotation that may be shown, one by a faith group, one that waits for review. All invented."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from django.utils import timezone

from commitments.content.case_studies import CaseStudyContent
from commitments.content.evidence import EvidenceContent
from commitments.models import CaseStudy, Round, Strategy
from commitments.services.case_studies import submit_case_study
from commitments.services.case_study_review import accept_case_study, choose_case_study
from commitments.services.consents import record_consent
from commitments.services.evidence import accept_evidence, log_evidence, submit_evidence
from partners.models import Area, User
from vcsportal.demo.cast import LEAD, Cast
from vcsportal.demo.responses import SECOND
from vcsportal.demo.timeline import Agenda

FAITH: Final = "faith@example.org"
HAPPENED_DAYS: Final = 90
"""Days ago on which each of the three began."""
TOLD: Final = (
    (
        LEAD, "Opened a repair table in the village hall", "West Oxfordshire", 60,
        CaseStudyContent(
            headline="A repair table that brought a village hall back to life",
            place="A village hall near Witney",
            led_with="the parish council and a school’s design class",
            problem="The hall was let for two evenings a week and losing money. People in the village told us that they drove "
            "to the tip with things that only needed a screw.",
            what_was_done="We put out one table on the first Saturday of each month. Two retired electricians and a seamstress "
            "came first.\n\n- The parish council let us have the hall free for six months.\n- The school lent its tools and "
            "sent pupils to learn.\n- Every item gets a card, so that we know what was repaired.",
            what_changed="In the first six months 140 things were repaired, and 31 of 46 visitors had never used the hall "
            "before. The café at the back of the room pays the heating. It did not work on summer Saturdays, so we stop in July.",
            quotation="I came with a toaster and left with three neighbours.",
            said_by="a visitor",
            learnt="Ask people what they can mend before asking what they want mended.",
            cost="a first-aid kit, insurance and two extension leads; everyone gives their time",
            cost_pounds=380,
            how_to_copy="Begin with three menders and one table. Ask your parish council for the hall and for its insurance "
            "to cover you, and keep a card for each item from the first day.",
        ),
    ),
    (
        FAITH, "Ran a shared meal during the month of fasting", "Oxford", 40,
        CaseStudyContent(
            headline="A meal after sunset that became a weekly table for everyone",
            place="East Oxford",
            led_with="two churches and a residents’ association",
            problem="Neighbours lived on the same street for years and did not know each other’s names.",
            what_was_done="We invited the street to eat with us after sunset, every Friday of the month. Guests brought chairs.",
            what_changed="About 60 people came each week. When the month was over, the residents’ association asked for the "
            "table to go on, and it does.",
            learnt="Say clearly that nobody has to pray, dress up or pay.",
        ),
    ),
    (
        LEAD, "Lent phones to people who live alone", "Cherwell", 6,
        CaseStudyContent(
            headline="Lent phones, and someone to practise with",
            problem="People who live alone could not book a doctor’s appointment online.",
            what_was_done="We lent 20 phones for three months, each with a volunteer who calls once a week.",
        ),
    ),
)  # fmt: skip
"""Who tells it, the evidence's title and district, how many days ago it was sent, and what is told. The last one waits."""


@dataclass(slots=True)
class CaseStudiesStory:
    """Schedules the three case studies, and chooses the first for the report of the open round."""

    agenda: Agenda
    cast: Cast
    strategy: Strategy
    open_round: Round

    def tell(self) -> None:
        """Each with its evidence, which was accepted a few days before."""
        for place, (by, title, district, days, content) in enumerate(TOLD):
            day = self.agenda.today - timedelta(days=days)

            def happens(
                at: datetime, place: int = place, by: str = by, title: str = title, district: str = district,
                content: CaseStudyContent = content,
            ) -> None:  # fmt: skip
                self._tells(at, place, self._person(by), title, district, content)

            self.agenda.add(timezone.make_aware(datetime.combine(day, time(16))), happens)

        yesterday = self.agenda.today - timedelta(days=1)
        if self.open_round.opens_on <= yesterday:
            self.agenda.add(timezone.make_aware(datetime.combine(yesterday, time(17))), self._is_chosen)

    def _is_chosen(self, at: datetime) -> None:
        told = CaseStudy.objects.get(published__headline=TOLD[0][4].headline)
        round_ = Round.objects.get(pk=self.open_round.pk)
        choose_case_study(by=self.cast.people[SECOND], at=at, case_study=told, round_=round_)

    def _person(self, email: str) -> User:
        return next(
            (person for person in self.cast.people.values() if person.email == email), None
        ) or User.objects.get(email=email)

    def _tells(self, at: datetime, place: int, by: User, title: str, district: str, content: CaseStudyContent) -> None:
        officer = self.cast.people[SECOND]
        commitment = self.strategy.commitments.in_order()[place]
        evidence = EvidenceContent(
            title, self.agenda.today - timedelta(days=HAPPENED_DAYS), commitments=(commitment,), publishable=True,
            districts=tuple(Area.objects.districts().filter(name=district)),
        )  # fmt: skip
        piece = log_evidence(by=by, at=at, organisation=by.organisations[0], content=evidence)
        piece = submit_evidence(by=by, at=at, evidence=piece)
        piece = accept_evidence(by=officer, at=at, evidence=piece)
        told = submit_case_study(by=by, at=at, evidence=piece, content=content)
        if place == len(TOLD) - 1:
            return
        told = accept_case_study(by=officer, at=at, case_study=told)
        if content.quotation:
            self._is_agreed_to(at, by, told)

    @staticmethod
    def _is_agreed_to(at: datetime, by: User, told: CaseStudy) -> None:
        quotation = told.newest.quotation if told.newest else None
        record_consent(
            by=by, at=at, evidence=told.evidence, quotation=quotation, given_by="the visitor who said it",
            given_on=timezone.localdate(at), uses=["portal", "report"],
        )  # fmt: skip
