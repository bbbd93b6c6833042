"""Every form of a report about recommendations says what was answered: no form takes a refusal for silence."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from commitments.models import Round
from reporting.easy import drawing
from reporting.exports import json_file
from reporting.exports.dictionary import everything
from reporting.facts import READABLE, PartFacts, from_json, to_json
from reporting.narrative import charts, standings
from reporting.paper.blocks import Heading, Paragraph, TableBlock
from reporting.paper.outline import outline
from reporting.paper.skeleton import default
from reporting.reading.differences import differences
from reporting.rendering.body import to_html
from reporting.rendering.screen import ScreenLinks, page
from tests.factories import make_edition, make_person
from tests.reporting.reading.test_readiness import checks
from tests.reporting.recommended import Recommended

pytestmark = pytest.mark.django_db
DECLINED = "The programme ends with its funding. What was learned goes into the skills plan."


@pytest.fixture
def report():
    return Recommended().told().report()


def words_of(html: str) -> str:
    """Return what is read of a part of a page."""
    return " ".join(unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", html, flags=re.S)).split())


def section(html: str, reference: str) -> str:
    """Return the words of one commitment's part of the report."""
    begin = html.index(f'id="commitment-{reference}"')
    return words_of(html[begin : html.index("</section>", begin)])


@pytest.mark.parametrize("form", ["print", "page"])
def test_the_report_says_why_it_was_declined_and_not_that_no_update_was_received(report, form):
    html = to_html(report) if form == "print" else page(report, links=ScreenLinks(report, 1)).body
    declined, silent = section(html, "4"), section(html, "1b")
    assert "Declined Response of Oxfordshire County Council, decided by Cabinet" in declined
    assert DECLINED in declined
    assert "No update" not in declined
    assert "Accepted in part Response of Oxfordshire County Council" in silent
    assert "No update was received." in silent
    appendix = html[html.index('id="responses"') : html.index('id="organisations"')]
    rows = [words_of(row) for row in re.findall(r"<tr>.*?</tr>", appendix, re.S)][1:]
    assert [row.split()[0] for row in rows] == [str(number) for number in range(1, 21)]
    [row] = [row for row in rows if " 4 Oxfordshire" in row]
    assert f"Declined {DECLINED} Cabinet, " in row
    assert any("Anchor institutions Awaiting a response None published Not stated" in row for row in rows)


def test_what_was_only_noted_is_neither_a_yes_nor_silence_in_any_form():
    made = Recommended()
    made.respond("6b", "noted", "It was read in March.", "Cabinet", at=made.closed_at - timedelta(days=20))
    report = made.told().report()
    for html in (to_html(report), page(report, links=ScreenLinks(report, 1)).body):
        assert "Noted Response of Oxfordshire County Council, decided by Cabinet" in section(html, "6b")
        assert "It was read in March." in section(html, "6b")
        assert "No update" not in section(html, "6b")
        assert 'status--stance-noted">Noted</span>' in html
        assert "1 declined, 1 noted and 3 awaiting a response" in words_of(html)
    style = to_html(report)
    assert "background-image" in re.findall(r"\.status--stance-noted\{([^}]*)\}", style)[0]
    assert "Noted. We read it. We have not decided." in words_of(drawing.to_html(report))
    told = ["".join(run.text for run in block.runs) for block in outline(report).blocks if isinstance(block, Paragraph)]
    assert any("Noted. It was read in March. Decided by Cabinet on" in words for words in told)
    [noted] = [
        row for row in json.loads(json_file.write(report))["tables"]["responses"]["rows"] if row["commitment"] == "6b"
    ]
    assert (noted["response"], noted["response_code"]) == ("Noted", "noted")


def test_the_papers_counts_have_heads_that_no_column_breaks(report):
    [table] = [
        block for block in outline(report).blocks if isinstance(block, TableBlock) and "by status" in block.caption
    ]
    assert table.columns == ("Status", "1", "2", "3", "4", "5", "6", "All")
    assert table.caption == f"Actions of each recommendation, by its number, and by status after {report.round.label}"
    assert ("Declined", "0", "0", "0", "1", "0", "0", "1") in table.rows


def test_what_is_awaited_is_drawn_otherwise_than_silence(report):
    html = to_html(report)
    style = html[: html.index("</style>")]
    rules = dict(re.findall(r"\.status--(stance-awaited|none)\{([^}]*)\}", style))
    assert "border-style:dotted" in rules["stance-awaited"]
    assert "background-image" in rules["stance-awaited"]
    assert "border-style:dashed" in rules["none"]
    assert "background-image" not in rules["none"]
    awaited, silent = standings.of("awaited"), standings.of("")
    tiles = [charts.board([priority]).svg for priority in report.priorities]
    assert sum(svg.count("stroke-linecap") for svg in tiles) == 4, "four await a response"
    assert charts.shape(awaited).count("<circle") == 3
    assert "<circle" not in charts.shape(silent)
    assert "A dashed tile means that no update was received, and a dotted tile with three dots" in words_of(html)
    years = report.priorities[0].commitments[0].years
    priority = replace(
        report.priorities[0],
        commitments=tuple(replace(each, years=tuple(replace(year, status="", response="awaited") for year in years))
                          for each in report.priorities[0].commitments),
    )  # fmt: skip
    [count] = charts.in_year(priority, years[0].round)[1]
    assert count == f"{len(priority.commitments)} awaited", "a longer word would run into the next round"


def test_the_paper_has_an_appendix_of_them_with_the_reports_numbers(report):
    blocks = outline(report).blocks
    assert any(isinstance(block, Heading) and block.text == "Appendix 4: Responses" for block in blocks)
    [table] = [
        block for block in blocks if isinstance(block, TableBlock) and "Responses to the actions" in block.caption
    ]
    assert [row[0] for row in table.rows] == [str(response.number) for _, response in report.responses()]
    [row] = [row for row in table.rows if row[1] == "4"]
    assert row[2:5] == ("Oxfordshire County Council", "Declined", DECLINED)
    assert row[5].startswith("Cabinet, ")


def test_the_easy_summary_says_it_in_two_pages(report):
    told = words_of(drawing.to_html(report))
    assert "What we answered 6 are accepted. 4 are accepted in part. 1 is declined. 4 are awaiting a response." in told
    assert "Declined. We said no." in told
    assert drawing.to_pdf(report).pages == 2


def test_the_data_have_a_table_of_them(report):
    data = json.loads(json_file.write(report))["tables"]
    rows = data["responses"]["rows"]
    assert len(rows) == 20
    [declined] = [row for row in rows if row["commitment"] == "4"]
    assert (declined["response"], declined["response_code"], declined["reason"]) == ("Declined", "no", DECLINED)
    assert (declined["is_owner"], declined["decided_where"]) == (True, "Cabinet")
    one = {row["commitment"]: row for row in data["commitments"]["rows"]}
    assert (one["4"]["status"], one["4"]["status_code"], one["4"]["response"]) == ("Declined", None, "Declined")
    assert (one["1a"]["status"], one["1a"]["response_code"]) == ("On track", "yes")
    assert data["priorities"]["rows"][3]["response_no"] == 1
    [whole] = data["round"]["rows"]
    assert (whole["commitments_with_update"], whole["commitments_without_update"]) == (4, 6)
    assert {table.name for table in everything(report)} >= {"responses", "dictionary"}


def test_a_newer_edition_says_which_responses_it_adds(report):
    before = Recommended.without_response(report, "4")
    assert differences(before, report) == (
        "4 was “Awaiting a response” and is now “Declined”", "new or changed responses to 4",
    )  # fmt: skip
    assert differences(report, report) == ()


@pytest.mark.parametrize("schema", READABLE)
def test_facts_of_every_earlier_shape_load_and_draw_without_responses(report, schema):
    data = to_json(report)
    data["schema"] = schema
    del data["strategy"]["is_councils"], data["strategy"]["supported_by"]
    for priority in data["priorities"]:
        for commitment in priority["commitments"]:
            del commitment["owner_response"], commitment["responses"]
            for year in commitment["years"]:
                del year["response"]
    old = from_json(data)
    html = to_html(old)
    assert "No update was received." in section(html, "4")
    assert 'id="responses"' not in html
    assert "What we answered" not in drawing.to_html(old)
    assert not any(isinstance(block, Heading) and "Responses" in block.text for block in outline(old).blocks)
    assert json.loads(json_file.write(old))["tables"]["responses"]["rows"] == []


def test_a_layout_of_a_council_may_place_the_appendix_and_leaves_it_out_where_there_are_none(report):
    kept = default()
    named = replace(kept, appendices=(PartFacts("What was answered", "responses"), *kept.appendices))
    headings = [block.text for block in outline(replace(report, skeleton=named)).blocks if isinstance(block, Heading)]
    assert "Appendix 1: What was answered" in headings
    assert "Appendix 2: Actions" in headings
    bare = replace(report, skeleton=named, priorities=())
    headings = [block.text for block in outline(bare).blocks if isinstance(block, Heading)]
    assert "Appendix 1: Actions" in headings


def test_publishing_says_what_awaits_a_response_and_does_not_ask_for_updates_to_it(report):
    officer = make_person("administrator")
    round_ = Round.objects.get(strategy__slug=report.strategy.slug)
    found = checks(make_edition(round_=round_, by=officer, facts=to_json(report)))
    assert (found["responses"].state, found["responses"].sentence, found["responses"].items) == (
        "warning", "4 of 15 actions await a response from Oxfordshire County Council.", ("2c", "3b", "5b", "6b"),
    )  # fmt: skip
    assert found["updates"].items == ("1b", "2d", "3a", "3c", "5a", "6a")
    assert found["updates"].sentence == "6 of 10 actions have no approved update."
    [declined] = [priority for priority in report.priorities if priority.number == 4]
    only = replace(report, priorities=(declined,))
    found = checks(make_edition(round_=round_, by=officer, facts=to_json(only)))
    assert (found["updates"].state, found["updates"].sentence) == (
        "ready",
        "No action needs an update yet: 1 declined.",
    )
    assert found["responses"].sentence == "Oxfordshire County Council has responded to 1 action."
    bare = replace(report, priorities=())
    assert "responses" not in checks(make_edition(round_=round_, by=officer, facts=to_json(bare)))
