"""A risk is recorded, assessed as a range, rises, and is read where it matters: on the commitment and in the group's meeting."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Account, account_of, follow, sign_in_with_password
from tests.journeys.test_yearly_round import main, press, told
from tests.pages import STRATEGY

WORDS = "The hall that hosts the network fairs closes for repairs"
COMMITMENT = "1.2 Review the networks that exist"
CONDITION = "unless the school lends its gym"
ROSE = "The likelihood rose: it was low to medium and is now medium to high."


def records_a_range(page: Page) -> str:
    """From the strategy's page; returns the address of the risk."""
    page.goto(STRATEGY)
    follow(main(page).get_by_role("link", name=re.compile("risks? to the strategy$")))
    press(page, "Record a risk")
    page.get_by_label("What could go wrong?").fill(WORDS)
    page.get_by_label("What is it a risk to?").select_option(label=COMMITMENT)
    page.get_by_label("Who leads on this?").fill("Common Thread\nNetworks officer")
    press(page, "Save")
    told(page, "Now assess how serious it is.")
    page.get_by_label("Impact", exact=True).select_option(label="Medium")
    page.get_by_label("Likelihood", exact=True).select_option(label="Low to medium")
    page.get_by_label("On what condition?").fill(CONDITION)
    press(page, "Save this assessment")
    told(page, f"Low to medium, {CONDITION}")
    return page.url


def confirms_another_with_one_tap(page: Page) -> None:
    page.goto("/my-work/")
    tasks = main(page).get_by_role("list", name="Risks to review").get_by_role("listitem")
    before = tasks.count()
    title = tasks.first.get_by_role("link").inner_text()
    follow(tasks.first.get_by_role("button", name=re.compile("^Still true")))
    told(page, "Thank you. The risk is confirmed for this round.")
    expect(tasks).to_have_count(before - 1)
    expect(tasks.filter(has_text=title)).to_have_count(0)


def assesses_it_higher(page: Page, address: str) -> None:
    page.goto(address)
    expect(main(page)).not_to_contain_text("rose")
    follow(main(page).get_by_role("link", name=re.compile("^The risk as a whole: ")))
    expect(page.get_by_label("On what condition?")).to_have_value(CONDITION)
    page.get_by_label("Likelihood", exact=True).select_option(label="Medium to high")
    page.get_by_label("Why is it that likely?").fill("The gym is booked for exams.")
    press(page, "Save this assessment")
    told(page, ROSE)


def is_seen_to_rise_in_the_meeting(page: Page) -> None:
    page.goto("/engagement/?kind=meeting")
    follow(page.get_by_role("link", name="Winter meeting of the Alliance"))
    press(page, "Open the meeting")
    for _ in range(2):
        with page.expect_navigation():
            page.keyboard.press("ArrowRight")
    told(page, "Risks that rose")
    risk = main(page).get_by_role("list").filter(has_text=WORDS).get_by_role("link")
    follow(risk if risk.count() else main(page).get_by_role("link", name=re.compile("^Risk 4")))
    told(page, ROSE)
    told(page, WORDS)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing goes over the edge"


@pytest.mark.timeout(240)
def test_a_risk_is_recorded_as_a_range_and_rises_before_the_meeting(
    open_browser: Callable[..., Page], accounts: list[Account]
) -> None:
    officer, secretary, reader = open_browser(), open_browser(phone=True), open_browser()
    sign_in_with_password(officer, account_of(accounts, "officer"))
    address = records_a_range(officer)
    confirms_another_with_one_tap(officer)

    reader.goto(f"{STRATEGY}commitments/")
    follow(main(reader).get_by_role("link", name=re.compile("^1.2 ")).first)
    main(reader).locator("summary").filter(has_text=re.compile("^\\s*Why")).first.click()
    told(reader, "A risk was recorded:")
    follow(main(reader).get_by_role("link", name=WORDS))
    expect(main(reader)).not_to_contain_text("rose")

    assesses_it_higher(officer, address)
    sign_in_with_password(secretary, account_of(accounts, "secretary"))
    is_seen_to_rise_in_the_meeting(secretary)
    reader.reload()
    told(reader, ROSE)
    told(reader, "Impact medium, likelihood low to medium")
