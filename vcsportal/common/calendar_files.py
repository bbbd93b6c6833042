"""Calendars as files (.ics, RFC 5545) that calendar programs subscribe to. It belongs to no floor and imports no app."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vText

from vcsportal.common.plain_texts import plain

CALENDAR_TYPE: Final = "text/calendar; charset=utf-8"
ASK_AGAIN_AFTER: Final = timedelta(hours=12)
"""How often calendar programs are asked to look for changes (RFC 7986)."""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One thing on a day, on days, or at a time.

    ``key`` is its name, which never changes (``action/12``). ``starts`` is its only or first day or, with a time of day, a moment;
    ``last_day`` is included, and None for a single day. ``url`` is a path. ``revision`` grows when it changes. A thing that
    takes up nobody's time, such as a due date, does not make them appear ``busy``.
    """

    key: str
    title: str
    starts: date | datetime
    url: str
    last_day: date | None = None
    text: str = ""
    place: str = ""
    revision: int = 0
    is_cancelled: bool = False
    busy: bool = False


def calendar_file(entries: Iterable[CalendarEntry], *, title: str, revised_at: datetime) -> bytes:
    """Return the file. Moments are written in UTC, so that no program has to know the rules of a time zone.

    :param revised_at: when the file was made; every entry says so (``DTSTAMP``).
    """
    host = urlsplit(settings.PORTAL_URL).hostname
    calendar = Calendar()
    calendar.add("prodid", f"-//{host}//Calendar//EN")
    calendar.add("version", "2.0")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, vText(plain(title)))
    calendar.add("refresh-interval", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, host or "", revised_at))
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry, host: str, revised_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.key.replace('/', '-')}@{host}")
    event.add("dtstamp", revised_at.astimezone(UTC))
    if isinstance(entry.starts, datetime):
        event.add("dtstart", entry.starts.astimezone(UTC))
    else:
        event.add("dtstart", entry.starts)
        event.add("dtend", (entry.last_day or entry.starts) + timedelta(days=1))  # the first day that is not part of it
    event.add("summary", plain(entry.title))
    if entry.text:
        event.add("description", plain(entry.text))
    if entry.place:
        event.add("location", plain(entry.place))
    event.add("url", f"{settings.PORTAL_URL}{entry.url}")
    event.add("sequence", entry.revision)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
    return event
