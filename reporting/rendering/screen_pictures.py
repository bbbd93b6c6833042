"""The report's pictures for a screen: in the page's own letters and colours, as wide as there is room for. No query.

In print they are :mod:`reporting.narrative.charts`. Each carries the same sentence there and here.
"""

from typing import Final

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from reporting.facts import IndicatorFacts, PriorityFacts, Report
from reporting.narrative import charts, districts, indicator_lines, standings
from reporting.narrative.districts import DistrictCompared
from reporting.narrative.indicator_lines import IndicatorRound

NARROWEST_PERCENT: Final = 5
"""A part of a bar that is narrower than this has no room for its number, which the table below the bars gives."""


def bars(report: Report, sentence: str) -> SafeString:
    """Return counts per priority as stacked bars on one scale, in the strategy's own order."""
    most = max((len(priority.commitments) for priority in report.priorities), default=0) or 1
    rows = []
    for priority in report.priorities:
        parts, begins, counts = [], 0.0, priority.counts()
        for code in report.statuses():
            if count := counts.get(code, 0):
                width = 100 * count / most
                parts.append(
                    {
                        "status": standings.of(code),
                        "x": f"{begins:.3f}%",
                        "width": f"{width:.3f}%",
                        "middle": f"{begins + width / 2:.3f}%",
                        "count": count if width >= NARROWEST_PERCENT else "",
                    }
                )
                begins += width
        rows.append({"title": priority.heading(report.strategy.nouns), "parts": parts})
    return render_to_string("report/_screen_bars.html", {"rows": rows, "sentence": sentence})


def half_boards(report: Report) -> list[dict[str, object]]:
    """Return the board of the round before and of this one, small, each with what people call its round."""
    found: list[dict[str, object]] = []
    for round_ in report.rounds[-2:]:
        rows = []
        for priority in report.priorities:
            years = [charts.year_of(commitment, round_) for commitment in priority.commitments]
            rows.append([standings.of(year.standing) for year in years if year.standing or year.was_there])
        values = {"rows": rows, "sentence": charts.earlier_board(report, round_).sentence}
        board = render_to_string("report/_screen_half_board.html", values)
        found.append({"round": report.label_of(round_), "board": board})
    return found


def boards(report: Report, priority: PriorityFacts) -> SafeString:
    """Return a priority's boards through the rounds, each with its counts in words."""
    years = []
    for round_ in report.rounds[-charts.MAX_YEARS :]:
        codes, counts = charts.in_year(priority, round_)
        statuses = [standings.of(code) for code in codes] if charts.has_tiles(priority) else []
        years.append({"round": report.label_of(round_), "statuses": statuses, "counts": counts})
    sentence = charts.boards(report, priority).sentence
    return render_to_string("report/_screen_boards.html", {"years": years, "sentence": sentence})


def indicator_line(indicator: IndicatorFacts, rounds: list[IndicatorRound]) -> SafeString:
    """Return an indicator's small line in the page's own ink; "" where there is none to draw."""
    return _in_page(indicator_lines.line(indicator, rounds, charts.CURRENT_COLOUR), "counted__line")


def district_map(report: Report, rows: list[DistrictCompared]) -> SafeString:
    """Return the map of districts in the page's own ink; "" where a district has no place on it."""
    return _in_page(districts.tile_map(report, rows, charts.CURRENT_COLOUR), "district-map")


def _in_page(picture: charts.Chart | None, css: str) -> SafeString:
    """Return a picture as a part of the page, heard as its sentence."""
    if picture is None:
        return SafeString("")
    drawn = mark_safe(picture.svg)  # noqa: S308 - drawn here, and its words are escaped
    hidden = format_html('<span aria-hidden="true">{}</span>', drawn)
    return format_html('<span class="{}" role="img" aria-label="{}">{}</span>', css, picture.sentence, hidden)
