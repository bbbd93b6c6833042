"""What else happened in the open round: the sector's views, answers, notes, deputies, what was told for others."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from commitments.content.evidence import EvidenceContent
from commitments.models import Commitment, Consent, Contribution, Evidence, Round, Strategy
from commitments.rules.evidence_figures import figures_in
from commitments.services import evidence as evidence_services
from commitments.services.consents import record_consent, withdraw_consent
from commitments.services.contributions import nothing_to_add
from commitments.services.notes import write_note
from commitments.services.partner_views import give_view
from commitments.services.view_replies import reply_to_view
from commitments.services.working_copies import note_time, opened
from partners.models import User
from partners.services.deputies import name_deputy
from vcsportal.demo.cast import Cast, read
from vcsportal.demo.timeline import Agenda, Happening

CONSENTS = ("Everybody in the picture was asked at the door.", "The two people at the table signed our form.")
MIND_CHANGED = 4


@dataclass(slots=True)
class Asked:
    """Puts on the agenda what people were asked in the open round, and what they answered."""

    agenda: Agenda
    cast: Cast
    strategy: Strategy
    round: Round

    def tell(self) -> None:
        """All of ``round.toml``, each on its day; days that have not come yet are left out."""
        told = read("round")
        kinds = (
            ("view", self._view), ("nothing", self._nothing), ("note", self._note), ("deputy", self._deputy),
            ("told", self._told),
        )  # fmt: skip
        for kind, happening in kinds:
            for entry in told[kind]:
                day = self.round.opens_on + timedelta(days=entry["day"])
                if day < self.agenda.today:
                    self.agenda.add(self.agenda.moment(day), happening(entry))
        for entry in told["view"]:
            day = self.round.opens_on + timedelta(days=entry.get("reply_day", 0))
            if "reply" in entry and day < self.agenda.today:
                self.agenda.add(self.agenda.moment(day), self._reply(entry))
        for number in range(7):
            day = self.round.opens_on + timedelta(days=2 + number)
            self.agenda.add(self.agenda.moment(day), self._agree(number))
        measured = self.agenda.moment(self.round.opens_on)
        for form, times in told["times"].items():
            for seconds in times:
                self.agenda.add(measured, _took(form, seconds))

    def _agree(self, number: int) -> Happening:
        """Ask the people in a photograph; one of them changes their mind."""

        def agree(at: datetime) -> None:
            pieces = Evidence.objects.published().filter(files__kind="photograph").distinct()
            piece = pieces.order_by("-happened_from", "id").exclude(consents__isnull=False)[0]
            by = piece.organisation.role_grants.current().order_by("id")[0].person
            photograph = piece.files.filter(kind="photograph").order_by("id")[0]
            until = self.agenda.today + timedelta(days=(20, 400, 700)[number % 3])
            consent = record_consent(
                by=by, at=at, evidence=piece, file=photograph, given_by=CONSENTS[number % 2], given_on=piece.happened_from,
                uses=["portal", "report"], lasts_until=until,
            )  # fmt: skip
            if number == MIND_CHANGED:
                later = self.agenda.moment(at.date() + timedelta(days=1), after=at)
                self.agenda.add(later, changes_their_mind(by, consent))

        def changes_their_mind(by: User, consent: Consent) -> Happening:
            def withdraw(at: datetime) -> None:
                withdraw_consent(by=by, at=at, consent=consent, why="One of them has moved away.")

            return withdraw

        return agree

    def _of(self, reference: str) -> Commitment:
        return self.strategy.commitments.get(reference=reference)

    def _view(self, entry: dict[str, Any]) -> Happening:
        def give(at: datetime) -> None:
            give_view(
                by=self.cast.members[entry["organisation"]][0], at=at, commitment=self._of(entry["commitment"]),
                round_=self.round, organisation=self.cast.organisations[entry["organisation"]], status=entry["status"],
                reason=entry["reason"], differs=entry["differs"], version=None,
            )  # fmt: skip

        return give

    def _reply(self, entry: dict[str, Any]) -> Happening:
        """Let the lead officer reply to a view."""

        def write(at: datetime) -> None:
            commitment = self._of(entry["commitment"])
            view = commitment.sector_views.get(round=self.round, organisation__slug=entry["organisation"])
            by = commitment.lead_officer or self.cast.officers[0]
            reply_to_view(by=by, at=at, view=view, text=entry["reply"], view_version=view.version, version=None)

        return write

    def _nothing(self, entry: dict[str, Any]) -> Happening:
        def say(at: datetime) -> None:
            organisation = self.cast.organisations[entry["organisation"]]
            asked = Contribution.objects.get(round=self.round, organisation=organisation)
            nothing_to_add(by=self.cast.members[entry["organisation"]][0], at=at, contribution=asked)

        return say

    def _note(self, entry: dict[str, Any]) -> Happening:
        def write(at: datetime) -> None:
            about = self._of(entry["commitment"]).updates.get(round=self.round)
            write_note(by=self.cast.officers[-1], at=at, about=about, text=entry["text"])

        return write

    def _deputy(self, entry: dict[str, Any]) -> Happening:
        def name(at: datetime) -> None:
            person, deputy = (self.cast.people[entry[who]] for who in ("person", "deputy"))
            until = self.agenda.today + timedelta(days=entry["lasts"])
            name_deputy(by=person, at=at, person=person, deputy=deputy, until=until)

        return name

    def _told(self, entry: dict[str, Any]) -> Happening:
        def log(at: datetime) -> None:
            by: User = self.cast.people[entry["by"]]
            deed = EvidenceContent(
                title=entry["title"], story=entry["story"], happened_from=self.round.observes_to - timedelta(days=40),
                commitments=tuple(self._of(reference) for reference in entry["commitments"]), publishable=True,
                said_by=entry["said_by"], said_how=entry["said_how"], **figures_in(entry),
            )  # fmt: skip
            organisation = self.cast.organisations[entry["organisation"]]
            piece = evidence_services.log_evidence(by=by, at=at, organisation=organisation, content=deed)
            piece = evidence_services.submit_evidence(by=by, at=at, evidence=piece)
            later = self.agenda.moment(at.date() + timedelta(days=1), after=at)
            self.agenda.add(later, accept(by, piece))

        def accept(by: User, piece: Evidence) -> Happening:
            def act(at: datetime) -> None:
                second = next(officer for officer in self.cast.officers if officer != by)
                evidence_services.accept_evidence(by=second, at=at, evidence=piece)

            return act

        return log


def _took(form: str, seconds: int) -> Happening:
    def note(at: datetime) -> None:
        note_time(form_kind=form, token=opened(at - timedelta(seconds=seconds)), at=at)

    return note
