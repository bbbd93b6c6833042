"""Writing a round's report: the list of its sections, and one section, kept as it is typed, previewed and saved."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from commitments.page_parts import autosave
from commitments.services.working_copies import copy_of, drop_copy, keep_copy
from reporting.forms.report_texts import TextForm
from reporting.permissions import can_request, can_write, check_can_write
from reporting.reading import report_texts as reading
from reporting.services.texts import save_text
from reporting.views.report_section import Desk, desk_of, find_desk, find_round, round_values, section_page
from vcsportal.common import plurals
from vcsportal.common.dates import in_words
from vcsportal.common.pages import GET_OR_POST, show_refusal
from vcsportal.common.words import Conflict, Refused


@require_safe
@login_required
@never_cache
def report_write(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Every section of a round's report: what is written, what is empty, what was said of it."""
    round_ = find_round(request, slug, name)
    book = reading.book(round_)
    values = {
        **round_values(round_),
        "book": book,
        "report": [_task(round_values(round_)["list_url"], one) for one in book.for_the_report],
        "paper": [_task(round_values(round_)["list_url"], one) for one in book.for_the_paper],
        "published": reading.published(round_),
        "may_write": can_write(request.user, round_.strategy),
        "may_request": can_request(request.user, round_.strategy),
    }
    return render(request, "reporting/write.html", values)


def _task(url: str, one: reading.Written) -> dict[str, str]:
    parts = []
    if one.text is not None:
        day = in_words(timezone.localdate(one.text.changed_at))
        parts.append(f"{'Written' if one.is_written else 'Emptied'} by {one.text.changed_by.name} on {day}")
    if one.open:
        parts.append(plurals.counted(one.open, "open comment"))
    return {
        "title": one.section.label,
        "url": f"{url}{one.section.key}/",
        "hint": ". ".join(parts),
        "word": "Written" if one.is_written else "Empty",
    }


@require_http_methods(GET_OR_POST)
@never_cache
@autosave.autosaved
def report_section(request: HttpRequest, slug: str, name: str, section: str) -> HttpResponse:
    """One section: a box for those who write it, with last year's words beside it; below, what was said of it."""
    desk = find_desk(request, slug, name, section)
    if request.method != "POST":
        return _opened(desk)
    check_can_write(request.user, desk.round.strategy)
    act = request.POST.get("act", "save")
    if act == "keep":
        return autosave.keep(request, desk.name, desk.version)
    if act == "discard":
        drop_copy(by=desk.person, form=desk.name)
        messages.success(request, "What you had typed is gone.")
        return redirect(desk.url())
    if act == "change":
        return section_page(desk, box=_filled(desk, request.POST.get("text", "")))
    if act == "last-year":
        return _last_year(desk)
    return _written(desk, preview=act == "preview")


def _filled(desk: Desk, text: str, version: object = None, spoken: str | None = None) -> TextForm:
    """The box with a text in it that nobody has judged yet; it keeps the version that was read."""
    version = desk.request.POST.get("version", "") if version is None else version
    language = desk.stored.language if desk.stored else ""
    language = desk.request.POST.get("language", language) if spoken is None else spoken
    return TextForm(initial={"text": text, "language": language, "version": version}, section=desk.section)


def _opened(desk: Desk) -> HttpResponse:
    if not can_write(desk.person, desk.round.strategy):
        return section_page(desk)
    if fields := autosave.held(desk.request):
        keep_copy(by=desk.person, at=timezone.now(), form=desk.name, fields=fields, seen=desk.version)
    copy = copy_of(desk.person, desk.name)
    if copy is None:
        return section_page(desk)
    kept = autosave.copy_as_data(copy)
    return section_page(
        desk, box=_filled(desk, kept.get("text", ""), kept.get("version", ""), kept.get("language", "")), copy=copy
    )


def _keep(desk: Desk, text: str) -> None:
    fields = {**autosave.fields_of(desk.request.POST), "text": [text]}
    keep_copy(by=desk.person, at=timezone.now(), form=desk.name, fields=fields, seen=desk.version)


def _last_year(desk: Desk) -> HttpResponse:
    """Put last year's words into the box, under what stands in it already; a single line takes their place."""
    mine = desk.request.POST.get("text", "")
    words = desk.before.text if desk.before else ""
    if desk.section.kind == "line":
        text = words or mine
    elif words in mine.replace("\r\n", "\n"):
        text = mine
    else:
        between = "\n" if desk.section.kind == "lines" else "\n\n"
        text = between.join(filter(None, [mine.rstrip(), words]))
    _keep_if_possible(desk, text)
    return section_page(desk, box=_filled(desk, text))


def _written(desk: Desk, *, preview: bool) -> HttpResponse:
    box = TextForm(desk.request.POST, section=desk.section)
    mine = desk.request.POST.get("text", "")
    if not box.is_valid():
        _keep_if_possible(desk, mine)
        return section_page(desk, box=box, preview=mine if preview else None)
    if preview:
        _keep(desk, mine)
        return section_page(desk, box=box, preview=box.cleaned_data["text"])
    try:
        save_text(
            by=desk.person,
            at=timezone.now(),
            round_=desk.round,
            section=desk.section.key,
            text=box.cleaned_data["text"],
            version=box.cleaned_data["version"],
            language=box.cleaned_data["language"],
        )
    except Conflict as conflict:
        _keep(desk, mine)
        return _conflict(desk, box, conflict)
    except Refused as refused:
        show_refusal(box, refused, beside="text")
        return section_page(desk, box=box)
    drop_copy(by=desk.person, form=desk.name)
    messages.success(desk.request, f"{desk.section.label}: the text is saved.")
    for one in desk.contradictions(box.cleaned_data["text"], desk.facts()):
        messages.warning(desk.request, f"Check before the report is published: {one.sentence()}")
    return redirect("reporting:report-write", desk.round.strategy.slug, desk.round.slug)


def _keep_if_possible(desk: Desk, text: str) -> None:
    try:
        _keep(desk, text)
    except Refused:
        return  # it is too long even to be kept; the page that comes back holds it all


def _conflict(desk: Desk, box: TextForm, conflict: Conflict) -> HttpResponse:
    """Two versions: both are on the page, and the person chooses. Nothing was written."""
    desk = desk_of(desk.request, desk.round, desk.section.key)
    stored = desk.stored
    values = {
        **round_values(desk.round),
        "section": desk.section,
        "sentence": conflict.sentence,
        "stored": stored,
        "mine": box.cleaned_data["text"],
        "language": box.cleaned_data["language"],
        "version": "" if stored is None else stored.version,
        "here": desk.url(),
        "signed": autosave.hidden(desk.person),
    }
    return render(desk.request, "reporting/write_conflict.html", values, status=409)
