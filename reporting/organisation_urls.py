"""Addresses of an organisation's year: below those of the organisation."""

from django.urls import URLPattern, path

from reporting.views import organisation_year

app_name = "years"

YEAR = "organisations/<slug:slug>/year"
urlpatterns: list[URLPattern] = [
    path(f"{YEAR}/", organisation_year.organisation_year, name="year"),
    path(f"{YEAR}.pdf", organisation_year.organisation_year_pdf, name="year-pdf"),
    path(f"{YEAR}.docx", organisation_year.organisation_year_docx, name="year-docx"),
    path(f"{YEAR}.csv", organisation_year.organisation_year_csv, name="year-csv"),
]
