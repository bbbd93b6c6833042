"""Somebody who owes in the rounds of two strategies gets one email that names both: on opening, by the calendar, on handing over."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.core import mail as django_mail
from django.test import Client
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import ProgressUpdate, Round, RoundTask, Strategy
from commitments.queries.round_organisations import email_topic
from commitments.services.commitment_people import assign_people
from commitments.services.handover import hand_over
from commitments.services.progress import submit_update
from commitments.services.reminder_emails import plan_reminders
from commitments.services.rounds import close_round, open_round
from commitments.services.task_links import link_at_once, link_to, mail_headers
from commitments.services.tasks import hand_task
from commitments.tasks import advance_rounds
from commitments.tasks import plan_reminders as plan_reminders_now
from partners.emails.sending import send_waiting
from partners.models import Mail, User
from tests.factories import make_strategy
from tests.mail_server import plain_words_of, words_of

pytestmark = pytest.mark.django_db
OPENS = date(2026, 4, 1)
SEVEN_BEFORE = date(2026, 5, 27)  # a Wednesday


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))


def plan(day: date, hour: int = 9) -> int:
    return plan_reminders(today=day, at=at(day, hour))


def make(strategy: Strategy, closes: date) -> Round:
    return Round.objects.create(
        strategy=strategy, slug="2025-26", observes_from=date(2025, 4, 1), observes_to=date(2026, 3, 31),
        opens_on=OPENS, closes_on=closes, grace_until=closes + timedelta(days=7),
    )  # fmt: skip


@pytest.fixture
def second(council, officer) -> Strategy:
    """A second strategy, whose 1.1 the officer leads."""
    made = make_strategy(council, slug="second", opens_first=False)
    made.commitments.filter(reference="1.1").update(lead_officer=officer)
    return made


@pytest.fixture
def planned(strategy, second, officer) -> tuple[Round, Round]:
    """Two rounds that close two days apart; the officer leads 1.1 and 1.2 of the first strategy, 1.1 of the second."""
    strategy.commitments.filter(priority__number=1).update(lead_officer=officer)
    return make(strategy, date(2026, 6, 3)), make(second, date(2026, 6, 5))


@pytest.fixture
def reminded(both) -> tuple[Round, Round]:
    """Both rounds, after the reminder of 1 May."""
    send_waiting(at(OPENS, 12))
    assert plan(date(2026, 5, 1)) == 1
    send_waiting(at(date(2026, 5, 1)))
    return both


@pytest.fixture
def both(planned, administrator) -> tuple[Round, Round]:
    """Both rounds, opened ten minutes apart."""
    first, second = planned
    return (
        open_round(by=administrator, at=at(OPENS), round_=first),
        open_round(by=administrator, at=at(OPENS, 9, 10), round_=second),
    )


def to(person: User, kind: str = "round:reminder", **more) -> list[Mail]:
    return list(Mail.objects.filter(person=person, kind=kind, **more).order_by("id"))


def send(round_: Round, reference: str, by: User, day: date) -> None:
    update = ProgressUpdate.objects.get(commitment__reference=reference, round=round_)
    submit_update(
        by=by, at=at(day), commitment=update.commitment, round_=round_, content=UpdateContent("on_track", "It began."),
        version=update.version,
    )  # fmt: skip


def test_two_rounds_that_open_one_after_the_other_are_announced_in_one_email(both, officer):
    first, second = both
    [mail] = to(officer, "round:opening", state="waiting")
    assert (mail.about, mail.also_about) == (email_topic(second), [email_topic(first)])
    assert mail.subject == (
        "The 2025-26 round of the Strategy second is open: 3 things to do for the Strategy second and the Strategy our-strategy"
    )
    for words in (
        "The 2025-26 round of the Strategy second is open. It covers what happened from 1 April 2025 to 31 March 2026, and closes "
        "on Friday 5 June 2026. You have 1 thing to do:",
        "The 2025-26 round of the Strategy our-strategy is also open.",
        "Wednesday 3 June 2026. You have 2 things to do:",
        "/strategies/second/commitments/thing-1-1/update/",
        "/strategies/our-strategy/commitments/thing-1-2/update/",
        f"Hand on your tasks in the 2025-26 round of the Strategy second: {link_to(second.pk, officer.pk)}",
        f"Hand on your tasks in the 2025-26 round of the Strategy our-strategy: {link_to(first.pk, officer.pk)}",
        "about 15 minutes in all",
    ):
        assert words in mail.text, words
    assert words_of(mail.html) == plain_words_of(mail.text)
    send_waiting(at(OPENS, 12))
    assert len(django_mail.outbox) == 1


def test_the_first_announcement_waits_until_the_second_round_can_be_open(planned, administrator, officer):
    first, second = planned
    open_round(by=administrator, at=at(OPENS), round_=first)
    send_waiting(at(OPENS, 9, 29))
    assert not django_mail.outbox
    open_round(by=administrator, at=at(OPENS, 9, 29), round_=second)
    send_waiting(at(OPENS, 9, 29))
    assert len(django_mail.outbox) == 1, "nothing else is due to open, so this one goes at once"


def test_an_announcement_waits_for_no_round_whose_day_has_not_come(planned, administrator, officer):
    first, second = planned
    Round.objects.filter(pk=second.pk).update(opens_on=date(2026, 4, 2))
    open_round(by=administrator, at=at(OPENS), round_=first)
    send_waiting(at(OPENS))
    assert len(django_mail.outbox) == 1


def test_an_announcement_waits_for_no_other_round_of_its_own_strategy(planned, administrator, officer):
    first, second = planned
    Round.objects.filter(pk=second.pk).update(strategy=first.strategy, slug="another")
    open_round(by=administrator, at=at(OPENS), round_=first)
    send_waiting(at(OPENS))
    assert len(django_mail.outbox) == 1


def test_the_calendar_opens_both_with_one_email_a_person(planned, officer, database_travels):
    with time_machine.travel(at(OPENS, 3), tick=False):
        advance_rounds()
        send_waiting(timezone.now())
    assert len(django_mail.outbox) == 1
    assert "Strategy second and the Strategy our-strategy" in django_mail.outbox[0].subject


def test_a_round_that_opens_weeks_later_names_what_is_owed_in_the_other(planned, administrator, officer):
    first, second = planned
    open_round(by=administrator, at=at(OPENS), round_=first)
    send_waiting(at(OPENS, 12))
    open_round(by=administrator, at=at(date(2026, 4, 20)), round_=second)
    send_waiting(at(date(2026, 4, 20)))
    texts = [message.body for message in django_mail.outbox]
    assert ["Strategy our-strategy is also open" in text for text in texts] == [False, True]


def test_somebody_who_owes_in_one_strategy_only_reads_of_this_one(both, second_officer):
    first, _second = both
    assign_people(
        by=second_officer, at=at(OPENS), commitment=first.strategy.commitments.get(reference="2.1"), lead=second_officer
    )
    plan(SEVEN_BEFORE)
    [mail] = to(second_officer)
    assert "second" not in mail.text
    assert mail.subject == "7 days left: 1 thing to do for the Strategy our-strategy"
    assert mail.also_about == []


def test_a_reminder_names_both_and_the_other_s_own_is_not_sent_within_five_days(reminded, officer):
    first, second = reminded
    assert plan(SEVEN_BEFORE) == 1
    mail = to(officer)[-1]
    assert mail.subject == "7 days left: 3 things to do for the Strategy our-strategy and the Strategy second"
    assert (mail.about, mail.also_about) == (email_topic(first), [email_topic(second)])
    assert "closes on Wednesday 3 June 2026, in 7 days. You still have 2 things to do:" in mail.text
    assert "closes on Friday 5 June 2026, in 9 days. You still have 1 thing to do:" in mail.text
    assert words_of(mail.html) == plain_words_of(mail.text)
    assert [plan(SEVEN_BEFORE + timedelta(days=n)) for n in range(1, 6)] == [0] * 5, "29 May is the second's seven days"


def test_every_day_of_both_rounds(both, officer, database_travels):
    """The whole calendar, with a worker and the hour-by-hour planning: one email a time, five days apart, both named."""
    sent: list[tuple[date, Any]] = []
    day = OPENS
    while day < date(2026, 8, 10):
        for hour in (8, 12):
            with time_machine.travel(at(day, hour, 30), tick=False):
                plan_reminders_now()
                send_waiting(timezone.now())
        sent += [(day, message.subject) for message in django_mail.outbox[len(sent) :]]
        day += timedelta(days=1)
    assert [f"{day:%a %d %b}: {subject.split(':')[0]}" for day, subject in sent] == [
        "Wed 01 Apr: The 2025-26 round of the Strategy second is open",
        "Fri 01 May: 33 days left",
        "Wed 27 May: 7 days left",
        "Tue 02 Jun: One day left",
        "Mon 08 Jun: Still missing",
        "Mon 15 Jun: Still missing",
        "Fri 03 Jul: Still missing",
    ]
    assert all("our-strategy" in subject and "second" in subject for _day, subject in sent)
    assert min((after - before).days for (before, _), (after, _) in pairwise(sent)) >= 5


def test_windows_that_lie_far_apart_keep_their_own_reminders_each_naming_the_other(planned, administrator, officer):
    first, second = planned
    Round.objects.filter(pk=second.pk).update(closes_on=date(2026, 7, 15), grace_until=date(2026, 7, 22))
    for one in (first, second):
        open_round(by=administrator, at=at(OPENS), round_=one)
    sent, day = [], date(2026, 4, 20)
    while day < date(2026, 7, 16):
        if plan(day):
            mail = to(officer)[-1]
            sent.append(f"{day:%d %b}: {mail.subject.split(':')[0]}, {mail.about.split('/')[0][6:]}")
            assert len(mail.also_about) == 1
            send_waiting(at(day))
        day += timedelta(days=1)
    assert sent == [
        "01 May: 33 days left, our-strategy",
        "27 May: 7 days left, our-strategy",
        "02 Jun: One day left, our-strategy",
        "08 Jun: Still missing, our-strategy",
        "15 Jun: Still missing, our-strategy",
        "03 Jul: Still missing, our-strategy",
        "08 Jul: 7 days left, second",
        "14 Jul: One day left, second",
    ]


def test_a_round_that_closes_sooner_leads_the_subject_though_the_other_s_reminder_is_due(
    planned, administrator, officer
):
    first, second = planned
    Round.objects.filter(pk=second.pk).update(closes_on=date(2026, 6, 26), grace_until=date(2026, 6, 26))
    for one in (first, second):
        open_round(by=administrator, at=at(OPENS), round_=one)
    ProgressUpdate.objects.filter(round=first).update(owed_by=None)
    plan(SEVEN_BEFORE)
    ProgressUpdate.objects.filter(round=first, commitment__reference="1.1").update(owed_by=officer)
    Mail.objects.all().update(about="")
    assert plan(date(2026, 5, 29)) == 1
    assert to(officer)[-1].subject.startswith("5 days left: 2 things")


def test_what_is_done_in_one_strategy_is_named_no_longer(both, officer):
    first, second = both
    send(second, "1.1", officer, date(2026, 5, 20))
    plan(SEVEN_BEFORE)
    [mail] = to(officer)
    assert mail.subject == "7 days left: 2 things to do for the Strategy our-strategy"
    assert mail.also_about == []
    for reference in ("1.1", "1.2"):
        send(first, reference, officer, SEVEN_BEFORE)
    assert plan(date(2026, 6, 2)) == 0
    assert {mail.state for mail in Mail.objects.filter(person=officer, kind="round:reminder")} == {"dropped"}


def test_an_email_that_waits_is_let_go_only_when_nothing_that_it_names_is_owed(both, officer):
    first, second = both
    plan(SEVEN_BEFORE)
    send(second, "1.1", officer, SEVEN_BEFORE)
    plan(date(2026, 5, 28))
    assert to(officer)[0].state == "waiting"
    for reference in ("1.1", "1.2"):
        send(first, reference, officer, SEVEN_BEFORE)
    plan(date(2026, 5, 28))
    assert to(officer)[0].state == "dropped"


def test_the_second_s_reminder_goes_if_the_email_that_would_have_named_it_was_let_go(reminded, officer, administrator):
    first, _second = reminded
    plan(SEVEN_BEFORE)
    close_round(by=administrator, at=at(SEVEN_BEFORE, 10), round_=first)
    assert to(officer)[-1].state == "dropped"
    assert plan(date(2026, 5, 29)) == 1
    assert to(officer)[-1].subject == "7 days left: 1 thing to do for the Strategy second"


def test_a_mail_program_s_button_hands_on_both_tasks_and_a_link_only_its_own(both, officer):
    first, second = both
    plan(SEVEN_BEFORE)
    [mail] = to(officer)
    whole = link_at_once([first.pk, second.pk], officer.pk)
    assert mail_headers(mail)["List-Unsubscribe"] == f"<{whole}>"
    path = whole.removeprefix("http://127.0.0.1:8000")
    browser = Client(enforce_csrf_checks=True)
    with time_machine.travel(at(SEVEN_BEFORE, 12), tick=False):  # a link ends a month after its round
        page = browser.get(path, follow=True)
        assert "Strategy our-strategy" in page.text
        assert RoundTask.objects.filter(handed_at=None).count() == 2, "reading changes nothing"
        for _ in range(2):
            assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not RoundTask.objects.filter(handed_at=None).exists()
    assert not ProgressUpdate.objects.filter(owed_by=officer).exists()
    assert plan(date(2026, 6, 2)) == 0


def test_who_hands_on_one_strategy_s_task_is_reminded_of_the_other_alone(reminded, officer, second_officer):
    first, second = reminded
    hand_task(
        by=officer,
        at=at(date(2026, 5, 20)),
        task=RoundTask.objects.get(round=first, person=officer),
        to=second_officer,
        why="",
    )
    plan(SEVEN_BEFORE)
    plan(date(2026, 5, 29))
    assert [mail.subject for mail in to(officer)[1:]] == ["7 days left: 1 thing to do for the Strategy second"]
    assert mail_headers(to(officer)[1])["List-Unsubscribe"] == f"<{link_at_once([second.pk], officer.pk)}>"
    assert [mail.subject for mail in to(second_officer)] == [
        "7 days left: 2 things to do for the Strategy our-strategy"
    ]


def test_handing_everything_over_tells_the_successor_in_one_email(both, officer, second_officer, administrator):
    hand_over(by=administrator, at=at(date(2026, 5, 20)), person=officer, to=second_officer, why="I have moved.")
    [mail] = to(second_officer, "round:handed")
    assert mail.subject == "You have taken over the tasks of Olive Officer in 2 rounds"
    assert "in the rounds of the Strategy our-strategy and the Strategy second are now yours" in mail.text
    assert "The 2025-26 round of the Strategy second closes on Friday 5 June 2026." in mail.text
    assert words_of(mail.html) == plain_words_of(mail.text)


def test_the_page_of_the_other_round_finds_the_email_too(reminded, officer, administrator, signed_in):
    _first, second = reminded
    plan(SEVEN_BEFORE)
    Mail.objects.filter(kind="round:reminder", state="waiting").update(state="bounced", problem="550 no such box")
    page = signed_in(administrator).get(second.get_absolute_url())
    [line] = [row["line"] for row in page.context["lines"] if row["line"].person == officer]
    assert line.mails["bounced"].also_about == [email_topic(second)]
