"""The annex to HTML for print: the evidence in organisations' own words, by commitment, under the numbers that the report cites. No query."""

from collections.abc import Container
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import mark_safe

from reporting.facts import PriorityFacts, Report
from reporting.narrative import sentences
from reporting.rendering import case_studies
from reporting.rendering.body import stylesheet
from reporting.rendering.chapters import came_in_late, piece_values
from reporting.rendering.limits import bounded
from reporting.rendering.links import PrintLinks


def to_html(report: Report, *, photographs: Container[str]) -> str:
    """Return the annex as HTML for print, with links to the full address of the portal.

    :param photographs: the ``file`` that the facts name of each photograph that can be drawn; others are left out.
    """
    style = mark_safe(stylesheet(report))  # noqa: S308 - our own
    report = bounded(report)
    links = PrintLinks(report)
    html: str = get_template("report/annex.html").render(
        {
            "report": report,
            "nouns": report.strategy.nouns,
            "links": links,
            "style": style,
            "draft": report.making.edition is None,
            "counted": sentences.took_part(report),
            "figure_notes": sentences.FIGURE_NOTES,
            "chapters": [
                found
                for priority in report.priorities
                if (found := _chapter(report, priority, photographs, links))["commitments"]
            ],
            "case_studies": case_studies.in_annex(report),
            "late": came_in_late(report, photographs, links),
            "late_sentence": sentences.late(report),
        }
    )
    return html


def _chapter(report: Report, priority: PriorityFacts, photographs: Container[str], links: PrintLinks) -> dict[str, Any]:
    """Return a priority with those of its commitments under which an item is described."""
    pieces = {piece.number: piece for piece in report.evidence}
    described = [
        {
            "reference": commitment.reference,
            "title": commitment.short_title,
            "pieces": [
                piece_values(piece, photographs, links)
                for number in commitment.evidence
                if (piece := pieces[number]).references[0] == commitment.reference
            ],
        }
        for commitment in priority.commitments
    ]
    return {
        "heading": priority.heading(report.strategy.nouns),
        "title": priority.title,
        "commitments": [commitment for commitment in described if commitment["pieces"]],
    }
