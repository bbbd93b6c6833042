"""Money: the figures about it, and the grants and contracts under them, to read, to download and to keep."""

from collections.abc import Iterable
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments.filters.awards import AwardFilter
from commitments.forms.awards import AwardForm
from commitments.forms.sourced_figures import FigureEndForm
from commitments.models import Award, SourcedFigure
from commitments.page_parts.figures import shown_figures
from commitments.page_parts.public_pages import public_page
from commitments.permissions.sourced_figures import can_keep_figures, check_can_keep_figures
from commitments.reading import awards as reading
from commitments.reading import sourced_figures as figures
from commitments.reading.award_files import COLUMNS, award_row, json_row, read_for_files
from commitments.rules.sourced_figures import MONEY
from commitments.services.awards import add_award, edit_award, withdraw_award
from partners import roles
from partners.forms.organisation_choice import data_and_initial, is_search
from partners.page_parts.sent_once import sent_once
from partners.permissions import has_permission_anywhere
from partners.signed_in import signed_in_person
from vcsportal.common import plurals
from vcsportal.common.csv_files import csv_download
from vcsportal.common.pages import GET_OR_POST, active_filters, form_response, show_refusal
from vcsportal.common.words import Refused

AWARDS_PER_PAGE: Final = 50


@public_page
def money(request: HttpRequest) -> HttpResponse:
    """Figures about money, then the awards under them, filtered, with sums by year and kind."""
    cards = shown_figures(request, money=True)
    chosen = AwardFilter(request.GET, Award.objects.current(), request=request)
    form = chosen.form
    for name in ("strategy", "year", "district"):
        if len(form.fields[name].choices.choices) <= 1 + (name == "strategy") and not request.GET.get(name):
            del form.fields[name]
    valid = form.is_valid()
    found = chosen.qs if valid else Award.objects.none()
    page = Paginator(reading.read_with(found).newest_first(), AWARDS_PER_PAGE).get_page(request.GET.get("page"))
    active = active_filters(form, request.GET) if valid else []
    values = {
        "topics": figures.topics(cards),
        "filter_form": form,
        "form": None if valid else form,
        "active": active,
        "page_obj": page,
        "count": page.paginator.count,
        "counted": plurals.counted(page.paginator.count, "award"),
        "lines": reading.award_lines(page.object_list),
        "sums": reading.sum_lines(found),
        "has_awards": bool(page.paginator.count or active or not valid),
        "asked": request.GET.urlencode(),
        "may_add": has_permission_anywhere(request.user, roles.MANAGE_COMMITMENTS),
    }
    return render(request, "commitments/money.html", values, status=200 if valid else 422)


@public_page
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """One grant or contract."""
    rows = reading.read_with(Award.objects.visible_to(request.user)).select_related(
        "figure__strategy__owner", "funding_organisation", "source"
    )
    found = get_object_or_404(rows, pk=pk)
    values = {
        "award": found,
        "line": reading.award_lines([found])[0],
        "commitments": list(found.commitments.select_related("strategy", "priority").in_order()),
        "figure_shown": SourcedFigure.objects.visible_to(request.user).filter(pk=found.figure_id).exists(),
        "keeps": can_keep_figures(request.user, found.figure.strategy),
    }
    return render(request, "commitments/award.html", values)


@require_safe
def awards_csv(request: HttpRequest) -> HttpResponse:
    """The awards that the filters leave, as CSV with the columns of the 360Giving Data Standard."""
    return csv_download(f"awards-{timezone.localdate()}", COLUMNS, map(award_row, _exported(request)))


@require_safe
def awards_json(request: HttpRequest) -> HttpResponse:
    """The same as JSON, nested as the standard has it."""
    return JsonResponse({"grants": [json_row(found) for found in _exported(request)]})


def _exported(request: HttpRequest) -> Iterable[Award]:
    chosen: Any = AwardFilter(request.GET, Award.objects.current(), request=request)
    rows = chosen.qs if chosen.is_valid() else Award.objects.none()
    found: Iterable[Award] = read_for_files(rows).newest_first()
    return found


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def award_new(request: HttpRequest, pk: int) -> HttpResponse:
    """List a grant or a contract under a figure about money."""
    rows = SourcedFigure.objects.visible_to(request.user).select_related("strategy__owner")
    figure = get_object_or_404(rows, pk=pk, about=MONEY)
    check_can_keep_figures(request.user, figure.strategy)
    form = AwardForm(figure=figure, today=timezone.localdate(), **data_and_initial(request))
    if request.method == "POST" and not is_search(request) and form.is_valid():
        try:
            made = add_award(by=signed_in_person(request), at=timezone.now(), figure=figure, content=form.content())
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "The award has been added.")
            return redirect(made)
    return form_response(request, "commitments/award_form.html", {"figure": figure, "award": None}, form)


def _kept(request: HttpRequest, pk: int) -> Award:
    related = ("figure__strategy__owner", "recipient", "funding_organisation", "source")
    found = get_object_or_404(Award.objects.visible_to(request.user).select_related(*related), pk=pk)
    check_can_keep_figures(request.user, found.figure.strategy)
    return found


@require_http_methods(GET_OR_POST)
@login_required
def award_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a grant or a contract."""
    found = _kept(request, pk)
    initial = AwardForm.initial_of(found)
    form = AwardForm(figure=found.figure, today=timezone.localdate(), award=found, **data_and_initial(request, initial))
    if request.method == "POST" and not is_search(request) and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            edit_award(
                by=signed_in_person(request), at=timezone.now(), award=found, content=form.content(found), version=version
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "The award has been saved.")
            return redirect(found)
    return form_response(request, "commitments/award_form.html", {"figure": found.figure, "award": found}, form)


@require_http_methods(GET_OR_POST)
@login_required
def award_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a grant or a contract from the list."""
    found = _kept(request, pk)
    form = FigureEndForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_award(by=signed_in_person(request), at=timezone.now(), award=found, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "The award has been removed from the list.")
            return redirect("commitments:money")
    values = {"figure": found, "title": "Remove this award from the list", "back": found}
    return form_response(request, "commitments/figure_end.html", values, form)
