"""An officer writes a section of the next report, a steering-group member comments on it, in browsers that run no script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Account, account_of, sign_in_with_code, sign_in_with_password

SECTION = "Equalities implications"
WORDS = "Groups led by people from minority communities asked for **smaller** grants.\n\n- They got them."
REMARK = "How many groups were they?"
ANSWER = "Eleven; the sentence says so now."


def to_the_list(page: Page) -> None:
    page.goto("/reports/")
    reports = page.get_by_role("list", name="Reports that can be written").get_by_role("link")
    ours = reports.filter(has_text="Sector Strategy")  # named only for people with reports of several strategies
    (ours if ours.count() else reports).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("report for")


def the_officer_writes(page: Page) -> None:
    to_the_list(page)
    page.get_by_role("link", name=re.compile(f" on {SECTION}$")).click()
    box = page.get_by_label("Who does it help or hold back?")
    box.fill("x" * 3001)
    page.get_by_role("button", name="Save draft").click()
    expect(page).to_have_title(re.compile("^Error: "))
    assert len(page.get_by_label("Who does it help or hold back?").input_value()) == 3001
    page.get_by_role("link", name=re.compile("Shorten it by 1")).click()
    page.get_by_label("Who does it help or hold back?").fill(WORDS)
    page.get_by_role("button", name="Preview").click()
    sheet = page.get_by_role("region", name="How it will print")
    expect(sheet.get_by_role("listitem")).to_have_text("They got them.")
    expect(sheet.locator("strong")).to_have_text("smaller")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("main")).to_contain_text(f"{SECTION}: the text is saved.")


def the_steering_member_comments(page: Page) -> None:
    to_the_list(page)
    page.get_by_role("button", name="Read the whole draft").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Draft report for")
    expect(page.get_by_role("main")).to_contain_text("This is a draft")
    page.get_by_role("link", name="All sections").click()
    page.get_by_role("link", name=re.compile(f" on {SECTION}$")).click()
    expect(page.get_by_role("main")).to_contain_text("They got them.")
    expect(page.get_by_role("button", name="Save draft")).to_have_count(0)
    page.get_by_role("button", name="Add the comment").click()
    expect(page).to_have_title(re.compile("^Error: "))
    page.get_by_label("Your comment on this section").fill(REMARK)
    page.get_by_role("button", name="Add the comment").click()
    expect(page.get_by_role("region", name="Comments: 1 open")).to_contain_text(REMARK)


def the_officer_answers(page: Page) -> None:
    to_the_list(page)
    page.get_by_role("link", name=f"1 open comment on {SECTION}").click()
    page.get_by_text("Answer and resolve").click()
    page.get_by_label("Your answer (optional)").fill(ANSWER)
    page.get_by_role("button", name=re.compile("^Resolve")).click()
    expect(page.get_by_role("region", name="Comments")).to_contain_text(ANSWER)


@pytest.mark.timeout(300)
def test_a_section_is_written_and_spoken_of(open_browser: Callable[..., Page], accounts: list[Account]) -> None:
    officer, steering = open_browser(javascript=False), open_browser(javascript=False)
    sign_in_with_password(officer, account_of(accounts, "officer"))
    the_officer_writes(officer)
    sign_in_with_code(steering, account_of(accounts, "cowslip.crane"))
    the_steering_member_comments(steering)
    the_officer_answers(officer)
    steering.reload()
    expect(steering.get_by_role("main")).to_contain_text(ANSWER)
