"""My work: what each kind of person owes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commitments.reading import work
from commitments.services.planning import assign_people, plan_action
from commitments.services.progress import Said, change_status, save_update
from tests.factories import make_evidence, publish_update

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def led(officer, strategy, now):
    """All four commitments, led by the officer."""
    commitments = list(strategy.commitments.in_order())
    for one in commitments:
        assign_people(by=officer, at=now, commitment=one, lead=officer)
    return commitments


def test_strangers_are_asked_to_sign_in(client):
    assert client.get("/my-work/").url == "/account/login/?next=/my-work/"


def test_somebody_without_a_role_is_told_kindly(signed_in, nobody):
    response = signed_in(nobody).get("/my-work/")
    assert response.status_code == 200
    assert "nothing waits for you here" in text_of(response)


def test_an_officer_owes_the_updates_of_what_they_lead_the_longest_silent_first(
    signed_in, officer, led, open_round, now
):
    change_status(by=officer, at=now - timedelta(days=300), commitment=led[1], to="on_track", reason="It began.")
    change_status(by=officer, at=now - timedelta(days=30), commitment=led[0], to="on_track", reason="It began.")
    save_update(by=officer, at=now, commitment=led[0], round_=open_round, said=Said(""), version=None)
    publish_update(
        by=officer, at=now, commitment=led[2], round_=open_round, said=Said("on_track", "Good"), version=None
    )
    response = signed_in(officer).get("/my-work/")
    assert "You owe 3 updates, about 15 minutes." in text_of(response)
    updates = response.context["updates"]
    assert [(one["title"].split()[0], one["tag"].code if one["tag"] else "") for one in updates] == [
        ("2.2", ""),
        ("1.2", ""),
        ("1.1", "draft"),
        ("2.1", "published"),
    ]
    assert "Not begun" in text_of(response)


def test_what_an_officer_only_supports_stands_apart(signed_in, officer, second_officer, commitment, open_round, now):
    assign_people(by=officer, at=now, commitment=commitment, lead=officer, supporting=[second_officer])
    response = signed_in(second_officer).get("/my-work/")
    assert "You owe no update today." in text_of(response)
    assert [one["title"] for one in response.context["supported"]] == ["1.1 Thing 1.1"]


def test_outside_a_round_nothing_is_owed(signed_in, officer, led):
    assert "You owe no update today." in text_of(signed_in(officer).get("/my-work/"))


def test_late_actions_of_what_they_lead_are_shown(signed_in, officer, second_officer, led, now):
    today = timezone.localdate(now)
    plan_action(by=officer, at=now, commitment=led[0], title="Overdue", due_on=today - timedelta(days=1))
    plan_action(by=officer, at=now, commitment=led[0], title="Today", due_on=today)
    assert [one["title"] for one in signed_in(officer).get("/my-work/").context["late"]] == ["Overdue"]
    assert signed_in(second_officer).get("/my-work/").context["late"] == []


def test_an_officer_sees_how_much_waits_for_review(signed_in, officer, partner, commitment):
    assert "Nothing waits for review." in text_of(signed_in(officer).get("/my-work/"))
    make_evidence(partner, commitment, state="submitted")
    assert "1 piece of evidence waits for review" in text_of(signed_in(officer).get("/my-work/"))


def test_a_partner_sees_their_organisations_open_evidence_returned_first(
    signed_in, officer, partner, partner_lead, outsider, commitment
):
    make_evidence(partner, commitment, title="Waiting", state="submitted")
    make_evidence(partner, commitment, title="Begun")
    make_evidence(partner_lead, commitment, title="Came back", state="returned", officer=officer)
    make_evidence(partner, commitment, title="Done with", state="accepted", officer=officer)
    make_evidence(outsider, commitment, title="Not ours")
    response = signed_in(partner).get("/my-work/")
    assert [one["title"] for one in response.context["evidence"]] == ["Came back", "Begun", "Waiting"]
    assert "Please say where." in text_of(response)
    assert "You owe" not in text_of(response)


def test_an_administrator_sees_what_nobody_leads(signed_in, administrator, officer, strategy, commitment, now):
    assign_people(by=officer, at=now, commitment=commitment, lead=officer)
    unled = signed_in(administrator).get("/my-work/").context["unled"]
    assert [one["title"].split()[0] for one in unled] == ["1.2", "2.1", "2.2"]
    for one in strategy.commitments.all():
        assign_people(by=officer, at=now, commitment=one, lead=officer)
    assert "Every commitment has a lead officer." in text_of(signed_in(administrator).get("/my-work/"))


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(5, "5 minutes"), (55, "55 minutes"), (60, "1 hour"), (95, "1½ hours"), (120, "2 hours"), (160, "2½ hours")],
)
def test_long_times_are_said_in_hours(minutes, words):
    assert work._long(minutes) == words
