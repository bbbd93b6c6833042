"""The update form in a real browser: questions that come when they are needed, words that outlive their tab, the keyboard alone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from commitments.models import ProgressUpdate, WorkingCopy
from commitments.services.progress import change_status
from tests.commitments.views.test_pages_update import url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def opened_by(
    browser: Browser, live_server, settings, signed_in, commitment, open_round, now, officer
) -> Iterator[Callable[..., Any]]:
    """Opens the form as the officer does, in a window of its own."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="It began.")
    session = signed_in(officer).cookies["sessionid"].value
    contexts: list[BrowserContext] = []

    def open_form(*, javascript: bool = True, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=live_server.url, java_script_enabled=javascript, viewport={"width": width, "height": 800}
        )
        contexts.append(context)
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(url(commitment))
        return page

    yield open_form
    for context in contexts:
        context.close()


def choose(page: Page, status: str) -> None:
    page.get_by_role("radio", name=status, exact=True).check()


def test_the_reason_and_the_remedy_come_when_they_are_needed(opened_by):
    page = opened_by()
    why, remedy = page.get_by_label("Why?", exact=True), page.get_by_label("What will be done about it?", exact=True)
    expect(why).to_be_hidden()
    choose(page, "Complete")
    expect(why).to_be_visible()
    expect(remedy).to_be_hidden()
    choose(page, "At risk")
    expect(remedy).to_be_visible()
    remedy.fill("We ask the parish")
    choose(page, "On track")
    expect(why).to_be_hidden()
    expect(remedy).to_be_visible()  # something stands in it, and would be sent
    without = opened_by(javascript=False)
    expect(without.get_by_label("Why?", exact=True)).to_be_visible()
    expect(without.get_by_text("Needed when the status changes")).to_be_visible()


def test_a_pause_is_enough_to_be_kept(opened_by):
    page = opened_by()
    page.get_by_label("What has happened?").fill("Half a story")
    expect(page.locator("[data-kept]")).to_contain_text("Kept at")
    page.close()
    again = opened_by(width=375)
    expect(again.get_by_label("What has happened?")).to_have_value("Half a story")
    expect(again.get_by_text("What you typed was saved")).to_be_visible()
    assert again.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out on a telephone"


def test_a_tab_that_is_closed_at_once_loses_nothing(opened_by):
    page = opened_by()
    page.get_by_label("What comes next?").fill("Written in the last second")
    page.goto("about:blank")
    page.wait_for_timeout(500)
    expect(opened_by().get_by_label("What comes next?")).to_have_value("Written in the last second")


def test_a_new_token_from_another_window_is_taken_up(opened_by):
    page = opened_by()
    page.context.clear_cookies(name="csrftoken")
    page.context.new_page().goto(page.url)  # gives this browser another token
    page.get_by_label("What has happened?").fill("Still here")
    expect(page.locator("[data-kept]")).to_contain_text("Kept at")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()


def test_somebody_who_was_signed_out_is_told_at_once(opened_by):
    page = opened_by()
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("What has happened?").fill("Is anybody there?")
    expect(page.locator("[data-kept]")).to_contain_text("You have been signed out.")
    message = page.get_by_role("alertdialog")
    expect(message).to_contain_text("You have been signed out")
    expect(message).to_contain_text("What you typed is still on this page.")
    with page.expect_popup() as opening:
        message.get_by_role("link", name="Sign in again").click()
    opening.value.wait_for_url("**/account/login/**")
    expect(page.get_by_label("What has happened?")).to_have_value("Is anybody there?")


def test_what_cannot_be_kept_for_now_is_said(opened_by):
    page = opened_by()
    page.context.set_offline(True)
    page.get_by_label("What has happened?").fill("On a train")
    expect(page.locator("[data-kept]")).to_contain_text("There is no connection")


def test_the_keyboard_alone_goes_from_the_form_to_the_receipt(opened_by):
    page = opened_by()

    def tab_to(words: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            here = "e => ((e.labels && e.labels[0] && e.labels[0].innerText) || e.innerText || '').trim()"
            if page.evaluate(f"({here})(document.activeElement)") == words:
                return
        raise AssertionError(f"“{words}” is not reached by the Tab key")

    tab_to("On track")
    page.keyboard.press("ArrowDown")
    tab_to("Why?")
    page.keyboard.type("No venue")
    tab_to("What will be done about it?")
    page.keyboard.type("We ask the parish")
    tab_to("Check your answers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    tab_to("Send")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sent", exact=True)).to_be_visible()
    update = ProgressUpdate.objects.get()
    assert (update.state, update.status, update.reason) == ("submitted", "at_risk", "No venue")
    assert not WorkingCopy.objects.exists()


def test_without_javascript_save_keeps_everything(opened_by):
    page = opened_by(javascript=False)
    page.get_by_label("What has happened?").fill("No script was here")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_label("What has happened?")).to_have_value("No script was here")
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
