"""Each headline figure stands beside that of every earlier round: on paper, on the web and in the data."""

import json
from dataclasses import replace

import lxml.html
import pytest

from reporting import rendering
from reporting.facts import EarlierRoundFacts, EvidenceSumFacts
from reporting.formats import FORMAT_BY_CODE
from reporting.narrative import years_compared
from tests.reporting.small import ROUNDS, empty, small
from tests.reporting.test_every_face import in_zip


def figures(report) -> dict[str, list[str]]:
    """What is printed of each figure in each round, with its base."""
    return {
        row.label: [f"{figure.said} {figure.base}".strip() for figure in row.rounds]
        for row in years_compared.rows(report)
    }


@pytest.mark.parametrize(("label", "printed"), [
    ("Commitments with a status", ["4", "5", "4", "5", "4"]),
    ("On track", ["3", "4", "3", "2", "1"]),
    ("Not started", ["1", "1", "0", "0", "0"]),
    ("No update", ["1", "0", "1", "0", "1"]),
    ("Items of evidence", ["not counted", "not counted", "2", "4", "6"]),
    ("Organisations that took part", ["not counted", "not counted", "1", "2", "3"]),
    ("People reached", ["not counted", "not counted", "40 from 2 of 2 items", "150 from 3 of 4 items", "204 from 5 of 6 items"]),
    ("Volunteers", ["not counted", "not counted", "not counted", "12 from 4 of 4 items", "21 from 6 of 6 items"]),
])  # fmt: skip
def test_each_figure_is_printed_for_every_round(label, printed):
    assert figures(small())[label] == printed


def test_the_statuses_of_a_round_and_those_without_an_update_are_all_that_were_there():
    found = {row.code: row for row in years_compared.rows(small())}
    assert "closed" not in found, "a status that no round had has no row"
    for place in range(len(ROUNDS)):
        parts = [row.rounds[place].value or 0 for row in found.values() if row.is_part and row.code != "no_update"]
        assert sum(parts) == found["updates"].rounds[place].value


def test_one_that_was_not_there_yet_is_in_no_count_of_that_round():
    report = small()
    one, *others = report.priorities[0].commitments
    years = (replace(one.years[0], status="", was_there=False), *one.years[1:])
    priority = replace(report.priorities[0], commitments=(replace(one, years=years), *others))
    found = figures(replace(report, priorities=(priority, report.priorities[1])))
    assert (found["Commitments with a status"][0], found["No update"][0]) == ("3", "1")


def test_a_sum_of_nothing_is_a_nought_and_a_missing_one_is_not():
    earlier = (
        EarlierRoundFacts("2023-24", 0, 0),
        EarlierRoundFacts("2022-23", 3, 1, (EvidenceSumFacts("hours", 0, 1),)),
    )
    found = figures(replace(small(), earlier=earlier))
    assert found["Items of evidence"] == ["not counted", "not counted", "3", "0", "6"]
    assert found["Volunteer hours"][2:4] == ["0 from 1 of 3 items", "not counted"]


def test_the_first_round_has_nothing_to_compare_and_an_old_edition_has_statuses_alone():
    assert years_compared.rows(empty()) == []
    assert "Compared with earlier years" not in rendering.to_html(empty())
    old = figures(replace(small(), earlier=()))
    assert "On track" in old
    assert "Items of evidence" not in old


@pytest.mark.parametrize("face", ["print", "html"])
def test_the_table_is_in_print_and_on_the_web(face):
    report = small()
    html = (
        rendering.to_html(report)
        if face == "print"
        else FORMAT_BY_CODE["html"].write(report, {}, None).content.decode()
    )
    [table] = lxml.html.fromstring(html).xpath("//table[contains(@class, 'compared-years')]")
    assert [" ".join(head.text_content().split()) for head in table.xpath(".//thead//th")] == ["Figure", *ROUNDS]
    rows = {" ".join(row[0].text_content().split()): [" ".join(cell.text_content().split()) for cell in row[1:]] for row in table.xpath(".//tbody/tr")}  # fmt: skip
    assert rows == figures(report)


def test_the_data_hold_the_same_numbers():
    report = small()
    rows = json.loads(FORMAT_BY_CODE["json"].write(report, {}, None).content)["tables"]["headline_figures"]["rows"]
    assert [(row["label"], row["round"], row["value"], row["given_by"], row["out_of"]) for row in rows] == [
        (row.label, figure.round, figure.value, figure.given, figure.of)
        for row in years_compared.rows(report)
        for figure in row.rounds
    ]
    assert any(row["value"] is None for row in rows)


@pytest.mark.parametrize("layout", ["docx", "odt"])
def test_the_committee_paper_holds_the_same_table(layout):
    words = in_zip(FORMAT_BY_CODE[layout].write(small(), {}, None).content)
    assert "Headline figures since 2020-21" in words
    assert "150 from 3 of 4 items" in words
    assert "Headline figures" not in in_zip(FORMAT_BY_CODE[layout].write(empty(), {}, None).content)
