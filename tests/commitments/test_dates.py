"""Days as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcsportal.common.dates import in_words, read_day, spelt_out, with_weekday

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12 March 2026", date(2026, 3, 12)),
        ("  12th  of MARCH, 2026 ", date(2026, 3, 12)),
        ("Thursday 12 March 2026", date(2026, 3, 12)),
        ("12 Mar 26", date(2026, 3, 12)),
        ("1st sept 2025", date(2025, 9, 1)),
        ("12/3/26", date(2026, 3, 12)),
        ("12.03.2026", date(2026, 3, 12)),
        ("12-3-2026", date(2026, 3, 12)),
        ("12 3 2026", date(2026, 3, 12)),
        ("2026-03-12", date(2026, 3, 12)),
        ("12 March", date(2026, 3, 12)),
        ("12 December", date(2025, 12, 12)),
        ("22 November", TODAY),
        ("today", TODAY),
        ("Yesterday", date(2026, 11, 21)),
        ("15/11", date(2026, 11, 15)),
        ("25/11", date(2025, 11, 25)),
        ("15.11", date(2026, 11, 15)),
        ("15 Nov", date(2026, 11, 15)),
        ("November 15th", date(2026, 11, 15)),
        ("Nov 15, 2025", date(2025, 11, 15)),
        ("Wed 18 Nov", date(2026, 11, 18)),
        ("29 February", date(2024, 2, 29)),
        ("last Wednesday", date(2026, 11, 18)),
        ("on Wednesday", date(2026, 11, 18)),
        ("last Sunday", date(2026, 11, 15)),  # today is a Sunday
        ("Sat", date(2026, 11, 21)),
        ("3 days ago", date(2026, 11, 19)),
        ("two weeks ago", date(2026, 11, 8)),
        ("a week ago", date(2026, 11, 15)),
    ],
)
def test_a_day_is_read_as_it_is_written(text, day):
    assert read_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "12",
        "March 2026",
        "12 Ma 2026",
        "31/2/2026",
        "3/31/2026",
        "0 May 2026",
        "31/2",
        "12 3",
        "We",
        "last spring",
        "26/13",
    ],
)
def test_what_is_not_a_day_is_not_guessed(text):
    with pytest.raises(ValueError, match=r".+"):
        read_day(text, TODAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25/11", date(2026, 11, 25)),
        ("15 Nov", date(2027, 11, 15)),
        ("22 November", TODAY),
        ("Wednesday", date(2026, 11, 25)),
        ("last Wednesday", date(2026, 11, 18)),
        ("next Sunday", date(2026, 11, 29)),
        ("tomorrow", date(2026, 11, 23)),
        ("29 Feb", date(2028, 2, 29)),
    ],
)
def test_a_day_that_is_to_come_is_looked_for_after_today(text, day):
    assert read_day(text, TODAY, direction="future") == day


def test_a_day_that_is_not_spelt_out_is_known():
    day = date(2026, 11, 18)
    assert with_weekday(day) == "Wednesday 18 November 2026"
    assert [spelt_out(text, day) for text in ("last Wednesday", "18/11", "18/11/26", "18 November 2026")] == [
        False,
        False,
        False,
        True,
    ]


@given(st.dates(date(1000, 1, 1), date(9999, 12, 31)))
def test_every_day_in_words_reads_back(day):
    assert read_day(in_words(day), TODAY) == day


@given(st.text(max_size=40))
def test_no_text_makes_it_fall_over(text):
    try:
        assert isinstance(read_day(text, TODAY), date)
    except ValueError:
        return
