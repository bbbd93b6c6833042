"""Who signed the Compact: 24 invented signatories, 21 of them reaffirmed in the open round, and one that withdrew. All invented."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from django.utils import timezone

from commitments.models import Commitment, Round, Signatory, Strategy
from commitments.services.charters import end_signature, record_signature, sign_charter
from commitments.services.indicators import IndicatorDefinition, TargetInput, define_indicator, set_targets
from commitments.services.loading.rounds import load_round
from commitments.services.pledges import set_pledge
from commitments.services.reaffirming import reaffirm
from partners import roles
from partners.models import User
from partners.permissions import has_permission_for
from vcsportal.demo.cast import Cast
from vcsportal.demo.responses import SECOND
from vcsportal.demo.timeline import Agenda, Happening
from vcsportal.demo.updates import OPEN
from vcsportal.demo.years import Years

SIGNED: Final = (
    "common-thread", "signpost", "lantern-house", "kingfisher", "open-gate", "larder", "quiet-harbour", "stepping-stones",
    "spokes", "second-bloom", "hundred-acre", "plough", "makers", "rootstock", "bright-kettle", "tandem", "cardamom",
    "st-frith", "fieldpath", "many-voices", "otter", "able-allies", "countwell", "brookside",
)  # fmt: skip
"""Those that stand, in the order in which they signed."""
LAPSED: Final = "countwell"
"""It has not answered since it signed."""
LATE: Final = ("signpost", "brookside")
"""They reaffirmed last time, and have not been heard this time yet; one of them has an account that newcomers can try."""
WITHDRAWN: Final = "quarry-singers"
BY_HAND: Final = {"brookside": "meeting", "st-frith": "telephone", "quarry-singers": "letter"}
"""Signatures that an officer recorded, and how they were told."""
POSTS: Final = ("Chair", "Manager", "Trustee", "Volunteer", "Secretary")
DID: Final = {
    "lantern-house": "We told the council in June that our grant would end, and we planned the handover together.",
    "larder": "Two of our cooks sat on the panel that drew up the new food contract.",
    "st-frith": "We open the porch on Tuesdays for anyone who wants to talk to the district council.",
}
PLEDGES: Final = {
    "common-thread": "We answer every question about the Compact from a small group within five working days.",
    "signpost": "We put one page about the Compact in the pack of every new trustee.",
    "larder": "We tell funders early when a project is not working.",
}


@dataclass(slots=True)
class Signing:
    """Schedules the signatures, the rounds' answers, the pledges, and the indicator that counts itself."""

    agenda: Agenda
    years: Years
    cast: Cast

    def rounds(self, strategy: Strategy, at: datetime) -> dict[int, Round]:
        """Return the rounds of the last two years, planned, by the number of the year."""
        return {
            number: load_round(by=None, at=at, strategy=strategy, entry=entry).round
            for number, entry in enumerate(self.years.rounds(), start=1)
            if number in (OPEN - 1, OPEN)
        }

    def tell(self, strategy: Strategy, rounds: dict[int, Round]) -> None:
        """In the third year they sign one by one; they answer in both rounds."""
        self._on(self.years.day("y3-05-01"), lambda at: self._counts(at, strategy, rounds))
        for number, key in enumerate([*SIGNED, WITHDRAWN]):
            self._on(self.years.day("y3-05-06") + timedelta(days=9 * number), self._signs(strategy, key, number))
        self._on(self.years.day("y4-09-14"), lambda at: self._withdraws(at, strategy))
        for year, opened in ((OPEN - 1, self.years.ends(OPEN - 1) + timedelta(days=1)), (OPEN, rounds[OPEN].opens_on)):
            answering = [key for key in SIGNED if key != LAPSED and not (year == OPEN and key in LATE)]
            for number, key in enumerate(answering):
                self._on(opened + timedelta(days=1 + number // 2), self._answers(strategy, rounds[year], key))
        for number, key in enumerate(PLEDGES):
            self._on(self.years.day("y3-10-05") + timedelta(days=number), self._pledges(strategy, key))

    def _on(self, day: date, happening: Happening) -> None:
        latest = self.agenda.today - timedelta(days=1)
        at = timezone.make_aware(datetime.combine(min(day, latest), time(16, 20)))
        self.agenda.add(at, happening)

    @property
    def _officer(self) -> User:
        return self.cast.people[SECOND]

    def _member(self, key: str, permission: str) -> User | None:
        organisation = self.cast.organisations[key]
        members = (User.objects.get(pk=member.pk) for member in self.cast.members.get(key, ()))
        return next((member for member in members if has_permission_for(member, permission, organisation.pk)), None)

    def _signs(self, strategy: Strategy, key: str, number: int) -> Happening:
        def sign(at: datetime) -> None:
            organisation, post = self.cast.organisations[key], POSTS[number % len(POSTS)]
            lead = None if key in BY_HAND else self._member(key, roles.SIGN_CHARTERS)
            if lead is not None:
                sign_charter(by=lead, at=at, strategy=strategy, organisation=organisation, signed_as=post)
                return
            record_signature(
                by=self._officer, at=at, strategy=strategy, organisation=organisation, signed_as=post,
                signed_on=timezone.localdate(at) - timedelta(days=3), told_how=BY_HAND.get(key, "meeting"),
            )  # fmt: skip

        return sign

    def _withdraws(self, at: datetime, strategy: Strategy) -> None:
        row = Signatory.objects.get(strategy=strategy, organisation=self.cast.organisations[WITHDRAWN])
        end_signature(
            by=self._officer, at=at, signatory=row, why="The choir sings on, and leaves committees to others."
        )

    def _answers(self, strategy: Strategy, round_: Round, key: str) -> Happening:
        def answer(at: datetime) -> None:
            row = Signatory.objects.get(strategy=strategy, organisation=self.cast.organisations[key])
            words = DID.get(key) if round_.observes_from == self.years.starts(OPEN) else None
            if member := self._member(key, roles.LOG_EVIDENCE):
                reaffirm(by=member, at=at, signatory=row, round_=round_, words=words)
            else:
                told_how = BY_HAND.get(key, "meeting")
                reaffirm(by=self._officer, at=at, signatory=row, round_=round_, words=words, told_how=told_how)

        return answer

    def _pledges(self, strategy: Strategy, key: str) -> Happening:
        def pledge(at: datetime) -> None:
            row = Signatory.objects.get(strategy=strategy, organisation=self.cast.organisations[key])
            principle, lead = Commitment.objects.get(strategy=strategy), self._member(key, roles.SIGN_CHARTERS)
            set_pledge(by=lead or self._officer, at=at, signatory=row, commitment=principle, words=PLEDGES[key])

        return pledge

    def _counts(self, at: datetime, strategy: Strategy, rounds: dict[int, Round]) -> None:
        """Let the portal count the signatories, against sixteen at the start: fifty per cent more are 24."""
        indicator = define_indicator(
            by=self._officer, at=at, of=Commitment.objects.get(strategy=strategy),
            what=IndicatorDefinition(
                "C1", "Signatories of the Compact", definition="Organisations that are signatories on the last day of the year.",
                unit="signatories", counts="signatories", baseline=Decimal(16),
                baseline_note="Counted when the register began. The figure is invented.",
            ),
        )  # fmt: skip
        for round_ in rounds.values():
            aim = TargetInput(Decimal(24), "50% more signatories than at the start")
            set_targets(by=self._officer, at=at, indicator=indicator, round_=round_, aims=[aim])
