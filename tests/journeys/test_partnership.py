"""A new group: an administrator makes it and appoints its secretary, who plans a meeting, records a decision and writes it up;
the next meeting opens with what became of it."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Account, account_of, follow, sign_in_with_password

GROUP, DECISION = "Canal Path Partnership", "Ask the parishes for a map of their paths."


def save(page: Page, button: str = "Save") -> None:
    follow(page.get_by_role("main").get_by_role("button", name=button, exact=True))


def make_the_group(page: Page, secretary: Account) -> None:
    page.goto("/organisations/new/")
    page.get_by_label("Name", exact=True).fill(GROUP)
    page.get_by_label("Partnership or group").check()
    follow(page.get_by_role("main").locator("form button[type=submit]").last)
    follow(page.get_by_role("button", name="Edit group details"))
    page.get_by_label("What it is for").fill("To look after the paths along the canal.")
    page.get_by_label("How often it meets (optional)").fill("Twice a year")
    save(page)
    for title, secretary_s in (("Secretary", True), ("Parish councils", False)):
        page.goto("/organisations/canal-path-partnership/seats/")
        follow(page.get_by_role("button", name="Add a seat"))
        page.get_by_label("What the seat is called").fill(title)
        page.get_by_label("Whoever holds it is the group’s secretary").set_checked(secretary_s)
        save(page)
    page.goto("/organisations/canal-path-partnership/seats/")
    follow(page.get_by_role("link", name="Appoint to Secretary"))
    page.get_by_label("Post", exact=True).fill("Towpath clerk")
    page.get_by_label(re.compile("^Email address of the person")).fill(secretary.email)
    page.get_by_label("First day", exact=True).fill("today")
    save(page)


def plan(page: Page, title: str, day: date) -> None:
    page.goto("/engagement/new/")
    page.get_by_label("What is it?").select_option(label="Meeting")
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Which group meets? (optional)").select_option(label=GROUP)
    page.get_by_label("First day", exact=True).fill(f"{day:%d/%m/%Y}")
    save(page)


@pytest.mark.timeout(300)
def test_a_group_is_made_meets_and_hears_what_became_of_its_decision(
    open_browser: Callable[..., Page], accounts: list[Account]
) -> None:
    secretary, today = account_of(accounts, "secretary"), date.today()
    administrator, reader = open_browser(), open_browser(phone=True)
    sign_in_with_password(administrator, account_of(accounts, "administrator"))
    make_the_group(administrator, secretary)
    reader.goto("/organisations/canal-path-partnership/")
    main = reader.get_by_role("main")
    expect(main).to_contain_text("2 seats, 1 vacant")
    expect(main).to_contain_text("Towpath clerk")
    expect(main).not_to_contain_text("Clover Cairn")

    page = open_browser(phone=True)
    sign_in_with_password(page, secretary)
    plan(page, "First meeting of the canal path", today)
    first = page.url
    follow(page.get_by_role("main").get_by_role("button", name="Open the meeting"))
    expect(page.get_by_role("main")).to_contain_text("No earlier meeting is recorded as held.")
    page.goto(f"{first}meeting/other/")
    page.locator("[name=words]").fill(DECISION)
    page.locator("[name=owner_words]").fill("The secretary")
    follow(page.get_by_role("button", name="Record the decision"))
    page.goto(first)
    save(page, "Mark as held")
    follow(page.get_by_role("main").get_by_role("button", name="Write it up"))
    page.get_by_label("What was said and decided?").fill("The parishes will each send a map.")
    follow(page.get_by_role("button", name="Publish the summary"))
    reader.goto(f"{first}minutes/")
    for words in (DECISION, "The parishes will each send a map."):
        expect(main).to_contain_text(words)

    plan(page, "Second meeting of the canal path", today + timedelta(days=30))
    second = page.url
    page.goto("/points/?kind=decision")
    follow(page.locator("li").filter(has_text=DECISION).get_by_role("link"))
    follow(page.get_by_role("button", name="Mark as done"))
    page.get_by_label("When was it done?").fill("today")
    save(page, "Mark as done")
    page.goto(f"{second}meeting/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What became of the last decisions")
    expect(page.get_by_role("main")).to_contain_text(DECISION)
    expect(page.get_by_role("main")).to_contain_text("Done")
