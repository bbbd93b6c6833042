"""Workbooks: which there are for this person, to download and to upload; and what an uploaded one would change."""

import re
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from commitments.forms.workbooks import WorkbookForm
from commitments.models import Round, Strategy, UploadedWorkbook
from commitments.services.retention import rule
from commitments.services.uploaded_workbooks import discard_workbook, saved_rows
from commitments.workbooks.exchange import (
    FORMATS,
    Preview,
    Saved,
    file_name,
    make_corrections,
    make_workbook,
    preview,
    save_rows,
    take_workbook,
    title_of,
)
from commitments.workbooks.kind import Scope, WorkbookKind
from commitments.workbooks.kinds import BY_CODE
from commitments.workbooks.offered import Offer, offers
from partners.page_parts.sent_once import sent_once
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.plurals import agree, counted
from vcsportal.common.spreadsheets.comparison import ComparedRow, RowOutcome
from vcsportal.common.spreadsheets.made import MadeBook
from vcsportal.common.words import NotAllowed, Refused

AGREED: Final = re.compile(r"(\d{1,7})-([0-9a-f]{16})")
MAX_ROWS_SHOWN: Final = 400
"""Rows to agree to on one page. The others follow once these are saved."""
MAX_REFUSED_SHOWN: Final = 200


def _scope(request: HttpRequest, strategy: Strategy | None = None, round_: Round | None = None) -> Scope:
    return Scope(signed_in_person(request), timezone.localdate(), strategy, round_)


@require_http_methods(GET_OR_POST)
@login_required
@never_cache
@sent_once
def workbooks(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The workbooks of a strategy or, without one, those that are about none: download them, upload a filled-in one."""
    strategy = get_object_or_404(Strategy.objects.select_related("owner"), slug=slug) if slug else None
    scope = _scope(request, strategy)
    offered = offers(scope)
    if not offered:
        raise NotAllowed("There is no spreadsheet here for you to fill in.")
    form = WorkbookForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        request=request if request.method == "POST" else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            data, name = form.read_file()
            upload = take_workbook(by=scope.person, at=timezone.now(), scope=scope, data=data, name=name)
        except Refused as refused:
            show_refusal(form, refused, beside="file")
        else:
            return redirect(upload)
    values = {
        "strategy": strategy,
        "offers": [_offer(offer) for offer in offered],
        "days": rule("uploaded_workbooks").kept_for,
        "waiting": UploadedWorkbook.objects.visible_to(scope.person)
        .filter(strategy=strategy)
        .order_by("-uploaded_at", "-id")[:5],
        "crumbs": [{"title": strategy.title, "url": strategy.get_absolute_url()}] if strategy else [],
    }
    return form_response(request, "commitments/workbooks.html", values, form)


def _offer(offer: Offer) -> dict[str, Any]:
    """Return what the page shows of one workbook."""
    scope, kind = offer.scope, offer.kind
    where = [scope.strategy.slug] if scope.strategy else []
    name = "commitments:workbook-download" if scope.strategy else "commitments:portal-workbook-download"
    query = f"?round={scope.round.slug}" if scope.round else ""
    return {
        "label": f"{kind.label}, {scope.round.label}" if scope.round else kind.label,
        "purpose": kind.purpose,
        "files": [
            {"label": label, "ending": ending, "url": f"{reverse(name, args=[*where, kind.code, ending])}{query}"}
            for ending, (_write, _media_type, label) in FORMATS.items()
        ],
    }


@require_safe
@login_required
@never_cache
def download(request: HttpRequest, kind: str, ending: str, slug: str = "") -> HttpResponse:
    """One workbook, as it is now."""
    found = BY_CODE.get(kind)
    if found is None or ending not in FORMATS or found.of_strategy != bool(slug):
        raise Http404
    strategy = get_object_or_404(Strategy.objects.select_related("owner"), slug=slug) if slug else None
    round_ = _round(strategy, request.GET.get("round", "")) if found.of_round else None
    scope = _scope(request, strategy, round_)
    owner = strategy.owner.name if strategy else ""
    book = make_workbook(scope, found, at=timezone.now(), author=owner)
    return _file(book, ending, file_name(found, scope, ending))


def _round(strategy: Strategy | None, slug: str) -> Round:
    """Return the round of this name; without a name the newest that is running."""
    rounds = Round.objects.filter(strategy=strategy)
    found = rounds.filter(slug=slug) if slug else rounds.running().newest_first()
    if (round_ := found.first()) is None:
        raise Http404
    return round_


@require_http_methods(GET_OR_POST)
@login_required
@never_cache
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """What an uploaded workbook would change, row by row; save the rows that are ticked, or discard it."""
    person = signed_in_person(request)
    mine = UploadedWorkbook.objects.visible_to(person).select_related("strategy__owner", "round__strategy")
    found = get_object_or_404(mine, pk=pk)
    if request.method == "POST" and request.POST.get("act") == "discard":
        discard_workbook(by=person, at=timezone.now(), workbook=found)
        messages.success(request, f"“{found.file_name}” has been discarded. Anything you have saved from it stays.")
        return redirect(_back(found))
    shown = preview(_scope(request), found)
    if request.method == "POST":
        return _save(request, found, shown)
    return _page(request, found, shown)


@require_safe
@login_required
@never_cache
def corrections(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The rows of an upload that can't be saved, as a workbook that says what to correct in each."""
    mine = UploadedWorkbook.objects.visible_to(request.user).select_related("strategy__owner", "round__strategy")
    found = get_object_or_404(mine, pk=pk)
    if ending not in FORMATS:
        raise Http404
    shown = preview(_scope(request), found)
    book = make_corrections(shown, at=timezone.now(), author=found.strategy.owner.name if found.strategy else "")
    return _file(book, ending, f"{shown.kind.code}-to-correct.{ending}")


def _file(book: MadeBook, ending: str, name: str) -> HttpResponse:
    write, media_type, _label = FORMATS[ending]
    response = HttpResponse(write(book), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _save(request: HttpRequest, found: UploadedWorkbook, shown: Preview) -> HttpResponse:
    agreed = {
        int(match[1]): match[2] for text in request.POST.getlist("row") if (match := AGREED.fullmatch(text)) is not None
    }
    if not agreed:
        messages.warning(request, "Nothing was saved. Tick the rows you want to save.")
        return redirect(found)
    saved = save_rows(by=signed_in_person(request), at=timezone.now(), upload=found, shown=shown, agreed=agreed)
    if saved.count:
        messages.success(
            request, f"{counted(saved.count, *shown.kind.noun)} {agree(saved.count, 'was', 'were')} saved."
        )
    if not saved.refused:
        if not saved.count:
            messages.info(request, "Nothing was changed: these rows have been saved already.")
        return redirect(found)
    return _page(request, found, preview(shown.scope, found), saved)


def _back(found: UploadedWorkbook) -> str:
    if found.strategy is None:
        return reverse("commitments:portal-workbooks")
    return reverse("commitments:workbooks", args=[found.strategy.slug])


def _page(request: HttpRequest, found: UploadedWorkbook, shown: Preview, saved: Saved | None = None) -> HttpResponse:
    savable = shown.of(RowOutcome.CHANGE, RowOutcome.NEW, RowOutcome.CONFLICT)
    listed = savable[:MAX_ROWS_SHOWN]
    headings = {column.name: column.heading for column in shown.kind.columns(shown.scope)}
    refused, days = shown.of(RowOutcome.REFUSED), saved_rows(found)
    values = {
        "upload": found,
        "strategy": found.strategy,
        "title": title_of(shown.kind, shown.scope),
        "kind": shown.kind,
        "sentence": _sentence(shown.kind, shown),
        "late": saved.refused if saved else (),
        "headings": headings,
        "refused": refused[:MAX_REFUSED_SHOWN],
        "refused_count": len(refused),
        "conflicts": [row for row in listed if row.outcome is RowOutcome.CONFLICT],
        "changes": [row for row in listed if row.outcome is RowOutcome.CHANGE],
        "new": [row for row in listed if row.outcome is RowOutcome.NEW],
        "listed": len(listed),
        "savable": len(savable),
        "same": shown.of(RowOutcome.SAME),
        "saved": [(row, days[row.row]) for row in shown.of(RowOutcome.SAVED)],
        "elsewhere": [row for row in shown.rows if row.elsewhere],
        "notes": _notes(shown.rows),
        "table": shown.table,
        "again_url": _back(found),
        "correction_files": [
            {"label": label, "url": reverse("commitments:workbook-corrections", args=[found.pk, ending])}
            for ending, (_write, _media_type, label) in FORMATS.items()
        ]
        if refused and shown.kind.adds_only
        else [],
        "evidence_url": f"{reverse('commitments:evidence-list')}?show=mine" if shown.kind.adds_only else "",
        "crumbs": [
            *([{"title": found.strategy.title, "url": found.strategy.get_absolute_url()}] if found.strategy else []),
            {"title": "Spreadsheets", "url": _back(found)},
        ],
    }
    return render(request, "commitments/workbook_upload.html", values, status=409 if values["late"] else 200)


def _notes(rows: tuple[ComparedRow, ...]) -> list[tuple[str, list[str]]]:
    """Return what is to be looked at twice: each sentence with the places it is about."""
    places: dict[str, list[str]] = {}
    for row in rows:
        for place, sentence in row.notes:
            places.setdefault(sentence, []).append(place)
    return list(places.items())


def _sentence(kind: WorkbookKind, shown: Preview) -> str:
    """Return what the file would do, in one sentence."""
    changes = len(shown.of(RowOutcome.CHANGE, RowOutcome.CONFLICT))
    new, refused = len(shown.of(RowOutcome.NEW)), len(shown.of(RowOutcome.REFUSED))
    parts = []
    if changes:
        parts.append(f"{counted(changes, *kind.noun)} will change")
    if new:
        parts.append(f"{counted(new, *kind.noun)} will be added")
    if refused:
        parts.append(f"{counted(refused, 'row')} {agree(refused, 'needs', 'need')} correcting")
    if not parts:
        return "Nothing will change: everything in this file is already in the portal."
    *first, last = parts
    said = f"{', '.join(first)} and {last}." if first else f"{last}."
    return f"{said} Nothing is saved until you agree." if changes or new else said
