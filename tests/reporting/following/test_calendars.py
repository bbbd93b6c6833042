"""Calendars: what stands in them, on which days, and as programs read them back."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar
import pytest
from django.urls import reverse

from commitments.models import Engagement
from commitments.services.actions import complete_action, plan_action
from tests.factories import make_group, make_organisation, make_round, make_strategy
from vcsportal.common.calendar_files import CalendarEntry, calendar_file

AT = datetime(2026, 12, 1, tzinfo=UTC)


def read(content: bytes) -> dict[str, Any]:
    """The entries of a calendar by the beginning of their UID, as a library reads them that is not ours."""
    calendar = icalendar.Calendar.from_ical(content)
    return {str(event["uid"]).split("@")[0]: event for event in calendar.walk("VEVENT")}


def of(client, name: str, slug: str) -> dict[str, Any]:
    answer = client.get(reverse(f"following:{name}-calendar", args=[slug]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return read(answer.content)


def test_lines_are_folded_escaped_and_nothing_that_is_typed_becomes_another_line(settings):
    settings.PORTAL_URL = "https://portal.example.org"
    title = "Tea; cake, and \\ more\r\nBEGIN:VEVENT " + "ŵ" * 80
    entry = CalendarEntry("action/7", title, date(2026, 2, 28), "/a/", text="One\nTwo\x00", place="Hall, Ash Lane", revision=3)  # fmt: skip
    content = calendar_file([entry], title="Ours; yours\nX:1", revised_at=AT)
    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert lines.count(b"BEGIN:VEVENT") == 1
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert b"VERSION:2.0" in lines
    assert b"DTSTAMP:20261201T000000Z" in lines
    event = read(content)["action-7"]
    assert str(event["uid"]) == "action-7@portal.example.org"
    assert str(event["summary"]) == title.replace("\r\n", "\n")
    assert str(event["description"]) == "One\nTwo"
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 2, 28), date(2026, 3, 1))
    assert (event["sequence"], event["status"], event["transp"]) == (3, "CONFIRMED", "TRANSPARENT")
    assert str(event["url"]) == "https://portal.example.org/a/"


pytestmark = pytest.mark.django_db


def test_a_strategys_calendar_has_its_rounds_open_actions_and_meetings_and_no_others(
    client, council, officer, strategy, commitment, now
):
    today = now.date()
    round_ = make_round(strategy)
    due, done, undated = (
        plan_action(by=officer, at=now, commitment=commitment, title="Step", due_on=day) for day in (today, today, None)
    )
    complete_action(by=officer, at=now, action=done, done_on=today)
    other = make_strategy(council, slug="other", opens_first=False)
    make_round(other)
    found = of(client, "strategy", strategy.slug)
    assert set(found) == {f"round-{round_.pk}-opens", f"round-{round_.pk}-due", f"action-{due.pk}"}
    assert undated.due_on is None
    assert found[f"round-{round_.pk}-opens"]["dtstart"].dt == round_.opens_on
    closing = found[f"round-{round_.pk}-due"]
    assert (closing["dtstart"].dt, closing["dtend"].dt) == (round_.closes_on, round_.closes_on + timedelta(days=1))
    action = found[f"action-{due.pk}"]
    assert action["dtstart"].dt == today
    assert commitment.short_title in action["description"]
    assert client.get(str(action["url"]).split("8000", 1)[1]).status_code == 200


@pytest.mark.parametrize(
    ("values", "starts", "ends"),
    [
        ({"starts_on": date(2026, 7, 1), "starts_at": time(17, 30)}, datetime(2026, 7, 1, 16, 30, tzinfo=UTC), None),
        ({"starts_on": date(2026, 12, 7), "starts_at": time(9)}, datetime(2026, 12, 7, 9, tzinfo=UTC), None),
        ({"starts_on": date(2026, 12, 7)}, date(2026, 12, 7), date(2026, 12, 8)),
        ({"starts_on": date(2026, 12, 7), "ends_on": date(2026, 12, 9), "starts_at": time(9)}, date(2026, 12, 7), date(2026, 12, 10)),
    ],
)  # fmt: skip
def test_meetings_of_a_group_are_on_their_days_and_at_their_time_in_summer_and_in_winter(
    client, time_machine, values, starts, ends
):
    time_machine.move_to(AT)
    group, other = (
        make_group(make_organisation("Alliance", "partnership_group")),
        make_group(make_organisation("Another", "partnership_group")),
    )
    planned = Engagement.objects.create(kind="meeting", title="We meet", group=group, place="Ash Hall", **values)
    Engagement.objects.create(kind="meeting", title="They meet", group=other, **values)
    found = of(client, "group", group.organisation.slug)
    event = found.pop(f"engagement-{planned.pk}")
    assert found == {}
    assert event["dtstart"].dt == starts
    assert ("dtend" in event and event["dtend"].dt) == (ends or False)
    assert (str(event["location"]), event["status"], event["transp"]) == ("Ash Hall", "CONFIRMED", "OPAQUE")


def test_what_was_called_off_stays_as_cancelled_and_a_month_alone_or_the_year_before_last_is_not_there(client, now):
    group, today = make_group(make_organisation("Alliance", "partnership_group")), now.date()
    off = Engagement.objects.create(kind="meeting", title="Off", group=group, starts_on=today, state="called_off", state_reason="Snow", version=4)  # fmt: skip
    Engagement.objects.create(
        kind="meeting", title="Some day", group=group, starts_on=today.replace(day=1), ends_on=today.replace(day=20),
        month_only=True,
    )  # fmt: skip
    border = Engagement.objects.create(kind="meeting", title="A year ago", group=group, starts_on=today - timedelta(days=366))  # fmt: skip
    Engagement.objects.create(kind="meeting", title="Long ago", group=group, starts_on=today - timedelta(days=367))
    found = of(client, "group", group.organisation.slug)
    assert set(found) == {f"engagement-{off.pk}", f"engagement-{border.pk}"}
    assert (found[f"engagement-{off.pk}"]["status"], found[f"engagement-{off.pk}"]["sequence"]) == ("CANCELLED", 4)


def test_only_strategies_and_groups_have_a_calendar_which_their_pages_name(client, strategy, charity):
    group = make_group(make_organisation("Alliance", "partnership_group")).organisation
    for name, thing in (("strategy", strategy), ("group", group)):
        assert f'href="{reverse(f"following:{name}-calendar", args=[thing.slug])}"' in client.get(thing.get_absolute_url()).content.decode()  # fmt: skip
    address = reverse("following:group-calendar", args=[charity.slug])
    assert client.get(address).status_code == 404
    assert address not in client.get(charity.get_absolute_url()).content.decode()


def test_a_program_that_has_it_gets_304_until_something_changes(client, officer, strategy, commitment, now):
    address = reverse("following:strategy-calendar", args=[strategy.slug])
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    plan_action(by=officer, at=now, commitment=commitment, title="Step", due_on=now.date())
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content != first.content) == (200, True)
