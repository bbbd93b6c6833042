"""Numbers in running text, in words and in figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcsportal.common.number_words import numbers_in


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("two are late", [2]),
        ("One hundred and twelve people", [112]),
        ("Two thousand nine hundred groups", [2900]),
        ("three and four", [3, 4]),
        ("one two three", [1, 2, 3]),
        ("twenty-five of 1,204", [25, 1204]),
        ("twenty five", [25]),
        ("a hundred and five, a dozen", [105, 12]),
        ("a thousand and one nights", [1001]),
        ("a hundred and 5", [100, 5]),
        ("nineteen hundred, sixty-one", [1900, 61]),
        ("all 32.", [32]),
        ("commitments 4 and 5 actions", [4, 5]),
        ("zero or 0", [0, 0]),
        ("someone, tonight, often", []),
        ("a group, and a hall", []),
    ],
)
def test_numbers_are_read_in_words_and_in_figures(text, values):
    assert [one.value for one in numbers_in(text)] == values


@pytest.mark.parametrize(
    "text",
    ["17 June 2025", "on June 17", "in 2024", "2024-25", "2022–27", "commitment 2.5", "£38,000", "13%", "13 %", "13 per cent", "at 10:30", "12/3", "1.4a", "Commitment 4 is late", "priority 3", "A1 and CW1.2b", "5b"],
)  # fmt: skip
def test_dates_years_money_shares_and_references_count_nothing(text):
    assert numbers_in(text) == []


def test_a_number_says_where_it_stands_and_how_it_is_written():
    (one,) = numbers_in("We met One hundred and twelve people.")
    assert (one.start, one.end, one.words) == (7, 29, "One hundred and twelve")


@given(st.integers(0, 99), st.integers(1, 9))
def test_any_number_spelt_out_is_read_back(small, hundreds):
    ones = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ]
    tens = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    spelt = ones[small] if small < 20 else tens[small // 10] + (f"-{ones[small % 10]}" if small % 10 else "")
    assert [one.value for one in numbers_in(f"about {spelt} of them")] == [small]
    if small:
        whole = f"{ones[hundreds]} hundred and {spelt}"
        assert [one.value for one in numbers_in(whole)] == [hundreds * 100 + small]


@given(st.text(max_size=60))
def test_any_text_is_read_without_failing(text):
    for one in numbers_in(text):
        assert text[one.start : one.end] == one.words
