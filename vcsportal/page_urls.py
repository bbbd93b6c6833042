"""Addresses of the portal's own pages."""

from django.urls import path

from vcsportal import pages

urlpatterns = [
    path("brand.css", pages.brand_css, name="brand-css"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("cookies/", pages.cookies, name="cookies"),
    path("privacy/", pages.privacy, name="privacy"),
    path("dev/look/", pages.look, name="dev-look"),
]
