"""Whoever comes to a round while it is open is asked in it, and told; whoever leaves is asked no longer."""

from datetime import date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.models import Commitment, Contribution, HistoryEntry, ProgressUpdate, Round, RoundTask
from commitments.reading.my_work import owed_updates
from commitments.reading.round import history
from commitments.services.commitment_people import assign_people
from commitments.services.contributions import nothing_to_add
from commitments.services.delivery import set_partners
from commitments.services.reminder_emails import plan_reminders
from commitments.services.round_participants import ask_all_newcomers
from commitments.services.rounds import begin_review, open_round, reopen_round
from commitments.services.tasks import hand_task
from commitments.tasks import advance_rounds
from partners.models import Mail
from partners.services.roles import add_person_with_role
from tests.factories import make_organisation, make_person, make_strategy

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 12)  # a Tuesday


def at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


@pytest.fixture
def round_(strategy, administrator) -> Round:
    planned = Round.objects.create(
        strategy=strategy, slug="2025-26", observes_from=date(2025, 4, 1), observes_to=date(2026, 3, 31),
        opens_on=date(2026, 4, 1), closes_on=date(2026, 6, 3), grace_until=date(2026, 6, 10),
    )  # fmt: skip
    return open_round(by=administrator, at=at(date(2026, 4, 1)), round_=planned)


@pytest.fixture
def join(officer, commitment):
    """Returns a way to say who helps to deliver 1.1."""

    def join(*organisations, day=DAY, to=commitment):
        parts = [(one, "delivers") for one in organisations]
        set_partners(by=officer, at=at(day), commitment=to, partners=parts)

    return join


def joined(person) -> list[Mail]:
    return list(Mail.objects.filter(kind="round:joined", person=person).order_by("id"))


def test_an_organisation_that_joins_while_the_round_is_open_is_asked_and_told(round_, join, charity, partner_lead):
    join(charity)
    asked = Contribution.objects.get(round=round_)
    assert (asked.organisation, asked.owed_by, asked.answer) == (charity, partner_lead, "")
    assert RoundTask.objects.filter(round=round_, person=partner_lead).exists()
    assert [one.contribution for one in owed_updates(partner_lead, DAY).answers] == [asked]
    [mail] = joined(partner_lead)
    assert mail.subject == "Please tell us what Rowan Trust did, by 3 June 2026"
    for words in (
        "Rowan Trust helps to deliver 1.1 Thing 1.1 in the Strategy our-strategy",
        "1 April 2025 to 31 March 2026",
        "It closes on Wednesday 3 June 2026. You have 1 thing to do:",
        "* Say what Rowan Trust did: http://127.0.0.1:8000/my-work/",
        "Hand this on: http",
    ):
        assert words in mail.text, words
    assert mail.about == "round:our-strategy/2025-26"
    [line] = [one for one in history(round_) if "joined while the round was open" in one["text"]]
    assert line["text"] == "Rowan Trust joined while the round was open: Lee Lead is asked"
    assert line["by"] == "Olive Officer"


def test_saying_the_same_again_or_another_commitment_asks_nobody_twice(round_, join, charity, partner_lead, strategy):
    join(charity)
    join(charity)
    join(charity, to=strategy.commitments.get(reference="2.1"))
    assert Contribution.objects.count() == 1
    assert len(joined(partner_lead)) == 1
    assert HistoryEntry.objects.filter(act="organisation_joined").count() == 1


def test_whoever_leaves_and_comes_again_is_asked_again_and_told_once(round_, join, charity, partner_lead):
    join(charity)
    join()
    join(charity)
    assert Contribution.objects.get().owed_by == partner_lead
    assert len(joined(partner_lead)) == 1


def test_an_organisation_that_was_there_when_it_opened_hears_nothing_more(
    strategy, join, charity, partner_lead, request
):
    join(charity, day=date(2026, 3, 1))
    request.getfixturevalue("round_")
    join(charity)
    assert joined(partner_lead) == []
    assert Mail.objects.filter(kind="round:opening", person=partner_lead).count() == 1


def test_public_bodies_are_not_asked(round_, join, council):
    join(council)
    assert not Contribution.objects.exists()


def test_another_strategy_s_round_does_not_ask(round_, charity, partner_lead, council, officer):
    elsewhere = make_strategy(council, slug="other", opens_first=False).commitments.get(reference="1.1")
    set_partners(by=officer, at=at(DAY), commitment=elsewhere, partners=[(charity, "delivers")])
    assert not Contribution.objects.exists()


def test_the_days_of_grace_count_and_their_last_day_is_the_last(
    round_, join, charity, other_charity, partner_lead, outsider
):
    join(charity, day=date(2026, 6, 10))
    [mail] = joined(partner_lead)
    assert "It closed on Wednesday 3 June 2026, and answers are accepted until Wednesday 10 June 2026." in mail.text
    join(charity, other_charity, day=date(2026, 6, 11))
    assert not Contribution.objects.filter(organisation=other_charity).exists()


def test_in_review_nobody_new_is_asked_until_it_is_opened_again(round_, join, charity, partner_lead, administrator):
    begin_review(by=administrator, at=at(date(2026, 5, 20)), round_=round_)
    join(charity, day=date(2026, 5, 21))
    assert not Contribution.objects.exists()
    reopen_round(by=administrator, at=at(date(2026, 5, 22)), round_=round_, reason="Rowan Trust came.")
    assert Contribution.objects.get().owed_by == partner_lead
    assert Mail.objects.filter(person=partner_lead, kind="round:opening").count() == 1


def test_who_leaves_unanswered_is_asked_no_longer(round_, join, charity, partner_lead):
    join(charity)
    join()
    assert not Contribution.objects.exists()
    assert owed_updates(partner_lead, DAY).answers == ()
    assert [mail.state for mail in joined(partner_lead)] == ["dropped"]
    assert plan_reminders(today=date(2026, 5, 27), at=at(date(2026, 5, 27))) == 0
    assert "Rowan Trust no longer helps to deliver, so it is no longer asked" in [
        one["text"] for one in history(round_)
    ]


def test_who_still_delivers_another_commitment_stays_asked(round_, join, charity, partner_lead, strategy):
    join(charity, to=strategy.commitments.get(reference="2.1"))
    join(charity)
    join()
    assert Contribution.objects.get().owed_by == partner_lead


def test_the_email_of_somebody_who_is_asked_for_another_organisation_too_still_goes(
    round_, join, charity, other_charity, partner_lead
):
    add_person_with_role(
        by=None, at=at(DAY), email=partner_lead.email, name="", role="partner_lead", organisation=other_charity
    )
    join(charity, other_charity)
    join(other_charity)
    assert {mail.state for mail in joined(partner_lead)} == {"waiting"}


def test_what_was_answered_is_kept_though_the_organisation_leaves(round_, join, charity, partner_lead):
    join(charity)
    nothing_to_add(by=partner_lead, at=at(DAY), contribution=Contribution.objects.get())
    join()
    assert Contribution.objects.get().answer == "nothing"


def test_an_organisation_without_people_is_asked_once_its_first_person_has_come(round_, join, charity):
    join(charity)
    assert Contribution.objects.get().owed_by is None
    assert not Mail.objects.filter(kind="round:joined").exists()
    first = make_person("partner_contributor", charity, name="First Comer")
    ask_all_newcomers(at=at(DAY, 10))
    assert Contribution.objects.get().owed_by == first
    assert RoundTask.objects.filter(person=first, round=round_).exists()
    assert len(joined(first)) == 1
    ask_all_newcomers(at=at(DAY, 11))
    assert len(joined(first)) == 1
    assert [one["text"] for one in history(round_)][:2] == [
        "Rowan Trust joined while the round was open: First Comer is asked",
        "Rowan Trust joined while the round was open: nobody can be asked yet",
    ]


def test_what_was_handed_back_stays_with_the_administrators(round_, join, charity, partner_lead, partner):
    join(charity)
    task = RoundTask.objects.get(person=partner_lead)
    hand_task(by=partner_lead, at=at(DAY), task=task, to=None, why="I am leaving.")
    ask_all_newcomers(at=at(DAY, 10))
    assert Contribution.objects.get().owed_by is None


def test_a_commitment_that_is_added_is_asked_for(round_, strategy, officer, second_officer):
    priority = strategy.priorities.get(number=2)
    new = Commitment.objects.create(
        strategy=strategy,
        priority=priority,
        number=9,
        reference="2.9",
        wording="Do more",
        short_title="More",
        key="more",
    )
    ask_all_newcomers(at=at(DAY))
    update = ProgressUpdate.objects.get(commitment=new)
    assert (update.round, update.state, update.owed_by) == (round_, "expected", None)
    assign_people(by=officer, at=at(DAY), commitment=new, lead=second_officer)
    assert [one.commitment for one in owed_updates(second_officer, DAY).updates] == [new]


def test_the_calendar_asks_whoever_came(round_, join, charity, database_travels):
    join(charity)
    first = make_person("partner_lead", charity)
    with time_machine.travel(at(DAY, 12), tick=False):
        advance_rounds()
    assert len(joined(first)) == 1


def test_whoever_joins_on_a_day_off_is_told_on_the_next_working_morning(round_, join, charity, partner_lead):
    join(charity, day=date(2026, 5, 2))  # a Saturday before a bank holiday
    [mail] = joined(partner_lead)
    assert timezone.localtime(mail.due_at) == at(date(2026, 5, 5)).replace(hour=8, minute=10)


def test_a_reminder_leaves_five_days_after_it(round_, join, charity, partner_lead):
    join(charity, day=date(2026, 5, 26))
    assert not plan_reminders(today=date(2026, 5, 27), at=at(date(2026, 5, 27)))
    assert plan_reminders(today=date(2026, 6, 1), at=at(date(2026, 6, 1)))


def test_how_many_organisations_come_at_once_costs_no_more_queries(round_, join):
    many = [make_organisation() for _ in range(12)]
    for one in many:
        make_person("partner_lead", one)
    with CaptureQueriesContext(connection) as few:
        join(many[0])
    with CaptureQueriesContext(connection) as queries:
        join(*many)
    assert len(queries) - len(few) < 35 * 11, "each comes by itself, and none costs more than another"
    assert Mail.objects.filter(kind="round:joined").count() == 12


def test_an_organisation_s_name_hides_no_link_in_the_email(round_, join, charity, partner_lead):
    charity.name = "Rowan [Trust](https://example.org)"
    charity.save()
    join(charity)
    [mail] = joined(partner_lead)
    assert "Rowan [Trust](https: //example[.]org) helps to deliver" in mail.text
    assert ">Trust</a>" not in mail.html
