"""Where people are signed in: listed, ended, and ended by themselves when they are not used."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session as OldSession
from django.test import Client
from django.utils import timezone

from partners.models import SecurityEvent, Session, User
from partners.services.access import end_access
from partners.sessions.engine import SessionStore
from partners.sessions.limits import in_words
from partners.tasks import clear_sessions
from tests.factories import PASSWORD
from tests.partners.doing import ask_for_code, by_password, enter_code, newest_code, said, who
from tests.signing_in import pass_second_step, sign_in
from vcsportal.common import clock

pytestmark = pytest.mark.django_db
SESSIONS = "/account/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"


def from_firefox(person: User, address: str = "192.0.2.7") -> Client:
    client = Client(headers={"user-agent": FIREFOX}, REMOTE_ADDR=address)
    ask_for_code(client, person.email)
    enter_code(client, newest_code())
    return client


def used(person: User, *, minutes_ago: float) -> datetime:
    """Make it so long since the person's sessions were used; return that moment."""
    moment = clock.now() - timedelta(minutes=minutes_ago)
    Session.objects.filter(person=person).update(seen_at=moment)
    return moment


def ended() -> list[str]:
    return list(SecurityEvent.objects.filter(kind="session_ended").order_by("id").values_list("detail", flat=True))


def test_a_session_knows_whose_it_is_since_when_and_where(partner):
    before = timezone.now()
    client = from_firefox(partner)
    session = Session.objects.get(person=partner)
    assert session.began_at is not None
    assert before < session.began_at <= timezone.now()
    assert (session.address, session.browser) == ("192.0.2.7", FIREFOX)
    assert OldSession.objects.count() == 0
    page = said(client.get(SESSIONS))
    assert "Firefox on Windows This device" in page
    assert "from the network address 192.0.2.7" in page
    assert str(client.session.session_key) not in client.get(SESSIONS).text


def test_a_session_keeps_its_beginning_and_number_when_it_is_written_again(partner):
    client = from_firefox(partner)
    first = Session.objects.get(person=partner)
    session = client.session
    session["anything"] = 1
    session.save()
    again = Session.objects.get(person=partner)
    assert (again.began_at, again.public_id) == (first.began_at, first.public_id)
    assert (again.address, again.browser) == (first.address, first.browser)
    assert again.seen_at != first.seen_at


def test_a_browser_that_has_not_signed_in_has_a_session_of_nobody(client, partner):
    ask_for_code(client, partner.email)
    session = Session.objects.get()
    assert (session.person, session.began_at, session.seen_at) == (None, None, None)


def test_ending_one_session_leaves_the_others(partner):
    here, there, elsewhere = (from_firefox(partner, f"192.0.2.{number}") for number in (1, 2, 3))
    target = Session.objects.get(pk=there.session.session_key)
    answer = here.post(SESSIONS, {"act": "end", "session": str(target.public_id)}, follow=True)
    assert "You are signed out on that device." in said(answer)
    assert who(there) == ""
    assert who(here) == who(elsewhere) == partner.email
    assert ended() == ["By its owner: Firefox on Windows."]
    again = here.post(SESSIONS, {"act": "end", "session": str(target.public_id)}, follow=True)
    assert "had ended already" in said(again)


def test_nobody_ends_somebody_elses_session(partner, outsider):
    theirs, mine = from_firefox(partner), from_firefox(outsider)
    target = Session.objects.get(person=partner)
    mine.post(SESSIONS, {"act": "end", "session": str(target.public_id)})
    mine.post(SESSIONS, {"act": "end", "session": target.session_key})
    mine.post(SESSIONS, {"act": "end-others"})
    assert who(theirs) == partner.email
    assert ended() == []


def test_all_other_sessions_end_at_once(partner, outsider):
    here, there, stranger = from_firefox(partner), from_firefox(partner), from_firefox(outsider)
    assert "Sign out on all other devices" in here.get(SESSIONS).text
    answer = here.post(SESSIONS, {"act": "end-others"}, follow=True)
    assert "You are signed out on 1 other device." in said(answer)
    assert "Sign out on all other devices" not in answer.text
    assert (who(here), who(there), who(stranger)) == (partner.email, "", outsider.email)


def test_an_administrator_signs_a_person_out_everywhere_after_confirming(administrator, partner, officer):
    theirs = from_firefox(partner)
    address = f"/people/{partner.pk}/sessions/"
    client = Client()
    assert sign_in(client, officer).post(address).status_code == 403
    stale = sign_in(Client(), administrator, minutes_ago=20)
    assert "reauthenticate" in stale.post(address).headers["Location"]
    assert who(theirs) == partner.email
    sign_in(client, administrator)
    assert "Firefox on Windows" in said(client.get(address))
    client.post(address)
    assert who(theirs) == ""
    event = SecurityEvent.objects.get(kind="session_ended")
    assert (event.by, event.person, event.detail) == (administrator, partner, "By an administrator: 1.")


def test_ended_access_and_a_new_password_end_sessions(administrator, partner, officer):
    from_firefox(partner)
    end_access(by=administrator, at=timezone.now(), person=partner, reason="Left.")
    assert not Session.objects.filter(person=partner).exists()
    here, there = Client(), Client()
    for client in (here, there):
        by_password(client, officer.email, PASSWORD)
        pass_second_step(client)
    new = "quite-another-phrase-77"
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (who(here), who(there)) == (officer.email, "")
    assert Session.objects.filter(person=officer).count() == 1


@pytest.mark.parametrize(
    ("role", "minutes", "stays"),
    [
        ("officer", 59, True),
        ("officer", 61, False),
        ("partner", 61, True),
        ("partner", 239, True),
        ("partner", 241, False),
    ],
)
def test_an_unused_session_ends_sooner_for_the_councils_people(request, role, minutes, stays):
    person = request.getfixturevalue(role)
    client = sign_in(Client(), person)
    used(person, minutes_ago=minutes)
    answer = client.get("/my-work/")
    assert (answer.status_code == 200) is stays
    if not stays:
        assert answer.headers["Location"].endswith("?next=/my-work/")
        page = said(client.get(answer.headers["Location"]))
        limit = "60 minutes" if role == "officer" else "4 hours"
        assert f"You were signed out because you had not used the portal for {limit}." in page
        assert ended() == [f"Was signed out because you had not used the portal for {limit}."]
        assert not Session.objects.filter(person=person).exists()


@pytest.mark.parametrize(("minutes", "stays"), [(12 * 60 - 1, True), (12 * 60 + 1, False)])
def test_a_session_ends_after_twelve_hours_however_much_it_is_used(officer, minutes, stays):
    client = sign_in(Client(), officer)
    Session.objects.filter(person=officer).update(began_at=clock.now() - timedelta(minutes=minutes))
    answer = client.get("/account/", follow=True)
    assert ("because you had been signed in for 12 hours" in said(answer)) is not stays


def test_a_web_process_whose_clock_is_ahead_signs_nobody_out(officer):
    client = sign_in(Client(), officer)
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        assert client.get("/account/").status_code == 200


def test_what_is_typed_after_the_end_is_given_back(officer, open_round, commitment):
    client = sign_in(Client(), officer)
    address = f"/reports/of/{open_round.strategy.slug}/{open_round.slug}/write/foreword/"
    page = client.get(address)
    whose = page.text.partition('name="whose" value="')[2].partition('"')[0]
    used(officer, minutes_ago=70)
    answer = client.post(address, {"text": "An hour's words.", "whose": whose})
    assert answer.status_code == 302
    assert "/account/login/" in answer.headers["Location"]
    assert client.session["words_held"]["fields"]["text"] == ["An hour's words."]


def test_the_api_says_no_and_leaves_no_message_behind(officer):
    client = sign_in(Client(), officer)
    used(officer, minutes_ago=61)
    assert client.post("/api/v1/evidence/", {}, content_type="application/json").status_code == 401
    assert "signed out because" not in said(client.get("/account/login/"))


def test_a_session_in_use_is_noted_every_five_minutes(partner):
    client = sign_in(Client(), partner)
    moment = used(partner, minutes_ago=4)
    client.get("/account/")
    assert Session.objects.get(person=partner).seen_at == moment
    moment = used(partner, minutes_ago=6)
    client.get("/account/")
    seen = Session.objects.get(person=partner).seen_at
    assert seen is not None
    assert seen > moment + timedelta(minutes=5)


def test_sessions_that_have_run_out_are_not_listed_and_are_cleared(partner):
    client = from_firefox(partner)
    from_firefox(partner)
    assert client.get(SESSIONS).context["lines"][0]["current"]
    assert len(client.get(SESSIONS).context["lines"]) == 2
    Session.objects.exclude(pk=client.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert len(client.get(SESSIONS).context["lines"]) == 1
    clear_sessions()
    assert [session.pk for session in Session.objects.all()] == [client.session.session_key]


def test_ones_own_page_lists_what_happened_with_ones_account_and_nobody_elses(partner, outsider):
    from_firefox(outsider, "198.51.100.1")
    client = from_firefox(partner)
    page = client.get(SESSIONS)
    assert [line["event"].kind for line in page.context["events"]][:2] == ["signed_in", "code_asked"]
    assert "198.51.100.1" not in page.text
    assert "Was this all you?" in page.text


def test_ones_own_page_says_where_strangers_tried_but_not_where_administrators_were(partner, administrator):
    stranger = Client(REMOTE_ADDR="198.51.100.66")
    by_password(stranger, partner.email, "wrong-wrong-wrong")
    sign_in(Client(REMOTE_ADDR="203.0.113.77"), administrator).post(f"/people/{partner.pk}/sessions/")
    page = said(from_firefox(partner).get(SESSIONS))
    assert "By an administrator" in page
    assert "198.51.100.66" in page
    assert "192.0.2.7" in page
    assert "203.0.113.77" not in page


def test_reading_ones_sessions_costs_the_same_however_many_there_are(partner, django_assert_num_queries):
    client = from_firefox(partner)
    client.get(SESSIONS)
    for _ in range(2):
        with django_assert_num_queries(5):  # session, person, roles, sessions, events
            client.get(SESSIONS)
        for _ in range(4):
            from_firefox(partner)


@pytest.mark.parametrize(
    ("length", "words"),
    [(timedelta(minutes=60), "60 minutes"), (timedelta(hours=4), "4 hours"), (timedelta(minutes=90), "90 minutes")],
)
def test_lengths_in_words(length, words):
    assert in_words(length) == words


def test_the_engine_and_its_table_know_each_other():
    assert Session.get_session_store_class() is SessionStore
    assert SessionStore.get_model_class() is Session
