"""A meeting on a telephone, with the keyboard alone: a decision about what is delayed, an action of it, and the minutes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Account, account_of, follow, sign_in_with_password

DECISION = "Ask the county’s lawyers for a date."


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def come_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on what is asked for."""
    for _ in range(80):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not come to {selector}")


def to_the_first_exception(page: Page) -> str:
    """Open the next meeting and go to its first exception by the arrow key; return its address."""
    page.goto("/engagement/?kind=meeting")
    follow(page.get_by_role("link", name="Winter meeting of the Alliance"))
    follow(page.get_by_role("main").get_by_role("button", name="Open the meeting"))
    for heading in ("What changed since", "What needs discussing", "1.4"):
        with page.expect_navigation():
            press(page, "ArrowRight")
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    return page.url


def decide(page: Page, words: str, who: str) -> None:
    """Type a decision and record it with the keyboard alone."""
    come_to(page, "[name=words]")
    page.keyboard.type(words)
    come_to(page, "[name=owner_words]")
    page.keyboard.type(who)
    if page.locator("[name=makes_action]").count():
        come_to(page, "[name=makes_action]")
        press(page, "Space")
    come_to(page, "button[value=record]")
    with page.expect_navigation():
        press(page, "Enter")


@pytest.mark.timeout(300)
def test_a_meeting_on_a_telephone_by_keyboard(open_browser: Callable[..., Page], accounts: list[Account]) -> None:
    page = open_browser(phone=True)
    sign_in_with_password(page, account_of(accounts, "secretary"))
    address = to_the_first_exception(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing goes over the edge"

    come_to(page, "[name=words]")
    page.keyboard.type("Half a sentence")
    expect(page.locator("[data-kept]")).to_contain_text("Kept at")
    page.context.set_offline(True)
    page.keyboard.type(", and more")
    come_to(page, "button[value=record]")
    press(page, "Enter")
    expect(page.locator("[data-kept]")).to_contain_text("There is no connection, so nothing was sent.")
    expect(page.locator("[name=words]")).to_have_value("Half a sentence, and more")
    page.context.set_offline(False)
    come_to(page, "[name=words]")
    press(page, "End")
    page.keyboard.type(".")
    expect(page.locator("[data-kept]")).to_contain_text("Kept at")
    page.goto(address)
    expect(page.locator("[name=words]")).to_have_value("Half a sentence, and more.")
    come_to(page, "[name=words]")
    press(page, "Control+a", "Delete")
    decide(page, DECISION, "Legal services")
    expect(page.get_by_role("main")).to_contain_text("The decision is recorded.")

    officer = open_browser(phone=True)
    sign_in_with_password(officer, account_of(accounts, "officer"))
    officer.goto(address)
    expect(officer.get_by_role("main")).to_contain_text(DECISION)
    decide(officer, "Print the draft for every group.", "Communities team")
    expect(officer.get_by_role("main")).to_contain_text("it is now an action")
    follow(officer.get_by_role("link", name="Print the draft for every group."))
    expect(officer.get_by_role("main")).to_contain_text("Communities team")

    page.goto(address.split("meeting/")[0] + "minutes/")
    for words in (DECISION, "Legal services", "Print the draft for every group.", "Communities team"):
        expect(page.get_by_role("main")).to_contain_text(words)
