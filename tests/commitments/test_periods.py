"""What a round's period is called, by its length."""

from datetime import date
from itertools import pairwise

import pytest

from commitments.periods import PERIOD, PERIODS, YEAR, period_of, period_of_all

CASES = [
    (date(2026, 4, 1), date(2027, 3, 31), "year"),
    (date(2027, 4, 1), date(2028, 3, 31), "year"),  # with 29 February
    (date(2022, 5, 19), date(2023, 3, 31), "year"),  # a strategy's first year
    (date(2026, 4, 1), date(2027, 5, 31), "year"),
    (date(2026, 1, 1), date(2027, 6, 30), "period"),
    (date(2026, 4, 1), date(2026, 9, 30), "half-year"),
    (date(2026, 10, 1), date(2027, 3, 31), "half-year"),
    (date(2026, 4, 1), date(2026, 6, 30), "quarter"),
    (date(2027, 1, 1), date(2027, 3, 31), "quarter"),
    (date(2026, 4, 1), date(2026, 4, 30), "month"),
    (date(2027, 2, 1), date(2027, 2, 28), "month"),
    (date(2026, 4, 1), date(2026, 5, 31), "period"),
    (date(2026, 4, 1), date(2026, 12, 31), "period"),
    (date(2026, 4, 1), date(2026, 4, 14), "period"),
    (date(2024, 4, 1), date(2027, 3, 31), "period"),
]


@pytest.mark.parametrize(("first", "last", "code"), CASES)
def test_the_length_of_a_period_decides_its_word(first, last, code):
    assert period_of(first, last).code == code


def test_no_length_has_two_words():
    ranges = sorted((p.shortest_days, p.longest_days) for p in PERIODS if p.shortest_days)
    assert len(ranges) == 4
    assert all(longest < shortest for (_, longest), (shortest, _) in pairwise(ranges))


def test_several_periods_share_a_word_or_are_called_periods():
    quarters = [(date(2026, 4, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2026, 9, 30))]
    assert period_of_all(quarters).code == "quarter"
    assert period_of_all([*quarters, (date(2025, 4, 1), date(2026, 3, 31))]) is PERIOD
    assert period_of_all([]) is YEAR


def test_words_in_braces_are_filled_in():
    text = "What changed since {last year}: {year by year}, the {year} and the {years}"
    assert YEAR.fill(text) == "What changed since last year: year by year, the year and the years"
    quarter = period_of(date(2026, 4, 1), date(2026, 6, 30))
    assert quarter.fill(text) == (
        "What changed since the quarter before: quarter by quarter, the quarter and the quarters"
    )
