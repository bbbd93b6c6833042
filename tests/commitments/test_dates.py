"""Days as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcsportal.common.dates import in_words, read_day

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
    ],
)
def test_a_day_is_read_as_it_is_written(text, day):
    assert read_day(text, TODAY) == day


@pytest.mark.parametrize("text", ["", "soon", "12", "March 2026", "12 Ma 2026", "31/2/2026", "3/31/2026", "0 May 2026"])
def test_what_is_not_a_day_is_not_guessed(text):
    with pytest.raises(ValueError, match=r".+"):
        read_day(text, TODAY)


@given(st.dates(date(1000, 1, 1), date(9999, 12, 31)))
def test_every_day_in_words_reads_back(day):
    assert read_day(in_words(day), TODAY) == day


@given(st.text(max_size=40))
def test_no_text_makes_it_fall_over(text):
    try:
        assert isinstance(read_day(text, TODAY), date)
    except ValueError:
        return
