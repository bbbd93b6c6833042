"""The rounds of a strategy: the list, one round's page, and the steps of its life."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments.forms.rounds import ReopenRoundForm
from commitments.models import Contribution, HistoryEntry, IndicatorValue, ProgressUpdate, Round, Strategy
from commitments.permissions.progress import (
    can_run_rounds,
    check_can_run_rounds,
    check_can_see_rounds,
    check_may_see_rounds,
    may_run_rounds,
)
from commitments.queries import form_times
from commitments.reading import round as reading
from commitments.reading.round_opening import calendar, warnings, what_opening_does
from commitments.rules import workflow
from commitments.services.rounds import begin_review, close_round, open_round, reopen_round
from partners import roles
from partners.permissions import has_permission_anywhere, strategies_where
from partners.signed_in import signed_in_person
from vcsportal.common.dates import in_words
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused

PAGE_SIZE: Final = 50
SHOW: Final = (
    ("", "Everybody"), ("owes", "Who still has something to send"), ("never", "Who has never signed in"),
    ("mail", "Whose emails bounce"),
)  # fmt: skip


def find_round(slug: str, name: str) -> Round:
    """Return the round at this address, with its strategy."""
    return get_object_or_404(Round.objects.select_related("strategy"), strategy__slug=slug, slug=name)


def crumbs(strategy: Strategy, round_: Round | None = None) -> list[dict[str, str]]:
    """Return the way back up from a round's pages."""
    way = [
        {"title": strategy.title, "url": strategy.get_absolute_url()},
        {"title": "Rounds", "url": f"{strategy.get_absolute_url()}rounds/"},
    ]
    return [*way, {"title": str(round_), "url": round_.get_absolute_url()}] if round_ else way


@require_safe
@login_required
def all_rounds(request: HttpRequest) -> HttpResponse:
    """The way to the rounds of a strategy: one whose rounds the person runs, or else may see; the one that the portal
    opens with, if it is among them.
    """
    check_may_see_rounds(request.user)
    codes = (roles.RUN_ROUNDS,) if may_run_rounds(request.user) else (roles.APPROVE_UPDATES,)
    own = Strategy.objects.filter(strategies_where(request.user, codes))
    strategy = own.current(timezone.localdate())
    return redirect("commitments:rounds", strategy.slug) if strategy else redirect("commitments:home")


@require_safe
@login_required
def rounds(request: HttpRequest, slug: str) -> HttpResponse:
    """Every round of a strategy, and the way to plan one."""
    strategy = get_object_or_404(Strategy, slug=slug)
    check_can_see_rounds(request.user, strategy)
    rounds = Round.objects.filter(strategy=strategy).newest_first()
    deleted = HistoryEntry.objects.filter(act="round_delete", round__strategy=strategy).select_related("round", "by")
    return render(
        request,
        "commitments/rounds.html",
        {
            "strategy": strategy,
            "lines": [{"round": round_, "state": workflow.ROUND_STATE[round_.state]} for round_ in rounds],
            "deleted": deleted.newest_first(),
            "others": Strategy.objects.filter(strategies_where(request.user, roles.APPROVE_UPDATES))
            .exclude(pk=strategy.pk)
            .order_by("title", "id"),
            "can_run": can_run_rounds(request.user, strategy),
            "crumbs": crumbs(strategy)[:1],
        },
    )


@require_safe
@login_required
def round_page(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The page of one round, for the people who run it."""
    round_ = find_round(slug, name)
    check_can_see_rounds(request.user, round_.strategy)
    today = timezone.localdate()
    values: dict[str, Any] = {
        "round": round_,
        "strategy": round_.strategy,
        "state": workflow.ROUND_STATE[round_.state],
        "can_run": can_run_rounds(request.user, round_.strategy),
        "keeps_people": has_permission_anywhere(request.user, roles.MANAGE_PEOPLE),
        "can_change_days": round_.is_planned or round_.is_open,
        "can_end_window": _leads_on(round_, "begin_review"),
        "can_reopen": _leads_on(round_, "reopen"),
        "items": reading.history(round_),
        "crumbs": crumbs(round_.strategy),
    }
    if round_.is_planned:
        values |= {
            "opening": what_opening_does(round_),
            "calendar": calendar(round_, today),
            "warnings": warnings(round_, today),
            "can_open": _is_day_to_open(round_),
            "can_delete": True,
        }
        return render(request, "commitments/round.html", values)
    standing = reading.standing(round_, today)
    runs = round_.state in {"open", "in_review"}
    show = request.GET.get("show", "owes" if runs and standing.owing else "")
    wanted = {
        "owes": standing.owing,
        "never": [line for line in standing.lines if line.never],
        "mail": standing.troubles,
    }.get(show, standing.lines)
    page = Paginator(wanted, PAGE_SIZE).get_page(request.GET.get("page"))
    values |= {
        "standing": standing,
        "sentence": standing.sentence(today),
        "asked": len(standing.answers),
        "page_obj": page,
        "lines": [{"line": line, "states": _states(line)} for line in page],
        "show": show,
        "choices": SHOW,
        "owing": sum(not line.left for line in standing.owing),
        "never": len([line for line in standing.lines if line.never]),
        "paces": list(form_times.of(("update", "confirm", "evidence")).values()),
        "runs": runs,
    }
    return render(request, "commitments/round.html", values)


def _leads_on(round_: Round, act: str) -> bool:
    """Whether this step of a round's life can be taken from where it is."""
    return round_.state in workflow.ROUND_ACT[act].leaves


def _is_day_to_open(round_: Round) -> bool:
    return round_.opens_on <= timezone.localdate() <= round_.grace_until


def _states(line: reading.PersonInRound) -> list[dict[str, Any]]:
    """The person's updates by state, what is missing first: ``1.1, 1.2 not begun``."""
    order = ("returned", "expected", "draft", "submitted", "published")
    by_state = {
        code: [update.commitment.reference for update in line.updates if update.state == code] for code in order
    }
    return [
        {"references": ", ".join(found), "state": workflow.UPDATE_STATE[code]}
        for code, found in by_state.items()
        if found
    ]


@require_http_methods(GET_OR_POST)
@login_required
def round_open(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Open a round, after saying what that does."""
    round_ = find_round(slug, name)
    check_can_run_rounds(request.user, round_.strategy)
    if request.method == "POST":
        open_round(by=signed_in_person(request), at=timezone.now(), round_=round_)
        messages.success(
            request, f"The {round_.label} round is open. Everyone with something to send will get an email."
        )
        return redirect(round_)
    values = {
        "opening": what_opening_does(round_),
        "can_act": _is_day_to_open(round_),
        "heading": "Open the {} round?",
    }
    return _confirm(request, "open", round_, values)


@require_http_methods(GET_OR_POST)
@login_required
def round_end(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """End the window, after saying what that does."""
    round_ = find_round(slug, name)
    check_can_run_rounds(request.user, round_.strategy)
    if request.method == "POST":
        begin_review(by=signed_in_person(request), at=timezone.now(), round_=round_)
        messages.success(request, f"The window of {round_.label} is over. What was sent can be read and approved.")
        return redirect(round_)
    values = {**_missing(round_), "can_act": True, "warns": True, "heading": "End the window of {}?"}
    return _confirm(request, "begin_review", round_, values)


@require_http_methods(GET_OR_POST)
@login_required
def round_close(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Close a round, after saying what is missing and that it freezes."""
    round_ = find_round(slug, name)
    check_can_run_rounds(request.user, round_.strategy)
    if request.method == "POST":
        close_round(by=signed_in_person(request), at=timezone.now(), round_=round_)
        messages.success(
            request, f"The {round_.label} round is closed. The report will use today’s statuses and updates."
        )
        return redirect(round_)
    missing = _missing(round_)
    undecided = bool(missing["waiting"] or missing["figures"])
    values = {**missing, "can_act": not undecided, "warns": True, "closes": True, "heading": "Close the {} round?"}
    return _confirm(request, "close", round_, values)


def _confirm(request: HttpRequest, act: str, round_: Round, values: dict[str, Any]) -> HttpResponse:
    step = workflow.ROUND_ACT[act]
    workflow.check_act(step, round_.state, what="round", thing=round_)
    values |= {"round": round_, "strategy": round_.strategy, "act": step, "crumbs": crumbs(round_.strategy, round_)}
    values["heading"] = values["heading"].format(round_.label)
    return render(request, "commitments/round_confirm.html", values)


def _missing(round_: Round) -> dict[str, Any]:
    updates = ProgressUpdate.objects.filter(round=round_).exclude(state="published").select_related("commitment")
    ordered = updates.order_by("commitment__priority__number", "commitment__number", "id")
    rows: list[dict[str, Any]] = [
        {"title": str(update.commitment), "state": workflow.UPDATE_STATE[update.state]} for update in ordered
    ]
    return {
        "missing": rows,
        "waiting": sum(row["state"].code == "submitted" for row in rows),
        "figures": IndicatorValue.objects.proposed().filter(round=round_).count(),
        "unanswered": Contribution.objects.filter(round=round_, answer="").count(),
    }


@require_http_methods(GET_OR_POST)
@login_required
def round_reopen(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Open a round again, with a reason and a new last day."""
    round_ = find_round(slug, name)
    check_can_run_rounds(request.user, round_.strategy)
    workflow.check_act(workflow.ROUND_ACT["reopen"], round_.state, what="round", thing=round_)
    form = ReopenRoundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            again = reopen_round(by=signed_in_person(request), at=timezone.now(), round_=round_, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"The {round_.label} round is open again, until {in_words(again.closes_on)}.")
            return redirect(round_)
    values = {"round": round_, "strategy": round_.strategy, "crumbs": crumbs(round_.strategy, round_)}
    return form_response(request, "commitments/round_reopen.html", values, form)
