"""The register of a strategy's risks: the list with its board, and one risk."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from commitments.filters.risks import RiskFilter
from commitments.models import Risk, Round, Strategy
from commitments.page_parts.public_pages import public_page
from commitments.permissions.risks import can_keep_risks, can_review_risk
from commitments.reading import risks as reading
from commitments.reading.risk_board import LIKELIHOODS
from vcsportal.common.csv_links import csv_link
from vcsportal.common.pages import active_filters


@public_page
def risk_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every risk of a strategy, and the board of those that have not ended; narrowed by the filters in the address."""
    strategy = get_object_or_404(Strategy.objects.select_related("owner", "supported_by"), slug=slug)
    chosen = RiskFilter(request.GET, Risk.objects.filter(strategy=strategy), request=request)
    form = chosen.form
    form.fields["priority"].label = strategy.nouns.priority.capitalize()
    for name in ("priority", "scope", "period"):
        if len(form.fields[name].choices.choices) <= 1 and not request.GET.get(name):
            del form.fields[name]
    valid = form.is_valid()
    rows = reading.whole_risks(chosen.qs if valid else Risk.objects.none())
    open_round = Round.objects.filter(strategy=strategy, state="open").order_by("id").first()
    views = [
        reading.view_of(
            risk, open_round=open_round, may_confirm=open_round is not None and can_review_risk(request.user, risk)
        )
        for risk in rows
    ]
    values: dict[str, Any] = {
        "strategy": strategy,
        "keeps": can_keep_risks(request.user, strategy),
        "filter_form": form,
        "active": active_filters(form, request.GET) if valid else [],
        "valid": valid,
        "form": None if valid else form,
        "csv_url": csv_link("risk-list", request.GET, slug) if views else "",
        "open": [view for view in views if not view.ended],
        "ended": [view for view in views if view.ended],
        "board": reading.board_of_risks(views),
        "likelihoods": LIKELIHOODS,
        "open_round": open_round,
        "crumbs": [{"title": strategy.title, "url": strategy.get_absolute_url()}],
    }
    return render(request, "commitments/risks.html", values, status=200 if valid else 422)


@public_page
def risk(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One risk: how high it is, how it was assessed before, what is done about it and who leads on it."""
    found = find_risk(slug, key)
    open_round = Round.objects.filter(strategy=found.strategy_id, state="open").order_by("id").first()
    view = reading.view_of(
        found, open_round=open_round, may_confirm=open_round is not None and can_review_risk(request.user, found)
    )
    values: dict[str, Any] = {
        "strategy": found.strategy,
        "view": view,
        "board": reading.board_of_risks([view]),
        "likelihoods": LIKELIHOODS,
        "open_round": open_round,
        "keeps": can_keep_risks(request.user, found.strategy),
        "crumbs": crumbs_of(found.strategy),
    }
    return render(request, "commitments/risk.html", values)


def find_risk(slug: str, key: str) -> Risk:
    """Return a risk with all that its page shows. Raise :class:`Http404` where there is none."""
    for found in reading.whole_risks(Risk.objects.filter(strategy__slug=slug, key=key)):
        return found
    raise Http404


def crumbs_of(strategy: Strategy) -> list[dict[str, str]]:
    """Return the way to a risk."""
    return [
        {"title": strategy.title, "url": strategy.get_absolute_url()},
        {"title": "Risks", "url": reading.list_address(strategy.slug)},
    ]
