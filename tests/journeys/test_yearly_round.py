"""One whole round, from its planning to its second closing: an administrator, two officers (one without JavaScript), a partner."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import open_email
from tests.journeys.conftest import Account, account_of, follow, sign_in_with_code, sign_in_with_password
from tests.journeys.test_main_job import a_photograph
from tests.stack import Stack

FILE = Path(__file__).with_name("a-small-strategy.toml")
HOME = "/strategies/a-small-strategy/"
ROOM = "a-room-in-every-village"
HAZEL, MARIGOLD = "Hazel Hedgerow", "Marigold Mead"
SAID = "Four villages have opened a room. Two more have the keys."
WHY = "Six of nine villages are ready, and the rest have a date."
LATE = "The van that brings the chairs is being mended."
THEIRS = "The rooms are open in the day. Groups meet in the evening."
MORE = "Please say how many villages there are."


def day(number: date) -> str:
    return f"{number.day} {number:%B %Y}"


def main(page: Page):
    return page.get_by_role("main")


def press(page: Page, name: str) -> None:
    follow(main(page).get_by_role("button", name=name, exact=True).first)


def told(page: Page, words: str) -> None:
    """Something on the page says this."""
    expect(main(page)).to_contain_text(words)


def the_administrator_names_people(page: Page) -> None:
    for key, lead in ((ROOM, HAZEL), ("chairs-and-tables-to-lend", MARIGOLD), ("one-list-of-rooms", HAZEL)):
        page.goto(f"{HOME}commitments/{key}/people/")
        page.get_by_label("Lead officer").select_option(label=lead)
        follow(main(page).locator("form button").first)
        told(page, lead)
    page.goto(f"{HOME}commitments/a-room-in-every-village/partners/")
    page.get_by_label("Find an organisation").fill("common")
    follow(main(page).get_by_role("button", name="Find"))
    page.get_by_label("Common Thread").check()
    follow(main(page).get_by_role("button", name="Save", exact=True))
    told(page, "Common Thread")


def the_administrator_opens_a_round(page: Page, today: date) -> str:
    """Plan it on a form, open it; returns the address of its page."""
    page.goto(f"{HOME}rounds/")
    press(page, "Plan a round")
    page.get_by_label("First day of the period").fill(day(today - timedelta(days=366)))
    page.get_by_label("Last day of the period").fill(day(today - timedelta(days=2)))
    page.get_by_label("The window opens on").fill(day(today))
    page.get_by_label("The window closes on").fill(day(today - timedelta(days=1)))
    page.get_by_label("Late updates accepted until").fill(day(today + timedelta(days=30)))
    follow(main(page).locator("form button").first)
    expect(page).to_have_title(re.compile("^Error: "))
    page.get_by_label("The window closes on").fill(day(today + timedelta(days=25)))
    press(page, "Continue")
    told(page, "3 updates are asked for")
    press(page, "Change the dates")
    press(page, "Continue")
    press(page, "Plan this round")
    press(page, "Open the round")
    told(page, "3")
    press(page, "Open the round")
    told(page, "0 of 3 updates are in")
    return page.url


def the_officer_is_kept_when_the_tab_is_closed(page: Page) -> Page:
    """Type, close the tab without saving, open it again: it is all there."""
    page.goto("/my-work/")
    follow(main(page).get_by_role("link", name=re.compile("A room in every village")).first)
    page.get_by_role("radio", name="On track", exact=True).check()
    page.get_by_label("What has happened?").fill(SAID)
    expect(page.locator("[data-kept]")).to_contain_text("Kept at", timeout=15_000)
    address = page.url
    other = page.context.new_page()
    page.close()
    other.goto(address)
    told(other, "What you typed was saved")
    expect(other.get_by_label("What has happened?")).to_have_value(SAID)
    return other


def the_officer_sends(page: Page) -> None:
    """Check, a question that is no wall, send, a receipt by email."""
    press(page, "Check your answers")
    expect(page).to_have_title(re.compile("^Error: "))  # the first status needs its reason
    page.get_by_label("Why?").fill(WHY)
    press(page, "Check your answers")
    question = main(page).locator(".app-questions textarea")
    expect(question).to_have_count(1)
    question.fill("The villages have not written yet; I was there.")
    press(page, "Send")
    expect(page.locator(".govuk-panel")).to_contain_text("Sent")
    open_email(page, "1.1")


def the_other_officer_sends_without_a_script(page: Page) -> None:
    page.goto("/my-work/")
    main(page).get_by_role("link", name=re.compile("Chairs and tables")).first.click()
    page.get_by_role("radio", name="At risk", exact=True).check()
    press(page, "Check your answers")
    expect(page).to_have_title(re.compile("^Error: "))
    page.get_by_label("Why?").fill(LATE)
    page.get_by_label("What will be done about it?").fill("A neighbour lends us hers.")
    press(page, "Save draft")
    press(page, "Check your answers")
    press(page, "Send")
    expect(page.locator(".govuk-panel")).to_contain_text("Sent")


def the_partner_answers(page: Page) -> None:
    """On a telephone: photograph first, three questions, sent; then the sector's own view."""
    page.goto("/my-work/")
    told(page, "Common Thread")
    page.goto("/evidence/new/steps/?strategy=a-small-strategy&commitment=1.1")
    page.locator("input[type=file]").set_input_files(
        {"name": "room.jpg", "mimeType": "image/jpeg", "buffer": a_photograph()}
    )
    press(page, "No, continue")
    page.get_by_label("What did you do?").fill("Opened the reading room in the evening")
    page.get_by_role("radio", name=re.compile("Another day|Some other day|another day", re.I)).check()
    page.get_by_label(re.compile("which", re.I)).fill(day(date.today() - timedelta(days=30)))
    page.get_by_label(re.compile("How many people")).fill("34")
    press(page, "Continue")
    expect(page.get_by_role("checkbox", name=re.compile("^1.1 "))).to_be_checked()
    press(page, "Check your answers")
    press(page, "Yes, send it")
    told(page, "Sent")
    page.goto(f"{HOME}commitments/a-room-in-every-village/view/")
    page.get_by_role("radio", name="Delayed", exact=True).check()
    page.get_by_label("Why do you see it this way?").fill(THEIRS)
    page.get_by_role("radio", name=re.compile("^Yes, we see it differently")).check()
    press(page, "Give this view")
    told(page, THEIRS)


def decide(page: Page, commitment: str, decision: str, reason: str = "") -> None:
    page.goto("/review/updates/")
    main(page).get_by_role("link", name=re.compile(commitment)).first.click()
    page.get_by_role("radio", name=re.compile(f"^{decision}")).check()
    if reason:
        page.get_by_label("What needs to change?").fill(reason)
    press(page, "Decide, then show the next")


def the_officer_mends(page: Page) -> None:
    page.goto("/my-work/")
    told(page, MORE)
    follow(main(page).get_by_role("link", name=re.compile("A room in every village")).first)
    told(page, MORE)
    page.get_by_label("What has happened?").fill(f"{SAID} There are nine.")
    press(page, "Check your answers")
    press(page, "Send")
    expect(page.locator(".govuk-panel")).to_contain_text("Sent")


def the_round_is_looked_after(page: Page, round_: str) -> None:
    """Who owes what, a nudge, and one task goes to somebody else."""
    page.goto(round_)
    told(page, "2 of 3 updates are in")
    told(page, "One list of rooms")
    row = main(page).get_by_role("row").filter(has_text=HAZEL)
    row.get_by_role("link", name=re.compile("^Nudge")).click()
    page.get_by_label(re.compile("A sentence of your own")).fill("The list of rooms is all that is missing.")
    press(page, "Send the email")
    page.goto(round_)
    follow(main(page).get_by_role("row").filter(has_text=HAZEL).get_by_role("link", name=re.compile("^Hand on")))
    main(page).locator("select").select_option(label=MARIGOLD)
    if main(page).get_by_label(re.compile("^Why")).count():
        main(page).get_by_label(re.compile("^Why")).fill("Hazel is away until the spring.")
    follow(main(page).locator("form button").first)
    page.goto(round_)
    expect(main(page).get_by_role("row").filter(has_text=MARIGOLD)).to_contain_text("1.3")


def the_last_one_is_sent_without_a_script(page: Page) -> None:
    page.goto("/my-work/")
    main(page).get_by_role("link", name=re.compile("One list of rooms")).first.click()
    page.get_by_role("radio", name="Embedded", exact=True).check()
    page.get_by_label("Why?").fill("The list is printed with the parish news.")
    press(page, "Check your answers")
    press(page, "Send")
    expect(page.locator(".govuk-panel")).to_contain_text("Sent")


def the_round_is_closed_opened_again_and_closed(page: Page, round_: str, today: date) -> None:
    page.goto(round_)
    main(page).get_by_role("link", name="End the window").click()
    press(page, "End the window")
    main(page).get_by_role("link", name="Close the round").click()
    press(page, "Close the round")
    told(page, "Closed")
    main(page).get_by_role("link", name="Reopen the round").click()
    page.get_by_label(re.compile("^Why")).fill("A village had been forgotten.")
    page.get_by_label("The window closes on").fill(day(today + timedelta(days=3)))
    page.get_by_label("Late updates accepted until").fill(day(today + timedelta(days=5)))
    follow(main(page).locator("form button").first)
    told(page, "A village had been forgotten.")
    main(page).get_by_role("link", name="Close the round").click()
    press(page, "Close the round")
    told(page, "A village had been forgotten.")  # both closings stay in the history


def a_stranger_reads(page: Page) -> None:
    page.goto(f"{HOME}commitments/a-room-in-every-village/")
    for words in (SAID, WHY, THEIRS, "sees it differently", "Opened the reading room in the evening"):
        told(page, words)
    page.goto(f"{HOME}commitments/chairs-and-tables-to-lend/")
    told(page, LATE)


@pytest.mark.timeout(300)
def test_a_round_is_lived_by_four_people_one_of_them_without_a_script(
    open_browser: Callable[..., Page], accounts: list[Account], stack: Stack
) -> None:
    stack.manage("load_strategy", str(FILE))
    today = date.today()
    administrator, hazel, partner = open_browser(), open_browser(), open_browser(phone=True)
    marigold = open_browser(javascript=False)
    sign_in_with_password(administrator, account_of(accounts, "administrator"))
    the_administrator_names_people(administrator)
    round_ = the_administrator_opens_a_round(administrator, today)

    sign_in_with_password(hazel, account_of(accounts, "officer"))
    hazel = the_officer_is_kept_when_the_tab_is_closed(hazel)
    the_officer_sends(hazel)
    password = account_of(accounts, "officer").password
    sign_in_with_password(marigold, Account("marigold.mead@example.org", "", password))
    the_other_officer_sends_without_a_script(marigold)

    sign_in_with_code(partner, account_of(accounts, "partner"))
    the_partner_answers(partner)

    decide(marigold, "A room in every village", "Return", MORE)
    decide(hazel, "Chairs and tables", "Approve")
    the_officer_mends(hazel)
    decide(marigold, "A room in every village", "Approve")
    hazel.goto("/review/")
    hazel.get_by_role("link", name="Opened the reading room in the evening").last.click()
    hazel.get_by_role("radio", name=re.compile("^Accept")).check()
    press(hazel, "Decide, then show the next")

    the_round_is_looked_after(administrator, round_)
    the_last_one_is_sent_without_a_script(marigold)
    decide(administrator, "One list of rooms", "Approve")
    the_round_is_closed_opened_again_and_closed(administrator, round_, today)
    a_stranger_reads(open_browser())
