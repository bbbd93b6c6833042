"""Planning a round: checked against the strategy and other rounds, foretold truly, and taken back while it is only planned."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from commitments.models import HistoryEntry, ProgressUpdate, Round, Strategy
from commitments.reading.round_opening import calendar, likely_days, warnings, what_opening_does
from commitments.services.commitment_people import assign_people
from commitments.services.delivery import set_partners
from commitments.services.round_days import Days, change_days, delete_round, plan_round
from commitments.services.rounds import advance_rounds, open_round
from partners.models import Mail
from partners.services.access import end_access
from partners.services.deputies import name_deputy
from tests.factories import make_organisation, make_person
from vcsportal.common.words import AlreadyDone, Invalid, NotAllowed, NotNow

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return " ".join(response.content.decode().replace("&#x27;", "’").split())


@pytest.fixture
def today(now):
    return timezone.localdate(now)


def days(today: date, **changed: date) -> Days:
    kept = {
        "observes_from": today - timedelta(days=365), "observes_to": today - timedelta(days=1), "opens_on": today,
        "closes_on": today + timedelta(days=40), "grace_until": today + timedelta(days=47),
    }  # fmt: skip
    return Days(**{**kept, **changed})


def typed(days: Days) -> dict[str, str]:
    names = ("observes_from", "observes_to", "opens_on", "closes_on", "grace_until")
    return {name: getattr(days, name).isoformat() for name in names}


@pytest.fixture
def planned(administrator, strategy, now, today) -> Round:
    return plan_round(by=administrator, at=now, strategy=strategy, days=days(today))


@pytest.fixture
def asked(officer, second_officer, strategy, charity, partner, now):
    """1.1 and 1.2 are led, the charity helps with 1.1, and so does a group that nobody can answer for."""
    first, second = strategy.commitments.get(reference="1.1"), strategy.commitments.get(reference="1.2")
    assign_people(by=officer, at=now, commitment=first, lead=officer)
    assign_people(by=officer, at=now, commitment=second, lead=second_officer)
    nobody_there = make_organisation("Nobody There")
    set_partners(by=officer, at=now, commitment=first, partners=[(charity, "delivers"), (nobody_there, "delivers")])


def test_nothing_is_kept_until_the_check_page_is_confirmed(signed_in, administrator, strategy, asked, today):
    client, address = signed_in(administrator), f"/strategies/{strategy.slug}/rounds/new/"
    assert "you can do it yourself" not in text_of(client.get(address))
    page = client.post(address, typed(days(today)))
    assert page.status_code == 200
    assert not Round.objects.exists()
    told = text_of(page)
    assert "4 updates are asked for, one for each commitment, from 2 lead officers" in told
    assert "2 organisations are asked what they did" in told
    assert "3 emails go out, one to each person: 2 council officers and 1 person of a partner organisation" in told
    assert "1 organisation has nobody who can sign in" in told
    back = client.post(address, {**typed(days(today)), "act": "change"})
    assert (back.status_code, Round.objects.count()) == (200, 0)
    assert today.isoformat() in text_of(back), "what was typed is still there"
    made = client.post(address, {**typed(days(today)), "act": "plan"}, follow=True)
    assert Round.objects.get().is_planned
    assert "What will happen when" in text_of(made)


def test_what_is_foretold_is_what_opening_does(
    administrator, officer, second_officer, strategy, asked, planned, partner, now, today
):
    deputy, gone = make_person("officer", strategy.owner), make_person("officer", strategy.owner)
    name_deputy(by=officer, at=now, person=officer, deputy=deputy)
    third, fourth = strategy.commitments.get(reference="2.1"), strategy.commitments.get(reference="2.2")
    assign_people(by=officer, at=now, commitment=third, lead=gone)
    end_access(by=administrator, at=now, person=gone, reason="Has left.")
    fourth.added_on = today
    fourth.save(update_fields=["added_on"])
    foretold = what_opening_does(planned)
    assert (foretold.officers, foretold.partners, foretold.both, foretold.deputies) == (2, 1, 0, 1)
    assert foretold.unreached == (gone,)
    opened = open_round(by=administrator, at=now, round_=planned)
    assert ProgressUpdate.objects.filter(round=opened).count() == foretold.updates == 3, (
        "what joins later is not asked for"
    )
    assert opened.contributions.count() == foretold.organisations == 2
    sent_to = set(Mail.objects.filter(kind="round:opening").values_list("person", flat=True))
    assert sent_to == {officer.pk, second_officer.pk, deputy.pk, partner.pk}
    assert len(sent_to) == foretold.emailed


def test_the_calendar_names_every_day(planned):
    wednesday = date(2027, 6, 2)
    planned.opens_on, planned.closes_on, planned.grace_until = wednesday, date(2027, 7, 14), date(2027, 7, 21)
    steps = [(step.on, step.what.partition(".")[0]) for step in calendar(planned, date(2027, 5, 1))]
    assert steps == [
        (wednesday, "The portal opens the round by itself, at about five past midnight"),
        (wednesday, "Everyone who is asked for something gets one email about all of it"),
        (date(2027, 6, 14), "Whoever still has something to send gets a reminder"),
        (date(2027, 7, 7), "Whoever still has something to send gets a reminder"),
        (date(2027, 7, 13), "Whoever still has something to send gets a reminder"),
        (date(2027, 7, 14), "The window closes"),
        (date(2027, 7, 15), "Whoever still has something to send gets a reminder"),
        (date(2027, 7, 21), "Whoever still has something to send gets a reminder"),
        (date(2027, 7, 21), "This is the last day for late updates"),
        (date(2027, 7, 22), "The portal ends the window"),
    ]


def test_an_opening_on_a_day_off_writes_on_the_next_working_day(planned):
    planned.opens_on, planned.closes_on, planned.grace_until = date(2027, 6, 5), date(2027, 7, 14), date(2027, 7, 21)
    first, second, *_ = calendar(planned, date(2027, 5, 1))
    assert (first.on, second.on) == (date(2027, 6, 5), date(2027, 6, 7))


def test_no_round_observes_days_after_the_strategy_ends(administrator, strategy, now, today):
    Strategy.objects.filter(pk=strategy.pk).update(ends_on=today - timedelta(days=10))
    with pytest.raises(Invalid, match="End the period on that day or earlier") as refused:
        plan_round(by=administrator, at=now, strategy=strategy, days=days(today))
    assert refused.value.field == "observes_to"
    late = days(today, observes_from=today - timedelta(days=9))
    with pytest.raises(Invalid, match="no round can cover a period after that") as refused:
        plan_round(by=administrator, at=now, strategy=strategy, days=late)
    assert refused.value.field == "observes_from"
    to_the_end = days(today, observes_to=today - timedelta(days=10))
    made = plan_round(by=administrator, at=now, strategy=strategy, days=to_the_end)
    with pytest.raises(Invalid, match="End the period on that day"):
        change_days(by=administrator, at=now, round_=made, days=days(today))
    opened = open_round(by=administrator, at=now, round_=made)
    Strategy.objects.filter(pk=strategy.pk).update(ends_on=today - timedelta(days=20))
    more = days(today, observes_to=today - timedelta(days=10), grace_until=today + timedelta(days=60))
    assert change_days(by=administrator, at=now, round_=opened, days=more).grace_until == today + timedelta(days=60)


def test_a_strategy_without_a_year_left_offers_none(signed_in, administrator, strategy, planned):
    assert likely_days(strategy, timezone.localdate())["observes_from"] == planned.observes_to + timedelta(days=1)
    strategy.ends_on = planned.observes_to + timedelta(days=100)
    assert likely_days(strategy, timezone.localdate())["observes_to"] == strategy.ends_on
    strategy.ends_on = planned.observes_to
    assert likely_days(strategy, timezone.localdate()) == {}
    strategy.save(update_fields=["ends_on"])
    assert "its last year has a round already" in text_of(
        signed_in(administrator).get(f"/strategies/{strategy.slug}/rounds/new/")
    )


def test_a_round_that_could_not_open_on_its_day_is_warned_of(strategy, planned, today):
    assert warnings(planned, today) == []
    other = Round(strategy=strategy, opens_on=planned.grace_until, closes_on=planned.grace_until, grace_until=planned.grace_until)  # fmt: skip
    assert "Two rounds are never open together" in warnings(other, today)[0]
    assert "will not open" in warnings(planned, planned.grace_until + timedelta(days=1))[0]


def test_a_planned_round_is_deleted_and_can_be_planned_again(administrator, strategy, planned, now, today):
    delete_round(by=administrator, at=now, round_=planned)
    assert not Round.objects.exists()
    assert not strategy.rounds.exists()
    assert advance_rounds(at=now) == []
    assert not Mail.objects.filter(kind__startswith="round:").exists()
    entry = HistoryEntry.objects.get(act="round_delete")
    assert (entry.round, entry.by, entry.to_state) == (planned, administrator, "deleted")
    again = plan_round(by=administrator, at=now, strategy=strategy, days=days(today))
    assert again.slug == planned.slug
    delete_round(by=administrator, at=now, round_=again)
    with pytest.raises(AlreadyDone):
        delete_round(by=administrator, at=now, round_=again)


def test_only_a_planned_round_is_deleted_and_only_by_who_runs_rounds(administrator, officer, planned, now):
    with pytest.raises(NotAllowed):
        delete_round(by=officer, at=now, round_=planned)
    open_round(by=administrator, at=now, round_=planned)
    with pytest.raises(NotNow, match="This round is open, so it can't be deleted"):
        delete_round(by=administrator, at=now, round_=planned)


def test_a_round_with_something_in_it_is_not_deleted(administrator, strategy, planned, commitment, now):
    ProgressUpdate.objects.create(commitment=commitment, round=planned)
    with pytest.raises(NotNow, match=r"Progress updates have been recorded for .* so it can’t be deleted"):
        delete_round(by=administrator, at=now, round_=planned)
    assert Round.objects.get() == planned


def test_deleting_asks_first_and_the_list_remembers(signed_in, administrator, officer, planned):
    client, address = signed_in(administrator), f"{planned.get_absolute_url()}delete/"
    assert address in text_of(client.get(planned.get_absolute_url()))
    assert "It will not open, and no emails will be sent." in text_of(client.get(address))
    page = text_of(client.post(address, follow=True))
    assert f"{planned.slug}, deleted by {administrator.name} on" in page
    assert client.get(planned.get_absolute_url()).status_code == 404
    assert "has been deleted already" in text_of(client.post(address, follow=True))
    assert planned.slug not in text_of(client.get(f"/api/v1/strategies/{planned.strategy.slug}/rounds/"))
    assert signed_in(officer).post(address).status_code == 403
