"""The summary and the easy summary may leave things out, but nothing they say differs from the data of the same edition."""

import json
from datetime import date
from typing import Any

import pytest

from commitments.rules.evidence_figures import SUMMED_FIGURES
from commitments.rules.status import STATUSES
from reporting.formats import FORMAT_BY_CODE
from tests.reporting.small import small
from tests.reporting.test_every_face import squeezed, words_of
from vcsportal.common import plurals
from vcsportal.common.dates import in_words

BEFORE, NOW = "2023-24", "2024-25"
MADE_ON = "2025-06-30"


@pytest.fixture(scope="module")
def data() -> dict[str, list[dict[str, Any]]]:
    """Each table of the data, row by row."""
    tables = json.loads(FORMAT_BY_CODE["json"].write(small(), {}, None).content)["tables"]
    return {name: table["rows"] for name, table in tables.items()}


@pytest.fixture(scope="module")
def says() -> dict[str, str]:
    """What each face says, letters and digits alone."""
    codes = ("summary", "easy", "pdf", "html")
    return {code: words_of(code, FORMAT_BY_CODE[code].write(small(), {}, None).content) for code in codes}


def _sum(data: dict[str, list[dict[str, Any]]], figure: str, round_: str) -> str:
    """Return a sum with its base, as a table prints it."""
    [row] = [row for row in data["headline_figures"] if (row["figure"], row["round"]) == (figure, round_)]
    if row["value"] is None:
        return "not counted"
    return f"{row['value']:,} from {row['given_by']} of {plurals.counted(row['out_of'], 'item')}"


@pytest.mark.parametrize("code", ["summary", "pdf", "html"])
def test_each_sum_stands_beside_that_of_the_year_before_and_both_are_those_of_the_data(says, data, code):
    labels = {row["figure"]: row["label"] for row in data["headline_figures"]}
    for figure in SUMMED_FIGURES:
        line = f"{labels[figure.code]} {_sum(data, figure.code, BEFORE)} {_sum(data, figure.code, NOW)}"
        assert squeezed(line) in says[code], line
    assert len(SUMMED_FIGURES) == 3


@pytest.mark.parametrize("code", ["summary", "pdf", "html"])
def test_what_is_late_and_what_comes_next_are_the_actions_of_the_data(says, data, code):
    open_ = [row for row in data["actions"] if not (row["done_on"] or row["done_since"] or row["dropped_on"])]
    late = [row for row in open_ if row["due_on"] <= MADE_ON]
    for row in open_:
        day = in_words(date.fromisoformat(row["due_on"]))
        said = f"{row['commitment']} {row['title']}: {'late since' if row in late else 'by'} {day}"
        assert squeezed(said) in says[code], said
    assert (len(late), len(open_)) == (1, 2)


def test_the_easy_summary_counts_each_priority_as_the_data_do(says, data):
    for row in data["priorities"]:
        counts = [f"{row[each.code]} {each.label.lower()}" for each in STATUSES if row[each.code]]
        counts += [f"{row['no_update']} no update"] if row["no_update"] else []
        assert squeezed(f"{row['priority']}. {row['title']}") in says["easy"]
        line = f"{row['commitments']} commitments: {', '.join(counts)}."
        assert squeezed(line) in says["easy"], line
    assert len(data["priorities"]) == 2


def test_the_easy_summary_names_each_change_as_the_data_do(says, data):
    moved = [row for row in data["changes"] if row["kind_code"] == "moved" and not row["is_summary"]]
    for row in moved:
        line = f"{row['commitment']} {row['subject']}. {row['was']}, now {row['now']}."
        assert squeezed(line) in says["easy"], line
    assert squeezed(f"{len(moved)} commitments changed status.") in says["easy"]
    assert squeezed(f"{plurals.capital(plurals.in_words(len(moved)))} commitments changed status") in says["summary"]
    silent = [row for row in data["commitments"] if not row["status_code"]]
    total = len(data["commitments"])
    assert (
        squeezed(f"We got no update for {len(silent)} of {total} commitments. It is {silent[0]['commitment']}.")
        in says["easy"]
    )
    slipped = sum(row["kind_code"] == "slipped" and not row["is_summary"] for row in data["changes"])
    assert squeezed(f"{slipped} step was not done by the date set.") in says["easy"]


def test_the_easy_summary_gives_the_sums_of_the_data(says, data):
    for figure, words in (("people_reached", "They reached {} people"), ("volunteers", "the help of {} volunteers"),
                          ("hours", "Volunteers gave {} hours")):  # fmt: skip
        [row] = [row for row in data["headline_figures"] if (row["figure"], row["round"]) == (figure, NOW)]
        line = f"{words.format(row['value'])}. {row['given_by']} of {row['out_of']} stories say so."
        assert squeezed(line) in says["easy"], line
