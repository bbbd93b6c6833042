"""The calendar of a round's reminders, as a table of days, and what holds for every round there could be."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.rules.reminders import (
    MIN_GAP,
    REMINDER_OFFSETS_DAYS,
    ReminderPoint,
    is_working_day,
    may_be_asked,
    needless,
    point_on,
    points,
)

DAY = timedelta(days=1)


def lived(opens_on: date, closes_on: date, asked: tuple[date, ...] = (), off: tuple[date, ...] = ()) -> dict[date, str]:
    """Live the round day by day for one person who never does anything; return what went to them on which day.

    :param asked: days on which a person at the council nudged them, besides the day of opening.
    :param off: days on which the machine was switched off.
    """
    found = points(opens_on=opens_on, closes_on=closes_on)
    went: dict[date, str] = {opens_on: "opening"}
    day, last = opens_on, opens_on
    while day <= closes_on + 60 * DAY:
        if day in asked:
            went[day], last = "nudge", day
        point = point_on(day, found)
        if point and day not in off and point.code not in went.values() and may_be_asked(day, last):
            assert day not in went, f"two emails on {day}"
            went[day], last = point.code, day
        day += DAY
    return went


def listed(went: dict[date, str]) -> list[str]:
    return [f"{day:%a %d %b %Y} {what}" for day, what in sorted(went.items())]


def test_the_whole_calendar_of_a_round_whose_end_lies_at_easter():
    # Good Friday is 3 April 2026, Easter Monday 6 April, May Day Monday 4 May.
    assert listed(lived(date(2026, 2, 16), date(2026, 4, 7))) == [
        "Mon 16 Feb 2026 opening",
        "Fri 06 Mar 2026 30-before",  # the day is a Sunday: the Friday before
        "Tue 31 Mar 2026 7-before",
        "Tue 07 Apr 2026 1-before",  # moved to Thursday, 2 days after the last: put off past Easter to the day itself
        "Mon 13 Apr 2026 1-after",  # 5 days after the 7th is a Sunday
        "Mon 20 Apr 2026 7-after",  # 5 days after the 13th is a Saturday
        "Thu 07 May 2026 30-after",
    ]


def test_the_whole_calendar_of_a_round_that_ends_at_the_end_of_may():
    assert listed(lived(date(2026, 4, 1), date(2026, 6, 3))) == [
        "Wed 01 Apr 2026 opening",
        "Fri 01 May 2026 30-before",  # Monday 4 May is May Day: the Friday before
        "Wed 27 May 2026 7-before",
        "Tue 02 Jun 2026 1-before",
        "Mon 08 Jun 2026 1-after",  # 5 days after the 2nd is a Sunday
        "Mon 15 Jun 2026 7-after",  # 5 days after the 8th is a Saturday
        "Fri 03 Jul 2026 30-after",
    ]


def test_the_whole_calendar_over_christmas_when_most_days_are_no_working_days():
    assert listed(lived(date(2026, 11, 2), date(2026, 12, 29))) == [
        "Mon 02 Nov 2026 opening",
        "Fri 27 Nov 2026 30-before",
        "Tue 22 Dec 2026 7-before",
        "Tue 29 Dec 2026 1-before",  # moved to Christmas Eve, 2 days after the last: put off past the holidays
        "Mon 04 Jan 2027 1-after",
        "Mon 11 Jan 2027 7-after",
        "Thu 28 Jan 2027 30-after",
    ]


def test_on_every_other_day_of_the_round_nothing_goes_out():
    went = lived(date(2026, 2, 16), date(2026, 4, 7))
    every = [date(2026, 2, 16) + n * DAY for n in range(110)]
    quiet = [day for day in every if day not in went]
    print(f"looked at {len(every)} days")
    assert len(quiet) == len(every) - len(went) == 103


def test_a_round_that_opens_late_leaves_out_the_points_before_it():
    assert [point.offset for point in points(opens_on=date(2026, 5, 20), closes_on=date(2026, 6, 3))] == [
        -7,
        -1,
        1,
        7,
        30,
    ]
    assert listed(lived(date(2026, 5, 26), date(2026, 6, 3)))[:3] == [
        "Tue 26 May 2026 opening",
        "Mon 01 Jun 2026 7-before",  # 5 days after the opening is a Sunday
        "Mon 08 Jun 2026 1-after",  # the day before had to be passed over
    ]


def test_a_nudge_puts_the_next_reminder_off():
    went = listed(lived(date(2026, 4, 1), date(2026, 6, 3), asked=(date(2026, 5, 26), date(2026, 7, 2))))
    assert "Mon 01 Jun 2026 7-before" in went
    assert "Tue 07 Jul 2026 30-after" in went
    assert not any("1-before" in line for line in went)


def test_a_machine_that_was_off_catches_up_within_the_point_and_only_once():
    off = tuple(date(2026, 5, 27) + n * DAY for n in range(3))
    went = listed(lived(date(2026, 4, 1), date(2026, 6, 3), off=off))
    assert "Mon 01 Jun 2026 7-before" in went
    assert sum("7-before" in line for line in went) == 1


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 12, 28), False),  # instead of Boxing Day, a Saturday
        (date(2026, 3, 17), True),  # a holiday in Northern Ireland
        (date(2026, 8, 3), True),  # a holiday in Scotland
        (date(2026, 8, 31), False),
        (date(2026, 8, 30), False),  # a Sunday
        (date(2028, 2, 29), True),
    ],
)
def test_the_days_are_those_of_england(day: date, works: bool):
    assert is_working_day(day) is works


DATES = st.dates(date(2024, 1, 1), date(2035, 12, 31))


@settings(max_examples=200, deadline=None)
@given(
    opens_on=DATES,
    lasts=st.integers(0, 150),
    nudges=st.lists(st.integers(0, 180), max_size=4),
    off=st.lists(st.integers(0, 180), max_size=30),
)
def test_whatever_the_round_nobody_is_written_to_too_often_or_on_a_free_day(opens_on, lasts, nudges, off):
    closes_on = opens_on + lasts * DAY
    asked = {opens_on + n * DAY for n in nudges}
    went = lived(opens_on, closes_on, tuple(asked), tuple(opens_on + n * DAY for n in off))
    days = sorted(went)
    for before, after in pairwise(days):
        if after not in asked:  # a nudge is a person's own act
            assert after - before >= MIN_GAP
    ours = [day for day in days if went[day] not in {"opening", "nudge"}]
    assert all(is_working_day(day) for day in ours)
    assert len({went[day] for day in ours}) == len(ours), "a point twice"
    order = [int(code.split("-")[0]) * (-1 if "before" in code else 1) for code in (went[day] for day in ours)]
    assert order == sorted(order), "out of order"


@settings(max_examples=200, deadline=None)
@given(opens_on=DATES, lasts=st.integers(31, 150))
def test_whatever_the_round_its_points_follow_one_another_and_the_first_and_last_are_there(opens_on, lasts):
    closes_on = opens_on + lasts * DAY
    found = points(opens_on=opens_on, closes_on=closes_on)
    assert all(one.until == two.on for one, two in pairwise(found))
    assert all(is_working_day(point.on) for point in found)
    assert {point.offset for point in found} >= {-7, 7, 30}
    assert {point.offset for point in found} <= set(REMINDER_OFFSETS_DAYS)
    assert all(point.on < closes_on for point in found if point.offset < 0)
    assert all(point.on > closes_on for point in found if point.offset > 0)


@pytest.mark.parametrize(
    ("offset", "days_before", "stands"),
    [(-30, 6, True), (-30, 7, False), (-7, 4, True), (-7, 5, False), (-1, 4, True), (-1, 5, False), (1, 4, True), (1, 5, False),
     (7, 6, True), (7, 7, False), (30, 6, True), (-7, 0, True), (-7, -2, True)],
)  # fmt: skip
def test_another_strategy_s_email_stands_for_a_reminder_that_is_near_it(offset, days_before, stands):
    point = ReminderPoint(offset, date(2026, 5, 27), date(2026, 6, 2))
    assert needless(point, point.on - timedelta(days=days_before)) is stands


def test_where_no_other_email_named_it_a_reminder_is_needed():
    assert not needless(ReminderPoint(-7, date(2026, 5, 27), date(2026, 6, 2)), None)
