"""People of another strategy, with two roles, or whose roles have ended, at every door of this strategy.

The table of doors has one council. Here a second one owns a strategy of its own, which a group of its own steers. At each
door its people are asked like somebody without a role; where a page is about several strategies they get in, and read
nothing of what this strategy keeps to itself. The answers that differ from the table's are in :data:`DIFFERENT`.
"""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from commitments.models import ProgressUpdate
from commitments.services.evidence import submit_evidence
from commitments.services.notes import write_note
from partners.services.roles import end_role
from reporting.services.texts import save_text
from tests.factories import make_evidence, make_organisation, make_person, make_round, make_strategy
from tests.house.door_table import DOORS
from tests.house.doors import Door
from tests.house.test_doors import address_of, knock
from tests.house.world import SECRET, World, make_world
from tests.signing_in import sign_in
from vcsportal import worker_health

LIKE = {
    "other_officer": "nobody",
    "other_steering_member": "nobody",
    "past_officer": "nobody",
    "past_helper": "nobody",
    "lead_elsewhere": "partner",
}
"""Each of these people, and the person of the table whose answers they get unless :data:`DIFFERENT` says otherwise."""

OF_SEVERAL = {
    ("partners:standing", "GET"): "200",
    ("partners:standing", "POST"): "422",
    ("partners:removal", "GET"): "200",
    ("partners:removal", "POST"): "422",
    ("commitments:review", "GET"): "200",
    ("commitments:values-waiting", "GET"): "200",
    ("commitments:approvals", "GET"): "200",
    ("commitments:consent-ledger", "GET"): "200",
    ("commitments:all-rounds", "GET"): "302",
    ("api:evidence-rows-list", "POST"): "400",
    ("commitments:workbooks", "GET"): "200",
    ("commitments:workbooks", "POST"): "422",
    ("commitments:evidence-new", "GET"): "200",
    ("commitments:evidence-new", "POST"): "422",
    ("commitments:evidence-steps", "GET"): "200",
    ("commitments:evidence-steps", "POST"): "422",
    ("commitments:evidence-steps-what", "GET"): "200",
    ("commitments:evidence-steps-what", "POST"): "422",
    ("commitments:engagement-new", "GET"): "200",
    ("commitments:plan-new", "GET"): "200",
    ("commitments:plan-new", "POST"): "422",
    ("commitments:sign", "GET"): "200",
    ("commitments:sign", "POST"): "302",
    ("api:signatory-list", "POST"): "400",
    ("commitments:sourced-figure-new", "GET"): "200",
    ("commitments:sourced-figure-new", "POST"): "422",
    ("api:engagement-list", "POST"): "400",
    ("api:figure-list", "POST"): "400",
    ("api:award-list", "POST"): "400",
    ("api:point-list", "POST"): "400",
    ("commitments:points", "GET"): "200",
    ("commitments:point-new", "GET"): "200",
    ("commitments:point-new", "POST"): "422",
    ("commitments:engagement-new", "POST"): "422",
    ("commitments:accept-several", "GET"): "422",
    ("commitments:accept-several", "POST"): "422",
    ("commitments:approve-several", "GET"): "422",
    ("commitments:approve-several", "POST"): "422",
    ("reporting:edition-request", "GET"): "200",
    ("reporting:edition-request", "POST"): "422",
    ("reporting:published-files", "GET"): "200",
    ("api:evidence-list", "POST"): "400",
    ("api:case-study-list", "POST"): "400",
}
"""Pages and forms about several strategies: an officer of any gets in."""
NOT_THERE = {
    ("commitments:review-one", "GET"): "404",
    ("commitments:review-one", "POST"): "404",
    **{
        (f"commitments:plan-{page}", method): "404"
        for page in ("columns", "names", "check")
        for method in ("GET", "POST")
    },
    ("commitments:approval", "GET"): "404",
    ("commitments:approval", "POST"): "404",
    ("reporting:edition-check", "POST"): "404",
}
"""Where somebody without a role is told that the page is not for them, and an officer of another council finds nothing."""
DIFFERENT = {
    "other_officer": {**OF_SEVERAL, **NOT_THERE},
    "other_steering_member": {
        ("reporting:edition-request", "GET"): "200",
        ("reporting:edition-request", "POST"): "422",
    },
    "lead_elsewhere": {
        ("commitments:sign", "GET"): "200",
        ("commitments:sign", "POST"): "302",
        ("api:signatory-list", "POST"): "400",
        ("partners:invite", "GET"): "200",
        ("partners:invite", "POST"): "422",
        # Tokens, deputies and invitations are the other contributor's own.
        ("partners:token-end", "GET"): "404",
        ("partners:token-end", "POST"): "404",
        ("partners:deputies", "GET"): "404",
        ("partners:deputies", "POST"): "404",
        ("partners:deputy-end", "POST"): "404",
        ("partners:name-on-seat", "GET"): "404",
        ("partners:name-on-seat", "POST"): "404",
        ("partners:invitation-answer", "GET"): "404",
        ("partners:invitation-answer", "POST"): "404",
    },
}
TELLING = [
    (door, method)
    for door in DOORS
    for method in ("GET", "POST")
    if len({*door.answers(method).values()} - {"login", "401"}) > 1
]
PUBLISHED_HERE = {"reporting:report", "reporting:report-easy"}  # the table publishes a report with all its texts first
SHOWN_TO_ALL = [
    door for door in DOORS if {*door.answers("GET").values()} == {"200"} and door.name not in PUBLISHED_HERE
]


def add_others(world: World) -> None:
    """Give the world a second council with its strategy, and people who stand between."""
    at, administrator = timezone.now(), world.person("administrator")
    charity, body = world.things["charity"], make_organisation("Helping Hub", "infrastructure_body")
    council = make_organisation("Elmshire Council", "public_body")
    group = make_organisation("The Elmshire Forum", "partnership_group")
    other = make_strategy(council, slug="elmshire", opens_first=False, steered_by=group)
    make_round(other)
    past_officer = make_person("officer", world.things["council"])
    past_helper = make_person("partner_contributor", body)
    lead_elsewhere = make_person("partner_lead", make_organisation("Aspen Allies"))
    lead_elsewhere.role_grants.create(role="partner_contributor", organisation=charity, granted_at=at)
    helped = make_organisation("The Knitters", "unincorporated_group")
    typed = make_evidence(
        past_helper, world.commitment, organisation=helped, said_by="Nan", said_how="telephone", title=f"{SECRET} knits"
    )
    submit_evidence(by=past_helper, at=at, evidence=typed)
    for person in (past_officer, past_helper):
        end_role(by=administrator, at=at, grant=person.role_grants.get())
    world.people |= {
        "other_officer": make_person("officer", council),
        "other_steering_member": make_person("steering_group", group),
        "past_officer": past_officer,
        "past_helper": past_helper,
        "lead_elsewhere": lead_elsewhere,
    }


def keep_secrets(world: World) -> None:
    """Let everything that this strategy keeps to itself hold the secret word."""
    at, officer = timezone.now(), world.person("officer")
    for state in ("submitted", "returned", "accepted"):
        piece = world.evidence(state)
    write_note(by=officer, at=at, about=piece, text=f"{SECRET} in a note.")
    update = world.draft_update()
    write_note(by=officer, at=at, about=update, text=f"{SECRET} in a note.")
    ProgressUpdate.objects.filter(pk=update.pk).update(owed_by=officer)
    world.sent_update()
    world.comment()
    world.supplied_value()
    world.edition()
    save_text(
        by=officer, at=at, round_=world.open_round, section="foreword", text=f"{SECRET} opens.", version=None
    )  # fmt: skip


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        add_others(world)
        keep_secrets(world)
        world.sign_everybody_in()
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(built: World, db: None) -> World:
    return deepcopy(built)


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_health, "WORKER_KEY", "a-portal-without-worker:alive")


def test_there_are_doors_to_knock_at():
    print(f"knocked at {len(TELLING)} doors, and read {len(SHOWN_TO_ALL)} that are open to all")
    assert len(TELLING) > 150
    assert len(SHOWN_TO_ALL) > 15
    named = {(door.name, method) for door, method in TELLING}
    assert {one for those in DIFFERENT.values() for one in those} <= named


@pytest.mark.parametrize(("door", "method"), TELLING, ids=[f"{door.name}-{method}" for door, method in TELLING])
def test_people_of_another_strategy_get_in_only_where_a_page_is_about_several(door: Door, method: str, world: World):
    table = door.answers(method)
    wanted = {who: DIFFERENT.get(who, {}).get((door.name, method), table[like]) for who, like in LIKE.items()}
    read: dict[str, str] = {}
    address = address_of(door, world)
    given = {who: knock(world, who, address, method, read=read) for who in LIKE}
    assert given == wanted
    for who in LIKE:
        if LIKE[who] == "nobody":
            assert SECRET not in read.get(who, ""), f"{who} reads at {door.name} what is not theirs"


@pytest.mark.parametrize("door", SHOWN_TO_ALL, ids=[door.name for door in SHOWN_TO_ALL])
def test_pages_open_to_all_tell_people_of_another_strategy_nothing_of_this_one(door: Door, world: World):
    read: dict[str, str] = {}
    address = address_of(door, world)
    for who in ("anonymous", "other_officer", "other_steering_member", "past_helper"):
        assert knock(world, who, address, "GET", read=read) == "200"
        assert SECRET not in read[who], f"{who} reads at {door.name} what is not theirs"


@pytest.mark.parametrize("who", ["other_officer", "other_steering_member", "past_officer", "past_helper"])
def test_no_search_finds_what_another_strategy_keeps_to_itself(who: str, world: World):
    client = sign_in(Client(), world.person(who))
    answer = client.get(reverse("commitments:evidence-list"), {"q": SECRET})
    assert answer.context["page"].count == 0
    assert client.get(reverse("api:evidence-list"), {"q": SECRET}).json()["count"] == 0


def test_the_secret_is_there_to_be_found(world: World):
    client = sign_in(Client(), world.person("officer"))
    assert client.get(reverse("api:evidence-list"), {"q": SECRET}).json()["count"] >= 3
    for name in ("commitments:review", "commitments:evidence-list"):
        assert SECRET in client.get(reverse(name)).content.decode()
