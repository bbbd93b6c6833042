"""The life of a round: planned, opened once, ended, closed, opened again; and what the calendar does by itself."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import Contribution, FrozenStanding, HistoryEntry, ProgressUpdate, Round, RoundTask
from commitments.services.commitment_people import assign_people
from commitments.services.delivery import set_partners
from commitments.services.progress import submit_update
from commitments.services.round_days import Days, change_days, out_of_order, plan_round
from commitments.services.rounds import advance_rounds, begin_review, close_round, open_round, reopen_round
from tests.factories import make_organisation, make_person, make_round, make_strategy, publish_update
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db


def days(today: date, **changes: date) -> Days:
    """A round whose window opens today."""
    plain = {
        "observes_from": today - timedelta(days=365),
        "observes_to": today - timedelta(days=1),
        "opens_on": today,
        "closes_on": today + timedelta(days=30),
        "grace_until": today + timedelta(days=37),
    }
    return Days(**{**plain, **changes})


@pytest.fixture
def today(now):
    return timezone.localdate(now)


@pytest.fixture
def planned(administrator, strategy, now, today) -> Round:
    return plan_round(by=administrator, at=now, strategy=strategy, days=days(today))


def test_a_round_is_called_after_the_period_it_observes(administrator, strategy, now):
    whole = Days(date(2024, 4, 1), date(2025, 3, 31), date(2025, 4, 1), date(2025, 5, 1), date(2025, 5, 8))
    half = Days(date(2025, 4, 1), date(2025, 9, 30), date(2025, 10, 1), date(2025, 10, 31), date(2025, 11, 7))
    rest = Days(date(2025, 10, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 7))
    made = [plan_round(by=administrator, at=now, strategy=strategy, days=one).slug for one in (whole, half, rest)]
    assert made == ["2024-25", "2025", "2025-10"]


def test_two_rounds_never_speak_of_the_same_days(administrator, strategy, planned, now, today):
    with pytest.raises(Refused, match=f"The {planned.slug} round already covers"):
        plan_round(by=administrator, at=now, strategy=strategy, days=days(today, closes_on=today + timedelta(days=9)))


def test_only_an_administrator_plans_and_moves_rounds(officer, strategy, planned, now, today):
    with pytest.raises(Refused, match="Only an administrator"):
        plan_round(by=officer, at=now, strategy=strategy, days=days(today))
    for act in (open_round, begin_review, close_round):
        with pytest.raises(Refused, match="Only an administrator"):
            act(by=officer, at=now, round_=planned)


def test_each_day_out_of_order_is_named_with_a_sentence(today):
    yesterday = today - timedelta(days=1)
    wrong = days(
        today, observes_to=today - timedelta(days=365), opens_on=today - timedelta(days=366),
        closes_on=today - timedelta(days=367), grace_until=today - timedelta(days=368),
    )  # fmt: skip
    assert [field for field, _sentence in out_of_order(wrong)] == [
        "observes_to", "opens_on", "closes_on", "grace_until"
    ]  # fmt: skip
    assert list(out_of_order(days(today))) == []
    assert [f for f, _s in out_of_order(days(today, opens_on=yesterday - timedelta(5), closes_on=yesterday - timedelta(3)))] == ["closes_on"]  # fmt: skip


def test_opening_asks_for_one_update_each_and_one_task_a_person(
    administrator, officer, second_officer, partner, strategy, planned, charity, council, now
):
    first, second, *_others = strategy.commitments.in_order()
    assign_people(by=officer, at=now, commitment=first, lead=officer)
    assign_people(by=officer, at=now, commitment=second, lead=officer, supporting=[second_officer])
    alone = make_organisation("Nobody’s Friends")
    for one in (first, second):
        parts = [(charity, "delivers"), (council, "funds"), (alone, "hosts")]
        set_partners(by=officer, at=now, commitment=one, partners=parts)
    opened = open_round(by=administrator, at=now, round_=planned)
    assert opened.state == "open"
    owed = ProgressUpdate.objects.filter(round=opened).order_by("commitment__reference")
    assert [(one.commitment.reference, one.state, one.owed_by) for one in owed] == [
        ("1.1", "expected", officer), ("1.2", "expected", officer), ("2.1", "expected", None), ("2.2", "expected", None),
    ]  # fmt: skip
    asked = Contribution.objects.filter(round=opened).order_by("organisation__name")
    assert [(one.organisation, one.owed_by) for one in asked] == [(alone, None), (charity, partner)]
    assert {task.person for task in RoundTask.objects.filter(round=opened)} == {officer, partner}
    assert HistoryEntry.objects.get(act="round_open").by == administrator


def test_a_round_opens_on_its_day_and_not_before_or_after(administrator, strategy, planned, now):
    with pytest.raises(Refused, match=r"The window of .* begins on"):
        open_round(by=administrator, at=now - timedelta(days=1), round_=planned)
    with pytest.raises(Refused, match=r"has passed\. Change the dates first"):
        open_round(by=administrator, at=now + timedelta(days=38), round_=planned)


def test_two_rounds_of_a_strategy_are_never_open_together(administrator, strategy, planned, now, today):
    Round.objects.filter(pk=make_round(strategy, years_ago=1).pk).update(state="open", slug="before")
    with pytest.raises(Refused, match=r"is still open\. End its window first"):
        open_round(by=administrator, at=now, round_=planned)


def test_the_days_of_an_open_round_move_at_their_end_only(administrator, planned, now, today):
    open_round(by=administrator, at=now, round_=planned)
    later = days(today, closes_on=today + timedelta(days=40), grace_until=today + timedelta(days=40))
    change_days(by=administrator, at=now, round_=planned, days=later)
    planned.refresh_from_db()
    assert planned.closes_on == today + timedelta(days=40)
    with pytest.raises(Refused, match="only its last dates"):
        change_days(by=administrator, at=now, round_=planned, days=days(today, opens_on=today - timedelta(days=3)))
    gone = days(today, closes_on=today, grace_until=today)
    with pytest.raises(Refused, match="end the window"):
        change_days(by=administrator, at=now + timedelta(days=2), round_=planned, days=gone)
    begin_review(by=administrator, at=now, round_=planned)
    with pytest.raises(Refused, match=r"The window of .* is over"):
        change_days(by=administrator, at=now, round_=planned, days=later)


def test_closing_freezes_and_opening_again_keeps_both(administrator, officer, strategy, planned, now, today):
    one = strategy.commitments.get(reference="1.1")
    open_round(by=administrator, at=now, round_=planned)
    publish_update(
        by=officer, at=now, commitment=one, round_=planned, content=UpdateContent("on_track", "It began."), version=0
    )
    close_round(by=administrator, at=now, round_=planned)
    frozen = FrozenStanding.objects.filter(round=planned, closing=1)
    assert frozen.count() == 4
    assert frozen.get(commitment=one).status == "on_track"
    with pytest.raises(Refused, match="Say why"):
        reopen_round(by=administrator, at=now, round_=planned, reason=" ")
    after = now + timedelta(days=60)
    with pytest.raises(Refused, match="until when it will accept"):
        reopen_round(by=administrator, at=after, round_=planned, reason="A group was on holiday.")
    until = timezone.localdate(after) + timedelta(days=7)
    again = reopen_round(
        by=administrator, at=after, round_=planned, reason="A group was on holiday.", grace_until=until, closes_on=until
    )
    assert (again.state, again.closes_on, again.grace_until) == ("open", until, until)
    close_round(by=administrator, at=after, round_=planned)
    assert FrozenStanding.objects.filter(round=planned).values_list("closing", flat=True).distinct().count() == 2
    kept = HistoryEntry.objects.filter(round=planned, act="round_reopen").get()
    assert kept.reason == "A group was on holiday."


def test_a_round_is_not_closed_while_something_waits(administrator, officer, strategy, planned, now):
    one = strategy.commitments.get(reference="1.1")
    open_round(by=administrator, at=now, round_=planned)
    submit_update(
        by=officer, at=now, commitment=one, round_=planned, content=UpdateContent("on_track", "It began."), version=0
    )
    with pytest.raises(Refused, match="1 update is waiting for approval"):
        close_round(by=administrator, at=now, round_=planned)


def test_the_calendar_opens_and_ends_rounds_by_itself(administrator, strategy, planned, now):
    assert advance_rounds(at=now - timedelta(days=1)) == []
    assert [one.state for one in advance_rounds(at=now)] == ["open"]
    assert advance_rounds(at=now) == []
    assert advance_rounds(at=now + timedelta(days=37)) == [], "the last day of grace is still inside"
    assert [one.state for one in advance_rounds(at=now + timedelta(days=38))] == ["in_review"]
    assert [entry.by for entry in HistoryEntry.objects.filter(act__in=["round_open", "round_begin_review"])] == [
        None
    ] * 2


@pytest.mark.django_db(transaction=True)
def test_a_round_opened_twice_at_once_is_opened_once():
    council = make_organisation("A Council", "public_body")
    administrator, officer = make_person("administrator"), make_person("officer", council)
    strategy = make_strategy(council, shape=(16, 16))
    strategy.commitments.update(lead_officer=officer)
    now = timezone.now()
    planned = plan_round(by=administrator, at=now, strategy=strategy, days=days(timezone.localdate(now)))
    together, said = threading.Barrier(4), []

    def press() -> None:
        try:
            together.wait()
            open_round(by=administrator, at=now, round_=planned)
            said.append("opened")
        except Refused as refused:
            said.append(refused.sentence)
        finally:
            connection.close()

    clicks = [threading.Thread(target=press) for _ in range(4)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join(timeout=30)
    assert sorted(said) == ["This round is open, so it can't be opened."] * 3 + ["opened"]
    assert ProgressUpdate.objects.filter(round=planned).count() == 32
    assert RoundTask.objects.filter(round=planned).count() == 1
    assert HistoryEntry.objects.filter(act="round_open").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_rounds_opened_at_once_open_one():
    administrator = make_person("administrator")
    strategy = make_strategy(make_organisation("A Council", "public_body"))
    now = timezone.now()
    today = timezone.localdate(now)
    long_ago = today - timedelta(days=366)
    pair = [
        plan_round(by=administrator, at=now, strategy=strategy, days=days(today)),
        plan_round(
            by=administrator, at=now, strategy=strategy,
            days=days(today, observes_from=long_ago - timedelta(days=300), observes_to=long_ago),
        ),
    ]  # fmt: skip
    together = threading.Barrier(2)

    def press(one: Round) -> None:
        together.wait()
        try:
            open_round(by=administrator, at=now, round_=one)
        except Refused:
            pass
        finally:
            connection.close()

    clicks = [threading.Thread(target=press, args=(one,)) for one in pair]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join(timeout=30)
    assert Round.objects.open().count() == 1


@pytest.mark.django_db(transaction=True)
def test_closing_while_officers_are_sending_loses_nothing_and_locks_nobody():
    council = make_organisation("A Council", "public_body")
    administrator, officer = make_person("administrator"), make_person("officer", council)
    strategy = make_strategy(council, shape=(8,))
    now = timezone.now()
    planned = plan_round(by=administrator, at=now, strategy=strategy, days=days(timezone.localdate(now)))
    open_round(by=administrator, at=now, round_=planned)
    together, said = threading.Barrier(9), []

    def act(call) -> None:
        try:
            together.wait()
            call()
            said.append("done")
        except Refused:
            said.append("refused")
        finally:
            connection.close()

    def sending(one):
        return lambda: submit_update(
            by=officer,
            at=now,
            commitment=one,
            round_=planned,
            content=UpdateContent("on_track", "It began."),
            version=0,
        )

    calls = [sending(one) for one in strategy.commitments.in_order()]
    calls.append(lambda: close_round(by=administrator, at=now, round_=planned))
    people = [threading.Thread(target=act, args=(call,)) for call in calls]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=60)
    assert len(said) == 9, "nobody met a dead lock"
    planned.refresh_from_db()
    sent = ProgressUpdate.objects.filter(round=planned, state="submitted").count()
    assert (planned.state == "closed") == (sent == 0)


# The border days --------------------------------------------------------------------------------------------------------


def test_a_round_still_opens_on_its_last_day(administrator, planned, now, today):
    last = now + (planned.grace_until - today)
    assert open_round(by=administrator, at=last, round_=planned).state == "open"


def test_updates_are_taken_on_the_last_day_and_not_on_the_day_after(
    administrator, officer, strategy, planned, now, today
):
    open_round(by=administrator, at=now, round_=planned)
    commitment, said = strategy.commitments.get(reference="1.1"), UpdateContent("on_track", "It began.")
    last = now + (planned.grace_until - today)
    with pytest.raises(Refused, match="accepted updates from"):
        submit_update(
            by=officer, at=last + timedelta(days=1), commitment=commitment, round_=planned, content=said, version=0
        )
    sent = submit_update(by=officer, at=last, commitment=commitment, round_=planned, content=said, version=0)
    assert sent.state == "submitted"


def test_the_calendar_ends_a_window_on_the_day_after_its_last(administrator, planned, now, today):
    open_round(by=administrator, at=now, round_=planned)
    last = now + (planned.grace_until - today)
    assert advance_rounds(at=last) == []
    assert [round_.state for round_ in advance_rounds(at=last + timedelta(days=1))] == ["in_review"]


def test_today_can_be_the_last_day_of_an_open_round(administrator, planned, now, today):
    open_round(by=administrator, at=now, round_=planned)
    change_days(by=administrator, at=now, round_=planned, days=days(today, closes_on=today, grace_until=today))
    planned.refresh_from_db()
    assert planned.grace_until == today


def test_two_rounds_do_not_share_a_single_day(administrator, strategy, planned, now, today):
    def after(first: date) -> Days:
        later = [first + timedelta(days=count) for count in (300, 301, 330, 337)]
        return Days(first, *later)

    with pytest.raises(Refused, match=f"The {planned.slug} round already covers"):
        plan_round(by=administrator, at=now, strategy=strategy, days=after(planned.observes_to))
    next_round = plan_round(
        by=administrator, at=now, strategy=strategy, days=after(planned.observes_to + timedelta(days=1))
    )
    assert next_round.is_planned


def test_a_round_in_review_is_opened_again(administrator, planned, now):
    open_round(by=administrator, at=now, round_=planned)
    begin_review(by=administrator, at=now, round_=planned)
    again = reopen_round(by=administrator, at=now, round_=planned, reason="A group was on holiday.")
    assert (again.state, again.closings) == ("open", 0)


def test_a_round_is_closed_once_its_window_is_over(administrator, planned, now):
    open_round(by=administrator, at=now, round_=planned)
    begin_review(by=administrator, at=now, round_=planned)
    closed = close_round(by=administrator, at=now, round_=planned)
    assert (closed.state, closed.closings) == ("closed", 1)
