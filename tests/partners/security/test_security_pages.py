"""The trail as administrators read it: newest first, narrowed down, page by page, and as a file."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from partners.models import SecurityEvent
from partners.reading.security_events import COLUMNS, PAGE_SIZE
from partners.security.events import record_event
from tests.signing_in import sign_in
from vcsportal.common.visitors import Visit, visiting

pytestmark = pytest.mark.django_db
PAGE, FILE = "/people/security/", "/people/security/events.csv"
NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


def shown(answer) -> list[str]:
    return [line["event"].kind for line in answer.context["lines"]]


def test_an_event_says_what_when_who_and_from_where(signed_in, administrator, partner):
    with visiting(Visit("192.0.2.7", FIREFOX)):
        record_event("access_ended", at=NOON, by=administrator, person=partner, subject="S", detail="Left the charity.")
    text = " ".join(signed_in(administrator).get(PAGE).text.split())
    for words in ("Access ended", "12 March 2026, 12:00pm", "Pat Partner", "by Ada Administrator", "Left the charity."):
        assert words in text
    assert "192.0.2.7" in text
    assert "Firefox on Windows" in text


def test_only_administrators_read_it(signed_in, officer, partner_lead, client):
    for person in (officer, partner_lead):
        for address in (PAGE, FILE):
            assert signed_in(person).get(address).status_code == 403
    assert client.get(PAGE).status_code == 302


def test_pages_of_fifty_are_all_there_is_once_each(signed_in, administrator):
    for number in range(2 * PAGE_SIZE + 5):
        record_event("published", at=NOON + timedelta(minutes=number // 3), subject=f"{number:03}")
    reader, address, seen = signed_in(administrator), f"{PAGE}?kind=published", []
    for expected in (PAGE_SIZE, PAGE_SIZE, 5):
        answer = reader.get(address)
        seen += [line["event"].subject for line in answer.context["lines"]]
        assert len(answer.context["lines"]) == expected
        older = answer.context["older"]
        address = f"{PAGE}?kind=published&before={older}"
    assert older is None
    assert seen == [f"{number:03}" for number in reversed(range(2 * PAGE_SIZE + 5))]
    assert "Older events" not in answer.text
    assert "Newest events" in answer.text
    assert 'href="?kind=published&amp;before=' in reader.get(f"{PAGE}?kind=published").text


@pytest.mark.parametrize("before", ["x", "-1", "99999999999999999999", "0", "²"])
def test_a_number_that_is_no_event_is_the_beginning(signed_in, administrator, before):
    record_event("published", at=NOON)
    assert "published" in shown(signed_in(administrator).get(f"{PAGE}?before={before}"))


def test_filters_by_kind_person_address_and_day(signed_in, administrator, partner, officer):
    with visiting(Visit("192.0.2.7", "")):
        record_event("published", at=NOON, by=officer)
    with visiting(Visit("2001:db8::7", "")):
        record_event("withdrawn", at=NOON + timedelta(days=1), by=administrator, person=partner)
    reader = signed_in(administrator)

    def found(query: str) -> set[str]:
        return set(shown(reader.get(f"{PAGE}?{query}"))) & {"published", "withdrawn"}

    assert found("") == {"published", "withdrawn"}
    assert found("kind=published") == {"published"}
    assert found("person=olive+officer") == {"published"}, "who did it"
    assert found(f"person={partner.email}") == {"withdrawn"}, "whom it concerns"
    assert found("person=Olive+Partner") == set()
    assert found("address=192.0.2.7") == {"published"}
    assert found("address=2001:DB8:0::7") == {"withdrawn"}
    assert found("since=2026-03-13") == {"withdrawn"}
    assert found("until=2026-03-12&since=2026-03-12") == {"published"}
    assert found("kind=published&address=2001:db8::7") == set()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("address=1.2.3", "Write an IP address"),
        ("since=yesterday", "a day such as"),
        ("kind=x", "not one of the choices"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused_in_words(signed_in, administrator, query, words):
    for address in (PAGE, FILE):
        answer = signed_in(administrator).get(f"{address}?{query}")
        assert answer.status_code == 422
        assert words in answer.text
    assert not SecurityEvent.objects.filter(kind="events_exported").exists()


def test_reading_costs_the_same_however_long_the_trail_is(signed_in, administrator, partner, django_assert_num_queries):
    reader = signed_in(administrator)
    for _ in range(3):
        record_event("role_given", at=NOON, by=administrator, person=partner)
    reader.get(PAGE)
    with django_assert_num_queries(4):  # session, person, roles, events
        reader.get(PAGE)
    for _ in range(3 * PAGE_SIZE):
        record_event("role_given", at=NOON, by=administrator, person=partner)
    with django_assert_num_queries(4):
        reader.get(PAGE)
    last = SecurityEvent.objects.latest("id").pk
    with django_assert_num_queries(5):
        reader.get(f"{PAGE}?before={last}&person=partner&kind=role_given")


def test_the_file_holds_what_the_filters_leave_and_no_formula(signed_in, administrator, partner):
    with visiting(Visit("192.0.2.7", "=cmd()")):
        record_event("published", at=NOON, by=administrator, subject="=1+1", detail="@x")
        record_event("withdrawn", at=NOON, by=administrator)
    answer = signed_in(administrator).get(f"{FILE}?kind=published")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "security-events-" in answer.headers["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, *lines = list(csv.reader(io.StringIO(text)))
    assert tuple(head) == COLUMNS
    [line] = lines
    row = dict(zip(head, line, strict=True))
    assert (row["subject"], row["detail"], row["browser"]) == ("'=1+1", "'@x", "'=cmd()")
    assert (row["done_by"], row["address"], row["kind"]) == ("Ada Administrator", "192.0.2.7", "published")
    assert row["at"] == "2026-03-12T12:00:00+00:00"


def test_taking_the_trail_out_is_recorded_and_asks_who_one_is(administrator):
    client = Client()
    sign_in(client, administrator, minutes_ago=20)
    answer = client.get(f"{FILE}?kind=published")
    assert answer.status_code == 302
    assert "reauthenticate" in answer.headers["Location"]
    assert not SecurityEvent.objects.filter(kind="events_exported").exists()
    sign_in(client, administrator)
    assert client.get(f"{FILE}?kind=published").status_code == 200
    event = SecurityEvent.objects.get(kind="events_exported")
    assert (event.by, event.detail) == (administrator, "kind: published")
    client.head(FILE)
    assert SecurityEvent.objects.filter(kind="events_exported").count() == 1


def test_a_kind_that_is_no_longer_known_is_shown_all_the_same(signed_in, administrator):
    SecurityEvent.objects.create(at=NOON, kind="old_kind")
    assert "Old kind" in signed_in(administrator).get(PAGE).text
