"""How success is measured, in every format of the report: under each commitment, and counted where there is none yet."""

from dataclasses import replace
from datetime import date

import pytest

from reporting import rendering
from reporting.exports.data import TABLES
from reporting.facts import CommitmentFacts, Report, from_json, to_json
from reporting.narrative import definitions, measures
from reporting.paper.outline import outline
from reporting.reading.differences import differences
from tests.reporting.small import small

WORDS = "Ten halls that any group can book."


def year(*measured: str | None, **more) -> Report:
    """The small year with these success measures, one commitment after the other, and the other facts for the first."""
    report, found = small(), iter(measured)
    priorities = tuple(
        replace(priority, commitments=tuple(replace(one, success_measure=next(found)) for one in priority.commitments))
        for priority in report.priorities
    )
    first = priorities[0]
    told = (replace(first.commitments[0], **more), *first.commitments[1:])
    return replace(report, priorities=(replace(first, commitments=told), *priorities[1:]))


def first(report: Report) -> CommitmentFacts:
    return report.commitments()[0]


def paper(report: Report) -> str:
    return "\n".join(
        "".join(part.text for part in block.runs) for block in outline(report).blocks if hasattr(block, "runs")
    )


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((WORDS, WORDS, "", "", ""), "3 of 5 commitments have no success measure yet."),
        ((WORDS, WORDS, WORDS, WORDS, ""), "1 of 5 commitments has no success measure yet."),
        (("", "", "", "", ""), "None of the 5 commitments has a success measure yet."),
        ((WORDS,) * 5, "Every one of the 5 commitments has a success measure."),
        ((None,) * 5, ""),
    ],
)
def test_the_whole_is_counted_in_a_sentence(given, says):
    report = year(*given)
    assert measures.summary(report) == says
    page = rendering.to_html(report)
    told = paper(report)
    assert says in page
    assert says in told
    assert says or "success measure" not in page + told


def test_one_commitment_and_other_nouns_read_well():
    report = year("", *[None] * 4)
    assert measures.summary(report) == "The 1 commitment has no success measure yet."
    assert measures.summary(year(WORDS, *[None] * 4)) == "The 1 commitment has a success measure."
    plan = replace(year(WORDS, "", "", "", ""), strategy=replace(report.strategy, kind="plan"))
    assert measures.summary(plan) == "4 of 5 aims have no success measure yet."


def test_what_is_closed_or_awaits_a_response_is_not_counted():
    assert (
        measures.summary(year("", WORDS, WORDS, WORDS, "", status="closed"))
        == "1 of 4 commitments has no success measure yet."
    )
    awaited = year("", WORDS, WORDS, WORDS, "", status="", owner_response="awaited")
    assert measures.summary(awaited) == "1 of 4 commitments has no success measure yet."


def test_each_commitment_says_its_measure_its_team_and_its_dates():
    report = year(
        WORDS, "", "", "", "", success_measure_agreed_by="the steering group",
        success_measure_agreed_on=date(2024, 6, 12), team="Communities", starts_on=date(2024, 4, 1),
        ends_on=date(2025, 3, 31), follows="2.1 Lend chairs (Meeting places)", related=("1.2 Bring groups together", "2.2 Answer every letter"),
    )  # fmt: skip
    page, told = rendering.to_html(report), paper(report)
    for words in (
        WORDS,
        "Agreed by the steering group on 12 June 2024.",
        "Team: Communities. From 1 April 2024 to 31 March 2025. It replaces 2.1 Lend chairs (Meeting places). "
        "It is related to 1.2 Bring groups together and 2.2 Answer every letter.",
    ):
        assert words in page
        assert words in told
    assert page.count("How we will measure success") == told.count("How we will measure success") == 1


def test_a_measure_that_nobody_agreed_is_a_proposal():
    assert measures.agreement(first(year(WORDS, "", "", "", ""))) == "Proposed, not agreed yet."
    assert measures.agreement(first(year("", "", "", "", ""))) == ""


def test_the_data_has_it_and_old_editions_have_nothing_for_it():
    def rows(report: Report, name: str) -> list[dict[str, object]]:
        table = next(table for table in TABLES if table.name == name)
        return [{column.name: column.read(row) for column in table.columns} for row in table.things(report)]

    report = year(WORDS, "", "", "", "", success_measure_agreed_by="us", team="Communities")
    assert rows(report, "round")[0]["commitments_without_success_measure"] == 4
    told = rows(report, "commitments")[0]
    assert [told[name] for name in ("success_measure", "success_measure_agreed_by", "team")] == [
        WORDS,
        "us",
        "Communities",
    ]
    assert rows(small(), "round")[0]["commitments_without_success_measure"] is None
    assert rows(small(), "commitments")[0]["success_measure"] == ""


def test_facts_come_back_and_those_of_older_shapes_say_nothing():
    report = year(WORDS, "", "", "", "", success_measure_agreed_on=date(2024, 6, 12), related=("1.2",))
    assert from_json(to_json(report)).priorities == report.priorities
    old = to_json(small())
    for priority in old["priorities"]:
        for commitment in priority["commitments"]:
            for name in ("success_measure", "success_measure_agreed_by", "success_measure_agreed_on", "team", "starts_on",
                         "ends_on", "follows", "related"):  # fmt: skip
                del commitment[name]
    del old["changes"]["measured"]
    read = from_json({**old, "schema": 4})
    assert measures.summary(read) == ""
    assert first(read).success_measure is None
    key = "commitments_without_success_measure"
    assert key not in {one.key for one in definitions.printed(read)}
    assert key in {one.key for one in definitions.printed(report)}


def test_the_steering_group_is_told_which_measures_are_new():
    before, now = year("", WORDS, "", "", ""), year(WORDS, WORDS, "", "", "")
    assert differences(before, now) == ("new or changed success measures for 1.1",)
    assert differences(small(), year("", "", "", "", "")) == ()
