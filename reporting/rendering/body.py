"""Facts to HTML: one body for print, for a file that stands alone, and for the page. No query, and nothing is fetched."""

from collections.abc import Container
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import mark_safe

from commitments.rules.stances import AWAITED, STANCES
from commitments.rules.status import NO_UPDATE, STATUSES
from reporting.facts import Report
from reporting.narrative import (
    charts,
    dates,
    districts,
    measures,
    sentences,
    standing_rows,
    standings,
    status_bars,
    summary_page,
    years_compared,
)
from reporting.rendering import case_studies, screen_pictures
from reporting.rendering.chapters import came_in_late, chapters
from reporting.rendering.front_matter import described, leading, proof
from reporting.rendering.limits import bounded
from reporting.rendering.links import PrintLinks, ReportLinks
from reporting.rendering.people import people
from reporting.rendering.pictures import data, img

BOARD_ALT_TEXT: Final = "The board of all commitments. The table “Every commitment” names each with its status."
BARS_ALT_TEXT: Final = "Bars of counts for each priority, all on one scale. The table below gives every number."
STYLE: Final = Path(settings.BASE_DIR) / "templates" / "report" / "report.css"


def stylesheet(report: Report) -> str:
    """Return the print style sheet with the council's colour, and the colours and shapes of statuses and, if any, of responses."""
    drawn = (*STATUSES, *((*STANCES, AWAITED) if report.responses() or report.points else ()), NO_UPDATE)
    tags = "".join(
        f".status--{status.tone or 'none'}{{color:{status.ink};border-color:{status.edge};"
        f"background-color:{'#ffffff' if status.fill == 'none' else status.fill};"
        + (f"border-style:{status.pattern};" if status.pattern in charts.EDGES else "")
        + (f"background-image:url({data(charts.shape(status))})}}" if status.code else "}")
        for status in drawn
    )
    style = STYLE.read_text(encoding="utf-8").replace("__BRAND__", report.identity.brand_colour)
    return f"{style}\n{tags}"


def summary_values(report: Report, lines: int = summary_page.MAX_LISTED) -> dict[str, Any]:
    """Return what the page that sums up the report shows.

    :param report: cut for drawing (:func:`reporting.rendering.limits.bounded`).
    :param lines: how many lines a list may have.
    """
    return {
        "report": report,
        "nouns": report.strategy.nouns,
        "one_page": summary_page.values(report, lines),
        "boards": [
            {"round": report.label_of(round_), "board": img(charts.earlier_board(report, round_), "half-board")}
            for round_ in report.rounds[-2:]
        ],
        "measured": measures.summary(report),
        "figure_notes": sentences.FIGURE_NOTES,
        "table": sentences.counts_table(report),
        "key": [standings.of(code) for code in report.statuses() if code],
    }


def district_values(report: Report) -> dict[str, Any]:
    """Return what the part on districts shows, by the names that its template uses."""
    found = districts.rows(report)
    drawn = districts.tile_map(report, found)
    return {
        "districts": found,
        "no_districts": districts.nothing(report, found),
        "districts_before": report.label_of(found[0].before.round) if found and found[0].before else "",
        "district_map": img(drawn, "district-map") if drawn else "",
        "district_map_on_screen": screen_pictures.district_map(report, found),
        "districts_note": districts.note(report),
    }


def values(
    report: Report, *, photographs: Container[str], links: ReportLinks, lines: int = summary_page.MAX_LISTED
) -> dict[str, Any]:
    """Return what the body's template shows, the same in print and on the page; only ``links`` differ.

    :param lines: how many lines a list may have on the page that sums up the report.
    """
    proved = proof(report)  # of the facts as they are kept, before anything is cut or broken for drawing
    report = bounded(report)
    nouns = report.strategy.nouns
    return {
        **summary_values(report, lines),
        "links": links,
        "cover_board": described(
            charts.board(report.priorities, nouns=nouns), "cover-board", nouns.reworded(BOARD_ALT_TEXT)
        ),
        "bars": described(status_bars.bars(report), "bars", nouns.reworded(BARS_ALT_TEXT)),
        "board": described(charts.board(report.priorities, nouns=nouns), "board", nouns.reworded(BOARD_ALT_TEXT)),
        "period": sentences.span(report.round.observes_from, report.round.observes_to),
        "window": sentences.span(report.round.opens_on, report.round.closes_on),
        "teams": any(commitment.team for commitment in report.commitments()),
        "standing_rows": standing_rows.rows(report),
        "before": standing_rows.before(report),
        "years_compared": years_compared.rows(report),
        "compared_rounds": [report.label_of(round_) for round_ in report.rounds],
        **district_values(report),
        "portal_address": PrintLinks(report).strategy(),
        "days": dates.named(report),
        "actions_on": dates.actions_on(report),
        "unpublished": sentences.unpublished(report),
        "owner": report.owner_taking_part(),
        "statuses": STATUSES,
        "stances": (*STANCES, AWAITED),
        "no_update": NO_UPDATE,
        "chapters": chapters(report, photographs, links),
        "late": came_in_late(report, photographs, links),
        "late_sentence": sentences.late(report),
        "case_studies": case_studies.told_at_length(report),
        **leading(report),
        **people(report),
        "proof": proved,
    }


def to_html(report: Report, *, lines: int = summary_page.MAX_LISTED) -> str:
    """Return the report as HTML for print, with links to the full address of the portal. Stories and photographs are in the annex.

    :param lines: how many lines a list may have on the page that sums up the report.
    """
    shown = values(report, photographs=frozenset(), links=PrintLinks(report), lines=lines)
    html: str = get_template("report/report.html").render(
        shown
        | {
            "style": mark_safe(stylesheet(report)),  # noqa: S308 - our own
            "annexed": True,
            "case_studies": case_studies.in_body(bounded(report)),
            "case_studies_in_annex": len(case_studies.in_annex(report)),
        }
    )
    return html
