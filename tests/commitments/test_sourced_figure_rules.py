"""How figures with sources and awards are printed, compared and summed."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from commitments.rules import awards
from commitments.rules.sourced_figures import difference, ordinal, say_sourced, say_when
from vcsportal.common.words import Invalid


def told(value, qualifier="", numerator=None, denominator=None):
    parts = {"numerator": numerator, "denominator": denominator}
    return SimpleNamespace(
        value=Decimal(str(value)), qualifier=qualifier, **{k: v and Decimal(v) for k, v in parts.items()}
    )


@pytest.mark.parametrize(
    ("figure", "kind", "unit", "said"),
    [
        (told(80, "over"), "number", "£ million", "over £80 million"),
        (told(500000), "number", "£", "£500,000"),
        (told(10, numerator=10, denominator=151), "rank", "authorities", "10th of 151 authorities"),
        (told("0.2457", numerator=1, denominator=407), "ratio", "areas", "1 of 407 areas (0.2%)"),
        (told(22), "percentage", "residents", "22% of residents"),
        (told("16.4"), "percentage", "", "16.4%"),
        (told(1, "about"), "number", "years", "about 1 year"),
    ],
)
def test_a_figure_is_printed_with_its_unit_and_as_its_source_hedges_it(figure, kind, unit, said):
    assert say_sourced(figure, kind=kind, unit=unit) == said


def test_places_in_an_order_have_their_endings():
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111, 1103)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th", "1,103rd",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "kind", "unit", "by"),
    [
        (told("1.9"), told("2.3", "nearly"), "number", "£ million", "by £0.4 million"),
        (told(22), told("22.04"), "percentage", "people", ""),
        (told(22), told("22.06"), "percentage", "people", "by 0.1 percentage points"),
        (told(10), told(12), "rank", "authorities", "by 2 places"),
        (told(5), told(5, "over"), "number", "groups", "one says “exactly”, the other “over”"),
        (told(5), told(5), "number", "groups", ""),
    ],
)
def test_two_sources_differ_by_what_is_printed(first, second, kind, unit, by):
    assert difference(first, second, kind=kind, unit=unit) == by


def test_the_words_of_a_period_come_before_its_days():
    assert say_when(date(2020, 4, 1), date(2021, 3, 31), "2020/21") == "2020/21"
    assert say_when(date(2019, 6, 30), None, "") == "30 June 2019"
    assert say_when(None, None, "mid-2019") == "mid-2019"


def test_a_financial_year_begins_on_the_first_of_april():
    assert [awards.financial_year(date(2021, *day)) for day in ((3, 31), (4, 1))] == ["2020-21", "2021-22"]
    assert awards.financial_year(date(1999, 4, 1)) == "1999-00"
    assert awards.year_days("2020-21") == (date(2020, 4, 1), date(2021, 3, 31))
    assert awards.year_days("1999-00") == (date(1999, 4, 1), date(2000, 3, 31))
    assert [awards.year_days(wrong) for wrong in ("2020-22", "2020", "x", "9999-00")] == [None] * 4


def award(year, kind, amount, currency="GBP"):
    return SimpleNamespace(award_date=date(year, 5, 1), kind=kind, currency=currency, amount_awarded=Decimal(amount))


def test_sums_never_add_kinds_years_or_currencies_together():
    given = [award(2020, "grant", 10), award(2020, "contract", 90), award(2021, "grant", 5), award(2020, "grant", 7)]
    found = awards.sums([*given, award(2020, "grant", 1, "EUR")])
    assert [(s.year, s.kind, s.currency, s.counted, int(s.amount)) for s in found] == [
        ("2021-22", "grant", "GBP", "1 grant", 5),
        ("2020-21", "grant", "EUR", "1 grant", 1),
        ("2020-21", "grant", "GBP", "2 grants", 17),
        ("2020-21", "contract", "GBP", "1 contract", 90),
    ]


@pytest.mark.parametrize(
    "name",
    ["Mr Smith", "Mrs. A Jones", "an individual", "Individual", "  Dr Who", "Dame Nan", "Professor Amy Smith", "Revd Amy Smith",
     "Reverend A. B. Smith", "Cllr Smith", "Lady Smith", "LORD SMITH", "Individuals", "a private individual", "Mrs Hall", "Mr Tom Church"],
)  # fmt: skip
def test_people_receive_no_award_here(name):
    with pytest.raises(Invalid) as refused:
        awards.check_recipient(name)
    assert refused.value.field == "recipient_name"


@pytest.mark.parametrize(
    "name",
    ["Missing Link", "Mister Maker CIC", "Drum Circle", "Friends of the Hall", "Individuality", "MS Society", "Dr Barnardo’s",
     "Dr Barnardo's", "Sir John Soane’s Museum", "Individual Support Solutions", "Lady Ryder of Warsaw", "Miss Daisy Trust.",
     "Dr Who and the Daleks", "Dr"],
)  # fmt: skip
def test_organisations_whose_names_begin_alike_do(name):
    awards.check_recipient(name)


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "100000000000"])
def test_an_amount_is_more_than_nothing_in_pounds_and_pence(amount):
    with pytest.raises(Invalid):
        awards.check_amount(Decimal(amount))
    assert awards.check_amount(Decimal("0.01")) == Decimal("0.01")
