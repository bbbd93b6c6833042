"""Unsubscribing from reminders hands the task to somebody, without signing in and never by merely looking."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from commitments.models import Contribution, HistoryEntry, ProgressUpdate, Round, RoundTask
from commitments.services.rounds import close_round
from commitments.services.task_links import LINK_LASTS_AFTER_ROUND, colleagues, link_to
from partners.models import RoleGrant, User
from partners.services.access import end_access
from partners.services.roles import end_role
from tests.factories import make_organisation

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
    assert "the update on 1.1 Thing 1.1" in page.content.decode()
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
    assert f"{second_officer.name} has had this since" in answer.content.decode()
    assert owed_by() == second_officer
    entry = HistoryEntry.objects.get(act="task_handed")
    assert (entry.by, entry.reason) == (task.person, "By the link in an email: I have moved.")


def test_whoever_knows_nobody_asks_the_council_to_find_somebody(client: Client, address: str, task):
    answer = client.post(address, {"to": "find"}, follow=True)
    assert "The council was asked" in answer.content.decode()
    assert owed_by() is None


def ended(client: Client, address: str, name: str) -> None:
    """The link opens no more: it says so, names nobody and nothing, and moves nothing."""
    before = owed_by()
    for answer in (client.get(address), client.post(address, {"to": "find"})):
        assert answer.status_code == 410
        page = answer.content.decode()
        assert "This link has ended" in page
        assert name not in page
        assert "Thing 1.1" not in page
    answer = client.post(f"{address}at-once/", {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, name in answer.content.decode()) == (410, False)
    assert owed_by() == before
    assert RoundTask.objects.get().handed_at is None


def test_a_link_ends_with_the_person_s_access(client: Client, address: str, task, administrator):
    assert client.get(address).status_code == 200
    end_access(by=administrator, at=timezone.now(), person=task.person, reason="Left.")
    ended(client, address, task.person.name)


def test_a_link_ends_with_the_role_that_the_task_needs(client: Client, address: str, task, administrator, charity):
    RoleGrant.objects.create(person=task.person, role="partner_lead", organisation=charity, granted_at=timezone.now())
    assert client.get(address).status_code == 200
    end_role(by=administrator, at=timezone.now(), grant=task.person.role_grants.get(role="officer"))
    ProgressUpdate.objects.update(owed_by=None)
    Contribution.objects.create(round=task.round, organisation=make_organisation("Aspen Allies"), owed_by=task.person)
    ended(client, address, task.person.name)


def test_a_partner_s_link_works_while_they_answer_for_the_organisation(
    client: Client, open_round, charity, partner, administrator
):
    ProgressUpdate.objects.create(
        commitment=open_round.strategy.commitments.get(reference="1.1"), round=open_round, owed_by=None
    )
    Contribution.objects.create(round=open_round, organisation=charity, owed_by=partner)
    RoundTask.objects.create(round=open_round, person=partner, made_at=timezone.now())
    address = link_to(open_round.pk, partner.pk).removeprefix("http://127.0.0.1:8000")
    assert client.get(address).status_code == 200
    end_role(by=administrator, at=timezone.now(), grant=partner.role_grants.get())
    ended(client, address, partner.name)


@pytest.mark.parametrize(("days", "status"), [(0, 200), (1, 410)])
def test_a_link_ends_a_month_after_the_round_s_last_day(client: Client, address: str, task, days: int, status: int):
    last = task.round.grace_until + LINK_LASTS_AFTER_ROUND + timedelta(days=days)
    with time_machine.travel(datetime.combine(last, time(12)), tick=False):
        assert client.get(address).status_code == status


def test_nothing_chosen_or_a_stranger_chosen_is_told_at_the_field(client: Client, address: str, partner):
    for chosen in ("", str(partner.pk), "0", "x"):
        page = client.post(address, {"to": chosen})
        assert page.status_code == 422
        assert "ask the council to find someone" in page.content.decode()


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
