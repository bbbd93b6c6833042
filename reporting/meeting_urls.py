"""Addresses of meetings as they are held, and of their minutes: below those of the engagement that they are."""

from django.urls import URLPattern, path

from reporting.views import meeting, minutes

app_name = "meetings"

ONE_MEETING = "engagement/<int:pk>/meeting/"
MINUTES = "engagement/<int:pk>/minutes"
urlpatterns: list[URLPattern] = [
    path(ONE_MEETING, meeting.meeting, name="meeting"),
    path(f"{ONE_MEETING}changes/", meeting.changes, name="changes"),
    path(f"{ONE_MEETING}exceptions/", meeting.exceptions, name="exceptions"),
    path(f"{ONE_MEETING}end/", meeting.end, name="end"),
    path(f"{ONE_MEETING}<slug:step>/", meeting.step, name="step"),
    path(f"{MINUTES}/", minutes.minutes, name="minutes"),
    path(f"{MINUTES}.pdf", minutes.minutes_pdf, name="minutes-pdf"),
    path(f"{MINUTES}.docx", minutes.minutes_docx, name="minutes-docx"),
]
