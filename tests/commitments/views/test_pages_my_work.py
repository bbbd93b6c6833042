"""My tasks: what each kind of person owes in the rounds that run, and how long it takes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import Contribution, ProgressUpdate, RoundTask, TimeTaken
from commitments.queries import form_times
from commitments.services.actions import plan_action
from commitments.services.commitment_people import assign_people
from commitments.services.delivery import set_partners
from commitments.services.progress import change_status, save_update, submit_update
from commitments.services.round_days import Days, plan_round
from commitments.services.rounds import begin_review, open_round
from commitments.services.update_approval import return_update
from partners.services.deputies import name_deputy
from tests.factories import make_evidence, publish_update

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def led(officer, strategy, charity, now):
    """All four commitments, led by the officer; the charity helps with the first."""
    commitments = list(strategy.commitments.in_order())
    for one in commitments:
        assign_people(by=officer, at=now, commitment=one, lead=officer)
    set_partners(by=officer, at=now, commitment=commitments[0], partners=[(charity, "delivers")])
    return commitments


@pytest.fixture
def running(administrator, strategy, led, partner, now):
    """A round that opened today and asked everybody."""
    today = timezone.localdate(now)
    days = Days(
        today - timedelta(days=365), today - timedelta(days=1), today, today + timedelta(days=30),
        today + timedelta(days=37),
    )  # fmt: skip
    planned = plan_round(by=administrator, at=now, strategy=strategy, days=days)
    return open_round(by=administrator, at=now, round_=planned)


def timed(form: str, *seconds: int) -> None:
    day = timezone.localdate()
    TimeTaken.objects.bulk_create(TimeTaken(form=form, seconds=one, sent_on=day) for one in seconds)


def test_strangers_are_asked_to_sign_in(client):
    assert client.get("/my-work/").url == "/account/login/?next=/my-work/"


def test_somebody_without_a_role_is_told_kindly(signed_in, nobody):
    response = signed_in(nobody).get("/my-work/")
    assert response.status_code == 200
    assert "there is nothing for you to do here" in text_of(response)


def test_an_officer_sees_what_was_returned_first_and_then_the_longest_silent(
    signed_in, officer, second_officer, led, running, now
):
    change_status(by=officer, at=now - timedelta(days=300), commitment=led[1], to="on_track", reason="It began.")
    change_status(by=officer, at=now - timedelta(days=30), commitment=led[0], to="on_track", reason="It began.")
    sent = submit_update(
        by=officer, at=now, commitment=led[3], round_=running, content=UpdateContent("on_track", "Good"), version=0
    )
    return_update(by=second_officer, at=now, update=sent, reason="Say how many.\nAnd where.")
    publish_update(
        by=officer, at=now, commitment=led[2], round_=running, content=UpdateContent("on_track", "Good"), version=0
    )
    response = signed_in(officer).get("/my-work/")
    updates = response.context["updates"]
    assert [(one["title"].split()[0], one["tag"].code) for one in updates] == [
        ("2.2", "returned"), ("1.2", "expected"), ("1.1", "expected"),
    ]  # fmt: skip
    assert "Returned: Say how many. And where." in updates[0]["hint"]
    assert "3 commitments, about 15 minutes." in text_of(response)
    assert "The time is an estimate" in text_of(response)


def test_the_time_is_the_middle_of_what_people_took(signed_in, officer, running):
    timed("update", 60, 100, 120, 140)
    assert form_times.of(["update"])["update"].seconds is None
    assert "about 20 minutes" in text_of(signed_in(officer).get("/my-work/"))
    timed("update", 9_000)
    assert round(form_times.of(["update"])["update"].minutes) == 2
    page = text_of(signed_in(officer).get("/my-work/"))
    assert "4 commitments, about 8 minutes." in page
    assert "The time is an estimate" not in page


def test_only_the_newest_measurements_count():
    timed("update", *[6_000] * 50)
    timed("update", *[60] * form_times.LAST_FORMS)
    assert form_times.of(["update"])["update"].seconds == 60
    assert form_times.of(["update"])["update"].measured == form_times.LAST_FORMS


def test_what_is_sent_is_owed_no_more(signed_in, officer, led, running, now):
    for one in led:
        submit_update(
            by=officer, at=now, commitment=one, round_=running, content=UpdateContent("on_track", "Good"), version=0
        )
    assert "You have nothing to do today. Thank you." in text_of(signed_in(officer).get("/my-work/"))


def test_after_the_window_only_what_was_begun_is_owed(signed_in, administrator, officer, led, running, now):
    save_update(by=officer, at=now, commitment=led[0], round_=running, content=UpdateContent(""), version=0)
    begin_review(by=administrator, at=now, round_=running)
    updates = signed_in(officer).get("/my-work/").context["updates"]
    assert [one["title"].split()[0] for one in updates] == ["1.1"]
    assert "The window has closed; it can still be sent." in updates[0]["hint"]


def test_outside_a_round_nothing_is_owed(signed_in, officer, led):
    assert "You have nothing to do today." in text_of(signed_in(officer).get("/my-work/"))


def test_a_new_lead_owes_what_the_old_one_has_not_sent(signed_in, officer, second_officer, led, running, now):
    submit_update(
        by=officer, at=now, commitment=led[1], round_=running, content=UpdateContent("on_track", "Good"), version=0
    )
    publish_update(
        by=officer, at=now, commitment=led[2], round_=running, content=UpdateContent("on_track", "Good"), version=0
    )
    for one in led[:3]:
        assign_people(by=officer, at=now, commitment=one, lead=second_officer)
    found = signed_in(second_officer).get("/my-work/").context["updates"]
    assert [one["title"].split()[0] for one in found] == ["1.1"]
    assert RoundTask.objects.filter(round=running, person=second_officer).exists()
    assert ProgressUpdate.objects.get(commitment=led[1], round=running).owed_by == second_officer, (
        "what is returned later comes back to the new lead"
    )
    assert ProgressUpdate.objects.get(commitment=led[2], round=running).owed_by == officer


def test_who_supports_owes_nothing_and_a_lead_who_goes_leaves_it_to_nobody(
    signed_in, officer, second_officer, led, running, now
):
    assign_people(by=officer, at=now, commitment=led[0], lead=None, supporting=[second_officer])
    assert ProgressUpdate.objects.get(commitment=led[0], round=running).owed_by is None
    assert signed_in(second_officer).get("/my-work/").context["updates"] == []


def test_a_deputy_sees_the_tasks_of_the_person_and_whose_they_are(signed_in, officer, second_officer, running, now):
    name_deputy(by=officer, at=now, person=officer, deputy=second_officer)
    response = signed_in(second_officer).get("/my-work/")
    assert response.context["updates"] == []
    assert len(response.context["stood_in"]) == 4
    assert "For Olive Officer." in text_of(response)
    assert len(signed_in(officer).get("/my-work/").context["updates"]) == 4, "nothing is taken away"


def test_a_partner_is_asked_what_they_did_and_may_have_nothing_to_add(signed_in, partner, charity, running):
    client = signed_in(partner)
    response = client.get("/my-work/")
    assert "1 question for your organisation, about 4 minutes." in text_of(response)
    asked = Contribution.objects.get(round=running, organisation=charity)
    done = client.post(f"/my-work/nothing/{asked.pk}/", follow=True)
    assert "Rowan Trust has nothing to add" in text_of(done)
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by) == ("nothing", partner)
    assert "You have nothing to do today. Thank you." in text_of(done)
    assert "Tell us what you did" in text_of(done)
    assert client.post(f"/my-work/nothing/{asked.pk}/").status_code == 302, "the second click of two"


def test_evidence_answers_and_takes_the_place_of_nothing(signed_in, partner, charity, led, running, now):
    client = signed_in(partner)
    asked = Contribution.objects.get(round=running, organisation=charity)
    client.post(f"/my-work/nothing/{asked.pk}/")
    make_evidence(partner, led[0], state="submitted", at=now)
    asked.refresh_from_db()
    assert asked.answer == "evidence"
    client.post(f"/my-work/nothing/{asked.pk}/")
    asked.refresh_from_db()
    assert asked.answer == "evidence"


def test_strangers_cant_answer_for_an_organisation(signed_in, outsider, charity, running):
    asked = Contribution.objects.get(round=running, organisation=charity)
    assert signed_in(outsider).post(f"/my-work/nothing/{asked.pk}/").status_code == 404
    asked.refresh_from_db()
    assert asked.answer == ""


def test_a_partner_lead_may_give_views_until_they_have(signed_in, partner_lead, running):
    assert [one["title"] for one in signed_in(partner_lead).get("/my-work/").context["views"]] == ["1.1 Thing 1.1"]


def test_late_actions_of_what_they_lead_are_shown(signed_in, officer, second_officer, led, now):
    today = timezone.localdate(now)
    plan_action(by=officer, at=now, commitment=led[0], title="Overdue", due_on=today - timedelta(days=1))
    plan_action(by=officer, at=now, commitment=led[0], title="Today", due_on=today)
    assert [one["title"] for one in signed_in(officer).get("/my-work/").context["late"]] == ["Overdue"]
    assert signed_in(second_officer).get("/my-work/").context["late"] == []


def test_an_officer_sees_how_much_waits_for_them(signed_in, officer, second_officer, partner, led, running, now):
    assert "Nothing is waiting for review." in text_of(signed_in(officer).get("/my-work/"))
    make_evidence(partner, led[0], state="submitted")
    submit_update(
        by=officer, at=now, commitment=led[0], round_=running, content=UpdateContent("on_track", "Good"), version=0
    )
    page = text_of(signed_in(second_officer).get("/my-work/"))
    assert "1 item of evidence is waiting for review" in page
    assert "1 update is waiting for approval" in page
    assert "waiting for approval" not in text_of(signed_in(officer).get("/my-work/")), "they sent it themselves"


def test_the_numbers_are_those_of_the_review_pages_and_nothing_to_do_means_nothing(
    signed_in, officer, second_officer, partner, led, running, now
):
    for one in led:
        submit_update(
            by=officer, at=now, commitment=one, round_=running, content=UpdateContent("on_track", "Good"), version=0
        )
    assert "You have nothing to do today." in " ".join(text_of(signed_in(officer).get("/my-work/")).split())
    make_evidence(partner, led[0], state="submitted")
    at_work = signed_in(officer)
    page = at_work.get("/my-work/")
    assert "nothing to do" not in " ".join(text_of(page).split())
    shown = {one["code"]: one["count"] for one in at_work.get("/review/").context["queues"]}
    assert shown == {"evidence": 1, "figures": 0, "updates": 0}
    assert page.context["waiting"] == {**shown, "case_studies": 0}, "case studies have a shelf of their own"
    begun = make_evidence(partner, led[0], title="Begun")
    assert "nothing to do" not in " ".join(text_of(signed_in(partner).get("/my-work/")).split()), begun


def test_a_partner_sees_what_they_can_finish_returned_first(
    signed_in, officer, partner, partner_lead, outsider, commitment
):
    make_evidence(partner, commitment, title="Waiting", state="submitted")
    make_evidence(partner, commitment, title="Begun")
    make_evidence(partner_lead, commitment, title="Came back", state="returned", officer=officer)
    make_evidence(partner, commitment, title="Done with", state="accepted", officer=officer)
    make_evidence(outsider, commitment, title="Not ours")
    response = signed_in(partner).get("/my-work/")
    assert [one["title"] for one in response.context["evidence"]] == ["Came back", "Begun"]
    assert "Please say where." in text_of(response)


def test_an_administrator_sees_what_nobody_leads(signed_in, administrator, officer, strategy, commitment, now):
    assign_people(by=officer, at=now, commitment=commitment, lead=officer)
    unled = signed_in(administrator).get("/my-work/").context["unled"]
    assert [one["title"].split()[0] for one in unled] == ["1.2", "2.1", "2.2"]
    for one in strategy.commitments.all():
        assign_people(by=officer, at=now, commitment=one, lead=officer)
    assert "Every commitment has a lead officer." in text_of(signed_in(administrator).get("/my-work/"))


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.4, "less than a minute"), (1, "1 minute"), (5, "5 minutes"), (55, "55 minutes"), (60, "1 hour"),
        (95, "1½ hours"), (120, "2 hours"), (160, "2½ hours"),
    ],
)  # fmt: skip
def test_long_times_are_said_in_hours(minutes, words):
    assert form_times.long(minutes) == words
