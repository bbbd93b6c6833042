"""Addresses of the report's pages, under ``/reports/``."""

from django.urls import path

from reporting import views, views_papers

app_name = "reporting"
urlpatterns = [
    path("", views.edition_list, name="edition-list"),
    path("request/", views.edition_request, name="edition-request"),
    path("<int:pk>/", views.edition, name="edition"),
    path("<int:pk>/progress/", views.edition_progress, name="edition-progress"),
    path("<int:pk>/report.pdf", views.edition_download, name="edition-download"),
    path("<int:pk>/retry/", views.edition_retry, name="edition-retry"),
    path("<int:pk>/publish/", views.edition_publish, name="edition-publish"),
    path(
        "strategies/<slug:slug>/commitments/<str:reference>/paper-form.pdf", views_papers.paper_form, name="paper-form"
    ),
    path("handed-over/<int:pk>/brief.pdf", views_papers.hand_over_brief, name="brief"),
]
