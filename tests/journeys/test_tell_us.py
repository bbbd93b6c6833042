"""A community group without an account proposes something on a telephone; an officer publishes and answers; the group reads it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import open_email
from tests.journeys.conftest import Account, account_of, follow, sign_in_with_password

GROUP = "lime.lane.gardeners@example.org"
ASKED = "Could we look after the flower beds behind the library? Ring Petra Quince at the hall."


def wide(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


@pytest.mark.timeout(300)
def test_a_group_proposes_something_and_reads_the_answer(
    open_browser: Callable[..., Page], accounts: list[Account]
) -> None:
    group = open_browser(phone=True)
    group.goto("/")
    follow(group.get_by_role("contentinfo").get_by_role("link", name="Tell the council something"))
    main = group.get_by_role("main")
    assert wide(group) <= 0
    main.get_by_role("radio", name="I want to ask or propose something").check()
    main.get_by_label("What do you want to tell us?").fill(ASKED)
    main.get_by_label("Your email address (optional)").fill(GROUP)
    group.wait_for_timeout(3_500)  # whoever sends it sooner is taken for a program
    group.evaluate(
        "document.querySelector('main form').target = '_blank'"
    )  # the filled form stays, as after going back
    send = main.get_by_role("button", name="Send", exact=True)
    shown = []
    for words in (ASKED, ASKED, "And could there be a bench?"):
        main.get_by_label("What do you want to tell us?").fill(words)
        with group.expect_popup() as opened:
            send.click()
        expect(opened.value.get_by_role("heading", level=1)).to_have_text("We have your message")
        shown.append(opened.value.get_by_role("main").inner_text())
        opened.value.close()
        group.wait_for_timeout(1_500)  # the button takes a second click for a double click
    first, again, other = (re.findall(r"number is (\d+)", text) for text in shown)
    assert first == again != other, "the same words are one message, and nothing else that was written is lost"
    assert ["already sent" in text for text in shown] == [False, True, False]
    group.evaluate("document.querySelector('main form').target = ''")
    main.get_by_label("What do you want to tell us?").fill(ASKED)
    follow(send)
    expect(group.get_by_role("heading", level=1)).to_have_text("We have your message")
    number = re.search(r"number is (\d+)", main.inner_text())
    assert number, main.inner_text()
    assert wide(group) <= 0

    officer = open_browser()
    sign_in_with_password(officer, account_of(accounts, "officer"))
    officer.goto("/points/?kind=proposal")
    follow(officer.get_by_role("main").get_by_role("link", name=re.compile(rf"number {number[1]}$")))
    expect(officer.get_by_role("main")).to_contain_text("Petra Quince")
    follow(officer.get_by_role("main").get_by_role("link", name="Publish words"))
    officer.get_by_label("What everyone will read").fill(
        "A group would like to look after the beds behind the library."
    )
    follow(officer.get_by_role("main").get_by_role("button", name="Publish words"))
    follow(officer.get_by_role("main").get_by_role("button", name="Answer it"))
    officer.get_by_role("radio", name="Accepted in part").check()
    officer.get_by_label("What will be done, or why not?").fill("Yes, for the two beds nearest to the door.")
    follow(officer.get_by_role("main").get_by_role("button", name="Answer it"))
    expect(officer.get_by_role("main")).to_contain_text("The answer has been saved")

    open_email(group, GROUP, "answered")
    link = (
        group.get_by_role("main").get_by_role("link", name="Read the answer in the portal").get_attribute("href") or ""
    )
    group.goto("/" + link.split("/", 3)[3])
    expect(group.get_by_role("main")).to_contain_text("Yes, for the two beds nearest to the door.")
    expect(group.get_by_role("main")).not_to_contain_text("Petra")

    group.goto("/you-said/")
    expect(group.get_by_role("main")).to_contain_text("A group would like to look after the beds behind the library.")
    expect(group.get_by_role("main")).not_to_contain_text("Petra")
    assert wide(group) <= 0
