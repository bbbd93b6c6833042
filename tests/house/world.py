"""A small world in which every door has something behind it."""

import time
import uuid
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any, cast

from django.conf import settings
from django.core import signing
from django.test import Client
from django.utils import timezone
from PIL import Image

from commitments.content.case_studies import CaseStudyContent
from commitments.content.engagement import EngagementAccount, EngagementPlan
from commitments.content.points import SentPoint
from commitments.content.risks import RiskContent
from commitments.content.sourced_figures import AwardContent, SourcedFigureContent, SourcedValueContent
from commitments.content.updates import UpdateContent
from commitments.files.uploads import check_upload
from commitments.models import (
    Award,
    CaseStudy,
    Commitment,
    Consent,
    Contribution,
    DeliveryPartner,
    Engagement,
    Evidence,
    EvidenceFile,
    HistoryEntry,
    Indicator,
    IndicatorValue,
    PlanUpload,
    Point,
    ProgressUpdate,
    Response,
    Risk,
    Round,
    RoundTask,
    SectorView,
    Signatory,
    SourcedFigure,
    Strategy,
    UploadedWorkbook,
)
from commitments.reading.topics import of_strategy
from commitments.rules.indicators import IndicatorFigure
from commitments.services.actions import plan_action
from commitments.services.awards import add_award
from commitments.services.case_studies import save_case_study, submit_case_study, withdraw_case_study
from commitments.services.case_study_review import accept_case_study
from commitments.services.commitment_people import assign_people
from commitments.services.consents import record_consent
from commitments.services.delivery import set_partners
from commitments.services.engagement import plan_engagement
from commitments.services.engagement_account import save_account, write_up_engagement
from commitments.services.evidence import attach_file
from commitments.services.handover import hand_over
from commitments.services.indicators import FigureInput, IndicatorDefinition, define_indicator, enter_values
from commitments.services.loading.commitments import LoadedCommitments
from commitments.services.loading.responses import address
from commitments.services.partner_views import give_view
from commitments.services.plan_uploads import StrategyDetails, upload_plan
from commitments.services.point_emails import address_to_follow
from commitments.services.progress import save_update, submit_update
from commitments.services.receiving_points import send_point
from commitments.services.risks import record_risk
from commitments.services.round_days import Days, plan_round
from commitments.services.sourced_figures import add_figure
from commitments.services.sourced_values import add_sourced_value
from commitments.services.task_links import link_to
from commitments.services.uploaded_workbooks import keep_workbook
from partners.models import (
    ApiToken,
    Appointment,
    Complaint,
    Deputy,
    Invitation,
    JoiningRequest,
    Organisation,
    Strand,
    User,
)
from partners.services.access import end_access
from partners.services.api_tokens import make_token
from partners.services.appointments import appoint
from partners.services.complaints import receive_complaint
from partners.services.deputies import name_deputy
from partners.services.groups import keep_group
from partners.services.invitations import invite
from partners.services.joining import JoiningContent, ask_to_take_part
from partners.services.personal_calendars import make_calendar_address
from partners.services.seats import add_seat
from partners.services.sources import SourceContent, add_source
from partners.services.strands import StrandContent, add_strand
from reporting.models import Comment, DataSnapshot, Edition, Follow, Proposal
from reporting.services.comments import add_comment
from reporting.services.following import ask_to_follow
from tests.commitments.charter import make_charter, make_charter_round, signed
from tests.factories import (
    make_edition,
    make_evidence,
    make_organisation,
    make_person,
    make_round,
    make_strategy,
    second_person,
)
from tests.signing_in import sign_in
from vcsportal.common.spreadsheets import read_workbook
from vcsportal.open_data.services.snapshots import keep_snapshot

SECRET = "Quillwort"
"""A word in everything that the world keeps to itself: drafts, what was sent, notes, comments."""

SESSION_SECONDS = 300
"""After ten minutes a page may ask who somebody is; on a slow machine they sign in once more before that."""


@dataclass
class World:
    """People by the names of the cast, and things that belong to the partner's organisation."""

    people: dict[str, User | None]
    strategy: Strategy
    commitment: Commitment
    open_round: Round
    things: dict[str, Any] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    """The sessions of those who signed in when the world was built, by the names of the cast."""
    signed_in_at: float = 0.0

    def sign_everybody_in(self) -> None:
        """Let each person begin a session, in which all tests of a file find them for :data:`SESSION_SECONDS`."""
        for name, person in self.people.items():
            if person is not None:
                self.sessions[name] = sign_in(Client(), person).cookies[settings.SESSION_COOKIE_NAME].value
        self.signed_in_at = time.monotonic()

    def client(self, name: str) -> Client:
        """Return a client on which somebody of the cast has signed in; a stranger's for the one who has no account."""
        client, person = Client(), self.people[name]
        if person is None:
            return client
        if name in self.sessions and time.monotonic() - self.signed_in_at < SESSION_SECONDS:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[name]
            return client
        return sign_in(client, person)

    def person(self, name: str) -> User:
        """Somebody of the cast, who is not nobody at all."""
        person = self.people[name]
        assert person is not None, f"{name} has no account"
        return person

    def evidence(self, state: str) -> Evidence:
        """A fresh piece of the partner's in this state, not to be published."""
        partner, officer = self.person("partner"), self.person("second_officer")
        title = f"{SECRET} in the hall"
        return make_evidence(partner, self.commitment, state=state, officer=officer, publishable=False, title=title)

    def draft_update(self) -> ProgressUpdate:
        """The open round's update of the commitment, not published; the same one each time."""
        found = ProgressUpdate.objects.filter(commitment=self.commitment, round=self.open_round).first()
        officer = self.person("officer")
        return found or save_update(
            by=officer, at=timezone.now(), commitment=self.commitment, round_=self.open_round,
            content=UpdateContent("on_track", f"{SECRET} began."), version=None,
        )  # fmt: skip

    def delivered_by_outsider(self) -> Organisation:
        """The organisation that the outsider leads, which now helps to deliver the commitment."""
        lead = self.person("outsider").organisations[0]
        parts = [(lead, "delivers")]
        set_partners(by=self.person("officer"), at=timezone.now(), commitment=self.commitment, partners=parts)
        return lead

    def view_of_outsider(self) -> SectorView:
        """That organisation's view of the commitment, which stands; the same one each time."""
        by, organisation = self.person("outsider"), self.delivered_by_outsider()
        found = SectorView.objects.filter(commitment=self.commitment, organisation=organisation).first()
        if found and found.withdrawn_at is None:
            return found
        return give_view(
            by=by, at=timezone.now(), commitment=self.commitment, round_=self.open_round, organisation=organisation,
            status="at_risk", reason="We lack drivers.", differs=True, version=found.version if found else None,
        )  # fmt: skip

    def sent_update(self, *, confirms: bool = False) -> ProgressUpdate:
        """The open round's update of the second commitment, sent by the second officer; the same one each time."""
        second = self.strategy.commitments.get(reference="2.1")
        found = ProgressUpdate.objects.filter(commitment=second, round=self.open_round).first()
        return found or submit_update(
            by=self.person("second_officer"), at=timezone.now(), commitment=second, round_=self.open_round,
            content=UpdateContent("on_track", f"{SECRET} began."), version=None, confirms=self.open_round if confirms else None,
        )  # fmt: skip

    def link_from_a_mail(self) -> str:
        """The signed part of the link by which the officer hands on their task of the open round."""
        RoundTask.objects.get_or_create(
            round=self.open_round, person=self.person("officer"), defaults={"made_at": timezone.now()}
        )
        return link_to(self.open_round.pk, self.person("officer").pk).rstrip("/").rsplit("/", 1)[-1]

    def indicator(self) -> Indicator:
        """Something that is counted of the commitment, which the partner's organisation helps to deliver."""
        if "indicator" not in self.things:
            self.things["indicator"] = define_indicator(
                by=self.person("officer"),
                at=timezone.now(),
                of=self.commitment,
                what=IndicatorDefinition("1.1a", "People"),
            )
            DeliveryPartner.objects.get_or_create(commitment=self.commitment, organisation=self.things["charity"])
        found: Indicator = self.things["indicator"]
        return found

    def supplied_value(self) -> IndicatorValue:
        """What the partner supplied of it, which nobody has looked at."""
        entry = FigureInput(self.indicator(), IndicatorFigure(Decimal(9)))
        partner = self.person("partner")
        written = enter_values(by=partner, at=timezone.now(), round_=self.open_round, entries=[entry])
        return written[0] if written else IndicatorValue.objects.get()

    def gone(self) -> User:
        """A person whose access has ended."""
        if "gone" not in self.things:
            person = make_person(name="Gwen Gone")
            end_access(by=self.person("administrator"), at=timezone.now(), person=person, reason="They left.")
            self.things["gone"] = User.objects.get(pk=person.pk)
        return self.things["gone"]

    def complaint(self) -> Complaint:
        """A complaint about personal data that nobody has answered."""
        at = timezone.now()
        return receive_complaint(
            at=at,
            token=uuid.uuid4(),
            name="Corin Complainant",
            words="My name was published.",
            email="corin@example.org",
        )

    def listed(self) -> Organisation:
        """An organisation that is in the directory only; the same one each time."""
        found = Organisation.objects.filter(slug="ash-green-allotments").first()
        return found or make_organisation("Ash Green Allotments", "unincorporated_group", standing="listed")

    def joining_request(self) -> JoiningRequest:
        """Somebody's request that the listed organisation takes part, which nobody has answered."""
        content = JoiningContent("Ash Allott", "Treasurer", "ash.allott@example.org", "Ring our hut.")
        return ask_to_take_part(
            by=None, at=timezone.now(), token=uuid.uuid4(), organisation=self.listed(), content=content
        )

    def acknowledgement(self) -> str:
        """What the address of its acknowledgement ends with."""
        return signing.Signer(salt="partners.complaint-received").sign(str(self.complaint().pk))

    def token(self) -> ApiToken:
        """A token of the partner."""
        partner = self.person("partner")
        return make_token(by=partner, at=timezone.now(), name="our database", scopes=["evidence"], days=30)[0]

    def point(self) -> Point:
        """What somebody sent from the public form about the strategy, which nobody has answered; the same one each time."""
        if "point" not in self.things:
            content = SentPoint("proposal", f"{SECRET} at Ash Hall.", strategy=self.strategy, email="petra@example.org")
            self.things["point"] = send_point(at=timezone.now(), token=uuid.uuid4(), content=content)
        found: Point = self.things["point"]
        return found

    def meeting(self) -> Engagement:
        """A meeting about the strategy, held today; the same one each time."""
        found, _new = Engagement.objects.get_or_create(
            kind="meeting", title="The spring meeting", strategy=self.strategy, starts_on=timezone.localdate()
        )
        return found

    def link_to_follow(self) -> str:
        """What the address ends with by which whoever sent it follows it."""
        return address_to_follow(self.point()).rstrip("/").rsplit("/", 1)[-1]

    def follow(self) -> Follow:
        """That somebody asked to follow the strategy by email, which is not confirmed; the same one each time."""
        at = timezone.now()
        return ask_to_follow(at=at, email="petra@example.org", topic=of_strategy(self.strategy), confirm=False)

    def calendar_secret(self) -> str:
        """What makes the address of the partner's own calendar a secret."""
        return make_calendar_address(by=self.person("partner"), at=timezone.now())

    def planned_round(self) -> Round:
        """A round of another strategy whose window begins today."""
        if "planned" not in self.things:
            other = make_strategy(self.things["council"], slug="second", opens_first=False)
            today = timezone.localdate()
            days = Days(
                today - timedelta(365), today - timedelta(1), today, today + timedelta(30), today + timedelta(37)
            )
            by = self.person("administrator")
            self.things["planned"] = plan_round(by=by, at=timezone.now(), strategy=other, days=days)
        found: Round = self.things["planned"]
        return found

    def closed_round(self) -> Round:
        """Last year's round; the same one each time."""
        if "closed" not in self.things:
            self.things["closed"] = make_round(self.strategy, years_ago=1)
        found: Round = self.things["closed"]
        return found

    def owed(self) -> ProgressUpdate:
        """The open round's update of the commitment, which the officer owes; with the officer's task."""
        officer, defaults = self.person("officer"), {"made_at": timezone.now()}
        RoundTask.objects.get_or_create(round=self.open_round, person=officer, defaults=defaults)
        found, _new = ProgressUpdate.objects.get_or_create(
            commitment=self.commitment, round=self.open_round, defaults={"owed_by": officer}
        )
        return found

    def response(self) -> Response:
        """The council's response to 2.1, which nobody has begun; the same one each time."""
        addressed = self.strategy.commitments.get(reference="2.1")
        address(addressed, [self.strategy.owner.slug], done=LoadedCommitments())
        return addressed.responses.get()

    def plan_upload(self) -> PlanUpload:
        """A fresh action plan with one row, which the administrator has uploaded for the council."""
        details = StrategyDetails(
            f"A plan of {PlanUpload.objects.count()}",
            self.strategy.owner.name,
            date(2026, 4, 1),
            date(2030, 3, 31),
            date(2026, 4, 1),
        )
        book = read_workbook(b"Reference,Action,Status,Lead\nZ1,Open the hall,Red,Somebody", "plan.csv")
        return upload_plan(by=self.person("administrator"), at=timezone.now(), workbook=book, details=details)

    def engagement(self, state: str = "held") -> Engagement:
        """A fresh workshop of the strategy that begins today: planned, held with a draft of its summary, or written up."""
        officer, at = self.person("officer"), timezone.now()
        plan = EngagementPlan("workshop", "A workshop", timezone.localdate())
        made = plan_engagement(by=officer, at=at, group=None, strategy=self.strategy, plan=plan)
        if state == "planned":
            return made
        service = save_account if state == "held" else write_up_engagement
        return service(by=officer, at=at, engagement=made, account=EngagementAccount(f"{SECRET} was said."))

    def case_study(self, state: str = "accepted") -> CaseStudy:
        """A fresh case study of the partner's: a draft, sent, accepted or withdrawn."""
        at, by, officer = timezone.now(), self.person("partner"), self.person("second_officer")
        piece = make_evidence(by, self.commitment, state="accepted", officer=officer)
        content = CaseStudyContent("A kitchen", what_was_done="We cooked.")
        if state == "draft":
            return save_case_study(by=by, at=at, evidence=piece, content=content)
        made = submit_case_study(by=by, at=at, evidence=piece, content=content)
        if state == "accepted":
            return accept_case_study(by=self.person("officer"), at=at, case_study=made)
        return withdraw_case_study(by=by, at=at, case_study=made) if state == "withdrawn" else made

    def risk(self) -> Risk:
        """A fresh risk to the strategy that nobody has assessed."""
        content = RiskContent("The hall closes")
        return record_risk(by=self.person("officer"), at=timezone.now(), strategy=self.strategy, content=content)

    def workbook(self) -> UploadedWorkbook:
        """A spreadsheet that the officer has uploaded and not saved."""
        table = {"sheet": "Actions", "columns": {"key": 1}, "rows": [], "ignored": [], "knows_before": True}
        found = UploadedWorkbook(kind="actions", strategy=self.strategy, file_name="actions.xlsx", table=table)
        return keep_workbook(by=self.person("officer"), at=timezone.now(), workbook=found)

    def asked(self) -> Contribution:
        """What the partner's organisation is asked in the open round."""
        found, _new = Contribution.objects.get_or_create(
            round=self.open_round, organisation=self.things["charity"], defaults={"owed_by": self.person("partner")}
        )
        return found

    def handed_over(self) -> HistoryEntry:
        """The work of the second officer, handed over to the first."""
        second, by = self.person("second_officer"), self.person("administrator")
        assign_people(by=by, at=timezone.now(), commitment=self.commitment, lead=second)
        return hand_over(by=by, at=timezone.now(), person=second, to=self.person("officer"), why="Another post.")

    def deputy(self) -> Deputy:
        """The partner's colleague, who covers for the partner; the same one each time."""
        partner, lead = self.person("partner"), self.person("partner_lead")
        found: Deputy | None = Deputy.objects.filter(person=partner).first()
        return found or name_deputy(by=partner, at=timezone.now(), person=partner, deputy=lead)

    def invitation(self, to: str = "") -> Invitation:
        """An invitation to the charity, by the administrator; to a stranger, or to one of the cast."""
        email = self.person(to).email if to else "stranger@example.org"
        return Invitation.objects.filter(email=email).first() or invite(
            by=self.person("administrator"), at=timezone.now(), email=email, name="Gale Guest", role="partner_lead",
            organisation=self.things["charity"],
        )  # fmt: skip

    def county_figure(self) -> SourcedFigure:
        """A figure about money with one value that has a source; the same one each time."""
        found: SourcedFigure | None = SourcedFigure.objects.first()
        if found is not None:
            return found
        at, by = timezone.now(), self.person("officer")
        source = add_source(by=by, at=at, content=SourceContent("Accounts", period="2021"))
        content = SourcedFigureContent("money", "Grants", unit="£")
        figure = add_figure(by=by, at=at, strategy=self.strategy, content=content)
        value = SourcedValueContent(Decimal(500), period="2020/21", source=source)
        add_sourced_value(by=by, at=at, figure=figure, content=value)
        return figure

    def award(self) -> Award:
        """A grant under that figure; the same one each time."""
        found: Award | None = Award.objects.first()
        content = AwardContent(
            "grant", "a-1", "A ramp", Decimal(50), timezone.localdate(), recipient_name="Friends of the Hall"
        )
        return found or add_award(
            by=self.person("officer"), at=timezone.now(), figure=self.county_figure(), content=content
        )

    def strand(self) -> Strand:
        """A strand of equality; the same one each time."""
        found: Strand | None = Strand.objects.first()
        return found or add_strand(by=None, at=timezone.now(), content=StrandContent("Faith"))

    def charter(self) -> Strategy:
        """A charter of the council with a round that runs; the same one each time."""
        if "charter" not in self.things:
            charter = make_charter(self.strategy.owner)
            make_charter_round(charter, year=timezone.localdate().year - 2, state="open")
            self.things["charter"] = charter
        return cast(Strategy, self.things["charter"])

    def signatory(self) -> Signatory:
        """The signature of the partner's organisation, which the round asks about; the same one while it stands."""
        organisation = self.person("partner").organisations[0]
        found = Signatory.objects.current().filter(strategy=self.charter(), organisation=organisation).first()
        return found or signed(self.charter(), organisation, timezone.localdate() - timedelta(days=3000))

    def appointment(self) -> Appointment:
        """The partner's appointment to a seat of a group that steers nothing, since yesterday; the same one each time."""
        if "appointment" not in self.things:
            by, at = self.person("administrator"), timezone.now()
            board = make_organisation("The Board", "partnership_group", slug="the-board")
            seat = add_seat(by=by, at=at, group=keep_group(by=by, at=at, organisation=board, changes={}), title="Chair")
            self.things["appointment"] = appoint(
                by=by, at=at, seat=seat, organisation=self.things["charity"], post="Director",
                person=self.person("partner"), starts_on=timezone.localdate() - timedelta(days=1),
            )  # fmt: skip
        found: Appointment = self.things["appointment"]
        return found

    def photograph(self, piece: Evidence) -> EvidenceFile:
        """A photograph on a piece of the partner's."""
        partner = self.person("partner")
        out = BytesIO()
        Image.new("RGB", (40, 30), (120, 160, 90)).save(out, "JPEG")
        checked = check_upload("hall.jpg", out.getvalue())
        return attach_file(by=partner, at=timezone.now(), evidence=piece, checked=checked, caption="The hall")

    def consent(self, piece: Evidence) -> Consent:
        """Somebody's consent to the story of a piece of the partner's."""
        return record_consent(
            by=self.person("partner"), at=timezone.now(), evidence=piece, given_by="The singers",
            given_on=timezone.localdate(), uses=["portal"],
        )  # fmt: skip

    def comment(self) -> Comment:
        """A comment of the steering-group member on the foreword of the open round's report; the same one each time."""
        return add_comment(
            by=self.person("steering_member"), at=timezone.now(), round_=self.open_round, section="foreword",
            words=f"Say more about {SECRET}.",
        )  # fmt: skip

    def edition(self, state: str = "ready") -> Edition:
        """The one edition of this world, ready but not published, or failed; its file is real."""
        officer = self.people["officer"]
        assert officer is not None
        return make_edition(round_=self.open_round, by=officer, state=state)

    def snapshot(self) -> DataSnapshot:
        """Today's copy of the published data; the same one each time."""
        keep_snapshot(at=timezone.now(), reading=nullcontext)
        return DataSnapshot.objects.get()

    def proposal(self) -> Proposal:
        """A colleague's proposal to publish the edition of this world."""
        by = second_person()
        return Proposal.objects.create(
            edition=self.edition(), act="publish", proposed_at=timezone.now(), proposed_by=by
        )


def make_world() -> World:
    council = make_organisation("Oxfordshire County Council", "public_body", slug="oxfordshire-county-council")
    charity, other = make_organisation("Rowan Trust"), make_organisation("Willow Circle", "faith_group")
    people: dict[str, User | None] = {
        "anonymous": None,
        "nobody": make_person(),
        "outsider": make_person("partner_lead", other),
        "partner": make_person("partner_contributor", charity),
        "partner_lead": make_person("partner_lead", charity),
        "steering_member": make_person("steering_group"),
        "officer": make_person("officer", council),
        "second_officer": make_person("officer", council),
        "administrator": make_person("administrator"),
    }
    strategy = make_strategy(council)
    commitment = strategy.commitments.get(reference="1.1")
    world = World(people, strategy, commitment, make_round(strategy))
    officer = people["officer"]
    assert officer is not None
    world.things = {
        "council": council,
        "charity": charity,
        "action": plan_action(
            by=officer,
            at=timezone.now(),
            commitment=commitment,
            title="Step",
            due_on=timezone.localdate() + timedelta(9),
        ),
    }
    return world
