"""One's own calendar: the address is shown once, kept as a checksum, read without signing in, and ended with the access."""

import logging
import re
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from django.db import connection
from django.test import Client

from commitments.models import Engagement, Point, RoundTask
from commitments.services.actions import Plan, complete_action, plan_action
from partners.models import PersonalCalendar, SecurityEvent, User
from partners.services.access import end_access, restore_access
from partners.services.personal_calendars import make_calendar_address
from tests.factories import make_group, make_organisation, make_person, make_round
from vcsportal.logs import logging_config

pytestmark = pytest.mark.django_db


def made(client: Client) -> str:
    """The path of a new address, from the page that shows it."""
    page = client.post("/account/calendar/", {"act": "make"}).content.decode()
    found = re.search(r"http://127.0.0.1:8000(/calendars/[-\w]{43}\.ics)", page)
    assert found
    return found[1]


def address_of(person: User, now) -> str:
    return f"/calendars/{make_calendar_address(by=person, at=now)}.ics"


def entries(address: str) -> dict[str, Any]:
    answer = Client().get(address)
    assert answer.status_code == 200
    found = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["uid"]).split("@")[0]: event for event in found}


def test_the_address_is_shown_once_and_its_secret_is_nowhere_in_the_database(signed_in, officer):
    client = signed_in(officer)
    assert "/calendars/" not in client.get("/account/calendar/").content.decode()
    address = made(client)
    assert "/calendars/" not in client.get("/account/calendar/").content.decode()
    secret = address.split("/")[2].removesuffix(".ics")
    with connection.cursor() as cursor:
        for table in ("partners_personalcalendar", "partners_securityevent", "partners_historyentry", "partners_mail"):
            cursor.execute(f"SELECT coalesce(string_agg(row_to_json(t)::text, ''), '') FROM {table} t")
            assert secret not in cursor.fetchone()[0]
    assert SecurityEvent.objects.filter(kind="calendar_made", person=officer).count() == 1


def test_it_is_read_without_signing_in_and_kept_by_nobody_on_the_way(signed_in, officer, now):
    address = made(signed_in(officer))
    stranger = Client()
    answer = stranger.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert {"private", "no-cache"} <= {part.strip() for part in answer["Cache-Control"].split(",")}
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert not answer.cookies
    assert stranger.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert stranger.post(address).status_code == 405
    assert PersonalCalendar.objects.get().read_on == now.date()
    assert "/login/" in stranger.get("/account/")["Location"], "it opens nothing else"


def test_a_new_address_replaces_the_old_one_and_ending_it_ends_it(signed_in, officer):
    client = signed_in(officer)
    first, second = made(client), made(client)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    client.post("/account/calendar/", {"act": "end"})
    assert Client().get(second).status_code == 404
    assert not PersonalCalendar.objects.exists()
    client.post("/account/calendar/", {"act": "end"})
    assert SecurityEvent.objects.filter(kind="calendar_ended").count() == 1


def test_it_ends_with_the_access_and_does_not_come_back_with_it(officer, administrator, now):
    address = address_of(officer, now)
    end_access(by=administrator, at=now, person=officer, reason="Left.")
    assert Client().get(address).status_code == 404
    restore_access(by=administrator, at=now, person=officer, reason="Back.")
    assert Client().get(address).status_code == 404
    again = address_of(officer, now)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert Client().get(again).status_code == 404, "however the access ended"


def test_whoever_has_not_confirmed_who_they_are_lately_is_asked_first(signed_in, officer, time_machine, now):
    client = signed_in(officer)
    time_machine.move_to(now + timedelta(minutes=11))
    answer = client.post("/account/calendar/", {"act": "make"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert not PersonalCalendar.objects.exists()
    assert client.get("/account/calendar/").status_code == 200


def test_no_line_of_the_log_has_the_secret(officer, now):
    address = address_of(officer, now)
    assert logging_config(debug=True)["loggers"]["django"]["handlers"] == [], (
        "there is one handler, which has the formatter"
    )
    config = logging_config(debug=False)["formatters"]["line"]
    made_line = config["()"](processor=config["processor"], foreign_pre_chain=config["foreign_pre_chain"])
    lines: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(made_line.format(record))

    listener = Listener()
    logging.getLogger().addHandler(listener)
    try:
        Client().get(address)
        Client().get(f"{address[:-6]}x.ics")
    finally:
        logging.getLogger().removeHandler(listener)
    told = "\n".join(lines)
    assert told.count("/calendars/") >= 2
    assert address.split("/")[2][:20] not in told


def test_it_has_what_one_has_to_do_and_nothing_of_others(officer, second_officer, strategy, commitment, now):
    today, address = now.date(), address_of(officer, now)
    other = address_of(make_person("partner_lead", make_organisation("Far away")), now)
    plan = {"by": officer, "at": now, "commitment": commitment, "due_on": today}
    mine = plan_action(**plan, plan=Plan("Mine", owner_person=officer))
    theirs = plan_action(**plan, plan=Plan("Theirs", owner_person=second_officer))
    done = plan_action(**plan, plan=Plan("Done", owner_person=officer))
    complete_action(by=officer, at=now, action=done, done_on=today)
    said = {"kind": "proposal", "raised_on": today, "raised_at": now, "words": "Quillwort?", "strategy": strategy}
    point = Point.objects.create(**said, owner=officer, due_on=today)
    Point.objects.create(**said, owner=second_officer, due_on=today)
    Point.objects.create(**said, owner=officer)
    found = entries(address)
    assert f"action-{mine.pk}" in found
    assert f"point-{point.pk}" in found
    assert f"action-{theirs.pk}" not in found
    assert f"action-{done.pk}" not in found
    assert len([key for key in found if key.startswith("point")]) == 1
    assert "Quillwort" not in Client().get(address).content.decode()
    assert entries(other) == {}
    commitment.lead_officer = officer
    commitment.save()
    assert f"action-{theirs.pk}" in entries(address), "the lead officer has charge of all"


def test_it_has_the_rounds_that_ask_one_and_the_meetings_of_ones_groups(partner, strategy, now):
    today, address = now.date(), address_of(partner, now)
    round_ = make_round(strategy)
    group = make_group(make_organisation("Alliance", "partnership_group"), secretary=partner)
    left = make_group(make_organisation("Left", "partnership_group"), secretary=partner, until=today)
    met = Engagement.objects.create(kind="meeting", title="Ours", group=group, starts_on=today)
    Engagement.objects.create(kind="meeting", title="No longer ours", group=left, starts_on=today)
    assert set(entries(address)) == {f"engagement-{met.pk}"}
    task = RoundTask.objects.create(round=round_, person=partner, made_at=now)
    asked = {f"round-{round_.pk}-opens", f"round-{round_.pk}-due"}
    assert set(entries(address)) == {f"engagement-{met.pk}", *asked}
    task.handed_at = now
    task.save()
    assert set(entries(address)) == {f"engagement-{met.pk}"}
