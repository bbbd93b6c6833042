"""Writing one section of a round's report: kept as it is typed, previewed and saved."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from commitments.page_parts import autosave
from commitments.services.working_copies import copy_of, drop_copy, keep_copy
from reporting.forms.report_texts import TextForm
from reporting.permissions import can_write, check_can_write
from reporting.services.texts import save_text
from reporting.views.report_section import (
    SectionVisit,
    find_section_visit,
    round_values,
    section_page,
    section_visit,
)
from vcsportal.common.pages import GET_OR_POST, show_refusal
from vcsportal.common.plain_texts import tidy_line_ends
from vcsportal.common.words import Conflict, Refused


@require_http_methods(GET_OR_POST)
@never_cache
@autosave.autosaved
def report_section(request: HttpRequest, slug: str, name: str, section: str) -> HttpResponse:
    """One section: a box for those who write it, with last year's words beside it; below, what was said of it."""
    visit = find_section_visit(request, slug, name, section)
    if request.method != "POST":
        return _opened(visit)
    check_can_write(request.user, visit.round.strategy)
    act = request.POST.get("act", "save")
    if act == "keep":
        return autosave.keep(request, visit.name, visit.version)
    if act == "discard":
        drop_copy(by=visit.person, form=visit.name)
        messages.success(request, "What you typed has been discarded.")
        return redirect(visit.url())
    if act == "change":
        return section_page(visit, box=_filled(visit, request.POST.get("text", "")))
    if act == "last-year":
        return _last_year(visit)
    return _written(visit, preview=act == "preview")


def _filled(visit: SectionVisit, text: str, version: object = None, spoken: str | None = None) -> TextForm:
    """The box with a text in it that nobody has judged yet; it keeps the version that was read."""
    version = visit.request.POST.get("version", "") if version is None else version
    language = visit.stored.language if visit.stored else ""
    language = visit.request.POST.get("language", language) if spoken is None else spoken
    return TextForm(initial={"text": text, "language": language, "version": version}, section=visit.section)


def _opened(visit: SectionVisit) -> HttpResponse:
    if not can_write(visit.person, visit.round.strategy):
        return section_page(visit)
    if fields := autosave.held(visit.request):
        keep_copy(by=visit.person, at=timezone.now(), form=visit.name, fields=fields, seen=visit.version)
    copy = copy_of(visit.person, visit.name)
    if copy is None:
        return section_page(visit)
    kept = autosave.copy_as_data(copy)
    return section_page(
        visit, box=_filled(visit, kept.get("text", ""), kept.get("version", ""), kept.get("language", "")), copy=copy
    )


def _keep(visit: SectionVisit, text: str) -> None:
    fields = {**autosave.fields_of(visit.request.POST), "text": [text]}
    keep_copy(by=visit.person, at=timezone.now(), form=visit.name, fields=fields, seen=visit.version)


def _last_year(visit: SectionVisit) -> HttpResponse:
    """Put last year's words into the box, under what stands in it already; a single line takes their place."""
    mine = tidy_line_ends(visit.request.POST.get("text", ""))
    words = visit.before.text if visit.before else ""
    if visit.section.kind == "line":
        text = words or mine
    elif words in mine:
        text = mine
    else:
        between = "\n" if visit.section.kind == "lines" else "\n\n"
        text = between.join(filter(None, [mine.rstrip(), words]))
    _keep_if_possible(visit, text)
    return section_page(visit, box=_filled(visit, text))


def _written(visit: SectionVisit, *, preview: bool) -> HttpResponse:
    box = TextForm(visit.request.POST, section=visit.section)
    mine = visit.request.POST.get("text", "")
    if not box.is_valid():
        _keep_if_possible(visit, mine)
        return section_page(visit, box=box, preview=mine if preview else None)
    if preview:
        _keep(visit, mine)
        return section_page(visit, box=box, preview=box.cleaned_data["text"])
    try:
        save_text(
            by=visit.person,
            at=timezone.now(),
            round_=visit.round,
            section=visit.section.key,
            text=box.cleaned_data["text"],
            version=box.cleaned_data["version"],
            language=box.cleaned_data["language"],
        )
    except Conflict as conflict:
        _keep(visit, mine)
        return _conflict(visit, box, conflict)
    except Refused as refused:
        show_refusal(box, refused, beside="text")
        return section_page(visit, box=box)
    drop_copy(by=visit.person, form=visit.name)
    messages.success(visit.request, f"{visit.section.label}: the text is saved.")
    for contradiction in visit.contradictions(box.cleaned_data["text"], visit.facts()):
        messages.warning(visit.request, f"Check before the report is published: {contradiction.sentence()}")
    return redirect("reporting:report-write", visit.round.strategy.slug, visit.round.slug)


def _keep_if_possible(visit: SectionVisit, text: str) -> None:
    try:
        _keep(visit, text)
    except Refused:
        return  # it is too long even to be kept; the page that comes back holds it all


def _conflict(visit: SectionVisit, box: TextForm, conflict: Conflict) -> HttpResponse:
    """Show both versions and let the person choose. Nothing was written."""
    visit = section_visit(visit.request, visit.round, visit.section.key)
    stored = visit.stored
    values = {
        **round_values(visit.round),
        "section": visit.section,
        "sentence": conflict.sentence,
        "stored": stored,
        "mine": box.cleaned_data["text"],
        "language": box.cleaned_data["language"],
        "version": "" if stored is None else stored.version,
        "here": visit.url(),
        "signed": autosave.hidden(visit.person),
    }
    return render(visit.request, "reporting/write_conflict.html", values, status=409)
