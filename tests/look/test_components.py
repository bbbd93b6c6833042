"""The smaller visible things, compared with GOV.UK's examples or held to what they promise."""

import datetime
import re

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from commitments.rules import status
from commitments.rules.kinds import GENERAL
from commitments.rules.workflow import EVIDENCE_STATES
from tests.as_read import as_read
from tests.look.outline import bones
from tests.look.test_fields import example
from vcsportal import style_guide
from vcsportal.templatetags import portal as tags

TEMPLATES = settings.BASE_DIR / "templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("_*.html"))


def draw(name: str, **values: object) -> str:
    return as_read(render_to_string(f"components/{name}.html", values))


def test_every_component_says_at_its_top_what_it_is_and_takes():
    silent = [path.name for path in COMPONENTS if not re.match(r"(\{% load static %\})?\{# .{20,}", path.read_text())]
    print(f"looked at {len(COMPONENTS)} components")
    assert len(COMPONENTS) >= 20
    assert silent == []


def test_no_template_carries_script_style_or_a_foreign_server():
    looked, found = 0, []
    for path in TEMPLATES.rglob("*.html"):
        # What is printed, mailed or handed over is no page of the portal: its style is bound into its file.
        if path.relative_to(TEMPLATES).parts[0] in {"report", "papers", "emails", "exported"}:
            continue
        text = path.read_text()
        looked += 1
        found += [
            f"{path.name}: {bad}"
            for bad in re.findall(
                r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\s(?:src=|type=\"application/json\"))|javascript:", text
            )
        ]
        found += [f"{path.name}: {bad}" for bad in re.findall(r"(?:src|<link[^>]*href)=\"https?:", text)]
    print(f"looked at {looked} templates")
    assert looked > 40
    assert found == []


def test_the_board_gives_every_promise_one_equal_tile_with_its_full_name():
    rows = style_guide.samples()["rows"]
    html = draw("_board", rows=rows)
    assert len(re.findall(r'<a class="app-tile status--', html)) == 32
    names = re.findall(r'<span class="app-tile__name">([^<]*)</span>', html)
    assert names == [tile["label"] for row in rows for tile in row["tiles"]]
    assert html.count('class="app-tile__reference" aria-hidden="true"') == 32
    assert [len(re.findall("<li>", part)) for part in html.split("<ul")[1:]] == [8, 5, 6, 7, 6]
    assert "%" not in html
    assert html.count("<h3") == 5
    assert draw("_board", rows=rows, level="2").count("<h2") == 5
    assert "<h" not in draw("_board", rows=rows[:1], bare=True)


def test_a_tile_without_an_address_is_no_link():
    tile = {"reference": "1.1", "status": status.NO_UPDATE, "url": "", "label": "1.1 A promise, No update yet"}
    row = {"number": 1, "title": "One", "url": "", "tiles": [tile, {**tile, "lit": False}]}
    tiles = re.findall(r'<(\w+) class="(app-tile [^"]*)"', draw("_board", rows=[row]))
    assert tiles == [("span", "app-tile status--none"), ("span", "app-tile status--none app-tile--pale")]


@pytest.mark.parametrize("word", status.STATUSES, ids=lambda word: word.code)
def test_every_status_has_a_shape_of_its_own(word):
    shape = draw("_status_shape", status=word)
    others = [draw("_status_shape", status=other) for other in status.STATUSES if other is not word]
    inside = re.search(r"<svg[^>]*>(.+)</svg>", shape, re.DOTALL)
    assert inside
    assert 'aria-hidden="true"' in shape
    assert all(inside.group(1) not in other for other in others)
    assert word.label in draw("_status_tag", status=word)


def test_no_update_yet_has_no_shape_and_a_word():
    assert draw("_status_shape", status=status.NO_UPDATE).strip() == ""
    assert "No update yet" in draw("_status_tag", status=status.NO_UPDATE)


def test_the_key_gives_every_word_its_definition():
    html = draw("_status_key", statuses=[*status.STATUSES, status.NO_UPDATE], nouns=GENERAL)
    assert all(word.definition in html for word in (*status.STATUSES, status.NO_UPDATE))


def test_counts_stand_in_tables_with_headers_and_zero_is_zero():
    counts = style_guide.samples()["counts"]
    html = draw(
        "_status_table",
        caption="Counts",
        statuses=counts["columns"],
        rows=counts["lines"],
        totals=counts["totals"],
        narrow=counts["narrow"],
    )
    wide, narrow = html.split("app-counts--narrow")
    assert (wide.count('scope="col"'), wide.count('scope="row"')) == (10, 6)
    assert (narrow.count('scope="col"'), narrow.count('scope="row"')) == (7, 9)
    for table in (wide, narrow):
        assert "<caption" in table
        assert "No update yet" in table
        assert not re.search(r"<td[^>]*app-counts__count[^>]*></td>", table)
    first = wide.split('scope="row"')[1]
    assert re.findall(r"<td[^>]*>(\d*)</td>", first) == ["1", "4", "1", "1", "0", "1", "0", "0", "8"]
    assert re.findall(r"<td[^>]*>(\d*)</td>", narrow.split('scope="row"')[1]) == ["1", "0", "0", "0", "1", "2"]


@pytest.mark.parametrize("state", EVIDENCE_STATES, ids=lambda state: state.code)
def test_a_state_is_a_tag_with_a_word(state):
    assert bones(draw("_state_tag", state=state)) == [f"strong govuk-tag govuk-tag--{state.tone}"]


def test_a_success_is_announced_and_other_news_are_a_region():
    assert [line.split(" id")[0] for line in bones(draw("_notification", text="Sent.", success="success"))][
        :3
    ] == example("notification-banner", "with-type-as-success")[:3]
    assert bones(draw("_notification", text="Soon.", success="info"))[0] == example("notification-banner")[0]


def test_a_summary_list_has_gov_uk_s_bones():
    rows = [{"key": key, "value": "Value"} for key in ("Name", "Date", "Contact")]
    without = [
        line.replace(" govuk-summary-list__row--no-actions", "") for line in bones(draw("_summary_list", rows=rows))
    ]
    assert without == [line for line in example("summary-list") if line.strip().split()[0] in ("dl", "div", "dt", "dd")]
    html = draw("_summary_list", rows=[{"key": "Name", "value": "<b>", "url": "/x"}])
    assert "&lt;b&gt;" in html
    assert '<span class="govuk-visually-hidden"> Name</span>' in html


def test_pages_of_a_list_have_gov_uk_s_bones_and_keep_what_was_asked():
    request = RequestFactory().get("/list/?status=at_risk&page=2")
    html = as_read(
        render_to_string("components/_pagination.html", {"page_obj": Paginator(range(30), 10).page(2)}, request=request)
    )
    assert bones(html) == example("pagination")
    assert html.count("?status=at_risk&amp;page=") == 5
    assert html.count('aria-current="page"') == 1
    single = {"page_obj": Paginator(range(3), 10).page(1)}
    assert bones(as_read(render_to_string("components/_pagination.html", single, request=request))) == []
    assert tags.page_numbers(Paginator(range(200), 10).page(10)) == [1, None, 9, 10, 11, None, 20]


def test_the_way_up_and_the_task_list_have_gov_uk_s_bones():
    crumbs = [{"title": "Home", "url": "/"}] * 4
    assert [
        line.replace(" govuk-breadcrumbs--collapse-on-mobile", "")
        for line in bones(draw("_breadcrumbs", crumbs=crumbs))
    ] == example("breadcrumbs")
    assert (
        bones(draw("_task_list", tasks=[{"title": "Say", "url": "/x", "word": "Done"}]))[:4] == example("task-list")[:4]
    )
    assert bones(draw("_panel", title="Sent"))[:2] == example("panel")[:2]


def test_progress_says_in_words_what_the_bar_shows():
    html = draw("_progress", words="Drawing the pages", done=12, total=34, unit="pages", poll_url="/p/")
    assert "Drawing the pages: 12 of 34 pages" in html
    assert 'value="12" max="34"' in html
    assert 'role="status"' in html
    assert 'hx-get="/p/"' in html
    assert "<progress" not in draw("_progress", words="Waiting")
    failed = draw("_progress", words="Stopped", failed="A photograph is damaged.")
    assert "A photograph is damaged." in failed
    assert "hx-get" not in failed


def test_a_photograph_has_its_words():
    card = {
        "title": "Open evening",
        "url": "/e/",
        "organisation": "A",
        "photo": "/p.jpg",
        "photo_alt": "People in a hall",
        "figures": [{"value": 1240, "label": "people"}],
        "language": "",
    }
    html = draw("_evidence_card", card=card)
    assert 'alt="People in a hall"' in html
    assert ">1,240</dd>" in html
    assert "app-card--photo" in html


def test_dates_numbers_and_statuses_read_as_people_say_them():
    at = datetime.datetime(2025, 7, 1, 23, 30, tzinfo=datetime.UTC)
    assert tags.day(datetime.date(2025, 3, 12)) == "12 March 2025"
    assert tags.day(at) == "2 July 2025"  # half past midnight in London
    assert tags.moment(at) == "2 July 2025, 12:30am"
    assert tags.day(None) == tags.moment(None) == tags.as_number(None) == ""
    assert (tags.as_number(1234), tags.as_number(0), tags.as_number("few")) == ("1,234", "0", "few")
    assert tags.as_status("at_risk") is status.AT_RISK
    assert tags.as_status(None) is status.NO_UPDATE
    assert tags.host("https://example.org/a/b") == "example.org"
    assert tags.host("nonsense") == "nonsense"
    assert "<strong>so</strong>" in tags.markdown("**so** <script>")
    assert "<script" not in tags.markdown("**so** <script>")
