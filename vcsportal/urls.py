"""Every address of the portal."""

from django.urls import include, path

from vcsportal import development_email, health

handler400 = "vcsportal.unavailable.bad_request"
handler500 = "vcsportal.unavailable.server_error"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("dev/mail/", development_email.inbox, name="dev-mails"),
    path("dev/mail/<str:name>/", development_email.mail, name="dev-mail"),
    path("", include("vcsportal.page_urls")),
    path("", include("commitments.urls")),
    path("", include("partners.urls")),
    path("", include("reporting.meeting_urls")),
    path("", include("reporting.organisation_urls")),
    path("", include("reporting.following_urls")),
    path("reports/", include("reporting.urls")),
    path("api/v1/", include("vcsportal.api")),
    path("account/", include("partners.account_urls")),
]
