"""What people type where a number, a day, words, or yes or no are expected."""

from datetime import date
from decimal import Decimal

import pytest

from vcsportal.common.spreadsheets import CellNote, SheetCell
from vcsportal.common.spreadsheets.values import UnreadableCell, day_of, number_of, text_of, yes_or_no_of

TODAY = date(2026, 11, 30)


def cell(value, **more):
    return SheetCell("Figures", 7, 2, value, **more)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12", "12"), ("1,204", "1204"), ("1,204.5", "1204.5"), ("1.234,5", "1234.5"), ("1,5", "1.5"), ("1.5", "1.5"),
        ("1.234", "1.234"), ("1.234.567", "1234567"), ("1 234,5", "1234.5"), ("1\u00a0204", "1204"), ("£1,204", "1204"),
        ("-3", "-3"), ("−3", "-3"), ("0", "0"), ("12,345,678", "12345678"),
    ],
)  # fmt: skip
def test_numbers_are_read_with_commas_and_points_of_several_countries(written, number):
    assert number_of(cell(written)) == Decimal(number)


@pytest.mark.parametrize("written", ["about 40", "12 people", "1,23,4", "12%", "n/a", "1e5", "", "--3"])
def test_what_is_no_number_is_not_made_one(written):
    with pytest.raises(UnreadableCell, match="Write a number"):
        number_of(cell(written))


def test_a_percentage_is_read_where_one_is_expected_and_nowhere_else():
    assert number_of(cell(Decimal("0.74"), percent=True), percent=True) == 74
    assert number_of(cell("74 %"), percent=True) == 74
    assert number_of(cell(Decimal(74)), percent=True) == 74
    with pytest.raises(UnreadableCell) as caught:
        number_of(cell(Decimal("0.74"), percent=True))
    assert caught.value.found == "74%"


def test_a_day_is_no_number_and_a_number_no_day():
    with pytest.raises(UnreadableCell) as caught:
        number_of(cell(date(2026, 3, 12)))
    assert caught.value.found == "12 March 2026"
    with pytest.raises(UnreadableCell):
        day_of(cell(Decimal(45292)), TODAY)


@pytest.mark.parametrize(
    "written",
    ["12 March 2026", "12/3/2026", "12.3.26", "2026-03-12", "Thursday 12 March 2026", "12 March 26", "March 12, 2026"],
)
def test_days_are_read_day_before_month(written):
    assert day_of(cell(written), TODAY) == date(2026, 3, 12)


@pytest.mark.parametrize(
    "written",
    [
        "12 March",
        "soon",
        "March 2026",
        "31/02/2026",
        "12/3/1226",
        "25/11",
        "3/12",
        "1-11",
        "25.11",
        "March 12",
        "yesterday",
        "Friday",
    ],
)
def test_a_day_without_its_year_or_that_is_none_is_refused(written):
    with pytest.raises(UnreadableCell):
        day_of(cell(written), TODAY)


def test_words_of_a_number_are_what_people_see():
    assert text_of(cell(Decimal("5.20"))) == "5.2"
    assert text_of(cell(Decimal(300))) == "300"
    assert text_of(None) == ""


@pytest.mark.parametrize("read", [text_of, number_of, yes_or_no_of, lambda given: day_of(given, TODAY)])
def test_errors_and_formulas_without_a_value_are_unreadable(read):
    with pytest.raises(UnreadableCell) as caught:
        read(cell(None, error="#REF!", notes=(CellNote.ERROR,)))
    assert caught.value.found == "#REF!"
    with pytest.raises(UnreadableCell, match="save it and upload it again"):
        read(cell(None, notes=(CellNote.FORMULA_WITHOUT_VALUE,)))


def test_yes_and_no_are_read_in_words_and_as_values():
    assert [yes_or_no_of(cell(value)) for value in (True, "Yes", "x", False, "no")] == [True, True, True, False, False]
    with pytest.raises(UnreadableCell):
        yes_or_no_of(cell("perhaps"))
