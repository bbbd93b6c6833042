"""Indicators by strand in every form of the report: the page, the paper and the data; hidden numbers in none."""

import pytest

from commitments.rules.small_numbers import EXPLAINED, WITHHELD
from reporting import facts
from tests.reporting.test_county_figures import every_form, paper_of, report_of, rows_of
from tests.strand_figures import LARGE, SHOWN, StrandFigures, counts, make_strand_figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures(commitment, officer, now, open_round) -> StrandFigures:
    return make_strand_figures(commitment, officer, now, open_round)


def figures_in(report):
    [commitment] = [row for row in report.priorities[0].commitments if row.indicators]
    return [indicator.rounds[-1] for indicator in commitment.indicators]


def test_the_facts_hold_what_everyone_may_see(figures, strategy):
    members, carers = figures_in(report_of(strategy))
    assert [strand.said for strand in members.strands] == SHOWN
    assert [strand.count for strand in members.strands] == [None, None, *LARGE]
    assert (carers.strands, carers.strands_note) == ((), WITHHELD)


def test_every_form_has_the_breakdown_and_no_hidden_number(figures, strategy):
    report = report_of(strategy)
    for text in every_form(report):
        assert "7,309" in text
        assert "fewer than 5" in text
        assert "4,177" not in text
        assert "4177" not in text
    sentence = f"By strand: Faith fewer than 5; Age not shown; Women 6,203; Disability 7,309. {EXPLAINED}"
    _stored, web, *_data = every_form(report)
    assert sentence in web
    assert sentence in paper_of(report)
    for text in (web, paper_of(report)):
        assert WITHHELD in text


def test_the_data_has_a_row_for_each_strand(figures, strategy):
    rows = rows_of(report_of(strategy), "figures_by_strand")
    assert [(row["indicator"], row["strand"], row["figure"], row["figure_in_words"]) for row in rows] == [
        ("S1", "Faith", None, "fewer than 5"),
        ("S1", "Age", None, "not shown"),
        ("S1", "Women", 6203, "6,203"),
        ("S1", "Disability", 7309, "7,309"),
    ]
    assert {row["note"] for row in rows} == {EXPLAINED}


def test_a_corrected_breakdown_is_not_in_a_new_report(figures, strategy):
    figures.value.refresh_from_db()
    figures.value.earlier_strands = [figures.value.by_strand]
    figures.value.by_strand = counts(7, 4177, *LARGE)
    figures.value.save()
    assert figures_in(report_of(strategy))[0].strands == ()


def test_facts_from_before_have_no_breakdown_and_others_come_back_as_they_were(figures, strategy):
    report = report_of(strategy)
    stored = facts.to_json(report)
    assert figures_in(facts.from_json(stored)) == figures_in(report)
    for priority in stored["priorities"]:
        for indicator in (row for commitment in priority["commitments"] for row in commitment["indicators"]):
            for figure in indicator["rounds"]:
                del figure["strands"], figure["strands_note"]
    again = facts.from_json(stored)
    assert [(figure.strands, figure.strands_note) for figure in figures_in(again)] == [((), ""), ((), "")]
    assert facts.checksum_of(again) == facts.checksum(stored)
