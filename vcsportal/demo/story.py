"""Create the whole story: rounds, cast, commitments and evidence, in one transaction and in the order of time."""

import random
import uuid
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from commitments.models import Evidence, HistoryEntry, Round, Strategy
from commitments.services.loading.rounds import load_round
from commitments.services.loading.strategy import load_strategy
from commitments.services.rounds import begin_review, close_round, open_round
from commitments.strategy_file.strategy import read as read_strategy
from partners.emails.sending import as_message
from partners.models import Area, Mail, User
from partners.roles import STEERING_GROUP
from partners.services.access import end_access
from partners.services.complaints import receive_complaint
from partners.services.roles import add_person_with_role
from vcsportal import development_email
from vcsportal.common.words import NotNow
from vcsportal.demo import cast as people
from vcsportal.demo.case_studies import CaseStudiesStory
from vcsportal.demo.cast import Cast
from vcsportal.demo.charter import Signing
from vcsportal.demo.directory import add_directory
from vcsportal.demo.engagement import Convener
from vcsportal.demo.evidence import Logbook
from vcsportal.demo.figures import FiguresStory
from vcsportal.demo.groups import seat_groups
from vcsportal.demo.indicators import Numbers
from vcsportal.demo.measures import Measurer
from vcsportal.demo.open_round import Asked
from vcsportal.demo.points import PointsStory
from vcsportal.demo.progress import Teller
from vcsportal.demo.report_texts import ReportTextWriter
from vcsportal.demo.responses import Responder
from vcsportal.demo.risks import RisksStory
from vcsportal.demo.second_steps import give_second_steps
from vcsportal.demo.timeline import Agenda
from vcsportal.demo.updates import OPEN
from vcsportal.demo.years import Years

STRATEGY: Final = "oxfordshire-vcs-2022-27"
EARLIER_PLAN: Final = settings.BASE_DIR / "commitments" / "strategies" / "infrastructure-plan-2008-11.toml"
"""A second strategy, with the numbers of an earlier plan."""
RECOMMENDATIONS: Final = settings.BASE_DIR / "commitments" / "strategies" / "community-wealth-building.toml"
"""A third, of another kind: the council answers it before anybody works at it."""
COMPACT: Final = settings.BASE_DIR / "commitments" / "strategies" / "the-oxfordshire-compact.toml"
"""A charter, which organisations sign."""
SEED: Final = 2022
DISTRICTS: Final = 5
LEFT: Final = "yarrow.yewdale@example.org"
READ_BY_NEWCOMERS: Final = ("officer@example.org", "partner@example.org")
"""Whose email of the opening is shown at /dev/mail/. It leaves the machine as little as the others."""


def is_told() -> bool:
    """Whether the story has been loaded."""
    return User.objects.filter(email=people.ADMINISTRATOR).exists()


@transaction.atomic
def tell(*, today: date) -> str:
    """Create the story as of ``today`` and return a sentence about it. Raise :class:`Refused` if something it needs is
    missing."""
    strategy = Strategy.objects.filter(slug=STRATEGY).select_related("owner").first()
    if strategy is None or Area.objects.districts().count() < DISTRICTS:
        raise NotNow(
            "The story needs the districts and the strategy. Run manage.py load_areas partners/areas/oxfordshire.toml and "
            f"manage.py load_strategy commitments/strategies/{STRATEGY}.toml first."
        )
    # What a strategy's file brought is nobody's work.
    if Round.objects.filter(strategy=strategy).exists() or HistoryEntry.objects.filter(by__isnull=False).exists():
        raise NotNow("There is work in this portal already, so the demo story was not loaded.")
    years = Years(today)
    agenda = Agenda(today, random.Random(SEED))  # noqa: S311 - the same story each time is the point
    if strategy.steered_by is None:
        raise NotNow(
            "The story needs a group that steers the strategy: load the strategy's file again, which names one."
        )
    cast = Cast(strategy.owner, strategy.steered_by)
    started = timezone.make_aware(datetime.combine(years.starts(1), time(8)))
    rounds = {
        number: load_round(by=None, at=started, strategy=strategy, entry=entry).round
        for number, entry in enumerate(years.rounds(), start=1)
    }
    for round_ in rounds.values():
        _run(agenda, cast, round_)
    earlier = load_strategy(by=None, at=started, entry=read_strategy(EARLIER_PLAN.read_text(encoding="utf-8")))
    recommendations = load_strategy(
        by=None, at=started, entry=read_strategy(RECOMMENDATIONS.read_text(encoding="utf-8"))
    )
    compact = load_strategy(by=None, at=started, entry=read_strategy(COMPACT.read_text(encoding="utf-8"))).strategy
    signing = Signing(agenda, years, cast)
    compact_rounds = signing.rounds(compact, started)
    for round_ in compact_rounds.values():
        _run(agenda, cast, round_)
    people.gather(agenda, years, cast)
    signing.tell(compact, compact_rounds)
    Teller(agenda, years, cast, rounds).tell(strategy)
    Measurer(agenda, years, cast).tell(strategy, earlier.strategy)
    Responder(agenda, cast).tell(recommendations.strategy)
    Convener(agenda, cast, strategy).tell()
    Logbook(agenda, years, cast, strategy).tell()
    Asked(agenda, cast, strategy, rounds[OPEN]).tell()
    Numbers(agenda, years, cast, strategy, rounds).tell()
    PointsStory(agenda, cast, strategy).tell()
    RisksStory(agenda, cast, strategy).tell()
    FiguresStory(agenda, cast, strategy).tell()
    CaseStudiesStory(agenda, cast, strategy, rounds[OPEN]).tell()
    ReportTextWriter(agenda, cast, rounds, OPEN).tell()
    _leave(agenda, cast)
    agenda.run()
    people.invite_more(cast, timezone.make_aware(datetime.combine(today - timedelta(days=1), time(11))))
    seat_groups(cast, timezone.make_aware(datetime.combine(today - timedelta(days=1), time(11, 30))))
    add_directory(timezone.make_aware(datetime.combine(today - timedelta(days=1), time(15))))
    _complain(timezone.make_aware(datetime.combine(today - timedelta(days=3), time(15))))
    _post(today)
    people.give_passwords(cast)
    give_second_steps(list(cast.people.values()))
    return (
        f"Loaded {len(rounds)} rounds ({', '.join(round_.slug for round_ in rounds.values())}), {len(cast.people)} "
        f"people of "
        f"{len(cast.organisations)} organisations and {Evidence.objects.count()} items of evidence, as of {today:%-d %B %Y}."
    )


def _complain(at: datetime) -> None:
    """Let somebody without an account complain about a photograph; nobody has answered yet."""
    receive_complaint(
        at=at, token=uuid.UUID(int=42), name="Tansy Trefoil", email="tansy.trefoil@example.org",
        words="I can be recognised in a photograph of the summer fair, and nobody asked me. Please take it out.",
    )  # fmt: skip


def _leave(agenda: Agenda, cast: Cast) -> None:
    """Let a member of the steering group come and leave: her data can be erased."""

    def joins(at: datetime) -> None:
        name = "Yarrow Yewdale"
        add_person_with_role(by=None, at=at, email=LEFT, name=name, role=STEERING_GROUP.code, organisation=cast.group)

    def leaves(at: datetime) -> None:
        why = "Her term on the steering group has ended."
        end_access(by=cast.administrator, at=at, person=User.objects.get(email=LEFT), reason=why)

    for days, happens in ((440, joins), (40, leaves)):
        agenda.add(timezone.make_aware(datetime.combine(agenda.today - timedelta(days=days), time(10))), happens)


def _run(agenda: Agenda, cast: Cast, round_: Round) -> None:
    """Let a round be opened on its day, end its window after its grace, and be closed a fortnight later."""

    def opens(at: datetime) -> None:
        open_round(by=cast.administrator, at=at, round_=round_)

    def ends(at: datetime) -> None:
        begin_review(by=cast.administrator, at=at, round_=round_)

    def closes(at: datetime) -> None:
        close_round(by=cast.administrator, at=at, round_=round_)

    early = time(8)
    days = (
        (round_.opens_on, opens),
        (round_.grace_until + timedelta(days=1), ends),
        (round_.grace_until + timedelta(days=15), closes),
    )
    for day, happens in days:
        if day < agenda.today:
            agenda.add(timezone.make_aware(datetime.combine(day, early)), happens)


def _post(today: date) -> None:
    """Mark the story's emails as sent, so that none goes out now; one address was wrong."""
    Mail.objects.filter(state="waiting").update(state="sent", sent_at=F("made_at"), tried_at=F("made_at"), tries=1)
    wrong = Mail.objects.filter(about__startswith="round:", person__email="poppy.pennywort@example.org")
    wrong.update(state="refused", sent_at=None, problem="550 5.1.1 No such mailbox here")
    opening = Mail.objects.filter(kind="round:opening", state="sent", person__email__in=READ_BY_NEWCOMERS)
    for mail in opening.order_by("person", "-made_at", "id").distinct("person"):
        transaction.on_commit(partial(development_email.keep_email, as_message(mail)))
