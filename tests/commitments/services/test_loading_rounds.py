"""Rounds of a strategy's file: days that a person has changed stay, and a round that opens by itself is announced."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from commitments.models import HistoryEntry, Round
from commitments.services.loading.rounds import load_round
from commitments.services.round_days import Days, change_days
from commitments.services.rounds import advance_rounds
from commitments.strategy_file.strategy import RoundEntry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 28, 12, tzinfo=ZoneInfo("Europe/London"))
ENTRY = RoundEntry("2026-27", date(2026, 4, 1), date(2027, 3, 31), date(2027, 4, 1), date(2027, 5, 31))


def days(round_: Round, **changes: date) -> Days:
    names = ("observes_from", "observes_to", "opens_on", "closes_on", "grace_until")
    return Days(**{name: getattr(round_, name) for name in names} | changes)


@pytest.fixture
def kept(strategy):
    return load_round(by=None, at=AT, strategy=strategy, entry=ENTRY).round


def test_days_of_a_person_stay_and_the_note_says_so(strategy, kept, administrator):
    later = days(kept, closes_on=date(2027, 6, 30), grace_until=date(2027, 7, 7))
    change_days(by=administrator, at=AT, round_=kept, days=later)
    again = load_round(by=None, at=AT, strategy=strategy, entry=ENTRY)
    assert again.done == ""
    assert again.note == (
        "Left the days of the 2026-27 round as Ada Administrator changed them on 28 November 2026: the window closes on 30 "
        "June 2027, updates are accepted until 7 July 2027. The file says: the window closes on 31 May 2027, updates are accepted "
        "until 7 June 2027. Update the file to match, or change the days in the portal."
    )
    kept.refresh_from_db()
    assert kept.closes_on == date(2027, 6, 30)
    assert not HistoryEntry.objects.filter(act="amend").exists()


def test_a_file_in_step_with_the_person_says_nothing(strategy, kept, administrator):
    change_days(
        by=administrator, at=AT, round_=kept, days=days(kept, closes_on=date(2027, 6, 30), grace_until=date(2027, 7, 7))
    )
    again = load_round(by=None, at=AT, strategy=strategy, entry=replace(ENTRY, closes_on=date(2027, 6, 30)))
    assert (again.done, again.note) == ("", "")


def test_days_that_nobody_has_changed_by_hand_follow_the_file(strategy, kept):
    again = load_round(by=None, at=AT, strategy=strategy, entry=replace(ENTRY, closes_on=date(2027, 6, 15)))
    assert (again.done, again.note) == ("Amended the days of the 2026-27 round.", "")
    kept.refresh_from_db()
    assert kept.closes_on == date(2027, 6, 15)
    once_more = load_round(by=None, at=AT, strategy=strategy, entry=ENTRY)
    assert once_more.done == "Amended the days of the 2026-27 round."


def test_a_person_who_changes_another_round_keeps_only_that_one(strategy, kept, administrator):
    other = load_round(
        by=None, at=AT, strategy=strategy,
        entry=RoundEntry("2027-28", date(2027, 4, 1), date(2028, 3, 31), date(2028, 4, 1), date(2028, 5, 31)),
    ).round  # fmt: skip
    change_days(
        by=administrator,
        at=AT,
        round_=other,
        days=days(other, closes_on=date(2028, 6, 30), grace_until=date(2028, 7, 7)),
    )
    again = load_round(by=None, at=AT, strategy=strategy, entry=replace(ENTRY, closes_on=date(2027, 6, 15)))
    assert again.done


OPEN_NOW = RoundEntry("2025-26", date(2025, 4, 1), date(2026, 3, 31), date(2026, 4, 1), date(2026, 11, 28))


@pytest.mark.parametrize(
    ("opens_on", "closes_on", "opens"),
    [
        (date(2026, 4, 1), date(2026, 11, 28), True),
        (date(2026, 11, 28), date(2026, 12, 10), True),
        (date(2026, 11, 29), date(2026, 12, 10), False),
        (date(2026, 4, 1), date(2026, 11, 21), True),  # taken for a week more, so to this very day
        (date(2026, 4, 1), date(2026, 11, 20), False),
    ],
)
def test_a_round_whose_window_holds_today_is_said_to_open_by_itself_and_does(strategy, opens_on, closes_on, opens):
    kept = load_round(
        by=None, at=AT, strategy=strategy, entry=replace(OPEN_NOW, opens_on=opens_on, closes_on=closes_on)
    )
    assert kept.done == "Added the 2025-26 round."
    assert ("opens by itself within the hour" in kept.note) is opens
    assert bool(advance_rounds(at=AT)) is opens


def test_changed_days_that_open_it_say_so_too(strategy, kept):
    entry = replace(ENTRY, observes_to=date(2026, 10, 31), opens_on=date(2026, 11, 1), closes_on=date(2026, 12, 1))
    assert "opens by itself" in load_round(by=None, at=AT, strategy=strategy, entry=entry).note
    kept.refresh_from_db()
    Round.objects.filter(pk=kept.pk).update(state="open")
    entry = replace(entry, closes_on=date(2026, 12, 2))
    assert load_round(by=None, at=AT, strategy=strategy, entry=entry).note == "", "it is open already"
