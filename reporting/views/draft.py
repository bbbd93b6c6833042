"""The report as it would be if it were made now: the whole of it on a page, and one section as it prints."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commitments.models import Round
from commitments.services.working_copies import copy_of
from reporting import assembly, facts
from reporting.narrative.prose_check import Contradiction, find_contradictions
from reporting.narrative.sections import sections_of_report
from reporting.permissions import can_write
from reporting.reading import report_texts as reading
from reporting.rendering.screen import ScreenLinks, page
from reporting.rendering.section import to_section
from reporting.views.drawing_limit import drawn_here
from reporting.views.report_section import SectionVisit, find_round, find_section_visit, round_values


@dataclass(frozen=True, slots=True)
class SectionComments:
    """Where people comment on a section of the draft, and how many comments are open."""

    label: str
    url: str
    open: int


@dataclass(frozen=True, slots=True)
class DraftLinks(ScreenLinks):
    """Links of a page and, under each section that officers write, a link to its comments."""

    remarks: Mapping[str, SectionComments] = field(default_factory=dict)


def _report(round_: Round) -> facts.Report:
    return assembly.assemble(round_=round_, making=facts.ProductionDetails(at=timezone.now()))


@require_safe
@login_required
@never_cache
@drawn_here
def report_draft(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The whole report from the facts as they are now, for those who see unpublished reports."""
    round_ = find_round(request, slug, name)
    report = _report(round_)
    book = reading.book(round_, sections_of_report(report))
    remarks = {
        section_text.section.key: SectionComments(
            section_text.section.label,
            reverse("reporting:report-section", args=[slug, name, section_text.section.key]),
            section_text.open,
        )
        for section_text in book.for_the_report
    }
    values: dict[str, Any] = {
        **round_values(round_),
        "page": page(report, links=DraftLinks(report, remarks=remarks)),
        "report": report,
        "book": book,
        "empty": [section_text for section_text in book.for_the_report if not section_text.is_written],
        "remarks": remarks,
        "contradictions": [
            (contradiction, _written_at(contradiction, slug, name)) for contradiction in find_contradictions(report)
        ],
        "pictures": any(piece.photographs for piece in report.all_evidence()),
        "may_write": can_write(request.user, round_.strategy),
    }
    return render(request, "reporting/draft.html", values)


def _written_at(contradiction: Contradiction, slug: str, name: str) -> str:
    """Return where a text is changed: its section, or the page of the commitment whose update it is."""
    if contradiction.commitment:
        return reverse("commitments:commitment", args=[slug, contradiction.commitment])
    return reverse("reporting:report-section", args=[slug, name, contradiction.section])


@require_safe
@login_required
@never_cache
@drawn_here
def report_section_preview(request: HttpRequest, slug: str, name: str, section: str) -> HttpResponse:
    """The page of one section as the report prints it: with what its writer has typed, for others with what stands."""
    visit = find_section_visit(request, slug, name, section)
    if visit.section.where == "paper":
        raise Http404("This section is in the committee paper only.")
    drawn = to_section(_report(visit.round), visit.section, _text(visit))
    response = HttpResponse(drawn.content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{visit.round.slug}-{visit.section.key}-draft.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _text(visit: SectionVisit) -> str:
    copy = copy_of(visit.person, visit.name) if can_write(visit.person, visit.round.strategy) else None
    if copy is not None:
        value = copy.fields.get("text", "")
        return "\n".join(value) if isinstance(value, list) else str(value)
    return visit.stored.text if visit.stored else ""
