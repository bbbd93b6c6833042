"""Pages of the report: the list and the request, an edition and how far it is, the download, trying again, publishing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.rules.periods import period_of_all
from partners import roles
from partners.permissions import has_permission_anywhere
from partners.signed_in import signed_in_person
from reporting import assembly
from reporting.forms.report_texts import RequestForm
from reporting.models import Edition, Face, Proposal
from reporting.permissions import (
    can_cancel,
    can_comment,
    can_decide,
    can_discard,
    can_download,
    can_publish,
    can_request,
    can_retry,
    can_withdraw,
    can_write,
    check_may_request,
    may_request,
    publishes,
    sees_drafts,
)
from reporting.reading import round_editions
from reporting.reading.progress import progress
from reporting.reading.suspension import WHY, suspended_content
from reporting.services import editions as services
from reporting.views.edition_lookup import find_edition
from vcsportal.common import clock
from vcsportal.common.csv_links import csv_link
from vcsportal.common.dates import in_words
from vcsportal.common.pages import form_status, show_refusal
from vcsportal.common.words import Refused

ALREADY_BEING_MADE = (
    "This report was already being made. If something has changed since then, request another when it is ready."
)


def _list_values(request: HttpRequest, form: RequestForm | None) -> dict[str, Any]:
    sees_all = has_permission_anywhere(request.user, roles.SEE_UNPUBLISHED_REPORTS)
    pdf = Face.objects.filter(edition=models.OuterRef("pk"), code="pdf")
    editions = list(
        Edition.objects.visible_to(request.user)
        .defer("facts")
        .select_related("round__strategy", "requested_by", "withdrawal")
        .annotate(pdf_size=models.Subquery(pdf.values("size")), pdf_pages=models.Subquery(pdf.values("pages")))
        .order_by("-round__observes_from", "round__strategy__title", "-number", "-id")
    )
    spans = [(edition.round.observes_from, edition.round.observes_to) for edition in editions]
    period = form.period if form and not spans else period_of_all(spans)
    return {
        "period": period,
        "newest_first": f"Every report that was requested, the newest {period.noun} first",
        "published": _published(editions),
        "csv_url": csv_link("edition-list", None) if editions else "",
        "rows": [_row(edition) for edition in editions if sees_drafts(request.user, edition.round.strategy)],
        "sees_all": sees_all,
        "sees_files": has_permission_anywhere(request.user, roles.PUBLISH_REPORT),
        "form": form,
    }


def _published(editions: Sequence[Edition]) -> list[dict[str, Any]]:
    """Return what everybody may read, by year: the newest edition, and those before it or withdrawn since."""
    years: dict[int, list[Edition]] = {}
    for edition in editions:
        if edition.published_at:
            years.setdefault(edition.round_id, []).append(edition)
    found = []
    for of_year in years.values():
        of_year.sort(key=lambda edition: (cast(datetime, edition.published_at), edition.pk), reverse=True)
        newest = round_editions.newest(of_year)
        found.append(
            {
                "round": of_year[0].round,
                "newest": newest,
                "read_url": round_editions.permanent(of_year[0]),
                "others": [(edition, round_editions.is_withdrawn(edition)) for edition in of_year if edition != newest],
            }
        )
    return found


def _day(at: datetime) -> str:
    return in_words(timezone.localdate(at))


def _row(edition: Edition) -> dict[str, Any]:
    by = f" by {edition.requested_by.name}" if edition.requested_by else ""
    published = f"Published on {_day(edition.published_at)}" if edition.published_at else "Not published"
    if withdrawal := getattr(edition, "withdrawal", None):
        published += f", withdrawn on {_day(withdrawal.at)}"
    return {
        "title": f"{edition.round.label}, edition {edition.number}",
        "url": edition.get_absolute_url(),
        "hint": f"{edition.round.strategy.title}. Asked for on {_day(edition.requested_at)}{by}. "
        f"{edition.error or published + '.'}",
        "tag": round_editions.standing(edition),
    }


def _request_form(request: HttpRequest, data: Any = None) -> RequestForm:
    outlooks = [
        round_report
        for round_report in assembly.outlooks(today=timezone.localdate())
        if can_request(request.user, round_report.round.strategy)
    ]
    asked = request.GET.get("round", "")
    known = {str(outlook.round.pk) for outlook in outlooks}
    opened = [o.round.pk for o in outlooks if o.round.opens_on <= timezone.localdate()]
    first = asked if asked in known else next(iter(opened), None)
    return RequestForm(data, outlooks=outlooks, initial={"round": first})


@require_safe
def edition_list(request: HttpRequest) -> HttpResponse:
    """Published reports by year; for those who may, every edition with its state, and the request."""
    form = _request_form(request) if may_request(request.user) else None
    return render(request, "reporting/edition_list.html", _list_values(request, form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edition_request(request: HttpRequest) -> HttpResponse:
    """Request a report. While one of the year is being made, its page is shown."""
    check_may_request(request.user)
    if request.method != "POST":
        return render(request, "reporting/edition_list.html", _list_values(request, _request_form(request)))
    form = _request_form(request, request.POST)
    if form.is_valid():
        try:
            edition = services.request_edition(
                by=signed_in_person(request), at=clock.now(), round_=form.cleaned_data["round"]
            )
        except Refused as refused:
            show_refusal(form, refused, beside="round")
        else:
            if edition.state == "running":  # one that waits will hold what is in the portal now
                messages.warning(request, ALREADY_BEING_MADE)
            return redirect(edition)
    return render(request, "reporting/edition_list.html", _list_values(request, form), status=form_status(form))


def _state_values(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    made = progress(edition, at=clock.now())
    proposals = _proposals(request, edition)
    waiting = next((proposal for proposal in proposals if not proposal.outcome), None)
    return (_ready_values(request, edition) if edition.state == "ready" else {}) | {
        "proposals": proposals,
        "waiting": waiting,
        "may_decide": waiting is not None and can_decide(request.user, waiting),
        "edition": edition,
        "progress": made,
        "state": made.state,
        "under_way": made.under_way,
        "insider": sees_drafts(request.user, edition.round.strategy),
        "may_cancel": made.under_way and can_cancel(request.user, edition),
        "may_request": edition.state == "cancelled" and can_request(request.user, edition.round.strategy),
        "may_publish": waiting is None and can_publish(request.user, edition),
        "may_retry": bool(made.failed) and can_retry(request.user, edition),
    }


def _proposals(request: HttpRequest, edition: Edition) -> list[Proposal]:
    """Return what was proposed and decided, for the people who publish."""
    if edition.state != "ready" or not publishes(request.user, edition.round.strategy):
        return []
    return list(edition.proposals.select_related("proposed_by", "decided_by").newest_first())


def _replacement(request: HttpRequest, edition: Edition) -> Edition | None:
    """Return the draft that is to take the place of an edition with suspended files, for people who see drafts."""
    if not sees_drafts(request.user, edition.round.strategy):
        return None
    suspension = edition.suspensions.current().select_related("replacement").defer("replacement__facts").first()
    return suspension.replacement if suspension else None


def _ready_values(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    """What the page of an edition shows once it has been made: its state, where to read it, its files."""
    newest = round_editions.newest(round_editions.of_round(edition.round_id))
    suspended = suspended_content(edition, timezone.localdate())
    newest_pk, path = newest.pk if newest else None, round_editions.permanent(edition)
    return {
        "standing": round_editions.standing(edition),
        "withdrawn": getattr(edition, "withdrawal", None),
        "files": round_editions.files(edition, suspended=suspended),
        "suspended": suspended,
        "why_suspended": WHY,
        "replacement": _replacement(request, edition) if suspended else None,
        "read_url": round_editions.read_at(edition, newest_pk),
        "easy_url": round_editions.easy_at(edition, newest_pk),
        "permanent": {
            "path": path,
            "whole": f"{settings.PORTAL_URL.rstrip('/')}{path}",
            "this": edition.pk == newest_pk,
        }
        if newest
        else None,
        "write_url": reverse("reporting:report-write", args=[edition.round.strategy.slug, edition.round.slug])
        if not edition.is_sealed
        and (can_write(request.user, edition.round.strategy) or can_comment(request.user, edition.round.strategy))
        else "",
        "may_download": can_download(request.user, edition),
        "may_withdraw": can_withdraw(request.user, edition),
        "may_discard": can_discard(request.user, edition),
    }


@require_safe
@never_cache
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition: its progress, its outcome, and what can be done with it."""
    return _edition(request, pk, "reporting/edition.html")


@require_safe
@never_cache
def edition_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of an edition's page that changes while it is being made."""
    return _edition(request, pk, "reporting/_state.html")


def _edition(request: HttpRequest, pk: int, template: str) -> HttpResponse:
    """Show the edition; where it was withdrawn and the reader may not see it, answer 410 with the reason."""
    edition = find_edition(request, pk)
    status = 200 if can_download(request.user, edition) else 410
    return render(request, template, _state_values(request, edition), status=status)


@require_POST
@login_required
def edition_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Have it tried again."""
    edition = services.retry_edition(by=signed_in_person(request), at=clock.now(), edition=find_edition(request, pk))
    return redirect(edition)
