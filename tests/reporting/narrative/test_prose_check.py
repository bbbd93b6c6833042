"""Counts in officers' texts against the report's facts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from commitments.rules.status import STATUSES
from reporting import facts
from reporting.narrative.prose_check import contradictions_in, find_contradictions
from reporting.narrative.prose_facts import ClaimScope
from tests.reporting.paper_facts import make_commitment, make_piece, make_report

SILENT = {"status": "", "years": (facts.YearFacts("2023-24", "delayed"), facts.YearFacts("2024-25", ""))}


def year(**texts):
    """A year of nine commitments: 4 on track, 3 delayed (2 of them in priority 1), 1 at risk, 1 without an update."""
    first = [
        make_commitment(f"1.{n}", status=s, actions=())
        for n, s in enumerate(("on_track", "on_track", "delayed", "delayed"), 1)
    ]
    second = [
        make_commitment("2.1", status="on_track"),
        make_commitment("2.2", status="on_track", actions=()),
        make_commitment("2.3", status="delayed", actions=()),
        make_commitment("2.4", status="at_risk", actions=()),
        make_commitment("2.5", **SILENT),
    ]
    pieces = [
        make_piece(1, "Rowan Trust", "A warm room", ("1.1",), people_reached=40, volunteers=3, hours=12),
        make_piece(2, "Kettle", "Coats", ("1.1", "2.1"), people_reached=25),
        make_piece(3, "Rowan Trust", "Trustees", ("2.1",)),
        make_piece(4, "Fern", "Walks", ("1.2",)),
    ]  # fmt: skip
    changes = facts.ChangesFacts(
        date(2024, 3, 31), date(2025, 3, 31), partners=("Fern",), against="2023-24", commitments=9,
        slipped=(facts.SlippedFacts("2.1", "Ask the groups", date(2024, 9, 30), date(2024, 10, 4)),),
        done=(facts.DoneFacts("2.1", "Ask the groups", date(2024, 9, 30), date(2024, 10, 4)),),
    )  # fmt: skip
    return make_report(
        priorities=(
            facts.PriorityFacts(1, "Networks", "", tuple(first)),
            facts.PriorityFacts(2, "Skills", "", tuple(second)),
        ),
        evidence=tuple(pieces),
        changes=changes,
        texts={key.replace("_", "-"): text for key, text in texts.items()},
    )


def found(text, section="foreword"):
    return find_contradictions(year(**{section: text}))


@pytest.mark.parametrize(
    ("text", "says", "facts_say"),
    [
        ("Two commitments are late.", "Two commitments are late", "3 of 9 commitments are delayed (1.3, 1.4 and 2.3)"),
        ("We know that 4 commitments are at risk today.", "4 commitments are at risk", "1 of 9 commitments is at risk (2.4)"),
        ("The two late promises are named here.", "two late promises", "3 of 9 commitments are delayed (1.3, 1.4 and 2.3)"),
        ("Ask the leads of the two commitments without an update to report.", "two commitments without an update", "1 of 9 commitments is without an update (2.5)"),
        ("Nothing has been said by the council of two commitments: housing and water.", "Nothing has been said by the council of two commitments", "1 of 9 commitments is without an update (2.5)"),
        ("No update was received for three commitments.", "No update was received for three commitments", "1 of 9 commitments is without an update (2.5)"),
        ("Updates were received for 7 of the 9 commitments.", "Updates were received for 7 of the 9 commitments", "8 of 9 commitments are with an update (1.1, 1.2, 1.3, 1.4, 2.1, 2.2, 2.3 and 2.4)"),
        ("Two commitments have heard nothing from us for years; we say that too.", "Two commitments have heard nothing", "1 of 9 commitments is without an update (2.5)"),
        ("There are nine commitments. Six are on track.", "Six are on track", "4 of 9 commitments are on track (1.1, 1.2, 2.1 and 2.2)"),
        ("Of nine commitments, four are on track, three delayed and two at risk.", "two at risk", "1 of 9 commitments is at risk (2.4)"),
        ("Five of the nine commitments are late or at risk.", "Five of the nine commitments are late or at risk", "4 of 9 commitments are at risk or delayed (1.3, 1.4, 2.3 and 2.4)"),
        ("All commitments are on track.", "All commitments are on track", "4 of 9 commitments are on track (1.1, 1.2, 2.1 and 2.2)"),
        ("None of the commitments is delayed.", "None of the commitments is delayed", "3 of 9 commitments are delayed (1.3, 1.4 and 2.3)"),
        ("No commitment is at risk.", "No commitment is at risk", "1 of 9 commitments is at risk (2.4)"),
        ("More than four commitments are on track.", "More than four commitments are on track", "4 of 9 commitments are on track (1.1, 1.2, 2.1 and 2.2)"),
        ("The strategy holds two priorities and 32 commitments, all of the same weight.", "32 commitments", "there are 9 commitments"),
        ("It has three priorities. The strategy holds five priorities.", "five priorities", "the strategy has 2 priorities"),
        ("Three actions were late.", "Three actions were late", "1 action was late, and 0 of them are still not done"),
        ("Twelve actions were done in the year.", "Twelve actions were done", "1 action was done, 1 of them in the year"),
        ("This report rests on 12 items of evidence.", "12 items of evidence", "there are 4 items of evidence"),
        ("Thirty organisations took part.", "Thirty organisations", "evidence came from 3 organisations"),
        ("Two new organisations joined.", "Two new organisations", "1 organisation took part for the first time"),
        ("Groups reached 112 people.", "112 people", "the evidence adds up to 65 people reached"),
        ("Twelve volunteers took part.", "Twelve volunteers", "the evidence adds up to 3 volunteers"),
        ("They gave 90 volunteer hours.", "90 volunteer hours", "the evidence adds up to 12 volunteer hours"),
    ],
)  # fmt: skip
def test_a_count_that_the_facts_contradict_is_found(text, says, facts_say):
    (one,) = found(text)
    assert (one.section, one.label) == ("foreword", "Foreword")
    assert (one.says, one.facts_say) == (says, facts_say)
    assert one.quote in text
    assert one.sentence() == f"Foreword says “{says}”, but {facts_say}."


@pytest.mark.parametrize(
    "text",
    [
        "Three commitments are late.",
        "The three late commitments are named here, and one commitment is at risk.",
        "Of nine commitments, four are on track, three delayed and one at risk; one has no update.",
        "Four of the nine commitments are late or at risk.",
        "Four of the eight commitments with an update are on track.",
        "No update was received for one commitment.",
        "More than two commitments are late, and fewer than five are on track.",
        "At least three commitments are late, and up to four are on track.",
        "The strategy holds two priorities and nine commitments.",
        "All four commitments on track have a lead.",
        "Not all commitments are on track.",
        "No commitment is embedded, and none of the commitments is closed.",
        "We hope that nine commitments will be on track.",
        "Two commitments are no longer late.",
        "Two commitments moved to another service.",
        "Two of the three commitments that depend on the contract are late.",
        "Another two commitments are late.",
        "The draft came nine months late, and 17 commitments of last century's plan are forgotten.",
        "On 2 May 2025 commitments were late, and 2024-25 is over; it costs £38,000 and 13% of it is spent.",
        "Ten groups were late.",
        "One action was late. One action was done.",
        "Rowan Trust sent two items of evidence and reached 40 people.",
        "We drew on 4 items of evidence from three organisations.",
        "One organisation took part for the first time.",
        "Groups reached 65 people with three volunteers, and 500 people live there.",
        "Under priority 1, two commitments are delayed.",
        "Last year one commitment was delayed.",
        "In 2023-24 one commitment was delayed.",
    ],
)
def test_a_true_count_or_a_number_of_something_else_raises_no_alarm(text):
    assert found(text) == ()


def test_a_priority_s_narrative_may_count_its_own_commitments_or_all_of_them():
    assert found("Two promises are late.", "priority_1") == ()
    assert found("Three promises are late.", "priority_1") == ()
    (one,) = found("Two promises are late.", "priority_2")
    assert one.label == "Priority 2: Skills"
    assert one.facts_say == (
        "1 of 5 commitments under priority 2 is delayed (2.3); 3 of 9 commitments are delayed (1.3, 1.4 and 2.3)"
    )


def test_another_priority_s_count_holds_only_where_the_sentence_names_a_priority():
    assert len(found("Two commitments are late.")) == 1
    assert found("Two commitments of the first priority are late.") == ()


def test_an_earlier_count_holds_only_where_the_sentence_names_the_earlier_year():
    assert len(found("One commitment was delayed.")) == 1


def test_marks_of_the_text_are_no_part_of_the_quote():
    (one,) = found("# Year\n\n* We hold **two commitments** that are late.\n* All is well.")
    assert one.quote == "We hold two commitments that are late."


def test_single_lines_of_the_paper_s_head_are_left_alone():
    assert found("Two commitments are late", "paper_purpose") == ()


def indicated(narrative, **more):
    figure = facts.FigureFacts(
        "2024-25",
        Decimal(78),
        None,
        None,
        "",
        None,
        Decimal(80),
        None,
        "78 people",
        "",
        "80 people",
        "",
        "Target missed",
        "",
    )
    values = {"unit": "people", "kind": "number", "baseline": 20, "rounds": (figure,), **more}
    indicator = facts.IndicatorFacts(
        code="2.5a", title="Fares paid", definition="", cumulative=False, direction="", baseline_said="", sentence="", **values
    )  # fmt: skip
    commitment = make_commitment("2.5", narrative=narrative, indicators=(indicator,))
    return find_contradictions(make_report(priorities=(facts.PriorityFacts(2, "Skills", "", (commitment,)),)))


def test_an_update_that_gives_another_number_than_its_indicator_is_found():
    (one,) = indicated("The fund helped one hundred and twelve people to begin. It goes on.")
    assert one.section == "commitment-2.5"
    assert one.sentence() == (
        "The update of commitment 2.5 says “one hundred and twelve people”, "
        "but indicator 2.5a, Fares paid, gives 78 people for 2024-25; "
        "check that the two count different things."
    )


@pytest.mark.parametrize("text", ["78 people came, and 80 people was the aim.", "It began with 20 people.", "112 halls opened."])  # fmt: skip
def test_an_update_may_give_any_figure_of_its_indicator_and_numbers_of_other_things(text):
    assert indicated(text) == ()


def test_an_indicator_without_a_word_for_its_unit_or_a_figure_contradicts_nothing():
    assert indicated("112 people came.", unit="") == ()
    assert indicated("112 people came.", kind="scale") == ()
    assert indicated("112 people came.", rounds=()) == ()


@pytest.mark.parametrize("status", [one.code for one in STATUSES])
def test_every_status_can_be_claimed_by_its_own_word(status):
    label = next(one.label for one in STATUSES if one.code == status)
    (one,) = found(f"Seven commitments are {label.lower()}.")
    assert label.lower() in one.says


def test_where_evidence_and_actions_were_not_fetched_nothing_is_said_of_them():
    light: dict[int | None, ClaimScope] = {None: ClaimScope("", year().priorities[0].commitments)}
    for text in ("Three actions were late.", "We have 12 items of evidence.", "It holds two priorities."):
        assert contradictions_in(text, section="foreword", label="Foreword", everywhere=light) == []
    assert (
        len(contradictions_in("Nine commitments are late.", section="foreword", label="Foreword", everywhere=light))
        == 1
    )


def test_a_year_that_the_facts_do_not_hold_is_not_judged():
    one_round = tuple(replace(one, years=one.years[-1:]) for one in year().priorities[0].commitments)
    light: dict[int | None, ClaimScope] = {None: ClaimScope("", one_round)}
    for text in ("Last year nine commitments were late.", "In 2023–24 nine commitments were late."):
        assert contradictions_in(text, section="foreword", label="Foreword", everywhere=light) == []
    for text in ("In 2024-25 nine commitments were late.", "Nine commitments are late."):
        assert len(contradictions_in(text, section="foreword", label="Foreword", everywhere=light)) == 1


def test_actions_that_were_late_before_the_year_may_be_counted_too():
    late = facts.SlippedFacts("2.1", "Ask the groups", date(2023, 9, 30), None)
    report = year(foreword="Three actions were late. Four actions were late.")
    assert report.changes is not None
    report = replace(report, changes=replace(report.changes, overdue=(late, late)))
    assert [one.says for one in find_contradictions(report)] == ["Four actions were late"]
    assert len(find_contradictions(replace(report, changes=replace(report.changes, overdue=())))) == 2


def test_a_closed_commitment_has_no_update_and_is_not_without_one():
    closed = make_commitment("2.6", status="closed", updated_on=None, closed_on=date(2024, 9, 1), actions=())
    to_come = make_commitment(
        "2.7", status="", years=(facts.YearFacts("2023-24", "", was_there=False), facts.YearFacts("2024-25", "", was_there=False))
    )  # fmt: skip
    report = year(
        foreword="No update was received for one commitment. Updates were received for 8 of the 9 commitments."
    )
    first, second = report.priorities
    report = replace(report, priorities=(first, replace(second, commitments=(*second.commitments, closed, to_come))))
    assert find_contradictions(report) == ()
    text = "Updates were received for nine commitments. Two commitments have no update. One commitment is closed."
    report = replace(report, texts=(facts.TextFacts("foreword", text),))
    assert [one.says for one in find_contradictions(report)] == [
        "Updates were received for nine commitments", "Two commitments have no update",
    ]  # fmt: skip
