"""Addresses of the report's pages, under ``/reports/``."""

from django.urls import URLPattern, path

from reporting.views import editions, faces, papers, sealing

app_name = "reporting"

ONE = "<int:pk>/"
EDITIONS: list[URLPattern] = [
    path("", editions.edition_list, name="edition-list"),
    path("request/", editions.edition_request, name="edition-request"),
    path(ONE, editions.edition, name="edition"),
    path(f"{ONE}progress/", editions.edition_progress, name="edition-progress"),
    path(f"{ONE}retry/", editions.edition_retry, name="edition-retry"),
]

# Files of an edition, and the same facts as pages.
FACES: list[URLPattern] = [
    path(f"{ONE}report.pdf", faces.download, {"code": "pdf"}, name="edition-download"),
    path(f"{ONE}files/<slug:code>/", faces.download, name="face"),
]

# For good: sealing, withdrawing, finding out what a file is.
SEALING: list[URLPattern] = [
    path(f"{ONE}publish/", sealing.publish, name="edition-publish"),
]

PAPERS: list[URLPattern] = [
    path("strategies/<slug:slug>/commitments/<str:reference>/paper-form.pdf", papers.paper_form, name="paper-form"),
    path("handed-over/<int:pk>/brief.pdf", papers.hand_over_brief, name="brief"),
]

urlpatterns: list[URLPattern] = [*EDITIONS, *FACES, *SEALING, *PAPERS]
