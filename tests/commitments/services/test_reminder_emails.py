"""Emails that ask people for what they owe: who gets one, what it says, and how much work it is to plan them."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail as django_mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import Contribution, ProgressUpdate, Round, RoundTask, Strategy, TimeTaken
from commitments.services.delivery import set_partners
from commitments.services.progress import submit_update
from commitments.services.reminder_emails import announce, plan_reminders
from commitments.services.rounds import begin_review, close_round, open_round
from commitments.services.task_links import link_at_once, link_to, mail_headers
from commitments.services.tasks import hand_task
from commitments.services.update_approval import approve_update, return_update
from commitments.tasks import advance_rounds
from commitments.tasks import plan_reminders as plan_reminders_now
from partners.emails.sending import send_waiting
from partners.models import Deputy, Mail, RoleGrant, User
from partners.tasks import send_mails
from tests.mail_server import plain_words_of, words_of
from tests.timing import measured
from vcsportal.celery import app

pytestmark = pytest.mark.django_db
SEVEN_BEFORE = date(2026, 5, 27)  # a Wednesday


def at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def plan(day: date, hour: int = 9) -> int:
    return plan_reminders(today=day, at=at(day, hour))


@pytest.fixture
def led(strategy: Strategy, officer: User) -> Strategy:
    """A strategy whose 1.1 and 1.2 the officer leads."""
    strategy.commitments.filter(priority__number=1).update(lead_officer=officer)
    return strategy


@pytest.fixture
def planned(led: Strategy) -> Round:
    return Round.objects.create(
        strategy=led, slug="2025-26", observes_from=date(2025, 4, 1), observes_to=date(2026, 3, 31),
        opens_on=date(2026, 4, 1), closes_on=date(2026, 6, 3), grace_until=date(2026, 6, 10),
    )  # fmt: skip


@pytest.fixture
def opened(planned: Round, administrator: User) -> Round:
    return open_round(by=administrator, at=at(date(2026, 4, 1)), round_=planned)


def to(person: User, kind: str = "round:reminder") -> list[Mail]:
    return list(Mail.objects.filter(person=person, kind=kind).order_by("id"))


def send(commitment, round_: Round, by: User, day: date) -> ProgressUpdate:
    update = ProgressUpdate.objects.get(commitment=commitment, round=round_)
    return submit_update(
        by=by, at=at(day), commitment=commitment, round_=round_, content=UpdateContent("on_track", "It began."),
        version=update.version,
    )  # fmt: skip


def test_opening_a_round_writes_one_mail_to_each_person_with_everything_that_is_theirs(opened: Round, officer: User):
    [mail] = Mail.objects.all()
    assert (mail.person, mail.kind, mail.about) == (officer, "round:opening", "round:our-strategy/2025-26")
    assert mail.subject == "The 2025-26 round is open: 2 things to do by 3 June 2026"
    for words in (
        "1 April 2025 to 31 March 2026",
        "closes on Wednesday 3 June 2026",
        "* Update: 1.1 Thing 1.1: http://127.0.0.1:8000/strategies/our-strategy/commitments/thing-1-1/update/",
        "1.2 Thing 1.2",
        "about 10 minutes in all",
        f"Hand this on: {link_to(opened.pk, officer.pk)}",
    ):
        assert words in mail.text
    assert '/commitments/thing-1-1/update/" rel="nofollow noopener">Update: 1.1 Thing 1.1</a>' in mail.html


def test_a_round_that_opens_on_a_day_off_is_told_on_the_next_working_morning(planned: Round, officer: User):
    good_friday = date(2026, 4, 3)
    open_round(by=None, at=at(good_friday, 1), round_=planned)
    assert timezone.localtime(to(officer, "round:opening")[0].due_at) == at(date(2026, 4, 7)).replace(hour=8, minute=10)
    assert announce(at=at(good_friday, 2), round_=planned) == 0


def test_a_reminder_says_what_is_left_and_only_that(opened: Round, officer: User, commitment):
    send(commitment, opened, officer, date(2026, 5, 20))
    assert plan(SEVEN_BEFORE) == 1
    [mail] = to(officer)
    assert mail.subject == "7 days left: 1 thing to do for the Strategy our-strategy"
    assert "in 7 days. You still have 1 thing to do:\n\n* Update: 1.2 Thing 1.2: http" in mail.text
    assert "1.1" not in mail.text


def test_asking_again_on_the_same_day_or_within_the_point_changes_nothing(opened: Round):
    assert plan(SEVEN_BEFORE) == 1
    assert plan(SEVEN_BEFORE, 17) == 0
    assert plan(SEVEN_BEFORE + timedelta(2)) == 0


def test_a_machine_that_was_off_in_the_morning_or_for_days_reminds_once_when_it_is_back(opened: Round, officer: User):
    assert plan(SEVEN_BEFORE + timedelta(2), 16) == 1
    assert plan(SEVEN_BEFORE + timedelta(2), 17) == 0
    assert "in 5 days" in to(officer)[0].text


def test_nothing_is_planned_at_a_weekend_or_on_a_bank_holiday_or_between_the_points(opened: Round):
    for day in (date(2026, 5, 2), date(2026, 5, 4), date(2026, 5, 25), date(2026, 5, 30)):
        assert plan(day) == 0
    assert not Mail.objects.filter(kind="round:reminder").exists()


def test_every_day_of_a_round_in_the_order_of_its_life(opened: Round, officer: User, administrator: User):
    """The whole calendar once more, now with emails, the grace and the review."""
    send_waiting(at(date(2026, 4, 1)))
    said, day = [], date(2026, 4, 1)
    officer_began = opened.strategy.commitments.get(reference="1.2")
    while day < date(2026, 8, 1):
        if day == date(2026, 6, 11):
            begin_review(by=None, at=at(day), round_=opened)
            update = ProgressUpdate.objects.get(commitment=officer_began, round=opened)
            return_update(by=administrator, at=at(day), update=update, reason="Please say where.")
        if day == date(2026, 6, 9):
            send(officer_began, opened, officer, day)
        if plan(day):
            said.append(f"{day:%a %d %b}: {to(officer)[-1].subject}")
            send_waiting(at(day))
        day += timedelta(1)
    assert said == [
        "Fri 01 May: 33 days left: 2 things to do for the Strategy our-strategy",
        "Wed 27 May: 7 days left: 2 things to do for the Strategy our-strategy",
        "Tue 02 Jun: One day left: 2 things to do for the Strategy our-strategy",
        "Mon 08 Jun: Still missing: 2 things to do for the Strategy our-strategy",
        "Mon 15 Jun: Still missing: 1 thing to do for the Strategy our-strategy",
        "Fri 03 Jul: Still missing: 1 thing to do for the Strategy our-strategy",
    ]
    after, review = to(officer)[3].text, to(officer)[4].text
    assert "Late updates are accepted until Wednesday 10 June 2026" in after
    assert (
        "You can still send anything that you had started or that was returned to you. You still have 1 thing to do:\n\n* Edit and resend: 1.2"
        in review
    )


def test_whoever_has_done_everything_is_left_alone_and_a_mail_that_waited_is_let_go(
    opened: Round, officer: User, second_officer: User
):
    plan(SEVEN_BEFORE)
    for one in opened.strategy.commitments.filter(priority__number=1):
        update = send(one, opened, officer, SEVEN_BEFORE)
        approve_update(by=second_officer, at=at(SEVEN_BEFORE), update=update)
    assert plan(date(2026, 6, 2)) == 0
    assert {mail.state for mail in Mail.objects.filter(person=officer)} == {"dropped"}


def test_after_the_round_is_closed_nobody_is_reminded(opened: Round, administrator: User):
    close_round(by=administrator, at=at(date(2026, 5, 20)), round_=opened)
    assert plan(SEVEN_BEFORE) == 0
    assert {mail.state for mail in Mail.objects.all()} == {"dropped"}, "the email of the opening had not gone yet"


def test_nobody_is_reminded_whose_access_or_last_role_has_ended(opened: Round, officer: User):
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert plan(SEVEN_BEFORE) == 0
    User.objects.filter(pk=officer.pk).update(is_active=True)
    RoleGrant.objects.filter(person=officer).update(ended_at=at(SEVEN_BEFORE), ended_by=officer)
    assert plan(SEVEN_BEFORE) == 0


def test_whoever_handed_it_on_is_left_alone_and_the_successor_is_reminded(
    opened: Round, officer: User, second_officer: User
):
    task = RoundTask.objects.get(person=officer)
    hand_task(by=officer, at=at(date(2026, 5, 20)), task=task, to=second_officer, why="I have moved.")
    [told] = to(second_officer, "round:handed")
    assert told.subject == "You have taken over the tasks of Olive Officer in the 2025-26 round"
    assert "> I have moved.\n" in told.text
    assert "* Update: 1.1 Thing 1.1: http" in told.text
    assert f"Hand this on: {link_to(opened.pk, second_officer.pk)}" in told.text
    assert plan(SEVEN_BEFORE) == 1
    assert to(officer) == []
    assert "2 things" in to(second_officer)[0].subject


def test_nobody_is_told_of_having_got_what_had_been_sent_and_approved_long_ago(
    opened: Round, officer: User, second_officer: User
):
    ProgressUpdate.objects.filter(owed_by=officer).update(owed_by=second_officer)
    task = RoundTask.objects.get(person=officer)
    hand_task(by=officer, at=at(date(2026, 5, 20)), task=task, to=second_officer, why="I have moved.")
    assert to(second_officer, "round:handed") == [], "nothing was handed on"


def test_a_short_time_is_said_as_people_say_it(opened: Round, officer: User):
    TimeTaken.objects.bulk_create(TimeTaken(form="update", seconds=10, sent_on=opened.opens_on) for _ in range(9))
    plan(SEVEN_BEFORE)
    assert "It takes less than a minute in all" in to(officer)[0].text


def test_what_is_handed_on_counts_as_having_been_asked(opened: Round, officer: User, second_officer: User):
    task = RoundTask.objects.get(person=officer)
    hand_task(by=officer, at=at(date(2026, 5, 26)), task=task, to=second_officer, why="")
    assert plan(SEVEN_BEFORE) == 0
    assert plan(date(2026, 6, 1)) == 1


def test_a_deputy_who_owes_nothing_themselves_has_nothing_to_hand_on(
    opened: Round, officer: User, second_officer: User
):
    Deputy.objects.create(person=officer, deputy=second_officer, from_on=date(2026, 5, 1), named_at=at(SEVEN_BEFORE))
    assert plan(SEVEN_BEFORE) == 2
    [mail] = to(second_officer)
    assert "Hand this on" not in mail.text
    assert mail_headers(mail) == {}


def test_both_halves_of_every_mail_of_a_round_say_the_same(opened: Round, officer: User, second_officer: User):
    task = RoundTask.objects.get(person=officer)
    hand_task(by=officer, at=at(date(2026, 5, 20)), task=task, to=second_officer, why="I have [moved] *away* <b>.")
    plan(SEVEN_BEFORE)
    kinds = set()
    for mail in Mail.objects.all():
        kinds.add(mail.kind)
        assert words_of(mail.html) == plain_words_of(mail.text), mail.kind
    assert kinds == {"round:opening", "round:handed", "round:reminder"}


def test_a_deputy_gets_the_reminder_too_with_the_name_of_whom_it_is_for(
    opened: Round, officer: User, second_officer: User
):
    ProgressUpdate.objects.filter(commitment__reference="2.1").update(owed_by=second_officer)
    Deputy.objects.create(
        person=officer,
        deputy=second_officer,
        from_on=date(2026, 5, 1),
        until_on=date(2026, 5, 31),
        named_at=at(SEVEN_BEFORE),
    )
    assert plan(SEVEN_BEFORE) == 2
    [mail] = to(second_officer)
    assert mail.text.index("2.1 Thing 2.1") < mail.text.index("1.1 Thing 1.1")
    assert "update/ (for Olive Officer)\n" in mail.text
    assert plan(date(2026, 6, 2)) == 2
    assert "Olive" not in to(second_officer)[-1].text


def test_a_partner_is_asked_for_what_their_organisation_did(
    planned: Round, officer: User, partner: User, charity, commitment, administrator
):
    set_partners(by=officer, at=at(date(2026, 3, 1)), commitment=commitment, partners=[(charity, "delivers")])
    open_round(by=administrator, at=at(date(2026, 4, 1)), round_=planned)
    assert "* Say what Rowan Trust did: http://127.0.0.1:8000/my-work/\n" in to(partner, "round:opening")[0].text
    assert plan(SEVEN_BEFORE) == 2
    Contribution.objects.update(answer="nothing", answered_at=at(SEVEN_BEFORE), answered_by=partner)
    assert plan(date(2026, 6, 2)) == 1


def test_somebody_who_was_asked_less_than_five_days_ago_is_asked_later(opened: Round, officer: User):
    Mail.objects.create(
        key="nudge", kind="round:nudge", about="round:our-strategy/2025-26", person=officer, to=officer.email, subject="S",
        text="T", message_id="<a@b>", state="sent", made_at=at(date(2026, 5, 26)), due_at=at(date(2026, 5, 26)),
        sent_at=at(date(2026, 5, 26)),
    )  # fmt: skip
    assert plan(SEVEN_BEFORE) == 0
    assert plan(date(2026, 5, 29)) == 0
    assert plan(date(2026, 6, 1)) == 1


def test_a_newer_reminder_takes_the_place_of_one_that_could_not_be_sent(opened: Round, officer: User):
    plan(SEVEN_BEFORE)
    assert plan(date(2026, 6, 2)) == 1
    assert [mail.state for mail in to(officer)] == ["dropped", "waiting"]


def test_a_reminder_tells_mail_programs_how_to_unsubscribe(opened: Round, officer: User):
    send_waiting(at(date(2026, 4, 1)))
    [message] = django_mail.outbox
    head = message.message()
    assert head["List-Unsubscribe"] == f"<{link_at_once([opened.pk], officer.pk)}>"
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def crowd(round_: Round, size: int) -> None:
    """Let so many more people owe something in the round."""
    today = timezone.now()
    people = User.objects.bulk_create(
        User(email=f"crowd{size}-{n}@example.org", name=f"Somebody {n}", joined_at=today, password="!")
        for n in range(size)
    )
    council = RoleGrant.objects.get(person__name="Olive Officer").organisation
    RoleGrant.objects.bulk_create(
        RoleGrant(person=one, role="officer", organisation=council, granted_at=today) for one in people
    )
    priority = round_.strategy.priorities.get(number=2)
    first = round_.strategy.commitments.count() + 1
    commitments = round_.strategy.commitments.model.objects.bulk_create(
        round_.strategy.commitments.model(
            strategy=round_.strategy,
            priority=priority,
            number=first + n,
            reference=f"2.{first + n}",
            wording="W",
            short_title="T",
            key=f"t-{first + n}",
        )
        for n in range(size)
    )
    ProgressUpdate.objects.bulk_create(
        ProgressUpdate(commitment=one, round=round_, owed_by=who) for one, who in zip(commitments, people, strict=True)
    )


def test_a_thousand_people_are_planned_in_under_five_seconds_and_no_more_queries_than_ten(opened: Round):
    counts = []
    for size, day in ((10, date(2026, 5, 1)), (1000, SEVEN_BEFORE)):
        crowd(opened, size)
        with CaptureQueriesContext(connection) as queries, measured() as took:
            planned = plan(day)
        counts.append(len(queries))
        print(f"{planned} mails: {took.seconds:.2f} s of work, {len(queries)} queries")
        assert planned >= size
        assert took.seconds < 5
    assert counts[0] == counts[1] <= 14


def test_the_schedule_names_tasks_that_there_are_and_they_do_what_is_due(
    planned: Round, officer: User, database_travels
):
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    app.loader.import_default_modules()
    assert named <= set(app.tasks)
    assert {
        "partners.tasks.send_mails",
        "commitments.tasks.plan_reminders",
        "commitments.tasks.advance_rounds",
    } <= named
    with time_machine.travel(at(date(2026, 4, 1), 3), tick=False):
        advance_rounds()
        advance_rounds()
    assert Round.objects.get(pk=planned.pk).state == "open"
    with time_machine.travel(at(SEVEN_BEFORE), tick=False):
        plan_reminders_now()
        plan_reminders_now()
        send_mails()
    assert sorted(mail.subject.split(":")[0] for mail in django_mail.outbox) == ["7 days left"]
    assert to(officer, "round:opening")[0].state == "dropped", "the reminder took its place"
