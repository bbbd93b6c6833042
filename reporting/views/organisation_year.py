"""Everything that an organisation told in a year: a page for its own people, and files that they may send to anyone."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from commitments.permissions.organisation_year import check_can_read_year
from commitments.reading.organisation_year.asked import asked_in_year
from commitments.reading.organisation_year.shapes import OrganisationYear
from commitments.reading.organisation_year.year import year_of, years_of
from partners.models import Organisation
from reporting.paper.docx import write_paper
from reporting.paper.handouts import html_of
from reporting.paper.organisation_year import COLUMNS, details_of, outline, rows_of, title_of
from reporting.views.handouts import drawn_for
from reporting.views.minutes import WORD
from vcsportal.common.csv_files import csv_download
from vcsportal.common.dates import in_words


@require_safe
@login_required
def organisation_year(request: HttpRequest, slug: str) -> HttpResponse:
    """What the organisation did and told in a year, and what it was asked."""
    organisation, years, year = _found(request, slug)
    values = _values(year) | {
        "organisation": organisation,
        "years": years,
        "asked": asked_in_year(organisation, year.first, year.last),
    }
    return render(request, "reporting/organisation_year.html", values)


@require_safe
@login_required
def organisation_year_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The same without what it was asked, as a tagged PDF; bounded as other papers that are drawn while someone waits."""
    _, _, year = _found(request, slug)
    about = f"What {year.organisation.name} recorded on the portal of {settings.PORTAL_COUNCIL}."
    drawn = drawn_for(
        request,
        html_of("papers/organisation_year.html", _values(year) | {"about": about, "council": year.organisation.name}),
    )
    if not isinstance(drawn, bytes):
        return drawn
    response = HttpResponse(drawn, content_type="application/pdf")
    return _named(response, year, "pdf")


@require_safe
@login_required
def organisation_year_docx(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a Word file, to change before it is sent on."""
    _, _, year = _found(request, slug)
    paper = outline(year, foot=_foot(year))
    return _named(HttpResponse(write_paper(paper, at=timezone.now()), content_type=WORD), year, "docx")


@require_safe
@login_required
def organisation_year_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a table, a row for each thing."""
    _, _, year = _found(request, slug)
    return _named(csv_download("year", COLUMNS, rows_of(year, settings.PORTAL_URL)), year, "csv")


def _found(request: HttpRequest, slug: str) -> tuple[Organisation, list[str], OrganisationYear]:
    """Return the organisation, the years that there are, and the one that is asked for, or the newest."""
    organisation, today = get_object_or_404(Organisation.objects.public().bodies(), slug=slug), timezone.localdate()
    check_can_read_year(request.user, organisation)
    years = years_of(organisation, today)
    asked = request.GET.get("year", years[0])
    if asked not in years:
        raise Http404
    return organisation, years, year_of(organisation, asked, today)


def _values(year: OrganisationYear) -> dict[str, Any]:
    parts = [(part.heading, [(item, details_of(item)) for item in part.items]) for part in year.parts]
    return {"title": title_of(year), "year": year, "parts": parts, "foot": _foot(year)}


def _foot(year: OrganisationYear) -> str:
    made = in_words(timezone.localdate())
    return f"Made on {made} from what {year.organisation.name} recorded on the portal of {settings.PORTAL_COUNCIL}."


def _named(response: HttpResponse, year: OrganisationYear, suffix: str) -> HttpResponse:
    way = "inline" if suffix == "pdf" else "attachment"
    response["Content-Disposition"] = f'{way}; filename="{slugify(title_of(year))[:80]}-{year.year}.{suffix}"'
    response["Cache-Control"] = "private, no-store"
    return response
