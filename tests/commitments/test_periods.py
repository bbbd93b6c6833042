"""What a round's period is called, by its length."""

from datetime import date
from itertools import pairwise

import pytest

from commitments.rules.periods import PERIOD, PERIODS, YEAR, period_among, period_of, period_of_all

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
    ranges = sorted((p.shortest_days, p.longest_days or 0) for p in PERIODS if p.shortest_days)
    assert len(ranges) == 4
    assert all(longest < shortest for (_, longest), (shortest, _) in pairwise(ranges))


def test_several_periods_share_a_word_or_are_called_periods():
    quarters = [(date(2026, 4, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2026, 9, 30))]
    assert period_of_all(quarters).code == "quarter"
    assert period_of_all([*quarters, (date(2025, 4, 1), date(2026, 3, 31))]) is PERIOD
    assert period_of_all([]) is YEAR


@pytest.mark.parametrize(
    ("of_years", "of_quarters"),
    [
        ("What changed since last year", "What changed since the quarter before"),
        ("Year by year", "Quarter by quarter"),
        ("The year, for example 2023-24.", "The quarter."),
        ("Start from last year’s words", "Start from the last quarter’s words"),
        ("The sum of the years' own figures.", "The sum of the quarters' own figures."),
        ("Last year the annual report said so.", "The quarter before the report said so."),
        ("A yearly habit of yearlings", "A yearly habit of yearlings"),
    ],
)
def test_a_sentence_of_years_is_reworded_and_stays_for_years(of_years, of_quarters):
    assert period_of(date(2026, 4, 1), date(2026, 6, 30)).reworded(of_years) == of_quarters
    assert YEAR.reworded(of_years) == of_years


def test_a_quarter_after_years_keeps_its_own_noun_and_calls_the_others_periods():
    quarter = period_of(date(2026, 4, 1), date(2026, 6, 30))
    mixed = period_among(quarter, PERIOD)
    assert mixed.reworded("In this year, and in both years: year by year") == (
        "In this quarter, and in both periods: round by round"
    )
    assert mixed.report == "report"
    assert period_among(YEAR, YEAR) is YEAR
    assert period_among(YEAR, PERIOD).report == "annual report"
