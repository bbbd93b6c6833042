"""The minutes of a meeting: a page to read and print, a tagged PDF and a Word file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from commitments.page_parts.engagement import find_engagement
from commitments.page_parts.public_pages import public_page
from commitments.permissions.engagement import can_keep_engagement, check_can_read_account
from commitments.rules.engagement_kinds import MEETING
from reporting.paper.docx import write_paper
from reporting.paper.handouts import html_of
from reporting.paper.minutes import outline
from reporting.reading.minutes import Minutes, due_in_words, minutes_of, printed
from reporting.views.handouts import drawn_for

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@public_page
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes as a page: for everyone once the meeting is written up, before that for those who keep it."""
    found = _find(request, pk)
    keeps = can_keep_engagement(request.user, found.engagement, timezone.localdate())
    values = {"minutes": found, "engagement": found.engagement, "rows": _rows(found), "keeps": keeps}
    return render(request, "reporting/minutes.html", values)


@require_safe
def minutes_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a tagged PDF. It is stored once it is drawn, one process draws it at a time, and somebody can have so many
    drawn in a minute (setting ``PAPER_FORMS_A_MINUTE``).
    """
    found = _find(request, pk)
    about = f"What was decided, who does it and by when: {found.engagement.title}, {found.when_and_where}."
    values = {"title": found.title, "about": about, "minutes": found, "rows": _rows(found)}
    drawn = drawn_for(request, html_of("papers/minutes.html", values))
    return _file(found, drawn, "application/pdf", "pdf") if isinstance(drawn, bytes) else drawn


@require_safe
def minutes_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a Word file, for minutes that are edited elsewhere."""
    found = _find(request, pk)
    content = write_paper(outline(printed(found)), at=found.engagement.written_up_at or timezone.now())
    return _file(found, content, WORD, "docx")


def _rows(found: Minutes) -> list[tuple[object, str]]:
    return [(line, due_in_words(line)) for line in found.decisions]


def _find(request: HttpRequest, pk: int) -> Minutes:
    """Return the minutes of a meeting; raise 404 for other engagement, :class:`Refused` for whoever can't read them yet."""
    engagement = find_engagement(pk)
    if engagement.kind != MEETING or engagement.state == "called_off":
        raise Http404
    check_can_read_account(request.user, engagement, timezone.localdate())
    return minutes_of(engagement)


def _file(found: Minutes, content: bytes, media_type: str, suffix: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    name = slugify(found.title)[:80]
    way = "inline" if suffix == "pdf" else "attachment"
    response["Content-Disposition"] = f'{way}; filename="{name}.{suffix}"'
    response["Cache-Control"] = "private, no-store" if found.draft else "no-cache"
    return response
