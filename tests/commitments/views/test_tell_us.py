"""The public form: anybody sends something without an account, robots get a sentence, and nobody loses words."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from commitments.content.points import PointAnswer
from commitments.models import Point, PointContact
from commitments.services.points import answer_point, close_point, publish_point
from commitments.views import tell_us as views
from partners.models import Mail
from tests.factories import make_area
from vcsportal.common.program_traps import drawn_at

pytestmark = pytest.mark.django_db
WORDS = "There is no ramp at Ash Hall. https://evil.example/ <b>Look</b>"


@pytest.fixture(autouse=True)
def no_limits_from_before(strategy):
    cache.clear()


def hidden(page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{name}"[^>]*?value="([^"]*)"', page) or re.search(rf'name="{name}"', page)
    assert found, name
    return found[1] if found.groups() else ""


def filled(client, at=None, **more) -> dict[str, str]:
    """The form as somebody fills it in who opened it a minute ago."""
    page = client.get("/tell-us/" + more.pop("query", "")).content.decode()
    drawn = drawn_at(at or timezone.now() - timedelta(minutes=1))
    return {
        "form_token": hidden(page, "form_token"), "drawn": drawn, "page": hidden(page, "page"), "kind": "proposal", "words": WORDS,
        "email": "petra@example.org", **more,
    }  # fmt: skip


def test_anyone_sends_something_and_follows_it(client, officer):
    data = filled(client, name="Petra Quince")
    answer = client.post("/tell-us/", data, follow=True)
    page = answer.content.decode()
    point = Point.objects.get()
    assert answer.status_code == 200
    assert f"Its number is {point.pk}" in page
    assert "We will email you the answer" in page
    for theirs in ("ramp", "evil", "Petra", "petra@"):
        assert theirs not in page
    again = client.post("/tell-us/", data, follow=True)
    assert again.redirect_chain == answer.redirect_chain
    assert Point.objects.count() == 1, "a double click makes one"
    assert "You have already sent this message." in again.content.decode()
    assert "You have already sent" not in page
    assert "You have already sent" not in client.get(answer.redirect_chain[-1][0]).content.decode(), "it is said once"
    assert Mail.objects.filter(to="petra@example.org").count() == 1
    answer_point(by=officer, at=timezone.now(), point=point, answer=PointAnswer("in_part", "A ramp <b>soon</b>."))
    page = client.get(answer.redirect_chain[-1][0]).content.decode()
    assert "Accepted in part" in page
    assert "A ramp &lt;b&gt;soon&lt;/b&gt;." in page


@pytest.mark.parametrize(
    "more",
    [
        {"words": "The door sticks, too."}, {"email": "corin@example.org"}, {"name": "Petra Quince"}, {"group_name": "A club"},
        {"kind": "feedback"}, {"about_words": "Ash Hall"}, {"page": "/help/"}, {"district": "there"},
    ],
)  # fmt: skip
def test_whoever_goes_back_and_writes_something_else_sends_a_second_message(client, more):
    more = {name: str(make_area().pk) if value == "there" else value for name, value in more.items()}
    data = filled(client)
    first = client.post("/tell-us/", data, follow=True)
    second = client.post("/tell-us/", {**data, **more}, follow=True)
    number, further = Point.objects.order_by("id").values_list("pk", flat=True)
    page = second.content.decode()
    assert f"Its number is {further}" in page
    assert f"Its number is {number}" in first.content.decode()
    assert "You have already sent" not in page
    again = client.post("/tell-us/", {**data, **more, "words": f" {more.get('words', WORDS)}\r\n"}, follow=True)
    assert again.redirect_chain == second.redirect_chain, "spaces and line breaks around the words change nothing"
    assert "You have already sent this message." in again.content.decode()
    assert Point.objects.count() == 2


def test_published_words_are_plain_text_without_links(client, officer):
    answer = client.post("/tell-us/", filled(client), follow=True)
    point = Point.objects.get()
    publish_point(by=officer, at=timezone.now(), point=point, public_words=WORDS)
    close_point(by=officer, at=timezone.now(), point=point, reason="See https://evil.example/too")
    page = client.get(answer.redirect_chain[-1][0]).content.decode()
    assert "There is no ramp" in page
    assert 'href="https://evil' not in page
    assert "&lt;b&gt;Look" in page


def test_without_an_email_address_the_page_says_that_nobody_can_reply(client):
    page = client.post("/tell-us/", filled(client, email=""), follow=True).content.decode()
    assert "we can’t reply to you" in page
    assert not Mail.objects.exists()


def test_an_expression_of_interest_says_which_group_and_what(client):
    data = filled(client, kind="interest")
    page = client.post("/tell-us/", data)
    assert page.status_code == 422
    text = page.content.decode()
    assert "Say which service or building your group is interested in." in text
    assert "Give the name of your group or organisation." in text
    area = make_area()
    more = {"about_words": "Ash Hall", "group_name": "Ash Lane Residents", "district": str(area.pk)}
    assert client.post("/tell-us/", {**data, **more}).status_code == 302
    point = Point.objects.get()
    assert (point.about_words, point.district, point.raised_by_words) == ("Ash Hall", area, "")
    assert PointContact.objects.get().group_name == "Ash Lane Residents", "a group may carry somebody's name"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"kind": ""}, "Choose what it is about."), ({"kind": "decision"}, "Choose what it is about."),
        ({"words": " "}, "Write what you want to tell us."), ({"email": "petra"}, "Enter an email address like"),
        ({"words": "y" * 1_000_000}, "Use 5000 characters or fewer. You have used 1000000."),
        ({"words": "a\x00b" + WORDS}, "can&#x27;t be saved"), ({"district": "9999999"}, "Choose one of the districts"),
        ({"name": "n" * 151}, "Use 150 characters or fewer"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(client, more, sentence):
    answer = client.post("/tell-us/", filled(client, **more))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    kept = more.get("words", WORDS).strip().replace("<", "&lt;").replace(">", "&gt;")
    assert kept.replace("\x00", "") in page.replace("\x00", "")
    assert not Point.objects.exists()


def test_a_robot_reads_a_sentence_and_a_person_sends_the_same_words_once_more(client):
    data = filled(client, website="https://pills.example/")
    answer = client.post("/tell-us/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A box that should stay empty was filled in." in page
    assert "There is no ramp" in page
    assert "pills" not in page
    assert not Point.objects.exists()
    drawn = drawn_at(timezone.now() - timedelta(seconds=10))
    assert client.post("/tell-us/", {**data, "website": "", "drawn": drawn}).status_code == 302


@pytest.mark.parametrize(("seconds", "taken"), [(2, False), (3, True)])
def test_whoever_sends_within_three_seconds_sends_once_more(client, monkeypatch, seconds, taken):
    now = timezone.now().replace(microsecond=0)
    monkeypatch.setattr("commitments.views.tell_us.timezone.now", lambda: now)
    answer = client.post("/tell-us/", filled(client, at=now - timedelta(seconds=seconds)))
    assert (answer.status_code == 302) is taken
    assert Point.objects.exists() is taken
    if not taken:
        assert "Nothing is lost: please send it again." in answer.content.decode()


def test_a_made_up_moment_is_taken_for_a_robots_and_the_next_page_has_a_real_one(client, monkeypatch):
    answer = client.post("/tell-us/", filled(client, drawn="1:abc"))
    page = answer.content.decode()
    assert answer.status_code == 422
    later = timezone.now() + timedelta(seconds=5)
    monkeypatch.setattr("commitments.views.tell_us.timezone.now", lambda: later)
    assert client.post("/tell-us/", filled(client, drawn=hidden(page, "drawn"))).status_code == 302


def test_a_visitor_who_sends_many_keeps_the_words_and_waits(client, monkeypatch):
    monkeypatch.setattr(views, "MOST_BY_VISITOR", (2, 3_600))
    assert [client.post("/tell-us/", filled(client)).status_code for _ in range(3)] == [302, 302, 429]
    page = client.post("/tell-us/", filled(client)).content.decode()
    assert "Your words are still here" in page
    assert "There is no ramp" in page
    assert Point.objects.count() == 2
    other = client.post("/tell-us/", filled(client), REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 302, "others are not kept out"


def test_a_crowd_of_visitors_is_held_by_the_portals_own_limit(client, monkeypatch):
    monkeypatch.setattr(views, "MOST_IN_PORTAL", (2, 86_400))
    said = [client.post("/tell-us/", filled(client), REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(3)]
    assert said == [302, 302, 429]


def test_one_address_gets_few_confirmations_and_every_message_arrives(client, monkeypatch):
    monkeypatch.setattr(views, "MOST_EMAILS", (2, 86_400))
    for number in range(3):
        client.post("/tell-us/", filled(client), REMOTE_ADDR=f"192.0.2.{number}")
    assert Point.objects.count() == 3
    assert Mail.objects.count() == 2


@pytest.mark.parametrize(
    ("query", "referer", "page"),
    [
        ("?page=/strategies/our-strategy/", "", "/strategies/our-strategy/"),
        ("", "http://testserver/strategies/our-strategy/?q=Petra", "/strategies/our-strategy/"),
        ("", "https://evil.example/strategies/our-strategy/", ""), ("?page=//evil.example/", "", ""),
        ("?page=https://evil.example/", "", ""), ("?page=/nowhere/", "", ""), ("?page=/strategies/%3Cb%3E/", "", ""),
        ("?page=/hand-on/1:secret/", "", ""), ("", "http://testserver/privacy/complaint/received/1:secret/", ""),
        ("", "http://testserver/people/", ""), ("?page=/help/", "", "/help/"), ("?page=/", "", "/"),
    ],
)  # fmt: skip
def test_what_page_it_is_about_is_read_when_the_form_opens(client, query, referer, page):
    headers = {"Referer": referer} if referer else {}
    assert hidden(client.get("/tell-us/" + query, headers=headers).content.decode(), "page") == page


def test_a_message_about_a_commitment_is_for_its_strategys_people(client, commitment):
    client.post("/tell-us/", filled(client, query=f"?page={commitment.get_absolute_url()}"))
    point = Point.objects.get()
    assert (point.commitment, point.strategy, point.about_page) == (
        commitment, commitment.strategy, commitment.get_absolute_url(),
    )  # fmt: skip
    client.post("/tell-us/", {**filled(client), "page": "/people/"})
    assert Point.objects.latest("id").about_page == "", "what a program makes up is not kept"


def test_nobody_follows_a_message_by_guessing(client):
    client.post("/tell-us/", filled(client))
    assert client.get(f"/tell-us/{Point.objects.get().pk}/").status_code == 404
    assert client.get(f"/tell-us/{Point.objects.get().pk}:abc/").status_code == 404


def test_the_footer_of_a_page_leads_there_by_the_same_address_everywhere(client, strategy):
    for address in ("/", f"/strategies/{strategy.slug}/"):
        page = client.get(address)
        assert 'href="/tell-us/"' in page.content.decode()
        assert page.headers["Vary"] == "Cookie", "the page stays in the cache for everybody"


def test_the_page_says_that_a_complaint_goes_another_way(client):
    page = client.get("/tell-us/").content.decode()
    assert 'href="/privacy/complaint/"' in page
    assert "own complaints procedure" in page
