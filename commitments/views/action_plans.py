"""From a council's own spreadsheet to a strategy: the file, its columns, its words and names, the preview; and what comes next."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments.forms.action_plans import ColumnsForm, NamesForm, PlanUploadForm
from commitments.models import PlanUpload, Strategy
from commitments.permissions.action_plans import can_upload_plan, check_can_upload_plan
from commitments.permissions.progress import can_run_rounds, check_can_manage_commitments
from commitments.queries.plan_names import organisations_like, people_like
from commitments.reading.plan_preview import preview
from commitments.reading.plan_steps import next_steps
from commitments.services.plan_uploads import (
    OpenPlan,
    StrategyDetails,
    choose_columns,
    choose_names,
    create_strategy,
    open_plan,
    upload_plan,
)
from partners import roles
from partners.page_parts.sent_once import sent_once
from partners.permissions import has_permission_anywhere, organisations_for
from partners.signed_in import signed_in_person
from vcsportal.common.data_file import Faulty
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.spreadsheets import read_workbook
from vcsportal.common.spreadsheets.workbook import is_place_of_cell, sheet_called
from vcsportal.common.words import Invalid, Refused

SAMPLES: Final = 3
SHOWN_CHARACTERS: Final = 60
LISTED_CELLS: Final = 500
"""Cells that are listed on a page; the rest are counted."""
CREATED: Final = "The strategy has been created from your action plan."


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def plan_new(request: HttpRequest) -> HttpResponse:
    """Take the file and what it does not say about the strategy."""
    person = signed_in_person(request)
    check_can_upload_plan(person)
    sent = request.method == "POST"
    own = organisations_for(person, roles.MANAGE_COMMITMENTS)
    initial = {"owner": own[0].name} if len(own) == 1 else {}
    form = PlanUploadForm(request.POST, request.FILES, request=request) if sent else PlanUploadForm(initial=initial)
    if sent and form.is_valid():
        values = dict(form.cleaned_data)
        del values["file"]
        try:
            workbook = read_workbook(*form.read_file())
            made = upload_plan(by=person, at=timezone.now(), workbook=workbook, details=StrategyDetails(**values))
        except Refused as refused:
            show_refusal(form, refused, beside="owner")
        else:
            return redirect("commitments:plan-columns", made.pk)
    earlier = PlanUpload.objects.visible_to(person).filter(strategy__isnull=True).order_by("-uploaded_at", "-id")
    return form_response(request, "commitments/plan_new.html", {"earlier": earlier[:5]}, form)


@require_http_methods(GET_OR_POST)
@login_required
def plan_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what each column is."""
    person, opened = signed_in_person(request), _open(request, pk)
    samples = {
        column.column: [_short(cell.text) for cell in opened.table.cells_of(column.column)[:SAMPLES]]
        for column in opened.columns
    }
    form = ColumnsForm(request.POST if request.method == "POST" else None, columns=opened.columns, samples=samples)
    if form.is_bound and form.is_valid():
        try:
            choose_columns(by=person, at=timezone.now(), upload=opened.upload, meanings=form.meanings)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return redirect("commitments:plan-names", pk)
    values = {
        "upload": opened.upload,
        "sheet": sheet_called(opened.table.sheet.name, opened.upload.file_name),
        "rows": len(opened.table.below()),
    }
    return form_response(request, "commitments/plan_columns.html", values, form)


@require_http_methods(GET_OR_POST)
@login_required
def plan_names(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the words of the status column and the names of leads and partners mean, each once."""
    person, opened = signed_in_person(request), _open(request, pk)
    plan = opened.rows()
    chosen = opened.choices(plan)
    used: dict[str, int] = {}
    for row in plan.rows:
        for label in {*row.leads, *row.partners}:
            used[label] = used.get(label, 0) + 1
    form = NamesForm(
        request.POST if request.method == "POST" else None,
        statuses=opened.statuses(plan.status_words), words=plan.status_words,
        leads=people_like(plan.lead_labels, opened.owner), partners=organisations_like(plan.partner_labels),
        chosen={"lead": chosen.leads, "partner": chosen.partners}, used=used, owner=opened.owner,
        may_register=has_permission_anywhere(person, roles.MANAGE_ORGANISATIONS),
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            choose_names(
                by=person, at=timezone.now(), upload=opened.upload, statuses=form.statuses,
                leads=form.choices["lead"], partners=form.choices["partner"],
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return redirect("commitments:plan-check", pk)
    return form_response(request, "commitments/plan_names.html", {"upload": opened.upload}, form)


@require_http_methods(GET_OR_POST)
@login_required
def plan_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Show row by row what would be created, and create it."""
    person, opened = signed_in_person(request), _open(request, pk)
    faulty: list[str] = []
    if request.method == "POST":
        try:
            done = create_strategy(by=person, at=timezone.now(), upload=opened.upload)
        except Faulty as faults:
            faulty = [_cell_fault(fault) for fault in faults.faults]
        except Invalid as refused:
            faulty = [refused.sentence]
        else:
            messages.success(request, CREATED)
            return redirect("commitments:next-steps", done.loaded.strategy.slug)
    plan = opened.rows()
    shown = preview(plan, opened.plan_details(), opened.choices(plan), timezone.localdate())
    values = {
        "upload": opened.upload, "details": opened.details, "owner_is_new": opened.owner is None, "preview": shown,
        "not_used": shown.not_used[:LISTED_CELLS], "more_not_used": max(0, len(shown.not_used) - LISTED_CELLS),
        "faulty": faulty or [f"{fault.place}: {fault.sentence}" for fault in shown.faults],
    }  # fmt: skip
    return render(request, "commitments/plan_check.html", values, status=422 if faulty else 200)


@require_safe
@login_required
def next_steps_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What a new strategy still needs before its first report."""
    strategy = get_object_or_404(Strategy.objects.select_related("owner"), slug=slug)
    check_can_manage_commitments(request.user, strategy)
    values = {
        "strategy": strategy, "steps": next_steps(strategy), "can_run": can_run_rounds(request.user, strategy),
        "can_invite": has_permission_anywhere(request.user, roles.MANAGE_PEOPLE),
    }  # fmt: skip
    return render(request, "commitments/next_steps.html", values)


def _open(request: HttpRequest, pk: int) -> OpenPlan:
    """Return the person's own upload, ready to work on; a 404 for anyone else's."""
    if not can_upload_plan(request.user):
        check_can_upload_plan(request.user)
    upload = PlanUpload.objects.visible_to(request.user).select_related("strategy", "uploaded_by").filter(pk=pk).first()
    if upload is None:
        raise Http404("There is no uploaded plan of yours at this address.")
    return open_plan(upload)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS].rstrip()}…"


def _cell_fault(fault: Any) -> str:
    where = fault.place if is_place_of_cell(fault.place) else f"row {fault.line}, {fault.place}".strip(", ")
    return f"{where}: {fault.sentence}"
