"""The easy summary as values for a page, as HTML and as a tagged PDF (PDF/UA-1) of exactly two pages."""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import segno
from django.conf import settings
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from commitments.rules.kinds import Nouns
from commitments.rules.stances import AWAITED, STANCES
from commitments.rules.status import NO_UPDATE, STATUSES
from reporting.easy import people, words
from reporting.facts import PriorityFacts, Report
from reporting.narrative import charts
from reporting.rendering.pdf import PdfFile, count_pages, to_drawn
from reporting.rendering.pictures import data

T = TypeVar("T")
STYLE: Final = Path(settings.BASE_DIR) / "templates" / "report" / "easy.css"
SIZE: Final = re.compile(r'width="[\d.]+" height="[\d.]+"')
PAGES: Final = 2
MAX_ROW_PIXELS: Final = 660
"""The most that a row of tiles is wide, in the pixels of print."""


NO_UPDATE_TILE: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24"><rect x="2" y="2" width="20" '
    f'height="20" rx="2" fill="none" stroke="{NO_UPDATE.edge}" stroke-width="2.500" stroke-dasharray="4 3"/></svg>'
)


@dataclass(frozen=True, slots=True)
class TileLayout:
    """One layout of the first page: a tile's side in pixels and the number of tiles in a row. ``tight`` sets lines closer.

    Without tiles there are too many priorities for a picture of each.
    """

    tile: int
    columns: int
    tight: bool = False


@dataclass(frozen=True, slots=True)
class ListLayout:
    """One layout of the second page: the most points in a list. ``tight`` sets lines closer; ``joined`` lets the sentences of a
    part follow one another, where there is no room for a line each.
    """

    most: int
    tight: bool = False
    joined: bool = False


TILE_LAYOUTS: Final = (
    TileLayout(58, 10), TileLayout(50, 11), TileLayout(42, 14), TileLayout(36, 16), TileLayout(42, 14, tight=True), TileLayout(34, 16, tight=True),
    TileLayout(28, 20, tight=True), TileLayout(22, 26, tight=True), TileLayout(0, 0, tight=True),
)  # fmt: skip
LIST_LAYOUTS: Final = (
    ListLayout(6), ListLayout(5), ListLayout(4), ListLayout(3), ListLayout(3, tight=True), ListLayout(2, tight=True), ListLayout(1, tight=True),
    ListLayout(0, tight=True), ListLayout(0, tight=True, joined=True),
)  # fmt: skip
"""Layouts from spacious to tight: the first that fits its page is drawn."""


def values(report: Report, rows: TileLayout = TILE_LAYOUTS[0], points: ListLayout = LIST_LAYOUTS[0]) -> dict[str, Any]:
    """Return what ``report/easy_body.html`` shows, in print and on a page."""
    address = f"{report.identity.url.rstrip('/')}/reports/of/{report.strategy.slug}/{report.round.slug}/"
    parts = (
        words.well(report, points.most),
        words.worry(report, points.most),
        words.answered(report),
        words.silence(report),
        words.took_part(report),
        people.groups(report, points.most // 2),
        people.decided(report, points.most // 2),
        people.said(report, points.most // 2),
        words.changed(report, points.most // 2),
    )
    return {
        "report": report,
        "intro": words.intro(report),
        "rows": [_row(priority, report, rows) for priority in report.priorities] if rows.tile else [],
        "together": None if rows.tile else _together(report),
        "key": words.key(report),
        "parts": [part for part in parts if part and report.commitments()],
        "address": address,
        "joined": points.joined,
        "first": True,
        "second": True,
    }


def to_html(
    report: Report, rows: TileLayout = TILE_LAYOUTS[0], points: ListLayout = LIST_LAYOUTS[0], **only: bool
) -> str:
    """Return the two pages as HTML; with ``first=False`` or ``second=False`` one of them."""
    shown = values(report, rows, points)
    code = segno.make_qr(shown["address"], error="m").svg_data_uri(border=2, dark="#000", light="#fff", scale=2)
    print_ = {
        "title": f"{report.strategy.title}: easy summary for {report.round.label}",
        "style": mark_safe(_style(report)),  # noqa: S308 - our own
        "code": format_html('<img class="easy-code" src="{}" alt="QR code: it opens the whole report.">', mark_safe(code)),  # noqa: S308
        "tight": (rows.tight, points.tight),
    }  # fmt: skip
    return str(get_template("report/easy.html").render(shown | print_ | only))


def to_pdf(report: Report) -> PdfFile:
    """Return the two pages. What does not fit is shortened; the same facts give the same bytes."""
    roomiest = to_drawn(to_html(report))
    if roomiest.pages == PAGES:
        return roomiest
    rows = _roomiest(TILE_LAYOUTS, lambda layout: to_html(report, rows=layout, second=False))
    points = _roomiest(LIST_LAYOUTS, lambda layout: to_html(report, points=layout, first=False))
    return to_drawn(to_html(report, rows, points))


def _roomiest(fits: Sequence[T], draw: Callable[[T], str]) -> T:
    """Return the first layout that fits one page; the last is so tight that it always does."""
    place = bisect_left(range(len(fits) - 1), True, key=lambda place: count_pages(draw(fits[place])) == 1)
    return fits[place]


def _row(priority: PriorityFacts, report: Report, rows: TileLayout) -> dict[str, Any]:
    most = max(len(priority.commitments) for priority in report.priorities)
    columns = min(rows.columns, max(most, 1))
    return {
        "priority": priority,
        "title": words.cut(priority.title),
        "picture": _picture([priority], columns, rows, report.strategy.nouns) if priority.commitments else "",
        "says": words.row(priority, report.strategy.nouns, tight=rows.tight),
    }


def _together(report: Report) -> dict[str, Any]:
    """Return all priorities in one picture, where there are too many for one each."""
    whole = PriorityFacts(0, "", "", tuple(report.commitments()))
    return {
        "says": words.row(whole, report.strategy.nouns),
        "counted": report.strategy.nouns.counted_priorities(len(report.priorities)),
        "priorities": len(report.priorities),
    }


def _picture(priorities: list[PriorityFacts], columns: int, rows: TileLayout, nouns: Nouns) -> SafeString:
    """Return a row of tiles of the size that fits, all rows alike."""
    drawn = charts.board(priorities, columns=columns, nouns=nouns)
    side = charts.TILE_UNITS + charts.TILE_GAP_UNITS
    lines = (len(priorities[0].commitments) - 1) // columns + 1
    wide, high = columns * side - charts.TILE_GAP_UNITS, lines * side - charts.TILE_GAP_UNITS
    scale = min(rows.tile / charts.TILE_UNITS, MAX_ROW_PIXELS / wide)
    size = f'width="{round(wide * scale)}" height="{round(high * scale)}"'
    svg = SIZE.sub(size, drawn.svg, count=1)  # print goes by the picture's own size, the page by the image's
    return format_html('<img class="easy-row" src="{}" alt="{}" {}>', data(svg), drawn.sentence, mark_safe(size))  # noqa: S308


def _style(report: Report) -> str:
    tags = "".join(
        f".easy-key__{status.tone or 'none'}{{background-image:url({data(charts.shape(status) if status.code else NO_UPDATE_TILE)})}}"
        for status in (*STATUSES, *((*STANCES, AWAITED) if report.responses() else ()), NO_UPDATE)
    )
    style = STYLE.read_text(encoding="utf-8").replace("__BRAND__", report.identity.brand_colour)
    return f"{style}\n{tags}"
