"""The trail of security events: what an event holds, its bounds, and that nobody alters it."""

from datetime import UTC, datetime, timedelta

import psycopg2
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError

from partners.models import SecurityEvent, SecurityEventLink
from partners.security.chain import remove_older_than, seal, verify
from partners.security.events import (
    BY_CODE,
    KINDS,
    MANY_MORE,
    MAXIMUM_PER_MINUTE,
    MAXIMUM_PER_VISITOR_AND_MINUTE,
    SAME_AGAIN,
    record_event,
    unknown_address,
)
from tests.reporting.app_role import connected_as_app
from vcsportal.common.visitors import Visit, visiting

NOON = datetime(2026, 3, 12, 12, 0, 5, tzinfo=UTC)
HERE, THERE = Visit("192.0.2.7", "A browser"), Visit("2001:db8::9", "Another")


def kinds() -> list[str]:
    return list(SecurityEvent.objects.order_by("id").values_list("kind", flat=True))


def test_every_kind_has_a_code_of_its_own_and_a_sentence():
    assert len(BY_CODE) == len(KINDS) > 20
    assert all(kind.meaning.endswith(".") and len(kind.code) <= 40 for kind in KINDS)


@pytest.mark.django_db
def test_an_event_holds_who_whom_where_and_how(administrator, partner):
    with visiting(HERE):
        record_event("role_given", at=NOON, by=administrator, person=partner, subject="Lead\nofficer", detail="x" * 600)
    event = SecurityEvent.objects.get(kind="role_given", at=NOON)
    assert (event.by, event.person, event.at) == (administrator, partner, NOON)
    assert (event.address, event.browser) == ("192.0.2.7", "A browser")
    assert event.subject == "Lead officer"
    assert len(event.detail) == 500
    assert event.detail.endswith("…")


@pytest.mark.django_db
def test_outside_a_request_an_event_has_no_address_and_a_stranger_is_nobody():
    event = record_event("published", at=NOON, by=AnonymousUser())
    assert event is not None
    event.refresh_from_db()
    assert (event.by, event.address, event.browser) == (None, None, "")


@pytest.mark.django_db
def test_a_given_request_counts_for_more_than_the_current_one(rf):
    with visiting(HERE):
        event = record_event("signed_out", at=NOON, request=rf.get("/", REMOTE_ADDR="198.51.100.3"))
    assert event is not None
    assert event.address == "198.51.100.3"


def test_a_kind_that_is_not_in_the_table_is_refused():
    with pytest.raises(KeyError):
        record_event("something_else", at=NOON)


@pytest.mark.django_db
def test_a_flood_from_one_address_becomes_a_few_events_and_one_summary(partner):
    with visiting(HERE):
        recorded = [record_event("sign_in_failed", at=NOON, person=partner) for _ in range(50)]
    assert [event is not None for event in recorded] == [True] * (MAXIMUM_PER_VISITOR_AND_MINUTE + 1) + [False] * (
        49 - MAXIMUM_PER_VISITOR_AND_MINUTE
    )
    assert list(
        SecurityEvent.objects.filter(kind="sign_in_failed").order_by("id").values_list("detail", flat=True)
    ) == [
        *[""] * MAXIMUM_PER_VISITOR_AND_MINUTE,
        SAME_AGAIN,
    ]


@pytest.mark.django_db
def test_the_bound_is_for_one_kind_address_and_person_and_the_next_minute_counts_anew(partner, partner_lead):
    with visiting(HERE):
        for _ in range(9):
            record_event("sign_in_failed", at=NOON, person=partner)
        assert record_event("sign_in_failed", at=NOON, person=partner) is None
        assert record_event("sign_in_failed", at=NOON, person=partner_lead) is not None
        assert record_event("code_failed", at=NOON, person=partner) is not None
        assert record_event("sign_in_failed", at=NOON.replace(second=59), person=partner) is None
        assert record_event("sign_in_failed", at=NOON.replace(minute=1, second=0), person=partner) is not None
    with visiting(THERE):
        assert record_event("sign_in_failed", at=NOON, person=partner) is not None


@pytest.mark.django_db
def test_a_flood_from_many_addresses_is_bounded_too():
    for number in range(3 * MAXIMUM_PER_MINUTE):
        with visiting(Visit(f"10.0.0.{number}", "")):
            record_event("sign_in_failed", at=NOON)
    events = SecurityEvent.objects.order_by("id")
    assert len(events) == MAXIMUM_PER_MINUTE + 1
    assert events[MAXIMUM_PER_MINUTE].detail == MANY_MORE
    assert events[MAXIMUM_PER_MINUTE].address is None
    assert events[MAXIMUM_PER_MINUTE - 1].detail == ""


@pytest.mark.django_db
def test_what_only_the_signed_in_can_cause_is_never_left_out(administrator, partner):
    with visiting(HERE):
        for _ in range(30):
            assert record_event("role_given", at=NOON, by=administrator, person=partner)


@pytest.mark.django_db
def test_recording_costs_one_query_and_a_bounded_kind_two(django_assert_num_queries, partner):
    with visiting(HERE), django_assert_num_queries(1):
        record_event("signed_in", at=NOON, by=partner)
    with visiting(HERE), django_assert_num_queries(2):
        record_event("sign_in_failed", at=NOON, person=partner)


@pytest.mark.django_db
def test_an_unknown_address_is_only_a_fingerprint_since_it_may_be_a_password(partner):
    password = "My-secret@password.99"
    words = unknown_address(password)
    assert "secret" not in words
    assert "password.99" not in words
    assert words == unknown_address(f" {password.upper()} ") != unknown_address("another")
    domain = partner.email.partition("@")[2]
    assert f"at {domain} " in unknown_address(f"nobody@{domain}")
    assert "at " not in unknown_address(domain)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE partners_securityevent SET detail = 'nothing happened'",
        "DELETE FROM partners_securityevent",
        "TRUNCATE partners_securityevent CASCADE",
        "TRUNCATE partners_securityeventlink",
        "INSERT INTO partners_securityeventlink (number, event_id, previous, checksum) SELECT 99, id, '', 'x' FROM partners_securityevent",
        "UPDATE partners_securityeventlink SET checksum = 'x'",
        "DELETE FROM partners_securityeventlink",
        "ALTER TABLE partners_securityevent DISABLE TRIGGER ALL",
        "SELECT portal_remove_security_events(now() - interval '364 days')",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_the_application_itself_cannot_alter_the_trail(statement):
    record_event("role_given", at=datetime(2020, 1, 1, tzinfo=UTC))
    record_event("role_given", at=NOON)
    assert seal() == 2
    with connected_as_app() as theirs, theirs.cursor() as cursor, pytest.raises(psycopg2.Error):
        cursor.execute(statement)
    assert verify().faults == []
    assert SecurityEvent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_application_can_add_link_and_remove_what_is_old():
    record_event("role_given", at=datetime(2020, 1, 1, tzinfo=UTC))
    with connected_as_app() as theirs, theirs.cursor() as cursor:
        cursor.execute(
            "INSERT INTO partners_securityevent (at, kind, browser, subject, detail, request_number)"
            " VALUES (now(), 'signed_in', '', '', '', '')"
        )
        cursor.execute("SELECT portal_seal_security_events(false)")
        assert cursor.fetchone() == (2,)
        cursor.execute("SELECT portal_remove_security_events(now() - interval '400 days')")
        assert cursor.fetchone() == (1,)
        theirs.commit()
    assert kinds() == ["signed_in", "events_removed"]
    assert verify().faults == []


@pytest.mark.django_db
def test_the_owner_of_the_tables_changes_nothing_and_deletes_nothing_younger_than_a_year(now):
    event = record_event("signed_in", at=now - timedelta(days=364))
    assert event is not None
    for statement in ("UPDATE partners_securityevent SET kind = 'x'", "DELETE FROM partners_securityevent"):
        with pytest.raises(IntegrityError, match="can only be added to"), transaction.atomic():
            connection.cursor().execute(statement)


def tamper(statement: str) -> None:
    """What somebody with the database administrator's rights could do."""
    with connection.cursor() as cursor:
        for table in ("partners_securityevent", "partners_securityeventlink"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        for table in ("partners_securityevent", "partners_securityeventlink"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.parametrize("column", ["kind", "browser", "subject", "detail", "request_number", "address", "at", "by_id"])
@pytest.mark.django_db(transaction=True)
def test_a_changed_event_is_noticed_whatever_was_changed(column, partner, officer, capsys):
    with visiting(HERE):
        record_event("signed_in", at=NOON, by=partner, person=partner, subject="é|3:x", detail="d")
        record_event("signed_out", at=NOON)
    seal(everything=True)
    assert verify().faults == []
    values = {"address": "'192.0.2.8'", "at": "at + interval '1 microsecond'", "by_id": str(officer.pk)}
    value = values.get(column, "'y'")
    tamper(f"UPDATE partners_securityevent SET {column} = {value} WHERE subject = 'é|3:x'")
    assert len(verify().faults) == 1
    with pytest.raises(CommandError, match="Wrong: 1"):
        call_command("check_security_events")
    assert "has been changed" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_an_event_that_was_removed_with_its_link_is_noticed():
    for _ in range(3):
        record_event("signed_in", at=NOON)
    seal()
    tamper(
        "DELETE FROM partners_securityeventlink WHERE number = 2;"
        "DELETE FROM partners_securityevent WHERE id NOT IN (SELECT event_id FROM partners_securityeventlink)"
    )
    assert any("Link 2 is missing" in fault for fault in verify().faults)


@pytest.mark.django_db(transaction=True)
def test_a_missing_end_is_noticed_by_a_link_that_was_noted_down(capsys):
    for _ in range(2):
        record_event("signed_in", at=NOON)
    call_command("check_security_events")
    noted = capsys.readouterr().out.partition("Last link: ")[2].strip()
    call_command("check_security_events", expect=noted)
    tamper(
        "DELETE FROM partners_securityeventlink WHERE number = 2;"
        "DELETE FROM partners_securityevent WHERE id NOT IN (SELECT event_id FROM partners_securityeventlink)"
    )
    assert verify().faults == []
    with pytest.raises(CommandError, match="Wrong"):
        call_command("check_security_events", expect=noted)
    record_event("signed_in", at=NOON)
    with pytest.raises(CommandError, match="Wrong"):  # another event in its place
        call_command("check_security_events", expect=noted)


@pytest.mark.parametrize("text", ["12", "x:y", ""])
@pytest.mark.django_db
def test_a_noted_link_that_cannot_be_read_is_refused_in_words(text):
    if text:
        with pytest.raises(CommandError, match="as an earlier run printed it"):
            call_command("check_security_events", expect=text)
    else:
        call_command("check_security_events", expect=text)


@pytest.mark.django_db(transaction=True)
def test_old_events_go_from_the_beginning_and_the_chain_stays_whole(now):
    for age in (900, 800, 500, 10):
        record_event("signed_in", at=now - timedelta(days=age))
    seal()
    assert remove_older_than(now - timedelta(days=730)) == 2
    assert SecurityEvent.objects.get(kind="events_removed").subject == "2 events"
    assert remove_older_than(now - timedelta(days=730)) == 0
    seal()
    assert verify().faults == []
    assert remove_older_than(now - timedelta(days=400)) == 1
    assert SecurityEvent.objects.filter(kind="events_removed").latest("id").subject == "1 event"
    seal()
    assert verify().faults == []
    first = SecurityEventLink.objects.order_by("number")[0]
    assert first.number == 4
    tamper(f"DELETE FROM partners_securityeventlink WHERE number = {first.number}")
    assert verify().faults


@pytest.mark.django_db
def test_nothing_younger_than_a_year_is_removed_and_the_last_link_stays(now):
    record_event("signed_in", at=now - timedelta(days=800))
    seal()
    with pytest.raises(DatabaseError, match="a year at least"), transaction.atomic():
        remove_older_than(now - timedelta(days=364))
    assert remove_older_than(now - timedelta(days=366)) == 0
    assert kinds() == ["signed_in"]


@pytest.mark.django_db(transaction=True)
def test_a_second_process_leaves_linking_to_the_first():
    record_event("signed_in", at=NOON)
    with connected_as_app() as theirs, theirs.cursor() as cursor:
        cursor.execute("SELECT portal_seal_security_events(false)")
        assert seal() == 0
        theirs.commit()
    assert SecurityEventLink.objects.count() == 1
