"""Addresses of the portal's own pages."""

from django.urls import path

from vcsportal import help_pages, pages, session_page, sitemaps
from vcsportal.backup.views import backup_list
from vcsportal.open_data import views as open_data
from vcsportal.privacy import people_views
from vcsportal.privacy import views as privacy
from vcsportal.search.views import search

urlpatterns = [
    path("brand.css", pages.brand_css, name="brand-css"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("robots.txt", pages.robots_txt, name="robots-txt"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("strategies/<slug:slug>/board.png", pages.board_picture, name="board-picture"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("cookies/", pages.cookies, name="cookies"),
    path("help/", help_pages.index, name="help"),
    path("help/<slug:slug>/", help_pages.page, name="help-page"),
    path("search/", search, name="search"),
    path("data/", open_data.catalogue, name="open-data"),
    path("data/snapshots/", open_data.snapshot_list, name="snapshots"),
    path("data/snapshots/<str:day>.zip", open_data.snapshot_file, name="snapshot"),
    path("data/<slug:slug>/", open_data.dataset, name="dataset"),
    path("data/grants-360giving.<str:ending>", open_data.grants, name="grants-360giving"),
    path("data/<slug:slug>.<str:ending>", open_data.dataset_file, name="dataset-file"),
    path("session/", session_page.session, name="session"),
    path("privacy/", privacy.notice, name="privacy"),
    path("privacy/removed/", privacy.removals, name="privacy-removals"),
    path("people/backups/", backup_list, name="backups"),
    path(".well-known/security.txt", pages.security_txt, name="security-txt"),
    path("account/data/", people_views.my_data, name="my-data"),
    path("people/<int:pk>/data/", people_views.person_data, name="person-data"),
    path("people/<int:pk>/erase/", people_views.person_erase, name="person-erase"),
    path("dev/look/", pages.style_guide_page, name="dev-look"),
]
