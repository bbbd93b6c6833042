"""The report's pictures on a screen: the page's own letters and colours, the same counts and the same sentence as in print."""

import re
from dataclasses import replace
from html import unescape

import pytest

from commitments.rules import status as words
from reporting import assembly
from reporting.facts import ProductionDetails, Report
from reporting.narrative import charts
from reporting.rendering import screen_pictures
from reporting.rendering.body import BARS_ALT_TEXT
from tests.reporting.year import make_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(now) -> Report:
    year = make_year(shape=(8, 3), pieces=2, years=2)
    return assembly.assemble(round_=year.rounds[-1], making=ProductionDetails(at=now))


def test_bars_count_every_commitment_on_one_scale(report):
    html = screen_pictures.bars(report, BARS_ALT_TEXT)
    assert f'role="img" aria-label="{BARS_ALT_TEXT}"' in html
    assert "font-family" not in html
    rows = html.split("<svg")[1:]
    assert len(rows) == len(report.priorities) == 2
    for row, priority in zip(rows, report.priorities, strict=True):
        counts = priority.counts()
        shown = [int(number) for number in re.findall(r"<text[^>]*>(\d+)</text>", row)]
        assert shown == [counts[code] for code in report.statuses() if counts.get(code)]
        widths = [float(width) for width in re.findall(r'<rect[^>]* width="([\d.]+)%"', row)]
        assert sum(widths) == pytest.approx(100 * len(priority.commitments) / 8, abs=0.01)


def test_a_part_without_room_for_its_number_has_none(report):
    first = report.priorities[0]
    other = replace(first.commitments[0], status="delayed")
    many = replace(first, commitments=(other, *[replace(first.commitments[1], status="on_track")] * 199))
    html = screen_pictures.bars(replace(report, priorities=(many,)), BARS_ALT_TEXT)
    assert re.findall(r"<text[^>]*>(\d*)</text>", html) == ["199", ""]


def test_boards_of_the_years_say_what_the_printed_picture_says(report):
    priority = report.priorities[0]
    html = screen_pictures.boards(report, priority)
    assert f'aria-label="{charts.boards(report, priority).sentence}"' in unescape(html)
    for round_ in report.rounds:
        codes, counts = charts.in_year(priority, round_)
        here = html.split(f">{round_}<")[1].split("</div>")[0]
        assert re.findall(r"app-tile--key status--([\w-]+)", here) == [words.of(code).tone or "none" for code in codes]
        assert re.findall(r'__count">([^<]+)<', here) == counts
