"""Indicators: the page of one, its definition and targets, entering figures, and approving what partners supply."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.forms.figures import FiguresForm, asked_of
from commitments.forms.indicators import IndicatorForm, TargetsForm
from commitments.models import Commitment, Indicator, IndicatorValue, Priority, Round
from commitments.page_parts.addresses import find_commitment
from commitments.page_parts.public_pages import public_page
from commitments.permissions.indicators import (
    can_define_indicators,
    can_judge_value,
    check_can_define_indicators,
    check_can_supply_value,
    enters_values_at_once,
)
from commitments.reading import indicator_page as reading
from commitments.reading.counted_indicators import counts_so_far
from commitments.reading.indicator_picture import draw
from commitments.reading.indicators import districts_asked
from commitments.reading.pages import address, priority_address
from commitments.rules import indicators as rules
from commitments.rules import workflow
from commitments.services.indicators import (
    check_is_entered,
    define_indicator,
    edit_indicator,
    enter_values,
    organisation_for,
    set_targets,
)
from commitments.services.locks import lock_round_by_id
from partners.models import Organisation, User
from partners.page_parts import shown_values
from partners.page_parts.sent_once import sent_once
from partners.reading.public_names import names_for
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Conflict, Invalid, Refused


def _find(slug: str, code: str) -> Indicator:
    return get_object_or_404(
        Indicator.objects.select_related("strategy__owner", "commitment__priority", "priority"),
        strategy__slug=slug,
        code=code,
    )


def _round(indicator: Indicator, slug: str) -> Round:
    return get_object_or_404(Round, strategy=indicator.strategy_id, slug=slug)


def _crumbs(of: Commitment | Priority, indicator: Indicator | None = None) -> list[dict[str, str]]:
    strategy = (indicator or of).strategy
    priority = of.priority if isinstance(of, Commitment) else of
    way = [
        {"title": strategy.title, "url": strategy.get_absolute_url()},
        {"title": str(priority), "url": priority_address(strategy.slug, priority.number)},
    ]
    if isinstance(of, Commitment):
        way.append({"title": of.reference, "url": address(strategy.slug, of.key)})
    return [*way, {"title": indicator.title, "url": _url(indicator)}] if indicator else way


def _url(indicator: Indicator) -> str:
    return indicator.get_absolute_url()


def _of(indicator: Indicator) -> Commitment | Priority:
    owner = indicator.commitment or indicator.priority
    assert owner is not None, "the database holds one of the two"  # noqa: S101 - for the type checker
    return owner


@public_page
def indicator(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One indicator: the picture of target against actual, its table, its districts, what waits, its history."""
    found = _find(slug, code)
    today = timezone.localdate()
    page = reading.page(found, request.user, today)
    entry = _rounds_to_enter(request, found, page.rounds)
    return render(
        request,
        "commitments/indicator.html",
        {
            "indicator": found,
            "strategy": found.strategy,
            "of": _of(found),
            "told": page.summary,
            "picture": draw(page.summary),
            "districts": page.districts,
            "districts_without_targets": page.districts_without_targets,
            "area_noun": page.area_noun,
            "rounds": page.rounds,
            "values": [_line(request, figure) for figure in page.proposed],
            "strands": page.strands,
            "items": reading.happened(
                found,
                names_for(request.user, found.strategy.owner),
                insider=enters_values_at_once(request.user, found.strategy),
            ),
            "can_define_indicators": can_define_indicators(request.user, found.strategy),
            "enter": entry,
            "counted": counts_so_far(found, today),
            "changeable": [round_ for round_ in page.rounds if round_.state != "closed"],
            "crumbs": _crumbs(_of(found)),
        },
    )


def _line(request: HttpRequest, figure: reading.WaitingFigure) -> dict[str, Any]:
    value = figure.value
    return {
        "value": value,
        "by_strand": figure.by_strand,
        "said": said(value),
        "state": workflow.VALUE_STATE[value.state],
        "can_judge_value": value.state == "proposed" and can_judge_value(request.user, value),
    }


def said(value: IndicatorValue) -> str:
    """Return a figure in words."""
    of = value.indicator
    return rules.say_figure(value, kind=of.kind, unit=of.unit, scale=of.scale)


def _rounds_to_enter(request: HttpRequest, indicator: Indicator, rounds: tuple[Round, ...]) -> list[Round]:
    """Return the rounds for which this person may enter a figure; for partners, those that take updates today."""
    if indicator.counts:
        return []
    today = timezone.localdate()
    if enters_values_at_once(request.user, indicator.strategy):
        return [round_ for round_ in rounds if round_.state != "closed" and round_.observes_from <= today]
    open_now = [round_ for round_ in rounds if round_.takes_updates(today)]
    if open_now and isinstance(request.user, User) and organisation_for(request.user, indicator):
        return open_now
    return []


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def indicator_new(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Add an indicator to a commitment."""
    return _new(request, find_commitment(slug, key))


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def priority_indicator_new(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Add an indicator to a priority."""
    priorities = Priority.objects.select_related("strategy")
    return _new(request, get_object_or_404(priorities, strategy__slug=slug, number=number))


def _new(request: HttpRequest, of: Commitment | Priority) -> HttpResponse:
    check_can_define_indicators(request.user, of.strategy)
    form = IndicatorForm(
        request.POST if request.method == "POST" else None,
        strategy=of.strategy,
        initial={"kind": "number", "counting": "per_round", "direction": "up"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = define_indicator(by=signed_in_person(request), at=timezone.now(), of=of, what=form.what)
        except Refused as refused:
            show_refusal(form, refused, beside="code")
        else:
            messages.success(request, "The indicator is saved. Now set its target.")
            return redirect("commitments:indicator", of.strategy.slug, made.code)
    values = {"of": of, "strategy": of.strategy, "crumbs": _crumbs(of), "back": of.get_absolute_url()}
    return form_response(request, "commitments/indicator_form.html", values, form)


@require_http_methods(GET_OR_POST)
@login_required
def indicator_edit(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Change the words of an indicator."""
    found = _find(slug, code)
    check_can_define_indicators(request.user, found.strategy)
    of = found.strategy
    form = IndicatorForm(request.POST if request.method == "POST" else None, strategy=of, indicator=found)
    now, stale = shown_values.rows_of(IndicatorForm(strategy=of, indicator=found)), list[str]()
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                held = Indicator.objects.select_for_update().get(pk=found.pk)
                now = shown_values.rows_of(IndicatorForm(strategy=of, indicator=held))
                stale = shown_values.changed(request, now, held.history.filter(act__in=("define", "amend")))
                if not stale:
                    edit_indicator(by=signed_in_person(request), at=timezone.now(), indicator=found, what=form.what)
                    messages.success(request, "The indicator is saved.")
                    return redirect(_url(found))
        except Refused as refused:
            show_refusal(form, refused)
        for sentence in stale:
            form.add_error(None, sentence)
    page = page_values(found, shown=shown_values.carried(request, now, stale))
    return form_response(request, "commitments/indicator_form.html", page, form)


def page_values(indicator: Indicator, **more: Any) -> dict[str, Any]:
    """What every page about one indicator shows."""
    of = _of(indicator)
    return {
        "indicator": indicator,
        "of": of,
        "strategy": indicator.strategy,
        "crumbs": _crumbs(of, indicator),
        "back": _url(indicator),
        **more,
    }


@require_http_methods(GET_OR_POST)
@login_required
def targets(request: HttpRequest, slug: str, code: str, round_slug: str) -> HttpResponse:
    """Set the target of an indicator for a round."""
    found = _find(slug, code)
    check_can_define_indicators(request.user, found.strategy)
    round_ = _round(found, round_slug)
    districts, stale = districts_asked(found, timezone.localdate()), list[str]()
    blank = TargetsForm(indicator=found, round_=round_, districts=districts)
    form = blank
    if request.method == "POST":
        form = TargetsForm(request.POST, indicator=found, round_=round_, districts=districts)
    now = shown_values.rows_of(blank)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                lock_round_by_id(round_.pk)
                held = Indicator.objects.select_for_update().get(pk=found.pk)
                now = shown_values.rows_of(TargetsForm(indicator=held, round_=round_, districts=districts))
                acts = held.history.filter(Q(act="target", round=round_) | Q(act="amend"))
                stale = shown_values.changed(request, now, acts)
                if not stale:
                    set_targets(
                        by=signed_in_person(request), at=timezone.now(), indicator=found, round_=round_, aims=form.aims
                    )
                    messages.success(request, f"The target for {round_.label} is saved.")
                    return redirect(_url(found))
        except Refused as refused:
            show_refusal(form, refused)
        for sentence in stale:
            form.add_error(None, sentence)
    page = page_values(found, round=round_, shown=shown_values.carried(request, now, stale))
    return form_response(request, "commitments/indicator_targets.html", page, form)


@require_http_methods(GET_OR_POST)
@login_required
def values(request: HttpRequest, slug: str, code: str, round_slug: str) -> HttpResponse:
    """Enter what was counted in a round, or supply it as a partner."""
    found = _find(slug, code)
    person = signed_in_person(request)
    own = None if enters_values_at_once(person, found.strategy) else organisation_for(person, found)
    check_can_supply_value(person, found, own)
    check_is_entered(found)
    round_ = _round(found, round_slug)
    form, told = _figures(found, round_, own, request.POST if request.method == "POST" else None)
    page = page_values(found, round=round_, own=own, told=told)
    if request.method == "POST" and form.is_valid():
        try:
            if not form.entries and not any(question.stored for question in form.asked):
                raise Invalid("Write a figure, or say why there is none.", field="value")
            enter_values(by=person, at=timezone.now(), round_=round_, entries=form.entries)
        except Conflict as conflict:
            return _conflict(request, found, round_, own, conflict, page)
        except Refused as refused:
            show_refusal(form, refused, beside=form.boxes[0].fields[0].name if form.asked else None)
        else:
            sent = "The figure is sent. A council officer will review it before it counts."
            messages.success(request, sent if own else f"The figure for {round_.label} is saved.")
            return redirect(_url(found))
    return form_response(request, "commitments/indicator_values.html", page, form)


def _figures(
    indicator: Indicator, round_: Round, own: Organisation | None, data: Any
) -> tuple[FiguresForm, list[dict[str, str]]]:
    """Return the boxes that this person may fill in, and what stands already where they may not."""
    asked, told = [], []
    for question in asked_of([indicator], round_, districts_asked(indicator, timezone.localdate())):
        stored = question.stored
        theirs = stored and own and (stored.organisation_id != own.pk or stored.state == "approved")
        if theirs and stored:
            words = said(stored) if stored.state == "approved" else "Another organisation has supplied a figure."
            told.append({"key": question.name, "value": words})
        else:
            asked.append(question)
    return FiguresForm(None, round_, data, asked=asked), told


def _conflict(
    request: HttpRequest,
    indicator: Indicator,
    round_: Round,
    own: Organisation | None,
    conflict: Conflict,
    page: dict[str, Any],
) -> HttpResponse:
    """What was typed stays, next to the other person's figure; sending it again replaces that one."""
    form, told = _figures(indicator, round_, own, request.POST)
    form.seen()
    form.full_clean()
    shown = {**page, "told": told, "form": form, "sentence": conflict.sentence}
    return render(request, "commitments/indicator_values.html", shown, status=409)
