"""Columns for strands in the workbook of figures: only where something is counted by strand, and with numbers for those who may read them."""

from typing import Any

import pytest

from commitments.models import DeliveryPartner, IndicatorValue
from commitments.services.indicators import IndicatorDefinition, define_indicator
from commitments.workbooks.figures import FIGURES
from tests.commitments.workbooks.filled import downloaded, filled, looked_through, outcomes, saved, scope_of
from tests.strand_figures import LARGE, NEXT_SMALLEST, SMALL, WHOLE, StrandFigures, counts, make_strand_figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures(commitment, officer, now, open_round) -> StrandFigures:
    define_indicator(by=officer, at=now, of=commitment, what=IndicatorDefinition("R1", "Rooms", unit="rooms"))
    return make_strand_figures(commitment, officer, now, open_round)


def texts_of(scope, code):
    [thing] = [thing for thing in FIGURES.things(scope) if thing.key == code]
    return {name: text for name, text in thing.values.items() if name.startswith("strand_")}


def test_a_breakdown_comes_home_as_it_was_changed(officer, figures, open_round):
    scope = scope_of(officer, open_round.strategy, open_round)
    data = downloaded(scope, FIGURES)
    assert outcomes(looked_through(scope, data)[1]) == {}, "what was not changed changes nothing"
    rows = {"S1": {"By strand: Faith": 12, "By strand: Women": None}}
    upload, shown = looked_through(scope, filled(data, "Figures", rows))
    assert saved(scope, upload, shown).count == 1
    value = IndicatorValue.objects.get(indicator=figures.members)
    assert value.by_strand == {"faith": 12, "age": NEXT_SMALLEST, "disability": LARGE[1]}
    assert value.value == WHOLE
    assert value.earlier_strands == [counts(SMALL, NEXT_SMALLEST, *LARGE)]


def test_a_figure_alone_is_changed_and_a_strand_without_a_column_stays(officer, figures, open_round):
    scope = scope_of(officer, open_round.strategy, open_round)
    figures.strands[1].ended_on = open_round.observes_to
    figures.strands[1].made_on = open_round.observes_from
    figures.strands[1].save()
    data = downloaded(scope, FIGURES)
    assert list(texts_of(scope, "S1")) == ["strand_faith", "strand_women", "strand_disability"]
    upload, shown = looked_through(scope, filled(data, "Figures", {"S1": {"Figure": 9400}}))
    assert saved(scope, upload, shown).count == 1
    value = IndicatorValue.objects.get(indicator=figures.members)
    assert value.value == 9400
    assert value.by_strand == counts(SMALL, NEXT_SMALLEST, *LARGE)


def test_what_is_wrong_with_a_count_is_said_with_its_cell(officer, figures, open_round):
    scope = scope_of(officer, open_round.strategy, open_round)
    rows: dict[str, dict[str, Any]] = {
        "S1": {"By strand: Faith": 9312},
        "S2": {"By strand: Age": 1.5},
        "R1": {"Figure": 4, "By strand: Women": 2},
    }
    _upload, shown = looked_through(scope, filled(downloaded(scope, FIGURES), "Figures", rows))
    said = {row.thing.key: row.faults[0] for row in shown.rows if row.faults and row.thing}
    assert said["S1"].instead == "This is more than the figure for everyone (9,311)."
    assert said["S2"].instead == "By strand, enter a whole number of 0 or more."
    assert said["R1"].instead == "This is not counted by strand. Leave it empty here."
    assert {fault.place[:9] for fault in said.values()} == {"Figures!K", "Figures!L", "Figures!M"}


def test_a_partner_reads_no_counts_of_a_figure_that_is_the_councils(partner, charity, commitment, figures, open_round):
    DeliveryPartner.objects.create(commitment=commitment, organisation=charity)
    scope = scope_of(partner, open_round.strategy, open_round)
    assert set(texts_of(scope, "S1").values()) == {""}
    IndicatorValue.objects.filter(indicator=figures.members).update(state="returned", organisation=charity)
    assert texts_of(scope, "S1")["strand_faith"] == str(SMALL)


def test_without_anything_counted_by_strand_there_are_no_columns(officer, commitment, open_round, now):
    define_indicator(by=officer, at=now, of=commitment, what=IndicatorDefinition("R1", "Rooms", unit="rooms"))
    scope = scope_of(officer, open_round.strategy, open_round)
    assert not [column for column in FIGURES.columns(scope) if column.name.startswith("strand_")]
