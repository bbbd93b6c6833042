"""The county in figures and money: pages that everyone reads, and the forms of the people who keep them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.forms.sourced_figures import FigureEndForm, SourcedFigureForm, SourcedValueForm
from commitments.models import SourcedFigure, SourcedValue, Strategy
from commitments.page_parts.figures import shown_figures
from commitments.page_parts.public_pages import public_page
from commitments.permissions.sourced_figures import NOT_KEPT, check_can_keep_figures
from commitments.reading import sourced_figures as reading
from commitments.rules.sourced_figures import MONEY, TOPICS
from commitments.services.sourced_figures import add_figure, edit_figure, end_figure
from commitments.services.sourced_values import add_sourced_values, correct_sourced_value, take_back_value
from partners import roles
from partners.models import Source
from partners.page_parts.sent_once import sent_once
from partners.permissions import check_permission_anywhere, has_permission_anywhere
from partners.services.sources import add_source
from partners.signed_in import signed_in_person
from vcsportal.common.csv_links import csv_link
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Invalid, Refused


@public_page
def figure_list(request: HttpRequest) -> HttpResponse:
    """The county in figures: one card for each figure, under what it is about."""
    shown = shown_figures(request, money=False)
    asked = QueryDict(mutable=True)
    asked["strategy"] = request.GET.get("strategy", "")
    topics = [topic.code for topic in TOPICS if topic.code != MONEY]
    values = {
        "topics": reading.topics(shown),
        "csv_url": csv_link("figure-list", asked, about=topics, ended="no") if shown else "",
        "may_add": has_permission_anywhere(request.user, roles.MANAGE_COMMITMENTS),
        "has_money": SourcedFigure.objects.visible_to(request.user).in_use().filter(about=MONEY).exists(),
    }
    return render(request, "commitments/figures.html", values)


@public_page
def figure(request: HttpRequest, pk: int) -> HttpResponse:
    """One figure: every value with its source, and what was corrected."""
    rows = SourcedFigure.objects.visible_to(request.user).select_related("strategy__owner", "part_of")
    found = get_object_or_404(rows, pk=pk)
    card = reading.figure_cards([found], request.user)[0]
    values = {
        "figure": found,
        "card": card,
        "corrections": reading.value_corrections(found, request.user),
        "keeps": card.keeps,
        "open": found.ended_at is None,
    }
    return render(request, "commitments/figure.html", values)


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def figure_new(request: HttpRequest) -> HttpResponse:
    """Add a figure to a strategy."""
    check_permission_anywhere(request.user, roles.MANAGE_COMMITMENTS, NOT_KEPT)
    strategies = Strategy.objects.filter(reading.kept_strategies(request.user)).newest_first()
    data = request.POST if request.method == "POST" else None
    initial = {"kind": "number", "strategy": request.GET.get("strategy", ""), "about": request.GET.get("about", "")}
    form = SourcedFigureForm(data, strategies=strategies, initial=initial)
    if data is not None and form.is_valid():
        try:
            made = add_figure(
                by=signed_in_person(request), at=timezone.now(), strategy=form.cleaned_data["strategy"], content=form.content
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "The figure has been added. Now add a value from a source.")
            return redirect("commitments:sourced-value-new", made.pk)
    return form_response(request, "commitments/figure_form.html", {"figure": None}, form)


def _kept(request: HttpRequest, pk: int) -> SourcedFigure:
    rows = SourcedFigure.objects.visible_to(request.user).select_related("strategy__owner", "part_of")
    found = get_object_or_404(rows, pk=pk)
    check_can_keep_figures(request.user, found.strategy)
    return found


@require_http_methods(GET_OR_POST)
@login_required
def figure_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a figure is."""
    found = _kept(request, pk)
    data = request.POST if request.method == "POST" else None
    strategies = Strategy.objects.filter(pk=found.strategy_id)
    form = SourcedFigureForm(data, strategies=strategies, figure=found, initial=SourcedFigureForm.initial_of(found))
    if data is not None and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            edit_figure(
                by=signed_in_person(request), at=timezone.now(), figure=found, content=form.content, version=version
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "The figure has been saved.")
            return redirect(found)
    return form_response(request, "commitments/figure_form.html", {"figure": found}, form)


@require_http_methods(GET_OR_POST)
@login_required
def figure_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a figure."""
    found = _kept(request, pk)
    form = FigureEndForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            end_figure(by=signed_in_person(request), at=timezone.now(), figure=found, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "The figure is no longer updated. Its page says why.")
            return redirect(found)
    values = {"figure": found, "title": "Stop updating this figure", "back": found}
    return form_response(request, "commitments/figure_end.html", values, form)


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def value_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what a source says of a figure."""
    return _value(request, _kept(request, pk), None)


@require_http_methods(GET_OR_POST)
@login_required
def value_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what was entered of a source, or take it back."""
    related = ("figure__strategy__owner", "area", "strand", "source")
    current = SourcedValue.objects.current().select_related(*related)
    value = get_object_or_404(current.filter(figure__in=SourcedFigure.objects.visible_to(request.user)), pk=pk)
    check_can_keep_figures(request.user, value.figure.strategy)
    return _value(request, value.figure, value)


def _value(request: HttpRequest, figure: SourcedFigure, value: SourcedValue | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    initial: dict[str, Any] = SourcedValueForm.initial_of(value) if value else {}
    form = SourcedValueForm(
        data,
        figure=figure,
        today=timezone.localdate(),
        value=value,
        initial={**initial, "version": figure.version},
    )
    if data is not None and form.is_valid():
        try:
            _save_value(request, figure, value, form)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "The figure has been saved.")
            return redirect(figure)
    about = value.area or value.strand if value else None
    return form_response(
        request, "commitments/figure_value_form.html", {"figure": figure, "value": value, "about": about}, form
    )


@transaction.atomic
def _save_value(
    request: HttpRequest, figure: SourcedFigure, value: SourcedValue | None, form: SourcedValueForm
) -> None:
    by, at, sent = signed_in_person(request), timezone.now(), form.cleaned_data
    if value is not None and "take_back" in request.POST:
        take_back_value(by=by, at=at, value=value, reason=sent["reason"], version=sent["version"])
        return
    source: Source | None = sent["source"]
    if form.new_source is not None:
        try:
            source = add_source(by=by, at=at, content=form.new_source)
        except Invalid as refused:
            raise Invalid(refused.sentence, field=f"new_{refused.field}") from refused
    if value is None:
        add_sourced_values(
            by=by,
            at=at,
            figure=figure,
            contents=form.contents(source),
            beside=sent.get("beside"),
            version=sent["version"],
        )
    else:
        correct_sourced_value(
            by=by, at=at, value=value, content=form.content(source), reason=sent["reason"], version=sent["version"]
        )
