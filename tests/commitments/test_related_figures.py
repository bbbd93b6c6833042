"""Breakdowns that would give a small number away together are shown to nobody but the people who keep them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from commitments.content.sourced_figures import SourcedFigureContent, SourcedValueContent
from commitments.reading.sourced_figures import figure_cards
from commitments.rules.small_numbers import EXPLAINED_WITH_WHOLE, KEPT_BACK, WITHHELD
from commitments.services.sourced_figures import add_figure
from commitments.services.sourced_values import add_sourced_values, correct_sourced_value, take_back_value
from partners.services.sources import SourceContent, add_source
from partners.services.strands import StrandContent, add_strand

pytestmark = pytest.mark.django_db


@pytest.fixture
def strands(now):
    return [add_strand(by=None, at=now, content=StrandContent(words)) for words in ("Faith", "Age", "Women")]


@pytest.fixture
def source(now):
    return add_source(by=None, at=now, content=SourceContent("Register", period="2021"))


@pytest.fixture
def figure(officer, strategy, now):
    content = SourcedFigureContent("take_up", "Volunteers", unit="people")
    return add_figure(by=officer, at=now, strategy=strategy, content=content)


@pytest.fixture
def part(officer, strategy, now, figure):
    def part(title):
        content = SourcedFigureContent("take_up", title, unit="people", part_of=figure)
        return add_figure(by=officer, at=now, strategy=strategy, content=content)

    return part


@pytest.fixture
def enter(officer, now, strands, source):
    """Enter counts of Faith, Age and Women together, some minutes after ``now``; None enters nothing of a strand."""

    def enter(figure, *counts, minutes=0, **given):
        told = [
            SourcedValueContent(Decimal(count), strand=strand, **{"period": "2020/21", "source": source, **given})
            for count, strand in zip(counts, strands, strict=False)
            if count is not None
        ]
        return add_sourced_values(by=officer, at=now + timedelta(minutes=minutes), figure=figure, contents=told)

    return enter


def breakdown(figure, person=None):
    """The newest breakdown of a figure, as its own page shows it to a person."""
    found = figure_cards([figure], person)[0].by_strand
    assert found is not None
    return found


def read(figure, person=None):
    """What a person reads of each strand; None where the breakdown is not shown."""
    return [line.said.removesuffix(" people") for line in breakdown(figure, person).lines] or None


def test_a_breakdown_that_is_entered_at_once_hides_its_small_numbers(figure, enter):
    enter(figure, 3, 9, 30)
    assert read(figure) == ["fewer than 5", "not shown", "30"]


def test_small_numbers_that_are_entered_in_steps_are_withheld_as_the_steps_would_tell_them(figure, enter, officer):
    enter(figure, None, 9)
    assert read(figure) == ["9"]
    enter(figure, 3, None, 30, minutes=1)
    assert read(figure) is None
    assert read(figure, officer) == ["3", "9", "30"]
    assert (breakdown(figure, officer).says, breakdown(figure).says) == (KEPT_BACK, WITHHELD)


def test_large_numbers_are_shown_however_they_are_entered(figure, enter):
    enter(figure, None, 9)
    enter(figure, 8, minutes=1)
    enter(figure, None, None, 30, minutes=2)
    assert read(figure) == ["8", "9", "30"]


def test_a_correction_of_a_number_withholds_what_it_would_tell_and_one_of_a_note_does_not(
    figure, enter, officer, now, source
):
    faith, _age, _women = enter(figure, 3, 9, 30)
    content = SourcedValueContent(Decimal(3), strand=faith.strand, period="2020/21", source=source, note="In May.")
    later = now + timedelta(minutes=1)
    noted = correct_sourced_value(by=officer, at=later, value=faith, content=content, reason="A note.")
    assert read(figure) == ["fewer than 5", "not shown", "30"]
    raised = replace(content, value=Decimal(8))
    correct_sourced_value(by=officer, at=later + timedelta(minutes=1), value=noted, content=raised, reason="Wrong.")
    assert read(figure) is None, "the 9 that was hidden with the 3 would be read"


def test_a_row_that_moves_to_another_period_takes_its_past_with_it(figure, enter, officer, now, source):
    faith, age, _women = enter(figure, 3, 9, 30)
    content = SourcedValueContent(Decimal(3), strand=faith.strand, period="1 April 2021", source=source)
    correct_sourced_value(by=officer, at=now + timedelta(minutes=1), value=faith, content=content, reason="A slip.")
    take_back_value(by=officer, at=now + timedelta(minutes=2), value=age, reason="Twice.")
    assert read(figure) is None


def test_a_new_year_is_judged_by_itself(figure, enter, officer):
    enter(figure, 3, 9, 30)
    enter(figure, 8, 9, 30, minutes=1, period="2021/22")
    assert read(figure) == ["8", "9", "30"]
    [card] = figure_cards([figure], officer)
    assert [[line.count for line in breakdown.lines] for breakdown in card.earlier_by_strand] == [[3, 9, 30]]
    assert figure_cards([figure])[0].earlier_by_strand == ()


def test_a_figure_and_its_parts_are_not_shown_where_they_give_a_number_away(figure, part, enter, officer):
    parts = part("In shops"), part("In clubs")
    family = (figure, *parts)
    for counted, counts in zip(family, ((25, 40), (22, 30), (3, 10)), strict=True):
        enter(counted, *counts)
    assert [read(each) for each in family] == [None, None, None]
    assert [card.by_strand.lines for card in figure_cards(family) if card.by_strand] == [(), (), ()]
    assert [read(each, officer) for each in family] == [["25", "40"], ["22", "30"], ["3", "10"]]


def test_a_figure_and_its_parts_are_shown_where_nothing_follows(figure, part, enter):
    shops = part("In shops")
    enter(figure, 40, 50)
    enter(shops, 22, 30)
    assert (read(figure), read(shops)) == (["40", "50"], ["22", "30"])


def test_parts_without_a_breakdown_of_the_whole_are_judged_by_themselves(part, enter):
    shops, clubs = part("In shops"), part("In clubs")
    enter(shops, 22, 30)
    enter(clubs, 3, 10, 40)
    assert (read(shops), read(clubs)) == (["22", "30"], ["fewer than 5", "not shown", "40"])


@pytest.mark.parametrize(("period", "withheld"), [("the year to March 2021", True), ("a year", True), ("2015", False)])
def test_a_whole_of_another_year_gives_nothing_away(figure, part, enter, period, withheld):
    shops = part("In shops")
    enter(figure, 25, 40, period=period)
    enter(shops, 22, 30)
    assert (read(figure) is None) is withheld


def test_a_whole_that_was_corrected_still_counts(figure, part, enter, officer, now, source):
    shops = part("In shops")
    whole, _age = enter(figure, 25, 40)
    content = SourcedValueContent(Decimal(60), strand=whole.strand, period="2020/21", source=source)
    correct_sourced_value(by=officer, at=now + timedelta(minutes=1), value=whole, content=content, reason="A slip.")
    enter(shops, 22, 30, minutes=2)
    assert read(shops) is None, "25 was read before, and 22 of them would be known"


def test_what_has_no_source_withholds_nothing(figure, part, enter):
    shops = part("In shops")
    enter(figure, 40, 50)
    enter(shops, 3, 10, source=None)
    assert read(figure) == ["40", "50"]


@pytest.fixture
def whole(officer, now, source):
    """Enter the whole of a figure for the period of its breakdown, or for another."""

    def whole(figure, number, **given):
        content = SourcedValueContent(Decimal(number), **{"period": "2020/21", "source": source, **given})
        add_sourced_values(by=officer, at=now + timedelta(hours=1), figure=figure, contents=[content])

    return whole


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (39, ["39", "20", "10"]),
        (40, ["more than 35", "20", "not shown"]),
        (43, ["more than 38", "20", "not shown"]),
        (44, ["39", "20", "10"]),
    ],
)
def test_a_strand_that_leaves_few_of_the_whole_is_hidden(figure, enter, whole, officer, number, said):
    enter(figure, 39, 20, 10)
    whole(figure, number)
    assert read(figure) == said
    assert read(figure, officer) == ["39", "20", "10"]
    assert breakdown(figure).says == (EXPLAINED_WITH_WHOLE if "not shown" in said else "")


def test_only_a_whole_of_the_same_period_that_everyone_can_read_counts(figure, enter, whole):
    enter(figure, 39, 20, 10)
    whole(figure, 40, period="2019/20")
    whole(figure, 40, source=None)
    assert read(figure) == ["39", "20", "10"]


def test_two_wholes_of_one_period_show_nothing_of_what_almost_reaches_one(figure, enter, whole):
    enter(figure, 39, 20, 10)
    whole(figure, 60)
    assert read(figure) == ["39", "20", "10"]
    whole(figure, 40)
    assert read(figure) is None
    assert breakdown(figure).says == WITHHELD


def test_a_breakdown_that_hides_for_its_whole_is_withheld_with_its_parts(figure, part, enter, whole, officer):
    young = part("Young volunteers")
    enter(figure, 60, 40, 30)
    enter(young, 39, 20, 10)
    assert (read(figure), read(young)) == (["60", "40", "30"], ["39", "20", "10"])
    whole(young, 41)
    assert (read(figure), read(young)) == (None, None)
    assert breakdown(young, officer).says == KEPT_BACK
