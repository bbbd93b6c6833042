"""The rules of indicators: numbers as people write them, shares, running totals, whether a target was met."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.indicators import MET, MISSED, OPEN, read_number, say_number, say_percent, sums, verdict
from vcsportal.common.words import Refused


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("24", "24"), ("1,200", "1200"), ("1 200", "1200"), ("1\u00a0200", "1200"), ("12,5", "12.5"), ("12.5", "12.5"),
        ("1,234,567.8", "1234567.8"), ("1.234,5", "1234.5"), (" £40 ", "40"), ("25 %", "25"), ("-3", "-3"), ("\u22123", "-3"),
        (".5", "0.5"), ("0", "0"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(written, meant):
    assert read_number(written) == D(meant)


@pytest.mark.parametrize(
    "words",
    ["N/A", "none", "about 20", "12-15", "1,2,3", "20 people", "1e9", "٣", "NaN", "--3", "9" * 20, "1.23456", "%"],
)
def test_what_is_no_number_is_refused(words):
    with pytest.raises(Refused):
        read_number(words)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_what_the_portal_says_it_can_read_again(number):
    assert read_number(say_number(number)) == number


def test_numbers_are_said_with_commas_and_without_empty_decimals():
    assert [say_number(D(one)) for one in ("1200.0000", "0.5000", "-3", "0", "100")] == [
        "1,200", "0.5", "\u22123", "0", "100",
    ]  # fmt: skip
    assert say_percent(D("39.5833")) == "39.6\u00a0%"


@pytest.mark.parametrize(
    ("actual", "target", "direction", "wanted"),
    [
        (9, 9, "up", MET), (8, 9, "up", MISSED), (9, 9, "down", MET), (10, 9, "down", MISSED),
        (95, 100, "steady", MET), (106, 100, "steady", MISSED), (None, 9, "up", OPEN), (9, None, "up", OPEN), (0, 9, "up", MISSED),
    ],
)  # fmt: skip
def test_a_target_is_met_by_its_direction_and_never_judged_without_a_figure(actual, target, direction, wanted):
    made = [None if one is None else D(one) for one in (actual, target)]
    assert verdict(made[0], made[1], direction) == wanted


def test_what_adds_up_is_judged_by_the_rounds_that_were_counted():
    pairs = [(D(52), D(50)), (None, D(50)), (D(49), D(50)), (D(10), D(50))]
    found = sums(pairs, counting="cumulative", direction="up")
    assert [one.actual for one in found] == [52, None, 101, 111]
    assert [one.target for one in found] == [50, 100, 150, 200]
    assert [one.verdict for one in found] == [MET, OPEN, MET, MISSED]
    assert [one.like for one in found] == [None, None, (D(101), D(100)), (D(111), D(150))]


def test_what_is_counted_afresh_stands_by_itself():
    found = sums([(D(52), D(50)), (None, D(50)), (D(49), None)], counting="per_round", direction="up")
    assert [(one.actual, one.verdict) for one in found] == [(52, MET), (None, OPEN), (49, OPEN)]
