"""One section of the report in print, to look at before the report is made. No query."""

from dataclasses import replace

from django.template.loader import get_template
from django.utils.safestring import mark_safe

from reporting.facts import PriorityFacts, Report, TextFacts
from reporting.narrative.sections import ReportSection, narrative_key
from reporting.rendering.body import stylesheet, values
from reporting.rendering.links import PrintLinks
from reporting.rendering.pdf import PdfFile, to_drawn


def to_section(report: Report, section: ReportSection, text: str) -> PdfFile:
    """Return the PDF page of one section as the report prints it, with ``text`` as its text.

    Of a priority's chapter its opening is drawn, without the commitments that follow.
    """
    others = tuple(text for text in report.texts if text.section != section.key)
    its = tuple(_opening(priority) for priority in report.priorities if narrative_key(priority) == section.key)
    light = replace(
        report,
        texts=(*others, TextFacts(section.key, text)),
        priorities=its,
        evidence=tuple(replace(piece, story="", links=(), photographs=()) for piece in report.evidence) if its else (),
        late=(),
        organisations=(),
        changes=None,
    )
    shown = values(light, photographs=frozenset(), links=PrintLinks(light))
    for chapter in shown["chapters"]:
        chapter["commitments"] = []
    html: str = get_template("report/section.html").render(
        shown
        | {
            "section": section,
            "style": mark_safe(stylesheet(report)),  # noqa: S308 - our own
        }
    )
    return to_drawn(html)


def _opening(priority: PriorityFacts) -> PriorityFacts:
    """Return a priority with what its chapter's opening counts, without the long words of its commitments."""
    return replace(
        priority,
        commitments=tuple(
            replace(commitment, reason="", remedy="", narrative="", next_steps="", views=(), actions=())
            for commitment in priority.commitments
        ),
    )
