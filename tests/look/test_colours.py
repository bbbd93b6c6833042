"""Every colour that says something can be told apart from what it stands on."""

import re

import pytest
from django.conf import settings

from commitments.rules.stances import AWAITED, HOLDING_BACK, STANCES, Stance
from commitments.rules.status import NO_UPDATE, STATUSES, Status
from commitments.rules.workflow import EVIDENCE_STATES, UPDATE_STATES
from reporting.workflow import EDITION_STATES
from vcsportal import pages
from vcsportal.checks import brand_colour_is_readable
from vcsportal.common.colour import contrast, mix

WHITE, DARK = "#ffffff", pages.DARK_PAGE


def full(colour: str) -> str:
    """``#abc`` as ``#aabbcc``."""
    return "#" + "".join(letter * 2 for letter in colour[1:]) if len(colour) == 4 else colour


@pytest.fixture(scope="module")
def css() -> str:
    return (settings.BASE_DIR / "static" / "build" / "portal.css").read_text()


@pytest.fixture(scope="module")
def sheets(css) -> str:
    """The style sheet of every page and that of reports."""
    return css + (settings.BASE_DIR / "static" / "build" / "report.css").read_text()


def colours_of(css: str, tone: str) -> list[dict[str, str]]:
    """The colours of a status, light first, then dark."""
    blocks = re.findall(rf"\.status--{tone}\{{([^}}]*)\}}", css)
    found = [dict(re.findall(r"--(\w+):\s*([^;]+)", block)) for block in blocks]
    return [{name: full(value.strip()) for name, value in pairs.items()} for pairs in found if pairs]


def test_the_style_sheet_has_the_colours_of_the_table_of_statuses(css):
    for status in STATUSES:
        light = colours_of(css, status.tone)[0]
        assert light == {"fill": status.fill, "ink": status.ink, "edge": status.edge}, status.label
    assert colours_of(css, "none")[0] == {"fill": "transparent", "ink": NO_UPDATE.ink, "edge": NO_UPDATE.edge}


@pytest.mark.parametrize("status", STATUSES, ids=lambda status: status.code)
def test_a_status_can_be_read_by_day_and_by_night(css, status):
    for colours, page in zip(colours_of(css, status.tone), (WHITE, DARK), strict=True):
        assert contrast(colours["ink"], colours["fill"]) >= 7, "the words on their ground"
        assert contrast(colours["edge"], page) >= 3, "the edge on the page"
        assert contrast(colours["edge"], colours["fill"]) >= 3, "the shape on the tile"


@pytest.mark.parametrize("stance", STANCES, ids=lambda stance: stance.code)
def test_a_response_can_be_read_by_day_and_by_night_and_has_its_tables_colours(css, stance):
    found = colours_of(css, stance.tone)
    assert found[0] == {"fill": stance.fill, "ink": stance.ink, "edge": stance.edge}
    for colours, page in zip(found, (WHITE, DARK), strict=True):
        assert contrast(colours["ink"], colours["fill"]) >= 7, "the words on their ground"
        assert contrast(colours["edge"], page) >= 3, "the edge on the page"
        assert contrast(colours["edge"], colours["fill"]) >= 3, "the shape on the tile"


def test_what_is_awaited_can_be_read_by_day_and_by_night(css):
    light, dark = colours_of(css, AWAITED.tone)
    assert light == {"fill": "transparent", "ink": AWAITED.ink, "edge": AWAITED.edge}
    for colours, page in ((light, WHITE), (dark, DARK)):
        assert contrast(colours["ink"], page) >= 7
        assert contrast(colours["edge"], page) >= 3


def test_what_is_awaited_differs_from_silence_in_edge_and_shape_and_not_by_colour_alone(sheets):
    assert (AWAITED.pattern, NO_UPDATE.pattern) == ("dotted", "dashed")
    assert (AWAITED.shape, NO_UPDATE.shape) == ("ellipsis", "none")
    for name, edge in ((AWAITED.tone, "dotted"), ("none", "dashed")):
        rules = [rule for rule in re.findall(r"([^{}]+)\{([^}]*)\}", sheets) if f"border-style:{edge}" in rule[1]]
        selectors = " ".join(selector for selector, _ in rules)
        for where in (".app-tile", ".app-status", ".app-report"):
            assert re.search(rf"{re.escape(where)}[^,]*\.status--{name}", selectors), (where, name)
    bars = re.findall(r"\.app-bars__bar \.status--([\w-]+) rect\{([^}]*)\}", sheets)
    assert len({rule for _, rule in bars}) == len(bars) == 2


def test_each_response_has_its_shape_on_the_page_of_a_report(sheets):
    for stance in (*STANCES, AWAITED):
        assert re.search(rf"\.app-report \.status--{stance.tone}:is\(\.status\)::before\{{[^}}]*mask:", sheets), (
            stance.code
        )
        assert re.search(rf"\.app-easy \.easy-key__{stance.tone}::before\{{[^}}]*mask:", sheets), stance.code


@pytest.mark.parametrize("table", ["answers", "decisions"])
def test_a_reports_table_of_many_columns_is_stacked_on_a_telephone(sheets, table):
    narrow = [
        block for block in sheets.split("@media")[1:] if re.match(r"\s*(not all and \(min-width|\(max-width)", block)
    ]
    rules = [rule for block in narrow for rule in re.findall(r"([^{}]+)\{([^}]*)\}", block) if f".{table}" in rule[0]]
    stacked = " ".join(selector for selector, look in rules if "display:block" in look)
    assert all(f"{part}" in stacked for part in ("td", "tr", "tbody")), stacked
    assert any("::before" in selector and "content:" in look for selector, look in rules), "cells are given their names"


def test_no_two_responses_share_a_shape_or_a_colour_nor_one_with_a_status():
    for name in ("shape", "fill", "ink", "label", "definition"):
        values = [getattr(word, name) for word in (*STANCES, *STATUSES)]
        assert len(set(values)) == len(values), name
    for name in ("shape", "label"):
        assert getattr(AWAITED, name) not in {getattr(word, name) for word in (*STANCES, *STATUSES, NO_UPDATE)}


def test_no_update_yet_can_be_read_by_day_and_by_night(css):
    light, dark = colours_of(css, "none")
    assert contrast(light["ink"], WHITE) >= 7
    assert contrast(light["edge"], WHITE) >= 3
    assert contrast(dark["ink"], DARK) >= 7
    assert contrast(dark["edge"], DARK) >= 3


def test_no_two_statuses_share_a_shape_a_pattern_or_a_colour():
    for name in ("shape", "pattern", "fill", "edge", "label", "definition"):
        values = [getattr(status, name) for status in (*STATUSES, NO_UPDATE)]
        alone = [value for value in values if values.count(value) == 1]
        assert len(alone) == len(values) or name == "edge", (name, values)


def test_no_two_parts_of_a_bar_have_one_pattern_where_nothing_else_tells_them_apart():
    """What was accepted has a status, or no update; what was not has its answer in the bar."""
    parts: tuple[Status | Stance, ...] = (*STATUSES, *HOLDING_BACK, NO_UPDATE)
    patterns = [part.pattern for part in parts]
    assert len(patterns) == 11
    assert len(set(patterns)) == len(patterns)


def test_every_state_has_a_tag_of_its_tone(css):
    states = (*EVIDENCE_STATES, *UPDATE_STATES, *EDITION_STATES)
    assert states
    assert [state.label for state in states if f".govuk-tag--{state.tone}{{" not in css] == []


def test_the_dark_page_of_the_style_sheet_is_the_one_that_colours_are_computed_for(css):
    assert f"--govuk-body-background-colour: {DARK}" in css or f"--govuk-body-background-colour:{DARK}" in css


@pytest.mark.parametrize("colour", ["#17424f", "#005ea5", "#4c2c92", "#8a1f0e", "#000000", "#767676"])
def test_links_in_a_council_s_colour_can_be_read_by_day_and_by_night(colour):
    style = pages.brand_style(colour)
    day, night = re.findall(r"--govuk-link-colour:(#\w{6})", style)
    hover_day, hover_night = re.findall(r"--govuk-link-hover-colour:(#\w{6})", style)
    assert contrast(day, WHITE) >= 4.5
    assert contrast(hover_day, WHITE) >= 4.5
    assert contrast(night, DARK) >= 7
    assert contrast(hover_night, DARK) >= 7


def test_the_shipped_brand_colour_passes_the_check_with_room(settings):
    assert contrast("#17424f", WHITE) > 10
    assert brand_colour_is_readable(None) == []


@pytest.mark.parametrize(
    ("colour", "code"),
    [("#ffdd00", "portal.E002"), ("#8a8a8a", "portal.E002"), ("teal", "portal.E001"), ("#12345", "portal.E001")],
)
def test_a_brand_colour_that_nobody_could_read_stops_the_start(settings, colour, code):
    settings.PORTAL_BRAND_COLOUR = colour
    assert [message.id for message in brand_colour_is_readable(None)] == [code]


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)
    with pytest.raises(ValueError, match="not a colour"):
        contrast("red", "#ffffff")
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
