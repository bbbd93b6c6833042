"""Indicators in the report and in all that is made from it: what stands beside a figure, and what belongs to later years."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from commitments.models import Indicator, IndicatorTarget, IndicatorValue, Round
from reporting import assembly, rendering
from reporting.exports.dictionary import everything
from reporting.facts import AimFacts, ProductionDetails, from_json, to_json
from reporting.narrative import indicator_words
from reporting.narrative.definitions import printed
from reporting.paper.outline import outline
from tests.as_read import as_read
from tests.reporting.facts.test_facts import AT, assembled
from tests.reporting.small import small

pytestmark = pytest.mark.django_db


def indicator(report, code):
    own = [one for priority in report.priorities for one in priority.indicators]
    others = [one for commitment in report.commitments() for one in commitment.indicators]
    return next(one for one in (*own, *others) if one.code == code)


def of_the_year_before(year):
    Round.objects.filter(pk=year.rounds[-2].pk).update(state="closed", closings=1)
    year.rounds[-2].refresh_from_db()
    return assembly.assemble(round_=year.rounds[-2], making=ProductionDetails(at=AT))


def cells(report, name, key):
    table = next(one for one in everything(report) if one.name == name)
    place = [column.name for column in table.columns].index(key)
    return [row[place] for row in table.rows]


def in_the_paper(report):
    return " ".join(
        "".join(run.text for run in block.runs) for block in outline(report).blocks if hasattr(block, "runs")
    )


def test_an_earlier_report_has_no_figure_of_a_later_year_and_names_its_target(voiced):
    before, last = of_the_year_before(voiced), voiced.rounds[-1].slug
    found = indicator(before, "A")
    assert [one.round for one in found.rounds] == [voiced.rounds[-2].slug]
    assert found.rounds[-1].total == 30
    assert found.sentence.startswith(f"30 rooms by the end of {voiced.rounds[-2].slug}")
    assert found.later == (AimFacts(last, Decimal(20), "20 rooms"),)
    assert indicator_words.beside(small(), found) == f"More is better. Later target: 20 rooms in {last}."
    assert indicator(assembled(voiced), "A").later == ()
    later = dict(
        zip(cells(before, "indicators", "indicator"), cells(before, "indicators", "later_targets"), strict=True)
    )
    assert later["A"] == f"Target: 20 rooms in {last}"
    beside = f"More is better. Later target: 20 rooms in {last}."
    assert beside in as_read(rendering.to_html(before))
    assert beside in in_the_paper(before)


def test_a_figure_that_was_only_counted_later_is_in_no_earlier_report(voiced):
    IndicatorTarget.objects.all().delete()
    before = of_the_year_before(voiced)
    share = indicator(before, "B")
    assert [(one.round, one.actual) for one in share.rounds] == [(voiced.rounds[-2].slug, None)]
    assert share.sentence == f"No figure was given for {voiced.rounds[-2].slug}. No target was set."
    assert share.title not in in_the_paper(before)
    assert share.title not in as_read(rendering.to_html(before))


def test_a_year_without_figure_and_target_prints_the_later_targets(voiced):
    before, this, last = of_the_year_before(voiced), voiced.rounds[-2].slug, voiced.rounds[-1].slug
    share = indicator(before, "B")
    assert share.sentence == f"No figure was given for {this}. Target: 50% of the whole in {last}."
    assert f"{share.title}: {share.sentence} More is better." in in_the_paper(before)
    html = as_read(rendering.to_html(before))
    assert f"No target for {this}" in html
    assert f"More is better. Later target: 50% of the whole in {last}." in html
    assert "No target was set" not in html


def test_a_percentage_without_its_base_says_so_in_every_face_and_is_never_summed(voiced):
    commitment = voiced.strategy.commitments.get(reference="1.1")
    waste = Indicator.objects.create(
        strategy=voiced.strategy, commitment=commitment, code="W", title="Waste that is burnt", kind="percentage",
        direction="down", baseline=30, baseline_note="2021-22",
    )  # fmt: skip
    for round_, value in zip(voiced.rounds[-2:], (25, 24), strict=True):
        IndicatorValue.objects.create(indicator=waste, round=round_, value=value, entered_at=AT)
        IndicatorTarget.objects.create(indicator=waste, round=round_, value=24)
    report = assembled(voiced)
    found = indicator(report, "W")
    assert found.sentence == (f"24% (base not published) in {voiced.round.slug}; the target was 24%. Target met.")
    assert [(one.actual, one.total, one.verdict) for one in found.rounds] == [
        (25, None, "Target missed"), (24, None, "Target met"),
    ]  # fmt: skip
    beside = "Baseline: 30% (2021-22). Less is better: the target is a ceiling."
    html, paper = as_read(rendering.to_html(report)), in_the_paper(report)
    for face in (html, paper):
        assert "24% (base not published)" in face
        assert beside in face
    place = cells(report, "indicators", "indicator").index("W")
    assert cells(report, "indicators", "base")[place] == "base not published"
    assert cells(report, "indicators", "kind")[place] == "a percentage, in per cent"
    assert "24% (base not published)" in cells(report, "figures", "figure_in_words")
    assert {"percentage", "target_met", "baseline"} <= {one.key for one in printed(report)}
    assert "percentage" not in {one.key for one in printed(small())}


def test_the_base_of_a_share_is_published_and_a_number_has_none(voiced):
    report = assembled(voiced)
    bases = dict(zip(cells(report, "indicators", "indicator"), cells(report, "indicators", "base"), strict=True))
    assert bases == {"A": None, "B": "published", "C": None}


def test_no_target_was_set_is_printed_where_no_year_has_one():
    one = indicator(small(), "A")
    bare = replace(one.rounds[-1], target=None, target_said="No target was set")
    assert indicator_words.target(small(), replace(one, rounds=(bare,)), bare) == "No target was set"
    earlier = replace(one.rounds[-1], round="2023-24")
    assert indicator_words.target(small(), replace(one, rounds=(earlier, bare)), bare) == "No target for 2024-25"
    aimed = replace(one, rounds=(bare,), later=(AimFacts("2025-26", Decimal(3), "3 halls"),))
    assert indicator_words.target(small(), aimed, bare) == "No target for 2024-25"
    said = replace(bare, target_said="No target: the fund was new")
    assert indicator_words.target(small(), aimed, said) == "No target: the fund was new"


def test_facts_that_were_kept_before_later_targets_were_known_are_read_and_drawn():
    kept = json.loads(json.dumps(to_json(small())))
    for priority in kept["priorities"]:
        for one in priority["indicators"]:
            del one["later"]
    report = from_json(kept)
    assert report == small()
    assert "More is better." in as_read(rendering.to_html(report))
