"""Team, dates and ties of a commitment are written by those who manage it, with what can't be refused beside its field."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from commitments.models import Commitment, HistoryEntry
from commitments.reading.revisions import REVISIONS
from commitments.rules.plan_limits import MAX_RELATED
from commitments.services.actions import Plan, plan_action
from commitments.services.loading.plans import _details_by_people
from commitments.services.plan_details import PlanDetails, change_plan, edit_plan
from partners.models import User
from partners.services.roles import end_role, give_role
from tests.factories import make_organisation, make_person, make_strategy
from vcsportal.common.words import Conflict, Invalid, NotAllowed

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)


def of(commitment: Commitment) -> PlanDetails:
    return PlanDetails.of(Commitment.objects.get(pk=commitment.pk))


@pytest.fixture
def other(commitment) -> Commitment:
    found: Commitment = commitment.strategy.commitments.get(reference="1.2")
    return found


def test_all_of_it_is_written_and_the_history_says_what_changed(officer, commitment, other, now):
    plan = PlanDetails("  Communities \n team ", FIRST, LAST, other, (other,))
    edit_plan(by=officer, at=now, commitment=commitment, plan=plan)
    assert of(commitment) == replace(plan, team="Communities team")
    assert of(other).related == (commitment,)
    written, tied = HistoryEntry.objects.filter(commitment=commitment, act__in=["details", "tie"]).order_by("id")
    assert (written.by, written.said["was"]) == (officer, {"team": "", "starts_on": "", "ends_on": ""})
    assert REVISIONS["details"](written.said) == (
        "Team and dates changed", "Team: Communities team\n\nFirst day: 1 April 2026\n\nLast day: 31 March 2027"
    )  # fmt: skip
    assert tied.said["now"] == {"follows": "our-strategy/thing-1-2", "related": ["our-strategy/thing-1-2"]}
    assert REVISIONS["tie"](tied.said) == ("What it replaces and what it is related to changed", "")
    assert {written, tied} <= set(HistoryEntry.objects.public())


def test_what_is_cleared_is_gone_and_what_stays_leaves_no_line(officer, commitment, other, now):
    plan = PlanDetails("Communities", FIRST, LAST, other, (other,))
    for _ in range(2):
        edit_plan(by=officer, at=now, commitment=commitment, plan=plan)
    entries = HistoryEntry.objects.filter(act__in=["details", "tie"], commitment=commitment)
    assert entries.count() == 2
    edit_plan(by=officer, at=now, commitment=commitment, plan=replace(plan, ends_on=None, related=()))
    assert of(commitment) == replace(plan, ends_on=None, related=())
    dates, tie = entries.order_by("-id")[:2][::-1]
    assert REVISIONS["details"](dates.said) == ("Dates changed", "Last day: none any more")
    assert REVISIONS["tie"](tie.said) == ("What it is related to changed", "")
    edit_plan(by=officer, at=now, commitment=commitment, plan=PlanDetails())
    team, tie = entries.order_by("-id")[:2][::-1]
    assert REVISIONS["details"](team.said)[1].startswith("No team now")
    assert REVISIONS["tie"](tie.said) == ("What it replaces changed", "")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"team": "x" * 121}, "team", "121 characters"),
        ({"team": "x\x00"}, "team", "can't be saved"),
        ({"starts_on": LAST, "ends_on": FIRST}, "ends_on", "comes before the first"),
        ({"starts_on": date(1899, 12, 31)}, "starts_on", "Check the year"),
        ({"ends_on": date(2200, 1, 1)}, "ends_on", "Check the year"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_written(
    officer, commitment, now, changes, field, sentence
):
    with pytest.raises(Invalid, match=sentence) as refused:
        edit_plan(
            by=officer,
            at=now,
            commitment=commitment,
            plan=replace(PlanDetails("Communities"), **{"team": "Us", **changes}),
        )
    assert refused.value.field == field
    assert of(commitment) == PlanDetails()


def test_border_days_and_the_longest_team_are_taken(officer, commitment, now):
    plan = PlanDetails("x" * 120, FIRST, FIRST)
    edit_plan(by=officer, at=now, commitment=commitment, plan=plan)
    assert of(commitment) == plan
    plan = replace(plan, starts_on=date(1900, 1, 1), ends_on=date(2199, 12, 31))
    edit_plan(by=officer, at=now, commitment=commitment, plan=plan)
    assert of(commitment) == plan


def test_nothing_is_tied_to_itself_or_in_a_circle_nor_to_a_later_strategy(officer, council, commitment, other, now):
    third = commitment.strategy.commitments.get(reference="2.1")
    edit_plan(by=officer, at=now, commitment=commitment, plan=PlanDetails(follows=other))
    edit_plan(by=officer, at=now, commitment=other, plan=PlanDetails(follows=third))
    beside = make_strategy(council, slug="beside", opens_first=False).commitments.get(reference="1.1")
    cases: list[tuple[PlanDetails, str, str]] = [
        (PlanDetails("Us", follows=third), "follows", "linked to itself"),
        (PlanDetails("Us", related=(third,)), "related", "linked to itself"),
        (PlanDetails("Us", follows=commitment), "follows", "in a circle"),
        (PlanDetails("Us", follows=beside), "follows", "does not begin before this one"),
        (PlanDetails("Us", related=(commitment,) * (MAX_RELATED + 1)), "related", "The limit is 50"),
    ]
    for plan, field, sentence in cases:
        with pytest.raises(Invalid, match=sentence) as refused:
            edit_plan(by=officer, at=now, commitment=third, plan=plan)
        assert refused.value.field == field
    assert of(third) == PlanDetails(), "the team that was sent along is not written either"
    edit_plan(by=officer, at=now, commitment=third, plan=PlanDetails(related=(beside,)))
    assert of(beside).related == (third,)


@pytest.mark.parametrize("who", ["partner", "partner_lead", "steering_member", "nobody", "theirs", "past"])
def test_others_write_nothing(request, administrator, council, commitment, now, who):
    there = make_organisation("Another Council", "public_body")
    make_strategy(there, slug="theirs", opens_first=False)
    past = make_person("officer", council)
    end_role(by=administrator, at=now, grant=past.role_grants.get())
    more = {"theirs": make_person("officer", there), "past": User.objects.get(pk=past.pk)}
    person = more.get(who) or request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        edit_plan(by=person, at=now, commitment=commitment, plan=PlanDetails("Us"))
    assert of(commitment) == PlanDetails()


def test_an_administrator_and_somebody_with_a_second_role_here_write_it(administrator, council, commitment, now):
    there = make_organisation("Another Council", "public_body")
    make_strategy(there, slug="theirs", opens_first=False)
    person: Any = make_person("officer", there)
    give_role(by=administrator, at=now, person=person, role="officer", organisation=council)
    for by, team in ((administrator, "Us"), (User.objects.get(pk=person.pk), "Them")):
        edit_plan(by=by, at=now, commitment=commitment, plan=PlanDetails(team))
        assert of(commitment).team == team


def test_an_action_that_was_planned_is_no_plan_detail(officer, commitment, client, now):
    plan_action(by=officer, at=now, commitment=commitment, plan=Plan("Book a hall"), due_on=None)
    assert not HistoryEntry.objects.public().filter(commitment=commitment).exists()
    assert client.get(commitment.get_absolute_url()).status_code == 200
    assert _details_by_people([commitment.pk]) == {}


def test_a_tie_is_in_the_history_of_both_whoever_begins_and_ends_it(officer, council, commitment, other, now):
    there = make_organisation("Another Council", "public_body")
    theirs = make_strategy(there, slug="theirs", opens_first=False).commitments.get(reference="1.1")
    edit_plan(by=officer, at=now, commitment=commitment, plan=PlanDetails(follows=other, related=(theirs, other)))
    edit_plan(by=make_person("officer", there, "Ivo Marsh"), at=now, commitment=theirs, plan=PlanDetails())
    assert of(commitment).related == (other,)
    began, ended = HistoryEntry.objects.filter(commitment=theirs, act="tie").order_by("id")
    assert (began.by, began.said["was"], began.said["now"]) == (
        officer, {"related": []}, {"related": ["our-strategy/thing-1-1"]},
    )  # fmt: skip
    assert ended.said["now"] == {"related": []}
    last = HistoryEntry.objects.filter(commitment=commitment, act="tie").latest("id")
    assert last.by is not None
    assert (last.by.name, last.said["was"], last.said["now"]) == (
        "Ivo Marsh",
        {"related": ["our-strategy/thing-1-2", "theirs/thing-1-1"]},
        {"related": ["our-strategy/thing-1-2"]},
    )
    assert REVISIONS["tie"](last.said) == ("What it is related to changed", "")
    assert HistoryEntry.objects.filter(commitment=other, act="tie").count() == 1, "what stayed has no second line"
    assert set(_details_by_people([theirs.pk])[theirs.pk]) == {"related"}
    assert _details_by_people([other.pk]) == {}, "nobody has edited it"


def test_a_change_of_some_details_is_made_to_what_is_saved_now(officer, second_officer, commitment, other, now):
    edit_plan(by=second_officer, at=now, commitment=commitment, plan=PlanDetails("Them", FIRST, related=(other,)))
    change_plan(by=officer, at=now, commitment=commitment, was={"ends_on": None}, now={"ends_on": LAST})
    assert of(commitment) == PlanDetails("Them", FIRST, LAST, related=(other,))
    change_plan(by=officer, at=now, commitment=commitment, was={"related": (other,)}, now={"related": ()})
    with pytest.raises(Conflict, match=f"{officer.name} has changed these details"):
        change_plan(by=second_officer, at=now, commitment=commitment, was={"ends_on": None}, now={"ends_on": FIRST})
    with pytest.raises(Conflict, match="You have changed"):
        change_plan(by=officer, at=now, commitment=commitment, was={"related": (other,)}, now={"team": "Us"})
    assert of(commitment) == PlanDetails("Them", FIRST, LAST)
    with pytest.raises(NotAllowed):
        change_plan(by=make_person("officer", make_organisation("Another", "public_body")), at=now, commitment=commitment, was={}, now={})  # fmt: skip
