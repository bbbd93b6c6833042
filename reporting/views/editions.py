"""Pages of the report: the list and the request, an edition and how far it is, the download, trying again, publishing."""

from datetime import datetime
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners import roles
from partners.models import User
from partners.permissions import has_permission
from reporting import assembly
from reporting.forms import RequestForm
from reporting.models import Edition
from reporting.permissions import can_cancel, can_publish, can_request, can_retry, check_can_request
from reporting.reading.progress import progress
from reporting.services import editions as services
from reporting.stages import EDITION_STATE
from reporting.views.finding import find_edition
from vcsportal.common.dates import in_words
from vcsportal.common.words import Refused


def _list_values(request: HttpRequest, form: RequestForm | None) -> dict[str, Any]:
    sees_all = has_permission(request.user, roles.SEE_UNPUBLISHED_REPORTS)
    editions = list(
        Edition.objects.visible_to(request.user)
        .defer("facts")
        .select_related("round__strategy", "requested_by")
        .prefetch_related("faces")
        .order_by("-round__observes_from", "round__strategy__title", "-number", "-id")
    )
    return {
        "published": [edition for edition in editions if edition.published_at],
        "rows": [_row(edition) for edition in editions] if sees_all else [],
        "sees_all": sees_all,
        "form": form,
    }


def _day(at: datetime) -> str:
    return in_words(timezone.localdate(at))


def _row(edition: Edition) -> dict[str, Any]:
    by = f" by {edition.requested_by.name}" if edition.requested_by else ""
    published = f"Published on {_day(edition.published_at)}" if edition.published_at else "Not published"
    return {
        "title": f"{edition.round.slug}, edition {edition.number}",
        "url": edition.get_absolute_url(),
        "hint": f"{edition.round.strategy.title}. Asked for on {_day(edition.requested_at)}{by}. "
        f"{edition.error or published + '.'}",
        "tag": EDITION_STATE[edition.state],
    }


def _request_form(request: HttpRequest, data: Any = None) -> RequestForm:
    outlooks = assembly.outlooks(today=timezone.localdate())
    asked = request.GET.get("round", "")
    known = {str(outlook.round.pk) for outlook in outlooks}
    opened = [o.round.pk for o in outlooks if o.round.opens_on <= timezone.localdate()]
    first = asked if asked in known else next(iter(opened), None)
    return RequestForm(data, outlooks=outlooks, initial={"round": first})


@require_safe
def edition_list(request: HttpRequest) -> HttpResponse:
    """Published reports by year; for those who may, every edition with its state, and the request."""
    form = _request_form(request) if can_request(request.user) else None
    return render(request, "reporting/edition_list.html", _list_values(request, form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edition_request(request: HttpRequest) -> HttpResponse:
    """Ask for a report. While one of the year is being made, its page is shown."""
    check_can_request(request.user)
    if request.method != "POST":
        return render(request, "reporting/edition_list.html", _list_values(request, _request_form(request)))
    form = _request_form(request, request.POST)
    if form.is_valid():
        try:
            edition = services.request_edition(
                by=cast(User, request.user), at=timezone.now(), round_=form.cleaned_data["round"]
            )
        except Refused as refused:
            form.add_error("round", refused.sentence)
        else:
            return redirect(edition)
    return render(request, "reporting/edition_list.html", _list_values(request, form), status=422)


def _state_values(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    made = progress(edition, at=timezone.now())
    return {
        "edition": edition,
        "progress": made,
        "state": made.state,
        "under_way": made.under_way,
        "may_cancel": made.under_way and can_cancel(request.user, edition),
        "may_request": edition.state == "cancelled" and can_request(request.user),
        "may_publish": edition.published_at is None and can_publish(request.user, edition),
        "may_retry": bool(made.failed) and can_retry(request.user, edition),
    }


@require_safe
@never_cache
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition: how far it is, what came of it, and what may be done with it."""
    return render(request, "reporting/edition.html", _state_values(request, find_edition(request, pk)))


@require_safe
@never_cache
def edition_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of an edition's page that changes while it is being made."""
    return render(request, "reporting/_state.html", _state_values(request, find_edition(request, pk)))


@require_POST
@login_required
def edition_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Have it tried again."""
    found = services.retry_edition(by=cast(User, request.user), at=timezone.now(), edition=find_edition(request, pk))
    return redirect(found)
