"""Figures broken down by strand: which may be, what they may hold, and that they are reviewed and changed with the figure."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from commitments.forms.figures import FiguresForm
from commitments.models import DeliveryPartner, HistoryEntry, Indicator, IndicatorValue
from commitments.rules.indicators import IndicatorFigure
from commitments.services.indicators import (
    FigureInput,
    IndicatorDefinition,
    approve_value,
    define_indicator,
    edit_indicator,
    enter_values,
    return_value,
)
from partners.models import Strand
from tests.factories import make_area
from tests.strand_figures import LARGE, NEXT_SMALLEST, SMALL, WHOLE, StrandFigures, counts, make_strand_figures
from vcsportal.common.words import Conflict, Invalid, NotNow

pytestmark = pytest.mark.django_db
ALL = counts(SMALL, NEXT_SMALLEST, *LARGE)


@pytest.fixture
def figures(commitment, officer, now, open_round) -> StrandFigures:
    return make_strand_figures(commitment, officer, now, open_round)


@pytest.fixture
def delivering(commitment, charity) -> None:
    DeliveryPartner.objects.create(commitment=commitment, organisation=charity)


def put(by, now, round_, indicator, number, strands=None, version: int | None = None, **figure: Any):
    given = IndicatorFigure(None if number is None else Decimal(number), **figure)
    entry = FigureInput(indicator, given, strands=strands, version=version)
    return enter_values(by=by, at=now, round_=round_, entries=[entry])


def stored(indicator) -> IndicatorValue:
    found: IndicatorValue = IndicatorValue.objects.get(indicator=indicator)
    return found


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        ({"kind": "ratio"}, "Only numbers of people"),
        ({"kind": "percentage"}, "Only numbers of people"),
        ({"unit": "£"}, "Only numbers of people"),
        ({"unit": "%"}, "Only numbers of people"),
        ({"by_district": True}, "Choose districts or strands, not both"),
    ],
)
def test_only_counts_are_broken_down_and_by_one_dimension(officer, commitment, now, shape, sentence):
    what = IndicatorDefinition("1.1z", "Members", by_strand=True, **shape)
    with pytest.raises(Invalid, match=sentence) as refused:
        define_indicator(by=officer, at=now, of=commitment, what=what)
    assert refused.value.field == "by_strand"


def test_what_the_portal_counts_itself_has_no_strands(officer, commitment, now):
    what = IndicatorDefinition("1.1z", "Signatories", by_strand=True, counts="signatories")
    with pytest.raises(Invalid, match="What the portal counts itself has no strands"):
        define_indicator(by=officer, at=now, of=commitment, what=what)


def test_the_database_refuses_districts_and_strands_together(figures, officer, commitment, now):
    for values in ({"by_district": True}, {"kind": "ratio"}, {"counts": "signatories"}):
        with pytest.raises(IntegrityError, match="strands_of_a_number"), transaction.atomic():
            Indicator.objects.filter(pk=figures.members.pk).update(**values)
    for wrong in ({"area": make_area()}, {"value": None, "absent_reason": "Lost."}, {"numerator": 1, "denominator": 2}):
        with pytest.raises(IntegrityError, match="strands_of_a_whole_count"), transaction.atomic():
            IndicatorValue.objects.filter(pk=figures.value.pk).update(**wrong)


def test_an_indicator_with_figures_by_strand_keeps_them(figures, officer, now):
    what = IndicatorDefinition("S1", "Members of clubs", unit="people")
    with pytest.raises(NotNow, match="S1 has figures by strand, which would be lost"):
        edit_indicator(by=officer, at=now, indicator=figures.members, what=what)
    IndicatorValue.objects.filter(indicator=figures.members).update(by_strand={})
    assert edit_indicator(by=officer, at=now, indicator=figures.members, what=what).by_strand is False


@pytest.mark.parametrize(
    ("number", "strands", "sentence", "field"),
    [
        (40, counts(41), r"more than the figure for everyone \(40\)", "faith"),
        (40, counts(-1), "a whole number of 0 or more", "faith"),
        (40, {"faith": Decimal("1.5")}, "a whole number of 0 or more", "faith"),
        (40, {"wolves": 1}, "“wolves” is not the code of a strand", "strands"),
        (None, counts(1), "Enter the figure for everyone first", "strands"),
    ],
)
def test_a_breakdown_is_of_whole_numbers_none_more_than_the_figure(
    figures, officer, now, open_round, number, strands, sentence, field
):
    reason = "" if number else "Nobody counted."
    with pytest.raises(Invalid, match=sentence) as refused:
        put(officer, now, open_round, figures.members, number, strands, version=1, absent_reason=reason)
    assert refused.value.field == field
    assert stored(figures.members).by_strand == ALL


def test_strands_overlap_so_their_sum_may_be_more_than_the_figure(figures, officer, now, open_round):
    put(officer, now, open_round, figures.members, 40, counts(40, 40, 0), version=1)
    assert stored(figures.members).by_strand == counts(40, 40, 0)


def test_only_an_indicator_that_is_counted_by_strand_takes_a_breakdown(figures, officer, commitment, now, open_round):
    plain = define_indicator(by=officer, at=now, of=commitment, what=IndicatorDefinition("P1", "Rooms", unit="rooms"))
    with pytest.raises(Invalid, match="P1 is not counted by strand"):
        put(officer, now, open_round, plain, 40, counts(5))


def test_a_figure_that_is_changed_alone_keeps_its_breakdown_while_it_fits(figures, officer, now, open_round):
    put(officer, now, open_round, figures.members, WHOLE + 1, version=1)
    assert stored(figures.members).by_strand == ALL
    with pytest.raises(Invalid, match="more than the figure for everyone"):
        put(officer, now, open_round, figures.members, 100, version=2)
    put(officer, now, open_round, figures.members, None, version=2, absent_reason="The list was lost.")
    assert stored(figures.members).by_strand == {}


def test_the_breakdown_alone_is_changed_with_a_version_and_history(figures, officer, now, open_round):
    with pytest.raises(Conflict):
        put(officer, now, open_round, figures.members, WHOLE, counts(7, 8), version=None)
    assert put(officer, now, open_round, figures.members, WHOLE, ALL, version=1) == []
    put(officer, now, open_round, figures.members, WHOLE, counts(7, 8), version=1)
    value = stored(figures.members)
    assert (value.version, value.by_strand, value.earlier_strands) == (2, counts(7, 8), [ALL])
    entry = HistoryEntry.objects.filter(indicator=figures.members).newest_first()[0]
    assert entry.said["was"]["strands"] == ["Faith 3", "Age 4,177", "Women 6,203", "Disability 7,309"]
    assert entry.said["now"]["strands"] == ["Faith 7", "Age 8"]


def test_a_partners_breakdown_counts_once_a_second_person_has_approved_the_figure(
    figures, delivering, officer, partner, now, open_round
):
    IndicatorValue.objects.filter(indicator=figures.members).delete()
    [value] = put(partner, now, open_round, figures.members, 100, counts(3, 20, 60))
    assert (value.state, value.by_strand, value.earlier_strands) == ("proposed", counts(3, 20, 60), [])
    value = return_value(by=officer, at=now, value=value, reason="Count again.")
    [value] = put(partner, now, open_round, figures.members, 100, counts(5, 20, 60), version=value.version)
    assert (value.state, value.earlier_strands) == ("proposed", []), "nobody else has read the first one"
    value = approve_value(by=officer, at=now, value=value)
    assert (value.state, stored(figures.members).by_strand) == ("approved", counts(5, 20, 60))
    value = return_value(by=officer, at=now, value=value, reason="Women were counted twice.")
    assert stored(figures.members).earlier_strands == [counts(5, 20, 60)], "everyone could read this one"


def boxes_of(figures, **written: str) -> dict[str, str]:
    key = figures.members.pk
    names = {"value": f"value_{key}", "version": f"version_{key}"}
    given = {names.get(name, f"strand_{key}_{name}"): text for name, text in written.items()}
    return {f"figures-{name}": text for name, text in given.items()}


def test_the_form_asks_for_each_strand_and_sends_what_was_written(figures, officer, commitment, now, open_round):
    form = FiguresForm(commitment, open_round)
    [box] = [box for box in form.boxes if box.asked.indicator == figures.members]
    assert [field.label for field in box.strands] == ["Faith", "Age", "Women", "Disability"]
    assert box.strands[0].value() == SMALL
    assert box.shows_strands
    sent = boxes_of(figures, value="9,311", version="1", faith="12", age="", women="4,000")
    form = FiguresForm(None, open_round, sent, asked=[box.asked])
    assert form.is_valid(), form.errors
    [entry] = form.entries
    assert (entry.strands, entry.version) == ({"faith": 12, "women": 4000}, 1)
    assert form.rows[0]["value"] == "9,311 people. By strand: Faith 12; Women 4,000"
    assert (f"figures-strand_{figures.members.pk}_women", "4,000") in form.hidden


def test_a_form_without_boxes_for_strands_leaves_the_breakdown_alone(figures, commitment, open_round):
    asked = [
        question for question in FiguresForm(commitment, open_round).asked if question.indicator == figures.members
    ]
    form = FiguresForm(None, open_round, boxes_of(figures, value="9,311", version="1"), asked=asked)
    assert form.is_valid()
    assert form.entries == []
    form = FiguresForm(None, open_round, boxes_of(figures, value="9,312", version="1"), asked=asked)
    assert form.is_valid()
    assert [entry.strands for entry in form.entries] == [None]


@pytest.mark.parametrize(
    ("written", "field", "sentence"),
    [
        ({"value": "100", "faith": "101"}, "strand_{}_faith", "more than the figure for everyone (100)"),
        ({"value": "100", "faith": "2.5"}, "strand_{}_faith", "a whole number of 0 or more"),
        ({"value": "100", "faith": "many"}, "strand_{}_faith", "“many” is not a number"),
        ({"value": "", "faith": "7"}, "value_{}", "Enter the figure for everyone first"),
    ],
)
def test_what_is_wrong_with_a_count_is_said_beside_its_box(figures, commitment, open_round, written, field, sentence):
    asked = [
        question for question in FiguresForm(commitment, open_round).asked if question.indicator == figures.members
    ]
    form = FiguresForm(None, open_round, boxes_of(figures, **written), asked=asked)
    assert not form.is_valid()
    assert sentence in form.errors.as_text()
    assert list(form.errors) == [field.format(figures.members.pk)]


def test_a_strand_that_ended_by_then_is_asked_for_only_where_it_was_counted(figures, commitment, open_round):
    ended = Strand.objects.filter(code__in=["age", "disability"])
    ended.update(made_on=open_round.observes_from, ended_on=open_round.observes_to)
    put_into = IndicatorValue.objects.filter(indicator=figures.members)
    put_into.update(by_strand=counts(SMALL, NEXT_SMALLEST, LARGE[0]))
    [box] = [box for box in FiguresForm(commitment, open_round).boxes if box.asked.indicator == figures.members]
    assert [field.label for field in box.strands] == ["Faith", "Age", "Women"]
