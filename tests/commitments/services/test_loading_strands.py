"""Indicators by strand in a strategy's file: loaded once, corrected with history, and each fault with its line."""

import pytest

from commitments.models import HistoryEntry, Indicator, IndicatorValue
from commitments.rules.indicators import IndicatorFigure
from commitments.services.indicators import FigureInput, enter_values
from commitments.services.loading.strategy import load_strategy
from commitments.strategy_file.strategy import read
from tests.commitments.services.test_indicator_file import FIRST, HEAD
from tests.factories import make_person
from tests.strand_figures import make_strands
from vcsportal.common.data_file import Faulty

GOOD = 'code = "1.1a"\ntitle = "Members"\nunit = "people"\nby_strand = true\n'
ACTUALS = 'actuals = { "2022-23" = { value = 240, note = "From the lists.", strands = { age = 90, faith = 3 } } }\n'


@pytest.mark.parametrize(
    ("fields", "line", "sentence"),
    [
        (GOOD + 'kind = "ratio"', FIRST + 3, "is true. Only numbers of people"),
        (GOOD + "by_district = true", FIRST + 3, "is true. Choose districts or strands, not both"),
        (
            GOOD + 'actuals = { "2022-23" = { value = 9, strands = 3 } }',
            FIRST + 4,
            "2022-23: strands have to be a table",
        ),
        (GOOD + 'actuals = { "2022-23" = { value = 9, strands = { age = 10 } } }', FIRST + 4, "age: This is more than"),
        (GOOD + 'actuals = { "2022-23" = { value = 9, strands = { age = 1.5 } } }', FIRST + 4, "age: By strand, enter"),
        (GOOD + 'actuals = { "2022-23" = { value = 9, strands = { age = "x" } } }', FIRST + 4, "has to be a number"),
        (
            GOOD + 'actuals = { "2022-23" = { absent = "Lost.", strands = { age = 1 } } }',
            FIRST + 4,
            "Enter the figure for everyone first",
        ),
        (
            GOOD + 'targets = { "2022-23" = { value = 9, strands = { age = 1 } } }',
            FIRST + 4,
            "“strands” is not recognised",
        ),
        (
            GOOD.replace("by_strand = true\n", "") + 'actuals = { "2022-23" = { value = 9, strands = { age = 1 } } }',
            FIRST + 3,
            "“strands” is not recognised here",
        ),
    ],
)
def test_every_fault_is_named_with_its_line(fields, line, sentence):
    with pytest.raises(Faulty) as found:
        read(HEAD + fields + "\n")
    [fault] = found.value.faults
    assert sentence in str(fault)
    assert fault.line == line


@pytest.mark.django_db
def test_a_strand_that_the_portal_does_not_know_is_a_fault_with_its_line(now):
    with pytest.raises(Faulty, match="2022-23: “age” is not the code of a strand") as found:
        load_strategy(by=None, at=now, entry=read(HEAD + GOOD + ACTUALS))
    assert found.value.faults[0].line == FIRST + 4
    assert not Indicator.objects.exists()


@pytest.mark.django_db
def test_a_breakdown_is_loaded_once_and_corrected_with_history(now):
    make_strands(now)
    text = HEAD + GOOD + ACTUALS
    load_strategy(by=None, at=now, entry=read(text))
    value = IndicatorValue.objects.get()
    assert (value.by_strand, value.state, value.indicator.by_strand) == ({"age": 90, "faith": 3}, "approved", True)
    assert load_strategy(by=None, at=now, entry=read(text)).changes == []
    left_out = text.replace(", strands = { age = 90, faith = 3 }", "")
    assert load_strategy(by=None, at=now, entry=read(left_out)).changes == [], "what a file leaves out stays"
    changed = load_strategy(by=None, at=now, entry=read(text.replace("faith = 3", "faith = 30"))).changes
    assert changed == ["Amended the figure of 1.1a for 2022-23."]
    value.refresh_from_db()
    assert (value.by_strand, value.earlier_strands) == ({"age": 90, "faith": 30}, [{"age": 90, "faith": 3}])
    said = HistoryEntry.objects.newest_first()[0].said
    assert (said["was"]["strands"], said["now"]["strands"]) == (["Faith 3", "Age 90"], ["Faith 30", "Age 90"])


@pytest.mark.django_db
def test_a_breakdown_that_somebody_entered_is_not_overwritten(now):
    make_strands(now)
    text = HEAD + GOOD + ACTUALS
    strategy = load_strategy(by=None, at=now, entry=read(text)).strategy
    officer = make_person("officer", strategy.owner, name="Olive Officer")
    value = IndicatorValue.objects.select_related("round", "indicator__strategy").get()
    strategy.rounds.update(state="open")
    entry = FigureInput(value.indicator, IndicatorFigure(value.value), note=value.note, version=1, strands={"age": 91})
    enter_values(by=officer, at=now, round_=value.round, entries=[entry])
    with pytest.raises(Faulty, match="Olive Officer has entered a figure in the portal"):
        load_strategy(by=None, at=now, entry=read(text))
