"""The figures, values and awards of a strategy's file: what ships is what the sources say, and what people changed stays."""

from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from commitments.content.sourced_figures import SourcedFigureContent
from commitments.models import Award, SourcedFigure, SourcedValue
from commitments.rules.sourced_figures import difference, say_sourced, say_when
from commitments.services.awards import withdraw_award
from commitments.services.loading.strategy import load_strategy
from commitments.services.sourced_figures import edit_figure, end_figure
from commitments.strategy_file.strategy import read
from partners.models import Source, Strand
from tests.commitments.services.test_loading_engagement import STRATEGY
from vcsportal.common.data_file import Faulty

FOLDER = settings.BASE_DIR / "commitments" / "strategies"
FILE = """[[source]]
slug = "needs"
title = "Needs assessment"
period = "2021"
[[figure]]
code = "grants"
about = "money"
title = "Grants"
unit = "£"
[[figure.value]]
value = 500
period = "2020/21"
source = "needs"
[[figure.award]]
identifier = "a-1"
kind = "grant"
title = "A ramp"
amount_awarded = 50
award_date = 2020-05-01
recipient_name = "Friends of the Hall"
commitments = ["1.1"]
"""
IN_WORDS = {
    "people-in-oxford": ["22% of Oxfordshire’s population, mid-2019"],
    "people-in-main-towns": ["38% of Oxfordshire’s population, mid-2019"],
    "people-in-smaller-places": ["40% of Oxfordshire’s population, mid-2019"],
    "deprivation-rank": ["10th of 151 upper-tier local authorities in England, 2019"],
    "areas-in-most-deprived-tenth": ["1 of 407 Lower Super Output Areas (0.2%), 2019"],
    "areas-in-most-deprived-fifth": ["16 areas, 2019"],
    "non-white-british-backgrounds": ["16.4% of Oxfordshire’s residents, 2011 Census"],
    "life-expectancy-gap-males": ["about 11 years, as published in 2021"],
    "life-expectancy-gap-females": ["about 12 years, as published in 2021"],
    "children-in-poverty": ["20% of children, as published in 2021", "25% of children, as published in 2021 (Oxford)"],
    "investment-in-the-sector": ["over £80 million, 2020/21 financial year"],
    "contracts-with-the-sector": ["about £79.5 million, 2020/21 financial year"],
    "grants-to-the-sector": ["£500,000, 2020/21 financial year"],
    "contracts-share-of-spend": ["99% of spend with the sector, 2020/21 financial year"],
    "contracts-with-the-sector-share": ["about 17% of all contracts, 2020/21 financial year"],
}
QUOTED = {
    "people-in-oxford": "Just under a quarter (22 per cent) of Oxfordshire’s population are resident in Oxford City",
    "deprivation-rank": "Oxfordshire was ranked the 10th least deprived of 151 upper-tier local authorities in England in 2019.",
    "areas-in-most-deprived-tenth": "we also have 1 out of 407 Lower Super Output Area ranked within the 10 per cent most deprived areas nationally",
    "areas-in-most-deprived-fifth": "and a further 16 areas were ranked in the 20 per cent most deprived areas nationally.",
    "life-expectancy-gap-females": "For females the gap in life expectancy is around 12 years.",
    "non-white-british-backgrounds": "As of the 2011 Census 16.4 per cent of Oxfordshire’s residents were from non-white British backgrounds.",
    "investment-in-the-sector": "Oxfordshire County Council invests over £80million a year in the sector.",
    "grants-to-the-sector": "and £500,000 from grants.",
}
STRANDS = [
    "Age", "Disability", "Black and Minority Ethnic [including refugee]", "Women",
    "Lesbian, gay, bisexual and transgender [LGBT]", "Faith",
]  # fmt: skip


def in_words(value: SourcedValue) -> str:
    figure = value.figure
    said = say_sourced(value, kind=figure.kind, unit=figure.unit)
    place = f" ({value.area.name})" if value.area else ""
    return f"{said}, {say_when(value.starts_on, value.ends_on, value.period)}{place}"


def load(text, by=None):
    return load_strategy(by=by, at=timezone.now(), entry=read(STRATEGY + text))


@pytest.mark.django_db
def test_every_figure_of_the_strategy_ships_as_its_text_has_it():
    call_command("load_areas", str(settings.BASE_DIR / "partners" / "areas" / "oxfordshire.toml"), stdout=StringIO())
    file = read((FOLDER / "oxfordshire-vcs-2022-27.toml").read_text(encoding="utf-8"))
    load_strategy(by=None, at=timezone.now(), entry=file)
    values = SourcedValue.objects.select_related("figure", "area", "source").order_by("id")
    found: dict[str, list[str]] = {}
    for value in values:
        found.setdefault(value.figure.code, []).append(in_words(value))
        assert value.source
        assert value.source_place
        assert value.words
    assert found == IN_WORDS
    for code, words in QUOTED.items():
        assert values.filter(figure__code=code)[0].words == words
    money = values.filter(figure__about="money")
    assert {(value.starts_on, value.ends_on) for value in money} == {(date(2020, 4, 1), date(2021, 3, 31))}
    assert "Covid-19 support spend was excluded" in Source.objects.get(slug="vcs-strategy-2022-27").note
    assert SourcedFigure.objects.filter(part_of__code="investment-in-the-sector").count() == 3
    assert not SourcedFigure.objects.filter(in_report=True).exists()
    assert list(Strand.objects.in_order().values_list("words", flat=True)) == STRANDS


@pytest.mark.django_db
def test_the_framework_s_two_numbers_for_social_value_stand_side_by_side():
    call_command("load_areas", str(settings.BASE_DIR / "partners" / "areas" / "oxfordshire.toml"), stdout=StringIO())
    file = read((FOLDER / "community-wealth-building.toml").read_text(encoding="utf-8"))
    load_strategy(by=None, at=timezone.now(), entry=file)
    first, second = SourcedValue.objects.select_related("figure").order_by("id")
    assert [in_words(value) for value in (first, second)] == [
        "£1.9 million, the policy’s first year",
        "nearly £2.3 million, after a year of reporting",
    ]
    assert second.beside == first
    assert "has delivered £1.9 million in social value benefits in its first year." in first.words
    assert "OCC procurement has delivered nearly £2.3million in social value benefits" in second.words
    assert (first.source_place, second.source_place) == (
        "“Spending and Procurement”, “Emerging Good Practice”",
        "“Spending and Procurement”, “Key Actions”",
    )
    assert difference(first, second, kind="number", unit="£ million") == "by £0.4 million"


@pytest.mark.django_db
def test_a_corrected_file_corrects_and_keeps_what_it_said_before():
    load(FILE)
    assert load(FILE).changes == []
    assert load(FILE.replace("value = 500", "value = 600").replace("= 50\n", "= 60\n")).changes == [
        "Corrected a value of the figure “Grants”.",
        "Amended the grant “A ramp”.",
    ]
    now = SourcedValue.objects.current().get()
    assert now.value == 600
    assert now.reason == "The strategy’s file was corrected."
    assert now.replaces == SourcedValue.objects.get(value=500)
    assert Award.objects.get().amount_awarded == 60
    assert [c.reference for c in Award.objects.get().commitments.all()] == ["1.1"]


@pytest.mark.django_db
def test_what_people_changed_of_a_figure_or_an_award_stays(administrator, now):
    load(FILE)
    figure = SourcedFigure.objects.get()
    content = SourcedFigureContent("money", "Grants of the council", unit="£")
    edit_figure(by=administrator, at=now, figure=figure, content=content)
    withdraw_award(by=administrator, at=now, award=Award.objects.get(), reason="It was never paid.")
    done = load(FILE.replace("value = 500", "value = 600"))
    assert done.changes == []
    assert done.notes == [
        "People have changed the figure “Grants of the council”, so it stays as it is in the portal.",
        "People have changed the grant “A ramp”, so it stays as it is in the portal.",
    ]
    assert SourcedValue.objects.get().value == 500


@pytest.mark.django_db
def test_an_award_under_a_figure_that_has_ended_is_a_fault_with_its_line(administrator, now):
    load(FILE.partition("[[figure.award]]")[0])
    end_figure(by=administrator, at=now, figure=SourcedFigure.objects.get(), reason="Nobody counts it.")
    with pytest.raises(Faulty) as refused:
        load(FILE)
    [fault] = refused.value.faults
    assert "that is still being updated" in str(fault)
    assert fault.line > 1
    assert not Award.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        ('source = "needs"', 'source = "survey"', "is not a [[source]] of this file"),
        ("value = 500", "numerator = 5\ndenominator = 9", "should give value"),
        ("value = 500\n", "value = 500\nbeside = true\n", "is true for the first value"),
        ('unit = "£"', 'unit = "£"\npart_of = "all"', "is not a figure above this one"),
        ('recipient_name = "Friends of the Hall"', 'recipient_name = "Mrs Hall"', "Awards to people are not listed"),
        ('recipient_name = "Friends of the Hall"', 'recipient = "the-hall"', "is not an organisation in the portal"),
        ('recipient_name = "Friends of the Hall"\n', "", "should give either recipient"),
        ('commitments = ["1.1"]', 'commitments = ["9.9"]', "is not a commitment of this strategy"),
        ("value = 500\n", 'value = 500\narea = "E1"\n', "is not an area that the portal knows"),
        ("amount_awarded = 50", "amount_awarded = 0.001", "Enter pounds and pence"),
        ('slug = "needs"\ntitle = "Needs assessment"\nperiod = "2021"', 'slug = "needs"\ntitle = "N"', "neither published_on nor period"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_written(was, now, sentence):
    assert was in FILE
    with pytest.raises(Faulty) as refused:
        load(FILE.replace(was, now))
    assert any(sentence in str(fault) for fault in refused.value.faults), refused.value
    assert not SourcedFigure.objects.exists()
