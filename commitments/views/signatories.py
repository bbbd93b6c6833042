"""The public register of who has signed a charter, and the same as CSV."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.filters.signatories import SignatoryFilter
from commitments.models import Signatory, Strategy
from commitments.page_parts.charters import find_charter
from commitments.page_parts.public_pages import public_page
from commitments.permissions.charters import may_record_signatures
from commitments.permissions.progress import can_manage_commitments
from commitments.reading import charters as reading
from vcsportal.common import plurals
from vcsportal.common.csv_files import csv_download
from vcsportal.common.pages import active_filters

PER_PAGE: Final = 100


@public_page
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """Everyone who has signed a charter, filtered, a hundred to a page; lapsed and ended signatures are shown as such."""
    strategy, today = find_charter(slug), timezone.localdate()
    rounds = reading.charter_rounds(strategy)
    found, signed = reading.standings_and_signatories(strategy, rounds, today)
    chosen = SignatoryFilter(request.GET, _signatories(strategy), found=found)
    form = chosen.form
    if len(form.fields["district"].choices.choices) <= 1 and not request.GET.get("district"):
        del form.fields["district"]  # a choice of one is none
    valid = form.is_valid()
    page = Paginator(chosen.qs if valid else Signatory.objects.none(), PER_PAGE).get_page(request.GET.get("page"))
    count = page.paginator.count
    query = request.GET.copy()
    query.pop("page", None)
    is_finished = strategy.is_finished(today)
    values: dict[str, Any] = {
        "strategy": strategy,
        "unsigned": [] if is_finished else reading.unsigned_organisations(request.user, signed),
        "invites": not request.user.is_authenticated and not is_finished,
        "counts": reading.counts_of(rounds, found, reading.pledges_made(strategy).count()),
        "filter_form": form,
        "active": active_filters(form, request.GET) if valid else [],
        "valid": valid,
        "form": None if valid else form,
        "page_obj": page,
        "count": count,
        "counted": plurals.counted(count, "organisation"),
        "lines": reading.register_rows(page, strategy, rounds, found, request.user),
        "query": query.urlencode(),
        "may_record": may_record_signatures(request.user, strategy),
        "by_spreadsheet": can_manage_commitments(request.user, strategy),
    }
    return render(request, "commitments/signatories.html", values, status=200 if valid else 422)


@require_safe
def register_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The register that the filters leave, as CSV. No person is named in it."""
    strategy, today = find_charter(slug), timezone.localdate()
    rounds = reading.charter_rounds(strategy)
    found = reading.standings(strategy, rounds, today)
    chosen = SignatoryFilter(request.GET, _signatories(strategy), found=found)
    rows = chosen.qs if chosen.form.is_valid() else Signatory.objects.none()
    lines = reading.register_rows(rows.prefetch_related("organisation__districts"), strategy, rounds, found)
    return csv_download(f"signatories-{strategy.slug}-{today}", reading.REGISTER_COLUMNS, reading.csv_rows(lines))


def _signatories(strategy: Strategy) -> Any:
    """Return those that stand, by name, then those that have ended."""
    rows = Signatory.objects.lasting().filter(strategy=strategy).select_related("organisation")
    return rows.order_by(F("ended_on").desc(nulls_first=True), "organisation__sort_name", "organisation_id", "id")
