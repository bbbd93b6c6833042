"""What the pages on which a report is written and spoken of share: finding the round and the section, and drawing a section."""

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
from reporting.narrative.sections import PRIORITY, Section
from reporting.permissions import can_comment, can_write
from reporting.reading import report_texts as reading
from reporting.rendering.pictures import prose
from reporting.services.texts import section_of
from vcsportal.common.pages import form_status
from vcsportal.common.words import Refused


def find_round(request: HttpRequest, slug: str, name: str) -> Round:
    """Return a round that has begun, for those who see reports before they are published; to others it is not there."""
    own = strategies_where(request.user, roles.SEE_UNPUBLISHED_REPORTS, "strategy")
    begun = Round.objects.started(timezone.localdate()).filter(own).select_related("strategy__owner")
    return get_object_or_404(begun, strategy__slug=slug, slug=name)


def find_desk(request: HttpRequest, slug: str, name: str, section: str) -> "Desk":
    """Return the desk of one section."""
    return desk_of(request, find_round(request, slug, name), section)


def desk_of(request: HttpRequest, round_: Round, section: str) -> "Desk":
    """The same, of a round that this person has been let in to."""
    try:
        found = section_of(round_, section)
    except Refused as refused:
        raise Http404 from refused
    return Desk(request, round_, found)


@dataclass(frozen=True)
class Desk:
    """Who looks at which section of which round's report."""

    request: HttpRequest
    round: Round
    section: Section

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
    def _texts(self) -> tuple[ReportText | None, ReportText | None]:
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
        """What the words should be true to; None for a line of the paper's head."""
        if self.number is not None:
            return section_counts.of_priority(self.round, self.number)
        return section_counts.of_strategy(self.round) if self.section.kind != "line" else None

    def contradictions(self, text: str, facts: section_counts.SectionCounts | None) -> list[Contradiction]:
        """Return what a text for this section says of commitments and their statuses otherwise than they stand now."""
        if facts is None:
            return []
        key, label = self.section.key, self.section.label
        return contradictions_in(text, section=key, label=label, everywhere=facts.scopes)


def round_values(round_: Round) -> dict[str, Any]:
    """What every page of a round's writing shows."""
    strategy = round_.strategy
    return {
        "round": round_,
        "strategy": strategy,
        "list_url": reverse("reporting:report-write", args=[strategy.slug, round_.slug]),
        "draft_url": reverse("reporting:report-draft", args=[strategy.slug, round_.slug]),
    }


def as_printed(section: Section, text: str) -> SafeString:
    """Return a text as the report shows it, cleaned, below a heading of its own."""
    if section.kind == "lines":
        text = "\n".join(f"{place}. {line}" for place, line in enumerate(text.split("\n"), 1) if line)
    return prose(text, 4)


def section_page(
    desk: Desk,
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
    writes, comments = can_write(desk.person, desk.round.strategy), can_comment(desk.person, desk.round.strategy)
    if writes and box is None:
        kept = {"text": desk.stored.text, "language": desk.stored.language} if desk.stored else {}
        box = TextForm(initial={**kept, "version": desk.version}, section=desk.section)
    remark = remark or (CommentForm(auto_id="comment_%s") if comments else None)
    wrong = next(
        (one for one in (box, remark, answering and answering[1]) if one and one.is_bound and one.errors), None
    )
    said = reading.comments(desk.round, desk.section.key)
    facts = desk.facts()
    stands = str(box["text"].value() or "") if box else desk.stored.text if desk.stored else ""
    values = {
        **round_values(desk.round),
        "section": desk.section,
        "number": desk.number,
        "printed_title": desk.printed_title,
        "stored": desk.stored,
        "before": desk.before,
        "here": desk.url(),
        "pdf_url": desk.url("report-section-preview") if desk.section.where != "paper" else "",
        "comment_url": desk.url("report-comment"),
        "writes": writes,
        "box": box,
        "copy": copy,
        "shown": as_printed(desk.section, desk.stored.text) if desk.stored and not writes else "",
        "preview": None if preview is None else as_printed(desk.section, preview),
        "preview_length": len(preview or ""),
        "last_words": as_printed(desk.section, desk.before.text) if desk.before else "",
        "facts": facts,
        "contradictions": desk.contradictions(stands, facts),
        "remark": remark,
        "comments": [_line(one, writes, answering) for one in said],
        "open": sum(one.resolved_at is None for one in said),
        "may_reopen": comments,
        "signed": autosave.hidden(desk.person),
        "form": wrong,
    }
    return render(desk.request, "reporting/write_section.html", values, status=form_status(wrong) if wrong else 200)


def _line(one: Comment, writes: bool, answering: tuple[Comment, AnswerForm] | None) -> dict[str, Any]:
    answer = None
    if writes and one.resolved_at is None:
        answer = answering[1] if answering and answering[0] == one else AnswerForm(auto_id=f"answer_{one.pk}_%s")
    return {"one": one, "answer": answer}
