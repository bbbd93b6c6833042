"""The strategy at a glance, its priorities, and the list of its commitments."""

from typing import Final, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.filters.commitments_on_pages import CommitmentPageFilter
from commitments.models import Commitment, Priority, Round, Strategy
from commitments.page_parts.public_pages import public_page
from commitments.permissions.action_plans import can_upload_plan
from commitments.permissions.charters import may_record_signatures
from commitments.permissions.indicators import can_define_indicators
from commitments.permissions.progress import can_manage_commitments
from commitments.reading import glance as at_a_glance
from commitments.reading import indicators, my_work, responses, staleness
from commitments.reading import pages as reading
from commitments.reading.also_here import also_here
from commitments.reading.charters import charter_page
from commitments.reading.introduction import introduction
from commitments.rules import stances
from commitments.rules.kinds import Nouns
from partners.models import User
from partners.reading.public_names import names_for
from vcsportal.common.csv_links import csv_link
from vcsportal.common.pages import active_filters
from vcsportal.common.prepared_queries import PreparedQuery

PAGE_SIZE = 100


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The strategy that the portal opens with, at a glance; an explanation if none has been loaded."""
    strategy = Strategy.objects.select_related("owner", "supported_by", "steered_by").current(timezone.localdate())
    if strategy is None:
        return render(request, "commitments/home.html", {"can_upload_plan": can_upload_plan(request.user)})
    return _glance(request, strategy)


@public_page
def strategies(request: HttpRequest) -> HttpResponse:
    """All strategies: those in term or to come, then those that are finished, each with what followed."""
    today = timezone.localdate()
    everything = list(Strategy.objects.select_related("owner").prefetch_related("succeeded_by").newest_first())
    values = {
        "current": [strategy for strategy in everything if not strategy.is_finished(today)],
        "finished": [strategy for strategy in everything if strategy.is_finished(today)],
        "csv_url": csv_link("strategy-list", None) if everything else "",
        "can_upload_plan": can_upload_plan(request.user),
    }
    return render(request, "commitments/strategies.html", values)


@require_safe
def all_commitments(request: HttpRequest) -> HttpResponse:
    """The way to the list of the current strategy, with its filters."""
    strategy = Strategy.objects.current(timezone.localdate())
    if strategy is None:
        return redirect("commitments:home")
    response = redirect("commitments:commitment-list", strategy.slug)
    if request.GET:
        response.headers["Location"] += f"?{request.GET.urlencode()}"
    return response


@public_page
def glance(request: HttpRequest, slug: str) -> HttpResponse:
    """One strategy at a glance."""
    return _glance(request, _strategy_or_404(slug))


_WITH_SLUG: Final = PreparedQuery(
    lambda slug: Strategy.objects.select_related("owner", "supported_by", "steered_by").filter(slug=slug)
)


def _strategy_or_404(slug: str) -> Strategy:
    for strategy in _WITH_SLUG(slug=slug):
        return cast(Strategy, strategy)
    raise Http404


def _is_new(request: HttpRequest, strategy: Strategy) -> bool:
    """Whether the person looks after the strategy and no round of it has been opened yet. A query for such people alone."""
    if not can_manage_commitments(request.user, strategy):
        return False
    return not Round.objects.filter(strategy=strategy).exclude(state="planned").exists()


def _glance(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    today = timezone.localdate()
    standings = reading.standings(strategy)
    going = [standing for standing in standings if not standing.awaits_response]
    rows, finished = reading.board_of(strategy, standings, today), strategy.is_finished(today)
    counted = rows if len(going) == len(standings) else at_a_glance.board(at_a_glance.titles(rows), going)
    lines, totals = at_a_glance.counts(counted, strategy.nouns)
    owed = my_work.owed_updates(request.user, today) if isinstance(request.user, User) else None
    return render(
        request,
        "commitments/glance.html",
        {
            "strategy": strategy,
            "introduction": introduction(
                owner=strategy.owner.name,
                starts_on=strategy.starts_on,
                ends_on=strategy.ends_on,
                priorities=len(rows),
                commitments=len(standings),
                nouns=strategy.nouns,
                signed=strategy.kind_of.signed,
                made_by=strategy.made_by if any(standing.owner_response for standing in standings) else "",
            ),
            "sentence": at_a_glance.sentence((standing.status for standing in going), strategy.nouns) if going else "",
            "fresh": ""
            if finished or not going
            else staleness.updated_lately((standing.on for standing in going), today),
            "responses": responses.sentence(
                standing.owner_response for standing in standings if standing.owner_response
            ),
            "stances": stances.OWNER_RESPONSES,
            "rows": rows,
            "columns": at_a_glance.COLUMNS,
            "crowded": at_a_glance.is_crowded(rows),
            "stale": any(tile.stale for row in rows for tile in row.tiles),
            "lines": lines,
            "totals": totals,
            "narrow": at_a_glance.narrow_tables(lines, totals),
            "lately": reading.changed_lately(strategy, names_for(request.user, strategy.owner)),
            "quiet": [] if finished else at_a_glance.quiet(rows, going, today),
            "is_finished": finished,
            "owed": owed,
            "is_new": _is_new(request, strategy),
            "also_here": also_here(strategy, today),
            "charter": charter_page(
                strategy, request.user, today, may_record=may_record_signatures(request.user, strategy)
            )
            if strategy.kind_of.signed
            else None,
        },
    )


@public_page
def priority(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One priority: its row of tiles, its commitments, and its years side by side."""
    priority = get_object_or_404(
        Priority.objects.select_related("strategy", "group__organisation"), strategy__slug=slug, number=number
    )
    today = timezone.localdate()
    standings = reading.standings(priority.strategy, priority=priority.pk)
    read_on = None if priority.strategy.is_finished(today) else today
    rows = at_a_glance.board([(priority.number, priority.title, "", priority.reference)], standings, today=read_on)
    one_by_one, boards = reading.boards_by_round(priority.strategy, standings, today)
    return render(
        request,
        "commitments/priority.html",
        {
            "priority": priority,
            "strategy": priority.strategy,
            "sentence": at_a_glance.sentence(
                (standing.status for standing in standings if not standing.awaits_response), priority.strategy.nouns
            )
            if any(not standing.awaits_response for standing in standings)
            else "",
            "stances": stances.OWNER_RESPONSES if any(standing.owner_response for standing in standings) else (),
            "rows": rows,
            "crowded": at_a_glance.is_crowded(rows),
            "stale": any(tile.stale for row in rows for tile in row.tiles),
            "columns": at_a_glance.COLUMNS,
            "lines": [
                {
                    "title": f"{standing.reference} {standing.title}",
                    "url": standing.url,
                    "status": at_a_glance.word_of(standing.status, standing.owner_response),
                    "fresh": at_a_glance.freshness(standing.on, today, standing.owner_response),
                }
                for standing in standings
            ],
            "one_by_one": one_by_one,
            "boards": boards,
            "indicators": indicators.panels(slug=slug, priority=priority, today=today),
            "can_define_indicators": can_define_indicators(request.user, priority.strategy),
            "crumbs": [{"title": priority.strategy.title, "url": priority.strategy.get_absolute_url()}],
        },
    )


@public_page
def commitment_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The commitments of a strategy, narrowed down by the filters in the address."""
    strategy = _strategy_or_404(slug)
    everything = Commitment.objects.filter(strategy=strategy)
    name_of = names_for(request.user, strategy.owner)
    chosen = CommitmentPageFilter(request.GET, everything, request=request, nouns=strategy.nouns)
    valid = chosen.is_valid()
    found = (chosen.qs if valid else everything).select_related("priority", "lead_officer").in_order()
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    active = active_filters(chosen.form, request.GET) if valid else []
    return render(
        request,
        "commitments/commitment_list.html",
        {
            "strategy": strategy,
            "form": chosen.form,
            "active": active,
            "heading": _how_many(page.paginator.count, strategy.nouns, narrowed=bool(active)),
            "page_obj": page,
            "csv_url": csv_link("commitment-list", request.GET, slug) if valid and page.paginator.count else "",
            "lines": [
                {
                    "title": str(commitment),
                    "priority": commitment.priority,
                    "lead": name_of(commitment.lead_officer) if commitment.lead_officer else "",
                    "url": reading.address(slug, commitment.key),
                    "status": at_a_glance.word_of(commitment.status, commitment.owner_response),
                    "fresh": at_a_glance.freshness(
                        timezone.localdate(commitment.status_at) if commitment.status_at else None,
                        today,
                        commitment.owner_response,
                    ),
                }
                for commitment in page
            ],
            "can_manage": can_manage_commitments(request.user, strategy),
            "crumbs": [{"title": strategy.title, "url": strategy.get_absolute_url()}],
        },
        status=200 if valid else 422,
    )


def _how_many(count: int, nouns: Nouns, *, narrowed: bool) -> str:
    what = nouns.counted_commitments(count) if count else f"No {nouns.commitments}"
    return f"{what} found" if narrowed else what
