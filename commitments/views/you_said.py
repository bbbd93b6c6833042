"""“You said, we did”: what was asked, what was answered and what was done, for everyone."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from commitments.filters.points import PointFilter
from commitments.models import Point
from commitments.page_parts.public_pages import public_page
from commitments.reading.points import POINTS_ON_A_PAGE, in_public_order, public_points, said
from vcsportal.common.pages import active_filters

READ_WITH: Final = (
    "engagement", "strategy", "group__organisation", "raised_by", "district", "decided_at", "became_commitment__strategy",
    "became_action__commitment__strategy",
)  # fmt: skip


@public_page
def you_said(request: HttpRequest) -> HttpResponse:
    """Published points in three columns, those of an engagement together; and those without an answer, without words."""
    today = timezone.localdate()
    shown = public_points(today)
    data = request.GET.copy()
    data.pop("page", None)
    filterset = PointFilter(data, queryset=shown)
    form = filterset.form
    for name in ("state", "kind", "group"):
        del form.fields[name]
    for name in ("strategy", "district"):
        if len(form.fields[name].choices.choices) <= 1:
            del form.fields[name]
    valid = form.is_valid()
    found = (filterset.qs if valid else Point.objects.none()).select_related(*READ_WITH)
    page = Paginator(in_public_order(found), POINTS_ON_A_PAGE).get_page(request.GET.get("page"))
    values = {
        "page_obj": page, "points": [said(point, today) for point in page], "filter_form": form,
        "active": active_filters(form, request.GET) if valid else [], "valid": valid, "form": None if valid else form,
    }  # fmt: skip
    return render(request, "commitments/you_said.html", values, status=200 if valid else 422)
