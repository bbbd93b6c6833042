"""Which values of a figure its card shows, in what order, and what may stand next to what."""

from datetime import date
from decimal import Decimal

import pytest

from commitments.content.sourced_figures import SourcedFigureContent, SourcedValueContent
from commitments.models import SourcedValue
from commitments.reading.sourced_figures import figure_cards
from commitments.rules.sourced_figures import last_day
from commitments.services.sourced_figures import add_figure
from commitments.services.sourced_values import add_sourced_value, correct_sourced_value
from partners.services.sources import SourceContent, add_source
from partners.services.strands import StrandContent, add_strand
from vcsportal.common.words import Invalid

pytestmark = pytest.mark.django_db
YEAR_2015 = {"starts_on": date(2015, 1, 1), "ends_on": date(2015, 12, 31)}
DAY_IN_2024 = {"starts_on": date(2024, 3, 1)}
"""Days of two values; the second is later, and has no last day of its own."""


@pytest.fixture
def figure(officer, strategy, now):
    content = SourcedFigureContent("take_up", "Members", unit="people")
    return add_figure(by=officer, at=now, strategy=strategy, content=content)


@pytest.fixture
def faith(now):
    return add_strand(by=None, at=now, content=StrandContent("Faith"))


@pytest.fixture
def source(now):
    return add_source(by=None, at=now, content=SourceContent("Register", period="2021"))


@pytest.fixture
def add(officer, now, figure, source):
    def add(number, *, beside=None, **given):
        given = {"period": "" if "starts_on" in given else "2020/21", "source": source, **given}
        content = SourcedValueContent(Decimal(number), **given)
        return add_sourced_value(by=officer, at=now, figure=figure, content=content, beside=beside)

    return add


def card_of(figure, person=None):
    return figure_cards([figure], person)[0]


def test_the_newest_value_leads_whether_it_is_of_a_period_or_of_a_day(add, figure):
    add(40, **YEAR_2015)
    add(55, **DAY_IN_2024)
    card = card_of(figure)
    assert card.lead.said == "55 people"
    assert [line.said for line in card.earlier] == ["40 people"]


def test_the_newest_value_of_an_area_is_shown_and_the_earlier_one_is_not_lost(add, figure, area):
    add(40, area=area, **YEAR_2015)
    add(55, area=area, **DAY_IN_2024)
    card = card_of(figure)
    assert [line.said for line in card.by_area] == ["55 people"]
    assert [(line.place, line.said) for line in card.earlier] == [(area.name, "40 people")]


def test_the_newest_breakdown_is_shown(add, figure, faith):
    add(40, strand=faith, **YEAR_2015)
    add(55, strand=faith, **DAY_IN_2024)
    assert [line.count for line in card_of(figure).by_strand.lines] == [55]


@pytest.mark.parametrize(
    ("periods", "newest_first"),
    [
        (["2020/21", "2021/22"], ["2021/22", "2020/21"]),
        (["2021/22", "2020/21"], ["2021/22", "2020/21"]),
        (["after a year", "the first year"], ["the first year", "after a year"]),
        (["mid-2019", "as published"], ["mid-2019", "as published"]),
    ],
)
def test_periods_in_words_are_in_the_order_of_their_years_or_else_the_last_entered_comes_first(
    add, figure, periods, newest_first
):
    for period in periods:
        add(40, period=period)
    card = card_of(figure)
    assert [line.when for line in (card.lead, *card.earlier)] == newest_first


def test_of_two_sources_for_the_same_period_the_first_entered_leads(add, figure):
    add(40)
    add(50)
    assert card_of(figure).lead.said == "40 people"


def test_a_correction_keeps_the_place_of_what_it_corrects(add, figure, officer, now, source):
    old = add(40, period="the first year")
    add(55, period="the second year")
    content = SourcedValueContent(Decimal(41), period="the very first year", source=source)
    correct_sourced_value(by=officer, at=now, value=old, content=content, reason="A digit was wrong.")
    assert card_of(figure).lead.said == "55 people"


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ((date(2024, 3, 1), None, "spring"), date(2024, 3, 1)),
        ((date(2024, 3, 1), date(2024, 4, 1), ""), date(2024, 4, 1)),
        ((None, None, "2020/21 financial year"), date(2021, 3, 31)),
        ((None, None, "1999–2000"), date(2000, 3, 31)),
        ((None, None, "2008-11"), date(2011, 12, 31)),
        ((None, None, "2011 Census, as published in 2013"), date(2013, 12, 31)),
        ((None, None, "mid-2019"), date(2019, 12, 31)),
        ((None, None, "151 of 12345"), None),
        ((None, None, "1999/98"), date(1999, 12, 31)),
    ],
)
def test_the_last_day_is_a_date_or_follows_from_the_year_in_the_words(days, found):
    assert last_day(*days) == found


def test_a_correction_is_of_the_same_area_or_strand(add, figure, officer, now, area, faith, source):
    whole, by_strand, by_area = add(40), add(3, strand=faith), add(20, area=area)
    for value, about, field in (
        (whole, {"strand": faith}, "strand"),
        (whole, {"area": area}, "area"),
        (by_strand, {}, "strand"),
        (by_area, {}, "area"),
    ):
        content = SourcedValueContent(Decimal(3), period="2020/21", source=source, **about)
        with pytest.raises(Invalid) as refused:
            correct_sourced_value(by=officer, at=now, value=value, content=content, reason="Wrong.")
        assert refused.value.field == field
    assert SourcedValue.objects.current().count() == 3


def test_a_count_by_strand_never_stands_beside_another(add, faith):
    first = add(30, strand=faith)
    with pytest.raises(Invalid) as refused:
        add(20, strand=faith, beside=first)
    assert refused.value.field == "beside"


def test_what_was_stored_beside_something_else_is_not_printed_as_another_source(add, figure, now, faith, area, source):
    first = add(40)
    for about in ({"strand": faith}, {"area": area}):
        SourcedValue.objects.create(
            figure=figure, value=3, period="2020/21", source=source, beside=first, entered_at=now, **about
        )
    card = card_of(figure)
    assert card.lead.others == ()
    assert [line.said for line in card.by_area] == ["3 people"]
    assert card.by_strand.lines == (), "one small number alone is not shown"
