"""Actions and delivery partners through the API: what the pages allow, and nothing else."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from commitments.models import Action, DeliveryPartner
from commitments.services.actions import Plan, plan_action
from commitments.services.delivery import add_delivery_partner, end_delivery_partner
from tests.api.conftest import Api
from tests.api.test_reading import PEOPLE, person

pytestmark = pytest.mark.django_db

HERE = "strategies/our-strategy/commitments/thing-1-1/"
ACTIONS, PARTNERS = f"{HERE}actions/", f"{HERE}partners/"
MAY = {"anonymous": 401, "nobody": 403, "outsider": 403, "partner": 403, "steering_member": 403}


@pytest.fixture
def action(world) -> Action:
    return Action.objects.get()


@pytest.mark.parametrize("who", PEOPLE)
def test_only_officers_and_administrators_write(request, world, action, who):
    as_them, today = Api(person(request, who)), timezone.localdate().isoformat()
    assert as_them.post(ACTIONS, {"title": "Ask the school"}).status_code == MAY.get(who, 201)
    one = f"{ACTIONS}{action.pk}/"
    acts: list[tuple[str, dict[str, Any]]] = [
        ("move", {"due_on": None, "reason": "So"}), ("done", {"done_on": today}), ("reopen", {"reason": "So"}),
        ("drop", {"dropped_on": today, "reason": "So"}),
    ]  # fmt: skip
    for version, (rest, more) in enumerate(acts):
        assert as_them.post(f"{one}{rest}/", {"version": version, **more}).status_code == MAY.get(who, 200)
    assert as_them.patch(one, {"version": 4, "title": "Find two halls"}).status_code == MAY.get(who, 200)
    part = DeliveryPartner.objects.get()
    assert as_them.patch(f"{PARTNERS}{part.pk}/", {"role": "hosts"}).status_code == MAY.get(who, 200)
    assert as_them.post(PARTNERS, {"organisation": "rowan-trust"}).status_code == MAY.get(who, 400)


def test_a_reference_stands_once_among_a_commitments_actions(world, officer):
    writer = Api(officer)
    assert writer.post(ACTIONS, {"title": "Ask the school", "reference": "z"}).status_code == 201
    for path, send, more in (
        (ACTIONS, writer.post, {}),
        (f"{ACTIONS}{Action.objects.earliest('id').pk}/", writer.patch, {"version": 0}),
    ):
        again = send(path, {"title": "Ask the hall", "reference": "z", **more})
        assert (again.status_code, list(again.json()["errors"])) == (400, ["reference"])
    assert Action.objects.filter(reference="z").count() == 1


def test_an_action_is_added_and_answered_with_all_that_it_holds(world, officer, partner, nobody, stranger, action):
    sent = {
        "title": "Ask the school", "reference": "i", "parent": action.pk, "due_on": "2027-03-31", "owner_person": officer.email,
        "owner_organisation": "rowan-trust", "owner_team": "Libraries",
    }  # fmt: skip
    answer = Api(officer).post(ACTIONS, sent)
    told = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, told["url"])
    assert told["page"].endswith(f"/strategies/our-strategy/commitments/thing-1-1/actions/{told['id']}/")
    assert {name: told[name] for name in ("title", "reference", "parent", "due_on", "done_on", "version", "moved")} == {
        "title": "Ask the school", "reference": "i", "parent": action.pk, "due_on": "2027-03-31", "done_on": None, "version": 0,
        "moved": [],
    }  # fmt: skip
    owner = {
        "person": officer.name,
        "organisation": {"slug": "rowan-trust", "name": "Rowan Trust"},
        "team": "Libraries",
    }
    assert told["owner"] == owner
    there = f"{ACTIONS}{told['id']}/"
    assert Api(partner).get(there).json()["owner"] == owner
    for reader in (stranger, Api(nobody)):
        assert reader.get(there).json()["owner"] == {**owner, "person": None}
        assert officer.name not in str(reader.get(ACTIONS).json())


def test_an_action_moves_is_dropped_and_reopened(world, officer, action):
    as_officer, one, today = Api(officer), f"{ACTIONS}{action.pk}/", timezone.localdate().isoformat()
    due = action.due_on.isoformat() if action.due_on else ""
    told = as_officer.post(f"{one}move/", {"version": 0, "due_on": "2027-03-31", "reason": "The roof leaks."}).json()
    assert told["moved"] == [{"was": due, "now": "2027-03-31", "reason": "The roof leaks.", "on": today}]
    assert (told["state"]["code"], told["version"]) == ("planned", 1)
    told = as_officer.post(f"{one}drop/", {"version": 1, "dropped_on": today, "reason": "No money."}).json()
    assert (told["state"]["code"], told["dropped_on"], told["dropped_why"]) == ("dropped", today, "No money.")
    refused = as_officer.post(f"{one}done/", {"version": 2, "done_on": today})
    assert (refused.status_code, "Reopen it first." in refused.json()["detail"]) == (409, True)
    told = as_officer.post(f"{one}reopen/", {"version": 2, "reason": "Money."}).json()
    assert (told["state"]["code"], told["dropped_why"]) == ("planned", "")
    told = as_officer.post(f"{one}done/", {"version": 3, "done_on": today}).json()
    assert (told["state"]["code"], told["done_on"]) == ("done", today)


def test_a_day_and_a_version_are_asked_for_and_an_old_version_is_a_conflict(world, officer, second_officer, action):
    one = f"{ACTIONS}{action.pk}/"
    assert set(Api(officer).post(f"{one}done/", {}).json()["errors"]) == {"done_on", "version"}
    assert Api(second_officer).patch(one, {"version": 0, "title": "Find two halls"}).status_code == 200
    late = Api(officer).patch(one, {"version": 0, "title": "Find three halls"})
    assert late.status_code == 409
    assert second_officer.name in late.json()["detail"]
    assert Action.objects.get().title == "Find two halls"


def test_what_an_edit_leaves_out_stays_and_null_takes_away(world, officer, action):
    one = f"{ACTIONS}{action.pk}/"
    as_officer = Api(officer)
    as_officer.patch(one, {"version": 0, "owner_person": officer.email, "owner_team": "Libraries", "reference": "5b"})
    told = as_officer.patch(one, {"version": 1, "owner_person": None}).json()
    assert (told["title"], told["reference"], told["owner"]) == (
        "Find a hall", "5b", {"person": None, "organisation": None, "team": "Libraries"},
    )  # fmt: skip


def test_a_parent_of_another_commitment_is_none_of_the_choices(world, officer, strategy, now):
    other = plan_action(by=officer, at=now, commitment=strategy.commitments.get(reference="1.2"), plan=Plan("There"))
    answer = Api(officer).post(ACTIONS, {"title": "Ask", "parent": other.pk})
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"parent"})
    assert Api(officer).get(f"{ACTIONS}{other.pk}/").status_code == 404
    assert Api(officer).post(f"{ACTIONS}{other.pk}/done/", {"version": 0, "done_on": "2026-01-01"}).status_code == 404


def test_who_delivered_on_a_day_can_be_asked(world, stranger, officer, other_charity, now):
    made = add_delivery_partner(
        by=officer, at=now, commitment=world.commitment, organisation=other_charity, started_on=date(2023, 5, 1)
    )
    end_delivery_partner(by=officer, at=now, part=made, ended_on=date(2024, 3, 1))

    def on(day):
        return [one["organisation"]["name"] for one in stranger.list(f"{PARTNERS}?on={day}")]

    assert (on("2023-06-01"), on("2024-02-29"), on("2024-03-01"), on("2023-04-30")) == (
        ["Willow Circle"], ["Willow Circle"], [], [],
    )  # fmt: skip
    assert {one["organisation"]["name"]: one["ended_on"] for one in stranger.list(PARTNERS)} == {
        "Rowan Trust": None, "Willow Circle": "2024-03-01",
    }  # fmt: skip
    [current] = stranger.get(HERE).json()["partners"]
    assert current["name"] == "Rowan Trust"
    assert stranger.get(f"{PARTNERS}?on=soon").status_code == 400


def test_a_partner_joins_ends_and_returns(world, officer, other_charity):
    as_officer, today = Api(officer), timezone.localdate()
    before = (today - timedelta(9)).isoformat()
    made = as_officer.post(PARTNERS, {"organisation": other_charity.slug, "role": "funds", "started_on": before}).json()
    one = f"{PARTNERS}{made['id']}/"
    ended = as_officer.patch(one, {"ended_on": today.isoformat()}).json()
    assert (ended["role"]["code"], ended["started_on"], ended["ended_on"]) == ("funds", before, today.isoformat())
    assert "Enter the day" in as_officer.post(PARTNERS, {"organisation": other_charity.slug}).json()["detail"]
    again = as_officer.post(PARTNERS, {"organisation": other_charity.slug, "started_on": today.isoformat()})
    assert again.status_code == 201
    mistaken = as_officer.patch(f"{PARTNERS}{again.json()['id']}/", {"ended_on": today.isoformat()})
    assert mistaken.status_code == 200
    assert as_officer.get(f"{PARTNERS}{again.json()['id']}/").status_code == 404, "it never was"
