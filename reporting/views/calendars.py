"""Calendars to subscribe to (.ics): of a strategy and of a group, for anyone, and a person’s own at a secret address."""

from collections.abc import Iterable
from datetime import datetime, time
from hashlib import sha256

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from commitments.models import Strategy
from commitments.page_parts.public_pages import public_page
from commitments.reading import calendars
from partners.kinds import GROUP
from partners.models import Organisation
from partners.services.personal_calendars import person_behind
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


@require_safe
def own(request: HttpRequest, secret: str) -> HttpResponse:
    """What one person has to do. The address is the proof, as calendar programs do not sign in; it can only be read."""
    today = timezone.localdate()
    person = person_behind(secret, today)
    if person is None:
        raise Http404("There is no calendar at this address, or it has ended.")
    response = _calendar(calendars.of_person(person, today), settings.PORTAL_NAME)
    response.headers["Referrer-Policy"], response.headers["X-Robots-Tag"] = "no-referrer", "noindex"
    patch_cache_control(response, private=True, no_cache=True)
    return get_conditional_response(request, etag=_etag(response), response=response) or response


def _etag(response: HttpResponse) -> str:
    etag = response.headers["ETag"] = quote_etag(sha256(response.content).hexdigest()[:32])
    return etag


def _calendar(entries: Iterable[CalendarEntry], title: str) -> HttpResponse:
    # A public page is the same for as long as its version holds, and that has the day in it, but not the hour.
    morning = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    return HttpResponse(calendar_file(entries, title=title, revised_at=morning), content_type=CALENDAR_TYPE)
