"""Indicators of a strategy's file: every fault with its line, loaded once, and an old plan's target tables read rightly."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from commitments.models import HistoryEntry, Indicator, IndicatorTarget, IndicatorValue, Round
from commitments.reading.indicators import panels
from commitments.rules.indicators import IndicatorFigure
from commitments.services.indicators import (
    FigureInput,
    IndicatorDefinition,
    TargetInput,
    edit_indicator,
    enter_values,
    set_targets,
)
from commitments.services.loading.strategy import load_strategy
from commitments.strategy_file.strategy import read
from partners.area_file import read as read_areas
from partners.services.areas import load_areas
from tests.factories import make_area, make_person
from vcsportal.common.data_file import Faulty

PLAN = settings.BASE_DIR / "commitments" / "strategies" / "infrastructure-plan-2008-11.toml"
AREAS: Path = settings.BASE_DIR / "partners" / "areas" / "oxfordshire.toml"
YEARS = ("2008-09", "2009-10", "2010-11")
DONE = 3

# Written down from the plan's own tables, by hand, and not from the file that is loaded. None: no number stands there.
COUNTED = {
    # Project 1, general volunteer brokerage services
    "1.1a": (900, 900, 900),
    "1.1b": (650, 650, 650),
    "1.1c": (150, 150, 150),
    "1.1d": (150, 150, 150),
    "1.1g": (1, 1, 1),
    "1.1h": (6, 6, 6),
    # Project 1, V project for young people
    "1.2a": (1000, 1300, 1500),
    "1.2b": (750, 1250, 1200),
    "1.2c": (25, 55, 100),
    "1.2d": (1775, 2650, 2800),
    "1.2e": (875, 1550, 1075),
    "1.2f": (400, 650, 450),
    "1.2g": (1275, 2200, 1525),
    # Project 2
    "2.1a": (9, None, None),
    "2.2a": (100, 100, 100),
    "2.3a": (25, 25, 25),
    "2.4a": (300, 300, 300),
    "2.4b": (6, 6, 6),
    # Project 3, OCVA
    "3.1a": (60, 60, 60),
    "3.1b": (None, None, None),
    "3.1c": (2, 3, None),
    "3.1e": (None, 10, 10),
    "3.1f": (6, 6, 6),
    "3.1g": (5, 5, 5),
    "3.1h": (10, 10, 10),
    "3.1i": (2000, 2000, 2000),
    "3.1j": (2000, 2000, 2000),
    "3.1k": (5, 5, 5),
    # Project 3, ORCC
    "3.2a": (12, None, None),
    "3.2b": (12, None, None),
    "3.2c": (400, None, None),
    "3.2d": (None, None, None),
    # Project 4
    "4.1a": (45, None, None),
    "4.1b": (30, None, None),
    "4.1c": (6, None, None),
    "4.1d": (8, None, None),
    "4.1e": (6, None, None),
    # Project 5
    "5.2b": (None, 50, 100),
    "5.3b": (15, 30, 50),
    "5.4a": (None, 2, 3),
    "5.4b": (None, None, 5),
    # Project 6
    "6.2b": (None, 50, 50),
    "6.3a": (None, 1, None),
    "6.3b": (None, 2, None),
    # Project 7
    "7b": (1, 1, 1),
    "7c": (None, 1, 1),
    "7.1a": (5, 5, 5),
    "7.1b": (None, None, 40),
    "7.1c": (1, 1, 1),
    "7.1d": (None, None, 50),
    "7.2a": (50, None, None),
    "7.2b": (1, 2, None),
    "7.2d": (None, 1, 1),
    "7.3a": (50, 50, 50),
    "7.4a": (1, 1, 1),
}
TO_BE_DONE = {
    "1.1e": "2008-09",
    "1.1f": "2009-10",
    "2a": "2008-09",
    "2.1b": "2008-09",
    "2.1c": "2009-10",
    "2.1d": "2009-10",
    "2.3b": "2008-09",
    "3.1d": "2010-11",
    "3.1l": "2008-09 2009-10 2010-11",
    "5.1a": "2008-09",
    "5.1b": "2009-10",
    "5.2a": "2008-09",
    "5.2c": "2009-10",
    "5.3a": "2008-09",
    "6.1a": "2008-09",
    "6.1b": "2008-09",
    "6.2a": "2008-09",
    "6.3c": "2010-11",
    "7a": "2008-09 2009-10 2010-11",
    "7d": "2008-09 2009-10 2010-11",
    "7.1e": "2010-11",
    "7.2c": "2008-09",
    "7.2e": "2008-09",
    "7.2f": "2009-10",
}
ADDS_UP = {
    *("1.1a", "1.1b", "1.1c", "1.1d", "1.1h", "1.2a", "1.2b", "1.2c", "1.2d", "1.2e", "2.2a", "2.3a"),
    *("3.1a", "3.1c", "3.1e", "3.1f", "3.1h", "3.2a", "3.2b", "4.1a", "4.1b", "4.1c", "4.1d", "4.1e"),
    *("5.3b", "5.4b", "6.2b", "6.3a", "6.3b", "7.2b", "7.3a"),
}


@pytest.fixture
def plan(now, db):
    load_areas(by=None, at=now, entries=read_areas(AREAS.read_text(encoding="utf-8")))
    return load_strategy(by=None, at=now, entry=read(PLAN.read_text(encoding="utf-8"))).strategy


def test_every_number_of_the_plans_tables_is_there_and_no_other(plan):
    held: dict[str, dict[str, Decimal | None]] = {}
    for one in IndicatorTarget.objects.filter(indicator__strategy=plan, area=None).select_related("indicator", "round"):
        held.setdefault(one.indicator.code, {})[one.round.slug] = one.value
        assert one.value is not None or one.note, f"{one} is absent without a reason"
    wanted = {code: dict(zip(YEARS, numbers, strict=True)) for code, numbers in COUNTED.items()}
    for code, years in TO_BE_DONE.items():
        wanted[code] = {year: DONE if year in years else None for year in YEARS}
    assert held == wanted
    print(f"looked at {sum(len(years) for years in held.values())} places of the tables")


def test_districts_have_the_numbers_that_the_plan_gives_them(plan):
    found = IndicatorTarget.objects.filter(indicator__strategy=plan, area__isnull=False).order_by("id")
    held = {(one.indicator.code, one.area.name, one.round.slug): one.value for one in found if one.area}
    wanted = {}
    for year in YEARS:
        wanted["2.2a", "Oxford", year] = 50
        wanted["3.1b", "Vale of White Horse", year] = 3
        wanted["3.1b", "South Oxfordshire", year] = 1
    assert held == wanted


def test_incremental_counts_add_up_over_the_three_years(plan):
    assert set(Indicator.objects.filter(counting="cumulative").values_list("code", flat=True)) == ADDS_UP
    found = {told.code: told for told in panels(slug=plan.slug, commitment=plan.commitments.get(reference="5.3"))}
    assert [cell.target for cell in found["5.3b"].cells] == [15, 45, 95]


def test_text_in_the_tables_is_a_reason_and_never_a_number(plan):
    [note] = IndicatorTarget.objects.filter(indicator__code="4.1a", round__slug="2009-10").values_list(
        "note", flat=True
    )
    assert note == "“See above – this is a rolling programme of parish plan promotion and support.”"
    assert not IndicatorTarget.objects.filter(value=0).exists()


def test_a_slip_in_the_plans_own_sum_is_kept_and_said(plan):
    one = IndicatorTarget.objects.get(indicator__code="1.2d", round__slug="2009-10")
    parts = IndicatorTarget.objects.filter(indicator__code__in=["1.2a", "1.2b", "1.2c"], round__slug="2009-10")
    assert (one.value, sum(part.value or 0 for part in parts)) == (Decimal(2650), Decimal(2605))
    assert "2,605" in one.note


def test_rounds_of_long_ago_ask_nothing_of_anybody(plan):
    assert set(Round.objects.filter(strategy=plan).values_list("state", flat=True)) == {"planned"}
    assert not plan.opens_first


def test_the_plan_is_loaded_once_and_a_dry_run_keeps_nothing(plan, now):
    entry = read(PLAN.read_text(encoding="utf-8"))
    before = HistoryEntry.objects.count()
    assert load_strategy(by=None, at=now, entry=entry).changes == []
    assert HistoryEntry.objects.count() == before
    text = PLAN.read_text(encoding="utf-8").replace('"2010-11" = 2800', '"2010-11" = 2900')
    dry = load_strategy(by=None, at=now, entry=read(text), dry_run=True)
    assert dry.changes == ["Amended the target of 1.2d for 2010-11."]
    assert IndicatorTarget.objects.get(indicator__code="1.2d", round__slug="2010-11").value == 2800


HEAD = """\
[strategy]
slug = "small"
title = "A small strategy"
vision = "A strong sector."
source = "Made for a test."
starts_on = 2022-04-01
ends_on = 2027-03-31
[strategy.owner]
slug = "little-council"
name = "Little Council"
kind = "public_body"
[[round]]
slug = "2022-23"
observes_from = 2022-04-01
observes_to = 2023-03-31
opens_on = 2023-04-01
closes_on = 2023-05-31
[[priority]]
number = 1
title = "Working together"
[[priority.commitment]]
reference = "1.1"
wording = "Meet every month."
short_title = "Meet"
ongoing = true
[[priority.commitment.indicator]]
"""
FIRST = HEAD.count("\n") + 1
"""The line on which the fields of the indicator begin."""
GOOD = 'code = "1.1a"\ntitle = "Meetings"\nunit = "meetings"\n'


@pytest.mark.parametrize(
    ("fields", "line", "sentence"),
    [
        ('title = "Meetings"', FIRST - 1, "code: is missing."),
        ('code = "1 a"\ntitle = "Meetings"', FIRST, "“1 a” should be letters, digits, dots and hyphens"),
        (
            GOOD + 'targets = { "2022-23" = "ongoing" }',
            FIRST + 3,
            "2022-23: has to be a number without quotation marks",
        ),
        (GOOD + 'targets = { "2022-23" = true }', FIRST + 3, "2022-23: has to be a number"),
        (GOOD + "targets = 12", FIRST + 3, "should be a table such as { name = 1 }, but is a number."),
        (GOOD + 'targets = { "2022-23" = { valu = 1 } }', FIRST + 3, "“valu” is not recognised here."),
        (GOOD + 'targets = { "2022-23" = { value = 1, absent = "no" } }', FIRST + 3, "not both"),
        (GOOD + 'targets = { "2022-23" = { absent = "" } }', FIRST + 3, "Give a number, or say why there is none."),
        (GOOD + 'targets = { "2022-23" = 1.23456 }', FIRST + 3, "more than four decimal places"),
        (GOOD + 'targets = { "2022-23" = inf }', FIRST + 3, "has to be a number"),
        (GOOD + 'kind = "per cent"', FIRST + 3, "“per cent” is not one of: number, ratio, percentage, scale."),
        (GOOD + 'kind = "scale"', FIRST - 1, "scale: A scale needs two steps or more"),
        (GOOD + 'scale = ["One", "Two"]', FIRST + 3, "is given, and the kind is not “scale”."),
        (
            GOOD + 'kind = "scale"\nscale = ["No", "Yes"]\ntargets = { "2022-23" = 3 }',
            FIRST + 5,
            "Choose one of the steps",
        ),
        (GOOD + 'kind = "scale"\nscale = ["No", 2]', FIRST + 4, "should be a list of texts"),
        (
            GOOD + 'kind = "ratio"\nactuals = { "2022-23" = 12 }',
            FIRST + 4,
            "If only the percentage was published, set kind = “percentage”",
        ),
        (
            GOOD + 'kind = "percentage"\ncounting = "cumulative"',
            FIRST + 4,
            "a percentage or a step is counted separately",
        ),
        (
            GOOD.replace("meetings", "%") + 'counting = "cumulative"',
            FIRST + 3,
            "Only numbers can add up from round to round.",
        ),
        (
            GOOD + 'kind = "percentage"\nactuals = { "2022-23" = { numerator = 1, denominator = 2 } }',
            FIRST + 4,
            "“denominator” is not recognised here",
        ),
        (GOOD + 'kind = "ratio"\ntargets = { "2022-23" = 120 }', FIRST + 4, "in per cent, from 0 to 100"),
        (
            GOOD + 'kind = "ratio"\nactuals = { "2022-23" = { numerator = 12, denominator = 0 } }',
            FIRST + 4,
            "The whole has to be more than 0.",
        ),
        (GOOD + 'kind = "ratio"\ncounting = "cumulative"', FIRST + 4, "Only numbers can add up from round to round."),
        (GOOD + 'district_targets = { "2022-23" = { E07000178 = 3 } }', FIRST + 3, "by_district is not true"),
        (
            GOOD + 'by_district = true\ndistrict_targets = { "2022-23" = 3 }',
            FIRST + 4,
            "should be a table of districts",
        ),
        (GOOD + 'baseline = "some"', FIRST + 3, "should be a number without quotation marks, but is a text."),
        (GOOD + "colour = 3", FIRST + 3, "colour: is not recognised here."),
        (
            GOOD + '[[priority.commitment.indicator]]\ncode = "1.1a"\ntitle = "Again"',
            FIRST + 4,
            "“1.1a” is used twice.",
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
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ('targets = { "2031-32" = 3 }', "“2031-32” is not a round of this strategy."),
        (
            'by_district = true\ndistrict_targets = { "2022-23" = { X1 = 3 } }',
            "“X1” is not an area that the portal knows.",
        ),
    ],
)
def test_what_only_the_portal_knows_is_a_fault_with_its_line_too(fields, sentence, now):
    with pytest.raises(Faulty, match=sentence) as found:
        load_strategy(by=None, at=now, entry=read(HEAD + GOOD + fields + "\n"))
    assert found.value.faults[0].line >= FIRST + 3
    assert not Indicator.objects.exists()


@pytest.mark.django_db
def test_figures_shares_and_districts_are_loaded(now):
    make_area("Oxford", "E07000178")
    fields = (
        'code = "1.1a"\ntitle = "Halls"\nkind = "ratio"\nby_district = true\ntargets = { "2022-23" = 50 }\n'
        'actuals = { "2022-23" = { numerator = 12, denominator = 48, note = "Counted in March" } }\n'
        'district_actuals = { "2022-23" = { E07000178 = { absent = "Nobody counted." } } }\n'
        '[[priority.indicator]]\ncode = "P1"\ntitle = "Groups"\nbaseline = 12.5\n'
    )
    strategy = load_strategy(by=None, at=now, entry=read(HEAD + fields)).strategy
    whole, district = IndicatorValue.objects.order_by("id")
    assert (whole.value, whole.numerator, whole.denominator, whole.note) == (
        Decimal(25),
        Decimal(12),
        Decimal(48),
        "Counted in March",
    )
    assert (district.value, district.absent_reason) == (None, "Nobody counted.")
    assert strategy.priorities.get().indicators.get().baseline == Decimal("12.5")


@pytest.mark.django_db
def test_a_changed_file_keeps_what_was_before_in_the_history(now):
    load_strategy(by=None, at=now, entry=read(HEAD + GOOD + 'actuals = { "2022-23" = 3 }\n'))
    text = HEAD + GOOD.replace('"Meetings"', '"Meetings held"') + 'actuals = { "2022-23" = 4 }\n'
    changes = load_strategy(by=None, at=now, entry=read(text)).changes
    assert changes == ["Amended indicator 1.1a: title.", "Amended the figure of 1.1a for 2022-23."]
    said = HistoryEntry.objects.get(act="figure").said
    assert (said["was"]["value"], said["now"]["value"]) == ("3", "4")


@pytest.mark.django_db
def test_what_people_did_in_the_portal_is_never_lost(now, db):
    entry = read(HEAD + GOOD + 'targets = { "2022-23" = 3 }\n')
    strategy = load_strategy(by=None, at=now, entry=entry).strategy
    officer = make_person("officer", strategy.owner, name="Olive Officer")
    round_, indicator = strategy.rounds.get(), strategy.indicators.get()
    enter_values(by=officer, at=now, round_=round_, entries=[FigureInput(indicator, IndicatorFigure(Decimal(9)))])
    set_targets(by=officer, at=now, indicator=indicator, round_=round_, aims=[TargetInput(Decimal(5))])
    text = HEAD + GOOD + 'targets = { "2022-23" = 6 }\nactuals = { "2022-23" = 8 }\n'
    with pytest.raises(Faulty) as found:
        load_strategy(by=None, at=now, entry=read(text))
    sentences = str(found.value)
    assert "Olive Officer has entered a figure in the portal (9 meetings)" in sentences
    assert "Olive Officer has changed this target" in sentences
    with pytest.raises(Faulty, match="another unit would give them another meaning"):
        load_strategy(by=None, at=now, entry=read(HEAD + GOOD.replace("meetings", "hours")))
    edit_indicator(
        by=officer, at=now, indicator=indicator, what=IndicatorDefinition("1.1a", "Gatherings", unit="meetings")
    )
    with pytest.raises(Faulty, match="Olive Officer has changed this indicator"):
        load_strategy(by=None, at=now, entry=read(HEAD + GOOD))
    assert IndicatorValue.objects.get().value == 9


@pytest.mark.django_db
def test_an_indicator_keeps_to_its_commitment(now):
    load_strategy(by=None, at=now, entry=read(HEAD + GOOD))
    text = HEAD.replace("[[priority.commitment.indicator]]\n", "[[priority.indicator]]\n") + GOOD
    with pytest.raises(Faulty, match=r"belongs to 1\.1"):
        load_strategy(by=None, at=now, entry=read(text))


PUBLISHED = """\
[[priority.commitment.indicator]]
code = "1.1p"
title = "Kitchen waste that is recycled"
kind = "percentage"
baseline = 13
baseline_note = "2021-22"
targets = { "2022-23" = 14 }
actuals = { "2022-23" = { value = 13.04, note = "last quarter" } }
"""


@pytest.mark.django_db
def test_a_percentage_without_its_base_is_loaded_and_says_so(now):
    load_strategy(by=None, at=now, entry=read(HEAD + GOOD + PUBLISHED))
    indicator = Indicator.objects.get(code="1.1p")
    assert indicator.kind == "percentage"
    [told] = [one for one in panels(slug="s", commitment=indicator.commitment) if one.code == "1.1p"]
    assert told.sentence == "13% (base not published) in 2022-23; the target was 14%."
    assert told.beside == "Baseline: 13% (2021-22). More is better."


@pytest.mark.django_db
def test_a_number_in_per_cent_may_become_a_percentage_and_keeps_its_figures(now):
    numbers = PUBLISHED.replace('"percentage"', '"number"\nunit = "%"')
    load_strategy(by=None, at=now, entry=read(HEAD + GOOD + numbers))
    load_strategy(by=None, at=now, entry=read(HEAD + GOOD + PUBLISHED))
    indicator = Indicator.objects.get(code="1.1p")
    assert (indicator.kind, indicator.unit, indicator.values.get().value) == ("percentage", "", Decimal("13.04"))
    for other in ('"percentage"\nunit = "rooms"', '"number"\nunit = "people"'):
        with pytest.raises(Faulty, match="would give them another meaning"):
            load_strategy(by=None, at=now, entry=read(HEAD + GOOD + PUBLISHED.replace('"percentage"', other)))


@pytest.mark.django_db
def test_a_number_of_something_else_never_becomes_a_percentage_once_it_has_figures(now):
    people = PUBLISHED.replace('"percentage"', '"number"\nunit = "people"')
    load_strategy(by=None, at=now, entry=read(HEAD + GOOD + people))
    with pytest.raises(Faulty, match="would give them another meaning"):
        load_strategy(by=None, at=now, entry=read(HEAD + GOOD + PUBLISHED))
