"""Figures with sources in every form of the report: the chapter, the web edition, the paper and the data; hidden numbers in none."""

import io
import json
import zipfile

import pytest
from django.utils import timezone

from commitments.content.sourced_figures import SourcedFigureContent
from commitments.services.sourced_figures import FIELDS, edit_figure, end_figure
from commitments.services.sourced_values import take_back_value
from reporting import exports, facts
from reporting.assembly import assemble
from reporting.narrative import county_figures as narrative
from reporting.paper import docx
from reporting.rendering.body import to_html
from tests.county_figures import LARGE, NEXT_SMALLEST, NOT_SOURCED, CountyFigures, make_county_figures
from tests.factories import make_round
from tests.reporting.read_back import read

pytestmark = pytest.mark.django_db
SUMS = [
    "Grants to the sector: 2 grants listed for 2020-21, £120 in all.",
    "Grants to the sector: 1 contract listed for 2020-21, £900 in all.",
]


@pytest.fixture
def figures(strategy, officer, now) -> CountyFigures:
    return make_county_figures(strategy, officer, now)


def report_of(strategy):
    round_ = strategy.rounds.first() or make_round(strategy)
    return assemble(round_=round_, making=facts.ProductionDetails(at=timezone.now(), edition=1))


def paper_of(report):
    return zipfile.ZipFile(io.BytesIO(docx.write(report))).read("word/document.xml").decode()


def rows_of(report, table):
    head, *rows = read("json", exports.WRITERS["json"](report))[table]
    return [dict(zip(head, row, strict=True)) for row in rows]


def every_form(report):
    """Everything that the report's forms say, and its facts, each as one text."""
    archive = zipfile.ZipFile(io.BytesIO(exports.WRITERS["csv"](report)))
    data = "".join(archive.read(name).decode() for name in archive.namelist())
    stored, web = json.dumps(facts.to_json(report)), to_html(report)
    return [stored, web, data, exports.WRITERS["json"](report).decode(), paper_of(report)]


def test_every_form_has_both_sources_and_how_they_differ(figures, strategy):
    for text in every_form(report_of(strategy)):
        for words in (
            "2,000 people",
            "2,500 people",
            "Needs assessment",
            "Census of households",
            "two and a half thousand",
        ):
            assert words in text  # fmt: skip
        assert "by 500 people" in text


def test_a_number_that_is_hidden_is_in_no_fact_and_in_no_form(figures, strategy):
    report = report_of(strategy)
    for text in every_form(report):
        assert "fewer than 5" in text
        for hidden in (NEXT_SMALLEST, NOT_SOURCED):
            assert str(hidden) not in text
            assert f"{hidden:,}" not in text
        assert f"{LARGE[0]:,}" in text or str(LARGE[0]) in text
    by_strand = [(fact.strand, fact.value, fact.said) for fact in report.county_figures if fact.strand]
    assert by_strand[:2] == [("Faith", None, "fewer than 5"), ("Age", None, "not shown")]
    assert [int(value) for _, value, _ in by_strand[2:]] == list(LARGE)
    assert figures.carers.title not in {fact.title for fact in report.county_figures}
    assert figures.secret.title not in {fact.title for fact in report.county_figures}


def test_a_breakdown_names_its_source_once(figures, strategy):
    [clubs] = [section.rows for section in narrative.sections(report_of(strategy)) if section.code == "take_up"]
    assert clubs[0].source == "Needs assessment, The county, 2021"
    assert "fewer than 5" in clubs[0].notes[0]
    assert [(row.source, row.notes) for row in clubs[1:]] == [(f"As in row {clubs[0].number}.", ())] * 3


def test_money_has_a_part_of_its_own_with_the_sums_of_its_awards_beneath(figures, strategy):
    report = report_of(strategy)
    assert [section.code for section in narrative.sections(report)] == ["place", "take_up"]
    assert [section.code for section in narrative.money(report)] == ["money"]
    page = to_html(report)
    county, money = page.split('id="county-figures"')[1].split('id="money"')
    assert narrative.award_sentences(report) == SUMS
    for sentence in SUMS:
        assert sentence in money
        assert sentence not in county
        assert sentence in paper_of(report)
    assert "Grants to the sector" not in county
    assert "A mistake" not in page
    assert "3,333" not in page


def test_the_data_has_a_row_for_each_value_and_each_sum(figures, strategy):
    report = report_of(strategy)
    rows = rows_of(report, "county_figures")
    assert [(row["figure"], row["value"], row["beside"], row["differs"]) for row in rows[:2]] == [
        ("Children living in poverty", 2000, None, None),
        ("Children living in poverty", 2500, 1, "by 500 people"),
    ]
    assert [row["value"] for row in rows if row["strand"]] == [None, None, *LARGE]
    sums = [(row["april_to_march"], row["kind"], row["awards"], row["amount"]) for row in rows_of(report, "award_sums")]
    assert sums == [("2020-21", "grant", 2, 120), ("2020-21", "contract", 1, 900)]


def test_facts_are_read_back_and_older_facts_have_none(figures, strategy):
    report = report_of(strategy)
    data = json.loads(json.dumps(facts.to_json(report)))
    again = facts.from_json(data)
    assert (again.county_figures, again.award_sums) == (report.county_figures, report.award_sums)
    del data["county_figures"], data["award_sums"]
    older = facts.from_json(data)
    assert (older.county_figures, older.award_sums) == ((), ())
    assert 'id="county-figures"' not in to_html(older)
    assert 'id="money"' not in to_html(older)


def test_only_figures_that_are_kept_and_ticked_are_printed(figures, strategy, officer, now):
    values = {name: getattr(figures.poverty, name) for name in FIELDS} | {"in_report": False}
    edit_figure(by=officer, at=now, figure=figures.poverty, content=SourcedFigureContent(**values))
    end_figure(by=officer, at=now, figure=figures.grants, reason="Nobody counts it.")
    report = report_of(strategy)
    assert {fact.title for fact in report.county_figures} == {figures.members.title}
    assert (narrative.money(report), report.award_sums) == ([], ())
    assert ">Money<" not in paper_of(report)


def test_a_figure_without_a_source_is_not_named_with_the_sums_of_its_awards(figures, strategy, officer, now):
    take_back_value(by=officer, at=now, value=figures.value(figures.grants), reason="It is about another year.")
    report = report_of(strategy)
    assert report.award_sums == ()
    for text in every_form(report):
        assert figures.grants.title not in text
