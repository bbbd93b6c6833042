"""The words of a risk's levels, ranges of them, and when a level rose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.rules.risk_levels import ALL_RANGES, LEVELS, LevelRange, bounds_that_rose, read_range

RANGES = st.sampled_from(ALL_RANGES)


@given(RANGES)
def test_the_words_of_a_range_read_as_that_range(levels):
    assert read_range(str(levels)) == levels
    assert read_range(levels.label) == levels


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [
        ("Low", 1, 1),
        ("  very   HIGH ", 4, 4),
        ("medium to high", 2, 3),
        ("Low – very high", 1, 4),
        ("low-medium", 1, 2),
    ],
)
def test_levels_are_read_as_people_write_them(text, lowest, highest):
    assert read_range(text) == LevelRange(lowest, highest)


@pytest.mark.parametrize("text", ["", "high to low", "3", "low to", "medium to high to very high", "fairly high", "to"])
def test_anything_else_is_no_level(text):
    assert read_range(text) is None


def test_a_range_covers_its_borders_and_what_is_between():
    assert [LevelRange(2, 3).covers(level.place) for level in LEVELS] == [False, True, True, False]
    assert LevelRange(2, 2).is_one_word
    assert not LevelRange(2, 3).is_one_word


@given(RANGES, RANGES, RANGES, RANGES)
def test_only_a_higher_upper_bound_is_a_rise(impact, likelihood, impact_now, likelihood_now):
    rose = bounds_that_rose((impact, likelihood), (impact_now, likelihood_now))
    assert ("impact" in rose) == (impact_now.highest > impact.highest)
    assert ("likelihood" in rose) == (likelihood_now.highest > likelihood.highest)
