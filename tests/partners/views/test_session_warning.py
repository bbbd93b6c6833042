"""The warning before a session ends: what the server says of it, and what somebody in the middle of a form sees."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from time import monotonic

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from commitments.models import WorkingCopy
from partners.models import Session, User

HOUR, WARNED = timedelta(minutes=60), timedelta(minutes=3)
BY_ITSELF = {"headers": {"Session-Use": "no"}}
WORDS = "Ask the parish council about the hall"
COUNT_LONG_TIMERS = """
  const wait = window.setTimeout;
  window.longTimers = 0;
  window.setTimeout = (act, delay, ...more) => {
    if (delay > 600_000) window.longTimers++;
    return wait(act, delay, ...more);
  };
"""


def last_used(person: User, ago: timedelta) -> None:
    Session.objects.filter(person=person).update(seen_at=timezone.now() - ago)


def seen_at(person: User):
    return Session.objects.get(person=person).seen_at


@pytest.mark.django_db
def test_a_page_may_ask_how_long_is_left_and_that_is_no_use_of_the_session(signed_in, officer, partner):
    client = signed_in(officer)
    last_used(officer, timedelta(minutes=50))
    before = seen_at(officer)
    answer = client.get(reverse("session"), **BY_ITSELF).json()
    assert 590 < answer["left"] <= 600
    assert (answer["warned"], answer["can_stay"]) == (180, True)
    assert seen_at(officer) == before
    stayed = client.post(reverse("session"), {"act": "stay"}).json()
    assert 3590 < stayed["left"] <= 3600
    assert seen_at(officer) > before
    assert signed_in(partner).get(reverse("session"), **BY_ITSELF).json()["left"] > 4 * 3590, "partners have four hours"


@pytest.mark.django_db
def test_after_twelve_hours_nobody_can_stay_and_a_stranger_has_nothing_left(client, signed_in, officer):
    signed = signed_in(officer)
    Session.objects.filter(person=officer).update(began_at=timezone.now() - timedelta(hours=11, minutes=58))
    answer = signed.post(reverse("session"), {"act": "stay"}).json()
    assert answer["left"] <= 120
    assert not answer["can_stay"]
    assert client.get(reverse("session")).json() == {"left": 0}
    assert client.post(reverse("session"), {"act": "keep", "page": "/", "0:text": "x"}).json() == {"left": 0}
    assert not WorkingCopy.objects.exists()


@pytest.mark.django_db
def test_a_session_that_is_shorter_than_five_minutes_lasts_while_it_is_used(signed_in, officer, settings):
    settings.SESSION_UNUSED_STAFF = timedelta(minutes=4)
    client = signed_in(officer)
    last_used(officer, timedelta(minutes=3))
    client.get(reverse("partners:account"))
    assert timezone.now() - seen_at(officer) < timedelta(minutes=1)


@pytest.mark.django_db
def test_what_is_typed_is_given_back_once_and_only_to_who_typed_it(signed_in, officer, second_officer):
    client, page = signed_in(officer), {"page": "/somewhere/"}
    client.post(reverse("session"), {**page, "act": "keep", "0:text": WORDS, "0:districts": ["a", "b"]})
    other = signed_in(second_officer).post(reverse("session"), {**page, "act": "restore"}).json()
    assert other["fields"] == {}
    assert client.post(reverse("session"), {"page": "/elsewhere/", "act": "restore"}).json()["fields"] == {}
    fields = client.post(reverse("session"), {**page, "act": "restore"}).json()["fields"]
    assert fields == {"0:text": [WORDS], "0:districts": ["a", "b"]}
    assert client.post(reverse("session"), {**page, "act": "restore"}).json()["fields"] == {}


@pytest.fixture
def tabs(browser: Browser, live_server, settings, signed_in, officer, commitment) -> Iterator[Callable[[], Page]]:
    """Opens tabs of one browser, in which the officer has signed in and the clock is moved by hand, at a form."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    context: BrowserContext = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    signing = signed_in(officer).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": signing, "url": live_server.url}])

    def open_tab() -> Page:
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.clock.install()
        page.add_init_script(COUNT_LONG_TIMERS)
        page.goto(reverse("commitments:action-new", args=[commitment.strategy.slug, commitment.key]))
        return page

    yield open_tab
    context.close()


def wait_for_the_plan(page: Page) -> None:
    """Wait until the page has planned its warning: the answer that it plans by may be here before that."""
    deadline = monotonic() + 20
    while not page.evaluate("longTimers"):
        assert monotonic() < deadline, "the page plans no warning"
        page.wait_for_timeout(20)


def away_until_the_warning(officer: User, *pages: Page) -> None:
    """Type into each page, then do nothing until less than three minutes are left."""
    for page in pages:
        page.get_by_label("What will be done").fill(WORDS)
        wait_for_the_plan(page)
    last_used(officer, HOUR - timedelta(seconds=100))
    for page in pages:
        page.clock.fast_forward("58:00")


in_browser = pytest.mark.django_db(transaction=True)


@in_browser
def test_the_warning_has_the_focus_and_one_press_stays(tabs, officer):
    page = tabs()
    away_until_the_warning(officer, page)
    warning = page.get_by_role("alertdialog", name="Are you still there?")
    expect(warning).to_be_visible()
    expect(warning).to_contain_text("You will be signed out in 2 minutes")
    expect(warning).to_contain_text("What you have typed on this page has been saved.")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    expect(warning.locator("button:visible, a:visible")).to_have_count(1)
    page.keyboard.press("Tab")
    assert page.evaluate(
        "document.activeElement === document.body || document.querySelector('dialog').contains(document.activeElement)"
    )
    page.get_by_role("button", name="Stay signed in").focus()
    with page.expect_response("**/session/"):
        page.keyboard.press("Enter")
    expect(warning).to_be_hidden()
    assert timezone.now() - seen_at(officer) < timedelta(minutes=5)
    expect(page.get_by_label("What will be done")).to_have_value(WORDS)


@in_browser
def test_escape_stays_too_and_the_other_tab_hears_of_it(tabs, officer):
    first, second = tabs(), tabs()
    away_until_the_warning(officer, first, second)
    for page in (first, second):
        expect(page.get_by_role("alertdialog")).to_be_visible()
    first.keyboard.press("Escape")
    expect(first.get_by_role("alertdialog")).to_be_hidden()
    expect(second.get_by_role("alertdialog")).to_be_hidden()
    assert timezone.now() - seen_at(officer) < timedelta(minutes=5)


@in_browser
def test_who_is_typing_is_not_asked(tabs, officer):
    page = tabs()
    away_until_the_warning(officer)
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/session/" in answer.url):
        page.get_by_label("What will be done").fill(WORDS)
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    assert timezone.now() - seen_at(officer) < timedelta(minutes=5)


@in_browser
def test_what_was_typed_is_there_after_signing_in_again(tabs, officer, signed_in, live_server):
    page = tabs()
    away_until_the_warning(officer, page)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    last_used(officer, HOUR + timedelta(minutes=1))
    page.clock.fast_forward("02:00")
    warning = page.get_by_role("alertdialog", name="You have been signed out")
    expect(warning).to_contain_text("What you typed has been saved. Sign in again to carry on.")
    form = page.url
    warning.get_by_role("link", name="Sign in again").click()
    expect(page.get_by_text("You were signed out because you had not used the portal")).to_be_visible()
    again = signed_in(officer).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": again, "url": live_server.url}])
    page.goto(form)
    expect(page.get_by_label("What will be done")).to_have_value(WORDS)
    expect(page.get_by_text("This is what you typed here before. It has not been sent yet.")).to_be_visible()
    assert not WorkingCopy.objects.exists()
