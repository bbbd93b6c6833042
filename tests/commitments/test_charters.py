"""How a signature stands, on the days around which it could be counted one way or the other. No database."""

from datetime import date, timedelta

import pytest

from commitments.rules.charters import CharterRound, is_asked, lasts_on, names_a_person, standing_of

OPENS = date(2026, 4, 1)
DAY = timedelta(days=1)
LAST = CharterRound(1, "2024–25", date(2025, 4, 1), is_closed=True)
NOW = CharterRound(2, "2025–26", OPENS, is_closed=False)


def code(signed_on=date(2020, 1, 1), ended_on=None, said=(), rounds=(NOW, LAST), today=OPENS + 9 * DAY):
    return standing_of(signed_on=signed_on, ended_on=ended_on, reaffirmed_in=said, rounds=rounds, today=today)


@pytest.mark.parametrize(("day", "asked"), [(OPENS - DAY, True), (OPENS, False), (OPENS + DAY, False)])
def test_a_round_asks_who_signed_before_it_opened(day, asked):
    assert is_asked(day, OPENS) is asked


def test_a_signature_stands_from_its_first_day_until_the_day_before_it_ended():
    first, end = date(2026, 3, 1), date(2026, 3, 31)
    assert [lasts_on(day, first, end) for day in (first - DAY, first, end - DAY, end)] == [False, True, True, False]
    assert not lasts_on(first, first, first), "One that ended on the day it was signed never was."
    assert lasts_on(end, end, None), "Signed on the last day counts on it."


def test_the_newest_answer_counts_and_an_old_silence_no_more():
    assert code(said=(2,)).code == "reaffirmed"
    assert code(said=(2,)).words == "Reaffirmed in 2025–26"


def test_who_answered_last_time_is_waited_for_while_the_round_runs():
    assert code(said=(1,)).code == "waiting"
    assert not code(said=(1,)).is_silent


def test_who_did_not_answer_the_last_round_that_closed_has_lapsed():
    assert (code().code, code().words, code().is_silent) == ("lapsed", "Not reaffirmed in 2024–25", True)
    assert code(said=(1,), rounds=(CharterRound(2, "2025–26", OPENS, is_closed=True), LAST)).code == "lapsed"


def test_who_signed_since_the_last_round_opened_is_asked_in_the_next():
    assert code(signed_on=OPENS).code == "new"
    assert code(signed_on=OPENS - DAY).code == "waiting", "Asked in the running round alone: never silent yet."
    assert code(rounds=()).words == "Signed"


def test_a_signature_has_ended_on_the_day_that_says_so():
    today = OPENS + 9 * DAY
    assert code(ended_on=today, said=(2,)).code == "ended"
    assert code(ended_on=today + DAY, said=(2,)).code == "reaffirmed"


NAMES = ("Ann", "Jane Pewter")


@pytest.mark.parametrize(
    "post",
    [
        "Ann", "ann, chair", "Jane Pewter", "Chair (Jane A. Pewter)", "PEWTER Jane", "Mrs Gold", "Dr. Gold, trustee",
        "Revd Gold", "Cllr Gold", "Professor Amy Gold", "Councillor Amy Gold", "Lady Amy Gold", "Chair: Mr Gold",
    ],
)  # fmt: skip
def test_a_person_is_named(post):
    assert names_a_person(post, NAMES)


@pytest.mark.parametrize(
    "post",
    [
        "", "Chair", "Planning officer", "Annual meeting", "Jane’s deputy", "Pewter smith", "Lord Mayor", "Lord Mayor of Ash",
        "Professor of Law", "Lady President", "Councillor", "Reverend", "Missioner", "Dramatist", "Sir",
    ],
)  # fmt: skip
def test_a_post_names_nobody(post):
    assert not names_a_person(post, NAMES)
    assert not names_a_person(post, ())
