"""Every address of the portal."""

from django.urls import include, path

urlpatterns = [
    path("", include("vcsportal.page_urls")),
    path("", include("commitments.urls")),
    path("", include("partners.urls")),
    path("reports/", include("reporting.urls")),
    path("account/", include("allauth.urls")),
]
