"""Calendars that anyone can subscribe to (.ics): of a strategy, and of a group."""

from collections.abc import Iterable
from datetime import datetime, time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from commitments.models import Strategy
from commitments.page_parts.public_pages import public_page
from commitments.reading import calendars
from partners.kinds import GROUP
from partners.models import Organisation
from vcsportal.common.calendar_files import CALENDAR_TYPE, CalendarEntry, calendar_file


@public_page
def strategy(request: HttpRequest, slug: str) -> HttpResponse:
    """The rounds of a strategy, its actions that are due, and its meetings."""
    strategy = get_object_or_404(Strategy, slug=slug)
    return _calendar(calendars.of_strategy(strategy, timezone.localdate()), strategy.title)


@public_page
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """The meetings of a group."""
    organisation = get_object_or_404(Organisation.objects.public(), slug=slug, kind=GROUP)
    return _calendar(calendars.of_group(organisation.pk, timezone.localdate()), organisation.name)


def _calendar(entries: Iterable[CalendarEntry], title: str) -> HttpResponse:
    # A public page is the same for as long as its version holds, and that has the day in it, but not the hour.
    morning = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    return HttpResponse(calendar_file(entries, title=title, revised_at=morning), content_type=CALENDAR_TYPE)
