"""The report on one page: it answers what a councillor would ask, from the facts, and always fits."""

import io
from dataclasses import replace
from datetime import date

import lxml.html
import pypdf
import pytest

from reporting import rendering
from reporting.facts import DoneFacts, TextFacts
from reporting.formats import FORMAT_BY_CODE
from reporting.narrative import standing_rows, summary_page
from reporting.rendering.summary_page import lines_that_fit
from tests.as_read import as_read
from tests.reporting.rendering.test_layout_at_the_edges import with_commitments
from tests.reporting.small import empty, small


def said(report) -> str:
    """What the page says, as text."""
    page = lxml.html.fromstring(rendering.summary_html(report))
    return " ".join(page.xpath("//body")[0].text_content().split())


@pytest.mark.parametrize(("question", "answer"), [
    ("How many commitments are there, until when?", "The strategy runs from 1 April 2020 to 31 March 2025. It has 5 commitments under two priorities."),
    ("How do they stand?", "updates were received for 4 of the 5 commitments: 1 on track, 1 delayed, 1 complete and 1 embedded."),
    ("Of which day is that?", "Statuses are as frozen on 7 June 2025; actions are as at 30 June 2025."),
    ("Which had no update?", "No update was received for 1 commitment: 2.2."),
    ("What changed since last year?", "Three commitments changed status since 2023-24: 1.1 is now on track; 1.2 is now delayed; 2.1 is now complete."),
    ("How many people were reached?", "People reached 150 from 3 of 4 items 204 from 5 of 6 items"),
    ("Who took part?", "Three organisations reported what they did in 6 accepted items of evidence."),
    ("What is late?", "1.1 Write to the landlords: late since 31 January 2025"),
    ("What comes next?", "1.1 Find a third hall: by 30 September 2025"),
    ("Where does the sector disagree?", "1.2 Bring groups together: Long Table sees it differently: at risk, not delayed."),
])  # fmt: skip
def test_it_answers_what_a_councillor_asks(question, answer):
    assert answer in said(small()), question


def test_it_says_what_members_are_asked_to_do():
    lines = "Note the progress.\n\nAgree the fares of volunteers.\n"
    report = replace(small(), texts=(*small().texts, TextFacts("paper-recommendations", lines)))
    assert "What members are asked to do Note the progress.Agree the fares of volunteers." in said(report)
    assert "What members are asked to do" not in said(small())


@pytest.mark.parametrize("report", [small(), empty(), with_commitments(200)], ids=["small", "empty", "200 commitments"])
def test_it_is_one_page_whatever_the_year(report):
    made = FORMAT_BY_CODE["summary"].write(report, {}, None)
    assert made.pages == len(pypdf.PdfReader(io.BytesIO(made.content)).pages) == 1


def test_lists_are_cut_until_the_page_holds_them_and_say_what_was_left_out():
    report = small()
    first, *others = report.priorities
    one = first.commitments[0]
    [late] = [action for action in one.actions if action.title == "Write to the landlords"]
    many = replace(one, actions=tuple(replace(late, title=f"Write letter {n}, {'word ' * 30}") for n in range(40)))
    crowded = replace(report, priorities=(replace(first, commitments=(many, *first.commitments[1:])), *others))
    lines = lines_that_fit(crowded)
    assert lines < lines_that_fit(report) == summary_page.MAX_LISTED
    assert f"{40 - lines} more late." in said(crowded)


def test_the_second_page_of_the_report_and_the_page_on_the_web_say_the_same():
    report = small()
    reader = pypdf.PdfReader(io.BytesIO(rendering.to_pdf(report).content))
    second = " ".join(reader.pages[1].extract_text().split())
    for answer in ("The year in short", "late since 31 January 2025", "150 from 3 of 4 items"):
        assert answer in second
    assert len(reader.pages[1].extract_text()) > 1_000


def test_an_edition_from_before_earlier_sums_were_kept_shows_this_year_alone():
    report = replace(small(), earlier=())
    assert "204 from 5 of 6 items" in said(report)
    assert "include what has come in since" not in said(report)


def test_every_commitment_is_in_the_table_with_both_years():
    report = small()
    rows = standing_rows.rows(report)
    assert [(row.reference, row.was.code, row.now.code, row.items) for row in rows] == [
        (c.reference, c.years[-2].status, c.status, len(c.evidence)) for c in report.commitments()
    ]
    assert (rows[1].was_words, rows[1].now_words, rows[-1].now_words) == ("On track", "Delayed", "No update")
    html = as_read(rendering.to_html(report))
    table = html[html.index('<table class="wide standings">') :]
    assert all(row.title in table[: table.index("</table>")] for row in rows)


def test_a_commitment_that_joined_this_year_was_not_there_before():
    report = small()
    first, *others = report.priorities
    one = first.commitments[0]
    years = tuple(replace(year, status="", was_there=False) for year in one.years[:-1])
    joined = replace(one, years=(*years, one.years[-1]))
    report = replace(report, priorities=(replace(first, commitments=(joined, *first.commitments[1:])), *others))
    row = standing_rows.rows(report)[0]
    assert (row.was_there, row.was_words) == (False, "not there yet")


def test_what_was_done_is_listed_among_the_changes():
    report = small()
    assert report.changes is not None
    done = (DoneFacts("1.1", "Open the hall in the north", date(2024, 6, 30), date(2024, 5, 14)),)
    html = as_read(rendering.to_html(replace(report, changes=replace(report.changes, done=done))))
    chapter = html[html.index('id="changes"') : html.index('id="glance"')]
    assert "Actions that were done" in chapter
    assert "Open the hall in the north: done on 14 May 2024." in chapter
