"""The administrators' page of published files: whether each still matches what was published, and when it was last checked."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from partners import roles
from partners.permissions import strategies_where
from reporting.models import Edition
from reporting.permissions import check_can_see_published_files
from reporting.services import integrity


@require_safe
@login_required
@never_cache
def published_files(request: HttpRequest) -> HttpResponse:
    """Every published edition with what was found when its files were last compared with their checksums."""
    check_can_see_published_files(request.user)
    editions = (
        _editions(request)
        .defer("facts")
        .select_related("round__strategy", "withdrawal")
        .prefetch_related("integrity_checks")
        .order_by("-round__observes_from", "-published_at", "-id")
    )
    rows = [_row(edition) for edition in editions]
    values = {"rows": rows, "alarms": sum(len(row["troubles"]) for row in rows)}
    return render(request, "reporting/published_files.html", values)


def _editions(request: HttpRequest) -> QuerySet[Edition]:
    """Published editions of the strategies whose reports the person publishes."""
    own = strategies_where(request.user, roles.PUBLISH_REPORT, "round__strategy")
    return Edition.objects.filter(own, published_at__isnull=False)


def _row(edition: Edition) -> dict[str, Any]:
    checks = list(edition.integrity_checks.all())
    return {
        "edition": edition,
        "checked_at": min((check.checked_at for check in checks), default=None),
        "troubles": [
            {"text": f"{integrity.name_of(check.part)} {check.trouble}", "since": check.trouble_since}
            for check in sorted(checks, key=lambda check: check.part)
            if check.trouble
        ],
    }


@require_POST
@login_required
def check_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare an edition's files and facts with their checksums now, as after a backup was brought back."""
    check_can_see_published_files(request.user)
    edition = get_object_or_404(_editions(request).select_related("round").prefetch_related("faces"), pk=pk)
    name = f"edition {edition.number} of the report for {edition.round.label}"
    if wrong := integrity.check_edition(at=timezone.now(), edition=edition):
        messages.warning(request, f"Something is wrong with {name}: {' '.join(wrong)}")
    else:
        messages.success(request, f"All files of {name} match what was published.")
    return redirect("reporting:published-files")
