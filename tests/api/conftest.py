"""A client that speaks JSON, and a small world with everything in it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from commitments.content.updates import UpdateContent
from commitments.models import (
    Commitment,
    DeliveryPartner,
    Evidence,
    Indicator,
    IndicatorTarget,
    Priority,
    ProgressUpdate,
    Round,
    Strategy,
)
from commitments.rules.indicators import IndicatorFigure
from commitments.services.actions import plan_action
from commitments.services.commitment_people import assign_people
from commitments.services.delivery import set_partners
from commitments.services.indicators import (
    FigureInput,
    IndicatorDefinition,
    TargetInput,
    define_indicator,
    enter_values,
    set_targets,
)
from commitments.services.progress import save_update
from partners.models import Area, Organisation, PartnershipGroup, User
from reporting.models import Edition
from tests.built_once import as_built, built_once
from tests.factories import (
    make_area,
    make_council,
    make_edition,
    make_evidence,
    make_organisation,
    make_person,
    make_round,
    make_strategy,
    publish_update,
    steering_group,
)
from tests.signing_in import sign_in

ROOT = "/api/v1/"


class Api:
    """Asks and sends as one person, with CSRF checked as a browser's would be."""

    def __init__(self, person: User | None) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.headers: dict[str, str] = {}
        if person is not None:
            sign_in(self.client, person)
            self.client.cookies["csrftoken"] = token = "t" * 32
            self.headers = {"X-CSRFToken": token}

    def get(self, rest: str = "", **extra: Any) -> Any:
        return self.client.get(ROOT + rest, **extra)

    def list(self, rest: str, **extra: Any) -> Any:
        answer = self.get(rest, **extra)
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]

    def post(self, rest: str, said: Any = None, *, raw: bytes | None = None, **extra: Any) -> Any:
        body = raw if raw is not None else json.dumps(said if said is not None else {})
        extra.setdefault("headers", self.headers)
        return self.client.post(ROOT + rest, body, content_type=extra.pop("content_type", "application/json"), **extra)

    def patch(self, rest: str, said: Any) -> Any:
        body = json.dumps(said)
        return self.client.patch(ROOT + rest, body, content_type="application/json", headers=self.headers)


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Nobody signs in with a password here, so making one need not be slow."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def api(db: None) -> Callable[[User | None], Api]:
    return Api


@pytest.fixture
def stranger(db: None) -> Api:
    """Nobody has signed in."""
    return Api(None)


@dataclass
class World:
    council: Organisation
    charity: Organisation
    officer: User
    partner: User
    area: Area
    strategy: Strategy
    commitment: Commitment
    round: Round
    update: ProgressUpdate
    draft_update: ProgressUpdate
    evidence: dict[str, Evidence]
    editions: dict[str, Edition]


def make_world() -> World:
    """A published update and a draft; evidence in every state; an edition that is published and one that is not."""
    now = timezone.now()
    council = make_council()
    officer = make_person("officer", council, name="Olive Officer")
    charity, area = make_organisation("Rowan Trust"), make_area()
    partner = make_person("partner_contributor", charity, name="Pat Partner")
    strategy = make_strategy(council)
    PartnershipGroup.objects.create(organisation=steering_group())
    commitment, open_round = strategy.commitments.get(reference="1.1"), make_round(strategy)
    charity.districts.add(area)
    assign_people(by=officer, at=now, commitment=commitment, lead=officer)
    set_partners(by=officer, at=now, commitment=commitment, partners=[(charity, "delivers")])
    plan_action(by=officer, at=now, commitment=commitment, title="Find a hall", due_on=now.date())
    said = UpdateContent("at_risk", "No venue", "We ask the parish", "A **good** start", "Find a hall")
    update = publish_update(by=officer, at=now, commitment=commitment, round_=open_round, content=said, version=None)
    other = strategy.commitments.get(reference="1.2")
    draft = save_update(
        by=officer, at=now, commitment=other, round_=open_round, content=UpdateContent("on_track"), version=None
    )
    halls = IndicatorDefinition("1.1a", "Halls with a ramp", kind="ratio", by_district=True)
    indicator = define_indicator(by=officer, at=now, of=commitment, what=halls)
    set_targets(
        by=officer,
        at=now,
        indicator=indicator,
        round_=open_round,
        aims=[TargetInput(Decimal(50)), TargetInput(Decimal(40), "", area)],
    )
    share = IndicatorFigure(numerator=Decimal(12), denominator=Decimal(48))
    enter_values(by=officer, at=now, round_=open_round, entries=[FigureInput(indicator, share)])
    proposed = FigureInput(indicator, IndicatorFigure(absent_reason="Nobody counted."), area)
    enter_values(by=partner, at=now, round_=open_round, entries=[proposed])
    evidence = {
        state: make_evidence(partner, commitment, state=state, officer=officer, districts=(area,), links=(("https://example.org/", "Us"),))
        for state in ("draft", "submitted", "accepted", "returned", "withdrawn")
    }  # fmt: skip
    evidence["unpublishable"] = make_evidence(partner, commitment, state="accepted", officer=officer, publishable=False)
    editions = {
        "published": make_edition(round_=open_round, by=officer, at=now, published=True),
        "ready": make_edition(round_=open_round, by=officer, at=now),
    }
    return World(
        council, charity, officer, partner, area, strategy, commitment, open_round, update, draft, evidence, editions
    )


@dataclass
class Stored:
    """The world of a file and the folder of its files."""

    world: World
    files: Path


def stored_world(
    make: Callable[[], World], blocker: DjangoDbBlocker, folders: pytest.TempPathFactory
) -> Iterator[Stored]:
    """Yield what ``make`` builds, once for a file of tests."""
    files = folders.mktemp("world") / "files"
    with built_once(make, blocker=blocker, files=files) as world:
        yield Stored(world, files)


@pytest.fixture(scope="module")
def stored(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stored]:
    yield from stored_world(make_world, django_db_blocker, tmp_path_factory)


@pytest.fixture
def world(stored: Stored, db: None, settings: Any) -> World:
    return as_built(stored.world, files=stored.files, folder=settings.MEDIA_ROOT)


@pytest.fixture
def council(world: World) -> Organisation:
    return world.council


@pytest.fixture
def charity(world: World) -> Organisation:
    return world.charity


@pytest.fixture
def officer(world: World) -> User:
    return world.officer


@pytest.fixture
def partner(world: World) -> User:
    return world.partner


@pytest.fixture
def area(world: World) -> Area:
    return world.area


@pytest.fixture
def strategy(world: World) -> Strategy:
    return world.strategy


@pytest.fixture
def commitment(world: World) -> Commitment:
    return world.commitment


@pytest.fixture
def open_round(world: World) -> Round:
    return world.round


@pytest.fixture
def many(world: World, partner: User, officer: User) -> Callable[[int], None]:
    """Makes so many more of everything that lists hold."""

    def more(number: int) -> None:
        count = Priority.objects.count() + 1
        priority = Priority.objects.create(strategy=world.strategy, number=count, title="Many")
        made = Commitment.objects.bulk_create(
            Commitment(
                strategy=world.strategy, priority=priority, number=n, reference=f"{count}.{n}", key=f"n-{count}-{n}", wording="w", short_title=f"n {n}",
                lead_officer=officer,
            )
            for n in range(1, number + 1)
        )  # fmt: skip
        at = timezone.now()
        pieces = Evidence.objects.bulk_create(
            Evidence(
                organisation=world.charity, title=f"Piece {n}", happened_from=at.date(), logged_at=at, logged_by=partner,
                submitted_at=at, submitted_by=partner, accepted_at=at, accepted_by=officer, state="accepted", publishable=True,
            )
            for n in range(number)
        )  # fmt: skip
        world.area.evidence.add(*pieces)
        made[0].evidence.add(*pieces)
        DeliveryPartner.objects.bulk_create(
            DeliveryPartner(commitment=commitment, organisation=world.charity) for commitment in made
        )
        groups = Organisation.objects.bulk_create(
            Organisation(slug=f"group-{priority.pk}-{n}", name=f"Group {n}", sort_name=f"group {n}", kind="cic", joined_at=at)
            for n in range(number)
        )  # fmt: skip
        world.area.organisations.add(*groups)
        indicators = Indicator.objects.bulk_create(
            Indicator(strategy=world.strategy, commitment=made[0], code=f"{count}.{n}", title=f"Count {n}") for n in range(number)
        )  # fmt: skip
        IndicatorTarget.objects.bulk_create(
            IndicatorTarget(indicator=one, round=world.round, value=n) for n, one in enumerate(indicators)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as the database does by itself, so that plans know how long the tables are

    return more
