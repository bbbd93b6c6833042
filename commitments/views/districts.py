"""Districts: the list of them, and what happens in one. Everybody reads the same."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from commitments.filters.districts import DistrictFilter
from commitments.models import Evidence
from commitments.page_parts.districts import chosen_by, find_district
from commitments.page_parts.public_pages import public_page
from commitments.reading.district_page import district_page
from commitments.reading.districts import district_address, district_list
from partners import area_kinds
from partners.area_kinds import LOCAL_KINDS
from partners.models import Area
from partners.reading.areas import every_district
from vcsportal.common.csv_links import csv_link
from vcsportal.common.pages import active_filters


@public_page
def districts(request: HttpRequest) -> HttpResponse:
    """All districts: those in force on a map of equal tiles, then those to come and those that have ended."""
    today, found = timezone.localdate(), every_district()
    shown = district_list(found, today)
    values = {
        "shown": shown,
        "csv_url": csv_link("district-list", None) if found else "",
        "noun": area_kinds.noun(district.area.kind for district in found),
        "to_come": [(district, _links(district.before)) for district in shown.to_come],
        "ended": [(district, _links(district.after)) for district in shown.ended],
    }
    return render(request, "commitments/districts.html", values)


@public_page
def district(request: HttpRequest, code: str) -> HttpResponse:
    """One district, narrowed down by strategy and round. Its name, and its code in small letters, lead to its address."""
    today, everything = timezone.localdate(), every_district()
    found = find_district(everything, code, today)
    if found.area.gss_code != code:
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{district_address(found.area)}{f'?{query}' if query else ''}")
    filters = DistrictFilter(request.GET, Evidence.objects.published(), request=request)
    form = filters.form
    valid = form.is_valid()
    for name in ("strategy", "round"):
        if len(form.fields[name].choices.choices) <= 1 and not request.GET.get(name):
            del form.fields[name]  # a choice of one is none
    page = district_page(found, filters.qs, chosen_by(filters, found, today), today) if valid else None
    values = {
        "area": found.area,
        "noun": area_kinds.noun([found.area.kind]),
        "begun": found.has_begun(today),
        "ended": found.has_ended(today),
        "before": _links(found.before),
        "after": _links(found.after),
        "filter_form": form,
        "active": active_filters(form, request.GET) if valid else [],
        "form": None if valid else form,  # the page's error summary
        "page": page,
        "csv_url": csv_link("district-commitments", request.GET, code) if page and page.strategies else "",
        "works": [(here, here.sentence(found.area.name)) for here in page.strategies] if page else [],
        "crumbs": [
            {
                "title": f"All {area_kinds.nouns(each.area.kind for each in everything)}",
                "url": reverse("commitments:districts"),
            }
        ],
    }
    return render(request, "commitments/district.html", values, status=200 if valid else 422)


def _links(areas: tuple[Area, ...]) -> list[dict[str, str]]:
    """Return the name of each area, and its address if it has a page."""
    return [{"name": area.name, "url": district_address(area) if area.kind in LOCAL_KINDS else ""} for area in areas]
