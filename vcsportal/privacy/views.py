"""The privacy notice, and for administrators what was removed under the retention table."""

from datetime import date
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partners import roles
from partners.models import RetentionCount, RetentionRun, User
from partners.permissions import check_permission_anywhere
from vcsportal.privacy.retention_table import KEPT, RULE, RULES

CHANGED_ON: Final = date(2026, 12, 1)
"""When the words of the notice were last changed."""
PAGE_SIZE: Final = 30


def kept_about_people() -> list[str]:
    """Return why tables that point at people are kept; the others hold no personal data unless somebody wrote it there."""
    found = set()
    for model in apps.get_models():
        about = any(field.related_model is User for field in model._meta.fields if field.is_relation)
        if (about or model is User) and model._meta.label in KEPT:
            found.add(KEPT[model._meta.label])
    return sorted(found)


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why, for how long, and what they can ask for."""
    values = {
        "rules": RULES,
        "kept": kept_about_people(),
        "changed_on": CHANGED_ON,
        "controller": settings.PORTAL_DATA_CONTROLLER,
        "officer_email": settings.PORTAL_DATA_PROTECTION_EMAIL,
    }
    return render(request, "pages/privacy.html", values)


@require_safe
@login_required
@never_cache
def removals(request: HttpRequest) -> HttpResponse:
    """What the daily job removed: numbers of each kind, without names."""
    check_permission_anywhere(request.user, roles.MANAGE_PEOPLE, "Only an administrator can see what was removed.")
    counts = Prefetch("counts", RetentionCount.objects.order_by("kind"))
    runs = RetentionRun.objects.prefetch_related(counts).order_by("-at", "-id")
    page = Paginator(runs, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [{"run": run, "kinds": [_kind(count) for count in run.counts.all()]} for run in page]
    return render(request, "pages/removals.html", {"page_obj": page, "rows": rows, "rules": RULES})


def _kind(count: RetentionCount) -> dict[str, Any]:
    rule = RULE.get(count.kind)
    return {"label": rule.label if rule else count.kind, "count": count.count, "failed": count.failed}
