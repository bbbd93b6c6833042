"""The rules of indicators: numbers as people write them, shares, running totals, whether a target was met."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.rules.indicators import (
    MET,
    MISSED,
    OPEN,
    IndicatorFigure,
    as_printed,
    check_counting,
    read_number,
    say_aim,
    say_amount,
    say_figure,
    say_number,
    say_percent,
    say_short,
    share,
    sums,
    verdict,
)
from vcsportal.common.words import Refused


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("24", "24"), ("1,200", "1200"), ("1 200", "1200"), ("1\u00a0200", "1200"), ("12,5", "12.5"), ("12.5", "12.5"),
        ("1,234,567.8", "1234567.8"), ("1.234,5", "1234.5"), (" £40 ", "40"), ("25 %", "25"), ("25%", "25"), ("-£5", "-5"), ("£ 1,200.50", "1200.5"), ("-3", "-3"), ("\u22123", "-3"),
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
    assert say_percent(D("39.5833")) == "39.6%"


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


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        ("1234567.89", "£", "£1,234,567.89"), ("-5", "£", "\u2212£5"), ("12.5", "£", "£12.50"), ("12.25", "£ per head", "£12.25 per head"),
        ("2.5", "£ million", "£2.5 million"), ("2.5", "£m", "£2.5m"), ("7", "€", "€7"), ("13", "%", "13%"), ("-3.5", "%", "\u22123.5%"),
        ("1200", "people", "1,200 people"), ("1", "people", "1 person"), ("-1", "groups", "\u22121 group"), ("1", "items of evidence", "1 item of evidence"),
        ("0", "groups", "0 groups"), ("1.5", "hours", "1.5 hours"), ("12", "", "12"),
    ],
)  # fmt: skip
def test_a_unit_stands_where_people_write_it_and_agrees_with_its_number(number, unit, words):
    assert say_amount(D(number), unit) == words
    assert say_aim(D(number), kind="number", unit=unit) == words


def test_a_percentage_without_its_base_says_so_and_its_target_does_not():
    figure = IndicatorFigure(D("13.0400"))
    assert say_figure(figure, kind="percentage") == "13% (base not published)"
    assert say_figure(figure, kind="percentage", unit="%") == "13% (base not published)"
    assert say_figure(figure, kind="percentage", unit="kitchen waste") == "13% of kitchen waste (base not published)"
    assert say_aim(D(14), kind="percentage") == "14%"
    assert say_aim(D(60), kind="ratio") == "60% of the whole"
    assert say_aim(D(60), kind="ratio", unit="rooms") == "60% of rooms"


@pytest.mark.parametrize(
    ("value", "kind", "unit", "words"),
    [
        ("12", "number", "groups", "12"), ("12", "number", "£", "£12"), ("12", "number", "%", "12%"), ("12.34", "ratio", "rooms", "12.3%"),
        ("12.35", "percentage", "", "12.4%"),
    ],
)  # fmt: skip
def test_a_short_value_leaves_out_the_noun_alone(value, kind, unit, words):
    assert say_short(D(value), kind=kind, unit=unit) == words


@pytest.mark.parametrize("kind", ["ratio", "percentage"])
def test_a_share_is_judged_as_it_is_printed(kind):
    exact = share(D(2), D(3))
    assert verdict(exact, D("66.7"), "up", kind) == MET
    assert verdict(exact, D("66.6"), "down", kind) == MISSED
    assert verdict(D("33.3333"), D("33.3"), "down", kind) == MET
    assert verdict(D("66.64"), D("66.7"), "up", kind) == MISSED
    assert verdict(D("66.65"), D("66.7"), "up", kind) == MET


def test_a_number_is_printed_and_judged_in_full():
    assert as_printed(D("66.6667"), "number") == D("66.6667")
    assert verdict(D("66.6667"), D("66.7"), "up", "number") == MISSED


@given(st.decimals(0, 100, places=4), st.decimals(0, 100, places=4), st.sampled_from(["up", "down", "steady"]))
def test_what_is_printed_equal_is_always_met(actual, target, direction):
    if say_percent(actual) == say_percent(target):
        assert verdict(actual, target, direction, "ratio") == MET
    [found] = sums([(actual, target)], counting="per_round", direction=direction, kind="ratio")
    assert found.verdict == verdict(actual, target, direction, "ratio")


@pytest.mark.parametrize(
    "words", [("ratio", "rooms"), ("percentage", ""), ("scale", ""), ("number", "%"), ("number", " % ")]
)
def test_nothing_but_a_plain_number_adds_up(words):
    with pytest.raises(Refused, match="Only numbers can add up"):
        check_counting("cumulative", *words)
    check_counting("per_round", *words)
    check_counting("cumulative", "number", "groups")
