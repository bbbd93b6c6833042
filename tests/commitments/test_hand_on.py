"""Unsubscribing from reminders hands the task to somebody, without signing in and never by merely looking."""

import pytest
from django.test import Client
from django.utils import timezone

from commitments.models import HistoryEntry, ProgressUpdate, Round, RoundTask
from commitments.services.handing_on import colleagues, link_to
from commitments.services.rounds import close_round
from partners.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(open_round: Round, commitment, officer: User) -> RoundTask:
    ProgressUpdate.objects.create(commitment=commitment, round=open_round, owed_by=officer)
    return RoundTask.objects.create(round=open_round, person=officer, made_at=timezone.now())


@pytest.fixture
def address(task: RoundTask) -> str:
    return link_to(task.round_id, task.person_id).removeprefix("http://127.0.0.1:8000")


def owed_by() -> User | None:
    return ProgressUpdate.objects.get().owed_by


def test_a_stranger_with_the_link_reads_what_it_is_about_and_reading_changes_nothing(
    client: Client, address: str, task
):
    for _ in range(2):
        page = client.get(address)
    assert page.status_code == 200
    assert "the update of 1.1 Thing 1.1" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "@example.org" not in page.content.decode().split("<main")[1].split("</main>")[0]
    task.refresh_from_db()
    assert task.handed_at is None


def test_a_colleague_is_chosen_and_has_it_from_then_on(client: Client, address: str, task, second_officer, partner):
    page = client.get(address).content.decode()
    assert second_officer.name in page
    assert partner.name not in page
    answer = client.post(address, {"to": second_officer.pk, "why": "I have moved."}, follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert "Handed on" in answer.content.decode()
    assert f"{second_officer.name} has it since" in answer.content.decode()
    assert owed_by() == second_officer
    entry = HistoryEntry.objects.get(act="task_handed")
    assert (entry.by, entry.reason) == (task.person, "By the link in a mail: I have moved.")


def test_whoever_knows_nobody_asks_the_council_to_find_somebody(client: Client, address: str, task):
    answer = client.post(address, {"to": "find"}, follow=True)
    assert "The council was asked" in answer.content.decode()
    assert owed_by() is None


def test_it_works_when_the_access_has_ended(client: Client, address: str, task, second_officer):
    User.objects.filter(pk=task.person_id).update(is_active=False)
    assert client.get(address).status_code == 200
    client.post(address, {"to": second_officer.pk})
    assert owed_by() == second_officer


def test_nothing_chosen_or_a_stranger_chosen_is_told_at_the_field(client: Client, address: str, partner):
    for chosen in ("", str(partner.pk), "0", "x"):
        page = client.post(address, {"to": chosen})
        assert page.status_code == 422
        assert "ask the council to find somebody" in page.content.decode()


def test_a_second_click_says_what_stands_and_moves_nothing(client: Client, address: str, task, second_officer):
    client.post(address, {"to": second_officer.pk})
    client.post(address, {"to": "find"})
    assert owed_by() == second_officer
    assert HistoryEntry.objects.filter(act="task_handed").count() == 1


def test_a_closed_round_has_nothing_to_hand_on(client: Client, address: str, task, administrator: User):
    close_round(by=administrator, at=timezone.now(), round_=task.round)
    assert "nothing left to hand on" in client.get(address).content.decode()
    assert client.post(f"{address}at-once/", {"List-Unsubscribe": "One-Click"}).status_code == 200
    client.post(address, {"to": "find"})
    task.refresh_from_db()
    assert task.handed_at is None


@pytest.mark.parametrize("spoiled", ["{whole}x", "9{whole}", "1-1", "1-1.", "{whole}.{whole}"])
def test_a_link_that_nobody_signed_leads_nowhere(client: Client, address: str, spoiled: str):
    signed = spoiled.format(whole=address.split("/")[2])
    assert client.get(f"/hand-on/{signed}/").status_code == 404
    assert client.post(f"/hand-on/{signed}/at-once/", {"List-Unsubscribe": "One-Click"}).status_code == 404


def test_a_mail_programs_own_button_asks_the_council_to_find_somebody(address: str, task):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{address}at-once/").status_code == 400
    assert strict.get(f"{address}at-once/")["Location"] == address
    assert RoundTask.objects.get().handed_at is None
    for _ in range(2):
        assert strict.post(f"{address}at-once/", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert RoundTask.objects.get().handed_at is not None
    assert owed_by() is None
    assert HistoryEntry.objects.filter(act="task_handed").count() == 1


def test_the_page_itself_wants_its_own_token(address: str):
    assert Client(enforce_csrf_checks=True).post(address, {"to": "find"}).status_code == 403


def test_colleagues_are_of_the_same_organisation_and_able(
    officer, second_officer, partner, partner_lead, outsider, administrator
):
    assert list(colleagues(officer)) == [second_officer]
    assert list(colleagues(partner)) == [partner_lead]
    User.objects.filter(pk=partner_lead.pk).update(is_active=False)
    assert list(colleagues(partner)) == []
