"""What the pages for writing and commenting on a report share: finding the round and the section, and drawing a
section."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from commitments.models import Round, WorkingCopy
from commitments.page_parts import autosave
from partners import roles
from partners.models import User
from partners.permissions import strategies_where
from partners.signed_in import signed_in_person
from reporting.assembly import section_counts
from reporting.forms.report_texts import AnswerForm, CommentForm, TextForm
from reporting.models import Comment, ReportText
from reporting.narrative.prose_check import Contradiction, contradictions_in
from reporting.narrative.sections import PRIORITY, ReportSection
from reporting.permissions import can_comment, can_write
from reporting.reading import report_texts as reading
from reporting.reading.text_history import SavedText, saved_texts
from reporting.rendering.pictures import prose
from reporting.services.texts import section_of
from vcsportal.common.pages import form_status
from vcsportal.common.words import Refused


def find_round(request: HttpRequest, slug: str, name: str) -> Round:
    """Return a round that has begun, for those who see reports before they are published; to others it is not there."""
    own = strategies_where(request.user, roles.SEE_UNPUBLISHED_REPORTS, "strategy")
    begun = (
        Round.objects.started(timezone.localdate())
        .filter(own)
        .select_related("strategy__owner", "strategy__supported_by")
    )
    return get_object_or_404(begun, strategy__slug=slug, slug=name)


def find_section_visit(request: HttpRequest, slug: str, name: str, section: str) -> "SectionVisit":
    """Return the visit of one section."""
    return section_visit(request, find_round(request, slug, name), section)


def section_visit(request: HttpRequest, round_: Round, section: str) -> "SectionVisit":
    """The same, of a round that this person has been let in to."""
    try:
        report_section = section_of(round_, section)
    except Refused as refused:
        raise Http404 from refused
    return SectionVisit(request, round_, report_section)


@dataclass(frozen=True)
class SectionVisit:
    """Who looks at which section of which round's report."""

    request: HttpRequest
    round: Round
    section: ReportSection

    @property
    def person(self) -> User:
        return signed_in_person(self.request)

    @property
    def name(self) -> str:
        """Under what its words are kept."""
        return reading.form_name(self.round, self.section.key)

    @property
    def number(self) -> int | None:
        """The priority whose narrative it is; None for other sections."""
        key = self.section.key
        return int(key.removeprefix(PRIORITY)) if key.startswith(PRIORITY) else None

    @cached_property
    def _texts(self) -> tuple[ReportText | None, ReportText | None, ReportText | None]:
        return reading.text_and_before(self.round, self.section.key)

    @property
    def stored(self) -> ReportText | None:
        """What stands."""
        return self._texts[0]

    @property
    def before(self) -> ReportText | None:
        """The words of the newest earlier year that has any."""
        return self._texts[1]

    @property
    def kept(self) -> ReportText | None:
        """The text kept from an earlier round, where the section lasts and the round has no text of its own."""
        kept = self._texts[2] if self.section.lasts and self.stored is None else None
        return kept if kept is not None and kept.text else None

    @property
    def version(self) -> int | None:
        """The version that stands; None where there is none."""
        return self.stored.version if self.stored else None

    @property
    def printed_title(self) -> str:
        """The heading under which it prints: a priority's title stands below its number."""
        label = self.section.label
        return label.split(": ", 1)[1] if self.number is not None else label

    def url(self, door: str = "report-section") -> str:
        """Return the address of one of the section's pages."""
        return reverse(f"reporting:{door}", args=[self.round.strategy.slug, self.round.slug, self.section.key])

    def facts(self) -> section_counts.SectionCounts | None:
        """The facts to check the text against; None for a line of the paper's header."""
        if self.number is not None:
            return section_counts.of_priority(self.round, self.number)
        return section_counts.of_strategy(self.round) if self.section.kind != "line" else None

    def contradictions(self, text: str, facts: section_counts.SectionCounts | None) -> list[Contradiction]:
        """Return where a text for this section contradicts the current statuses of commitments."""
        if facts is None:
            return []
        key, label = self.section.key, self.section.label
        return contradictions_in(text, section=key, label=label, everywhere=facts.scopes)


def round_values(round_: Round) -> dict[str, Any]:
    """What every page about writing a round's report shows."""
    strategy = round_.strategy
    return {
        "round": round_,
        "strategy": strategy,
        "list_url": reverse("reporting:report-write", args=[strategy.slug, round_.slug]),
        "draft_url": reverse("reporting:report-draft", args=[strategy.slug, round_.slug]),
    }


def as_printed(section: ReportSection, text: str) -> SafeString:
    """Return a text as the report shows it, cleaned, below a heading of its own."""
    if section.kind == "lines":
        text = "\n".join(f"{place}. {line}" for place, line in enumerate(text.split("\n"), 1) if line)
    return prose(text, 4)


def section_page(
    visit: SectionVisit,
    *,
    box: TextForm | None = None,
    copy: WorkingCopy | None = None,
    preview: str | None = None,
    remark: CommentForm | None = None,
    answering: tuple[Comment, AnswerForm] | None = None,
) -> HttpResponse:
    """One section: the box for those who write, the words for those who read, and what was said of it.

    The form that has errors is the page's ``form``, and gives the status.
    """
    standing = visit.stored or visit.kept
    writes, comments = can_write(visit.person, visit.round.strategy), can_comment(visit.person, visit.round.strategy)
    if writes and box is None:
        kept = {"text": standing.text, "language": standing.language} if standing else {}
        box = TextForm(initial={**kept, "version": visit.version}, section=visit.section)
    remark = remark or (CommentForm(auto_id="comment_%s") if comments else None)
    wrong = next(
        (form for form in (box, remark, answering and answering[1]) if form and form.is_bound and form.errors), None
    )
    said = reading.comments(visit.round, visit.section.key)
    facts = visit.facts()
    stands = str(box["text"].value() or "") if box else standing.text if standing else ""
    values = {
        **round_values(visit.round),
        "section": visit.section,
        "number": visit.number,
        "printed_title": visit.printed_title,
        "stored": visit.stored,
        "before": visit.before,
        "kept": visit.kept,
        "saved": _saved(visit) if writes else [],
        "here": visit.url(),
        "pdf_url": visit.url("report-section-preview") if visit.section.where != "paper" else "",
        "comment_url": visit.url("report-comment"),
        "writes": writes,
        "box": box,
        "copy": copy,
        "shown": as_printed(visit.section, standing.text) if standing and not writes else "",
        "preview": None if preview is None else as_printed(visit.section, preview),
        "preview_length": len(preview or ""),
        "last_words": as_printed(visit.section, visit.before.text) if visit.before else "",
        "facts": facts,
        "contradictions": visit.contradictions(stands, facts),
        "remark": remark,
        "comments": [_line(comment, writes, answering) for comment in said],
        "open": sum(comment.resolved_at is None for comment in said),
        "may_reopen": comments,
        "signed": autosave.hidden(visit.person),
        "form": wrong,
    }
    return render(visit.request, "reporting/write_section.html", values, status=form_status(wrong) if wrong else 200)


def _saved(visit: SectionVisit) -> list[SavedText]:
    """Return the saved versions, for those who write, if there are several; one alone needs no query."""
    if visit.version is None or visit.version == 1:
        return []
    return saved_texts(visit.round, sections=[visit.section.key]).get(visit.section.key, [])


def _line(comment: Comment, writes: bool, answering: tuple[Comment, AnswerForm] | None) -> dict[str, Any]:
    answer = None
    if writes and comment.resolved_at is None:
        answer = (
            answering[1] if answering and answering[0] == comment else AnswerForm(auto_id=f"answer_{comment.pk}_%s")
        )
    return {"comment": comment, "answer": answer}
