"""The directory on a telephone: “Is this you?” until somebody takes part, and a listing that is corrected and then removed."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Account, account_of, follow, sign_in_with_code, sign_in_with_password
from tests.journeys.test_yearly_round import main, press, told

DRIVER = Account("rowan.ridgeway@example.org", "", "")
CARS, RINGERS, KITCHEN = ("Ashmere Car Scheme", "Ashmere Bell Ringers", "Ashmere Interfaith Kitchen")
PHONE_NUMBER = "01632 960777"
ASKED = "The telephone number is wrong, and we would rather not be listed. Our new number is on the church door."


def page_of(name: str) -> str:
    return f"/organisations/{name.lower().replace(' ', '-')}/"


def asks_to_take_part(page: Page) -> None:
    """From a search of the directory to the receipt."""
    page.goto("/organisations/?standing=listed&q=car+scheme")
    follow(main(page).get_by_role("link", name=CARS))
    follow(main(page).get_by_role("link", name="Is this you? Ask to take part"))
    page.get_by_label("Your name").fill("Rowan Ridgeway")
    page.get_by_label("What do you do in the organisation?").fill("Coordinator")
    page.get_by_label("Your email address").fill(DRIVER.email)
    page.get_by_label("How can we check that you speak for it?").fill("Phone the number on our leaflet.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing goes over the edge"
    press(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your request")


def an_administrator_agrees(page: Page) -> None:
    page.goto("/my-work/")
    follow(main(page).get_by_role("list", name="Requests to take part").get_by_role("link", name=CARS))
    for words in ("Rowan Ridgeway, Coordinator", "Phone the number on our leaflet.", "Waiting for an answer"):
        told(page, words)
    press(page, "Agree and invite")
    told(page, f"{CARS} takes part. The invitation to {DRIVER.email} is on its way.")


@pytest.mark.timeout(240)
def test_somebody_says_this_is_us_and_takes_part(open_browser: Callable[..., Page], accounts: list[Account]) -> None:
    driver, administrator, reader = open_browser(phone=True), open_browser(), open_browser()
    asks_to_take_part(driver)
    reader.goto(page_of(CARS))
    told(reader, "It does not take part in the portal yet.")
    expect(main(reader)).not_to_contain_text("Rowan")

    sign_in_with_password(administrator, account_of(accounts, "administrator"))
    an_administrator_agrees(administrator)

    sign_in_with_code(driver, DRIVER)
    driver.goto("/my-work/")
    follow(main(driver).get_by_role("link", name=re.compile(f"Partner lead.*{CARS}|{CARS}")).first)
    press(driver, "Accept")
    driver.goto(page_of(CARS))
    expect(main(driver).get_by_role("button", name="Change this page")).to_be_visible()
    reader.reload()
    expect(main(reader)).not_to_contain_text("does not take part")
    expect(main(reader).get_by_role("heading", level=1)).to_have_text(CARS)


def asks_for_a_correction_and_removal(page: Page) -> str:
    """From the organisation's page, without an account; returns the number of the message."""
    page.goto(page_of(RINGERS))
    follow(main(page).get_by_role("link", name="Tell us if something here is wrong, or ask us to remove it"))
    told(page, f"This is about the page of {RINGERS}.")
    expect(main(page).get_by_role("radio", checked=True)).to_have_value("listing")
    page.get_by_label("What do you want to tell us?").fill(ASKED)
    page.wait_for_timeout(3_500)  # whoever sends it sooner is taken for a program
    press(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your message")
    number = re.search(r"number is (\d+)", main(page).inner_text())
    assert number
    return number[1]


def the_officer_corrects_and_removes_it(page: Page, number: str) -> None:
    page.goto("/points/?kind=listing")
    follow(main(page).get_by_role("link", name=re.compile(rf"number {number}$")))
    told(page, ASKED)
    message = page.url
    follow(main(page).get_by_role("link", name=RINGERS).first)
    press(page, "Change this page")
    page.get_by_label("Telephone").fill(PHONE_NUMBER)
    press(page, "Save")
    told(page, PHONE_NUMBER)
    press(page, "Remove from the directory")
    page.get_by_label(re.compile("^Why")).fill("They asked us to, in a message.")
    press(page, "Remove it")
    told(page, "was removed from the directory, and its details were erased")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Removed")
    expect(main(page).get_by_role("link", name=re.compile("^Tell us if something"))).to_have_count(0)
    page.goto(message)
    press(page, "Answer it")
    page.get_by_role("radio", name=re.compile("^Accepted")).first.check()
    page.get_by_label("What will be done, or why not?").fill("Removed today.")
    press(page, "Answer it")
    told(page, "The answer has been saved")


def the_officer_says_that_one_has_ended(page: Page) -> None:
    """It became part of another organisation, which is found by its name on the form."""
    page.goto(page_of(KITCHEN))
    press(page, "Change status")
    page.get_by_label("Ended", exact=True).check()
    page.get_by_label("Find the organisation that replaced it").fill("larder")
    follow(main(page).get_by_role("button", name=re.compile("^Find")))
    expect(page.get_by_label("Ended", exact=True)).to_be_checked()
    page.get_by_label("Larder and Ladle").check()
    press(page, "Save")


@pytest.mark.timeout(240)
def test_a_listing_is_corrected_removed_and_gone_and_another_has_ended(
    open_browser: Callable[..., Page], accounts: list[Account]
) -> None:
    reader, officer = open_browser(phone=True), open_browser()
    number = asks_for_a_correction_and_removal(reader)
    sign_in_with_password(officer, account_of(accounts, "officer"))
    the_officer_corrects_and_removes_it(officer, number)
    answer = reader.goto(page_of(RINGERS))
    assert answer
    assert answer.status == 410
    expect(reader.get_by_role("heading", level=1)).to_have_text("This organisation is no longer in the directory")
    expect(reader.locator("body")).not_to_contain_text(RINGERS)
    reader.goto("/organisations/?standing=listed&q=ringers")
    expect(main(reader).get_by_role("link", name=RINGERS)).to_have_count(0)

    the_officer_says_that_one_has_ended(officer)
    reader.goto(page_of(KITCHEN))
    told(reader, "Ended")
    expect(main(reader).get_by_role("link", name="Larder and Ladle")).to_be_visible()
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing goes over the edge"
