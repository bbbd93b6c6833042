"""The main steps again in a browser that runs no script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Account, account_of, follow, sign_in_with_code, sign_in_with_password
from tests.journeys.test_main_job import a_photograph

COMMITMENT = "/strategies/oxfordshire-vcs-2022-27/commitments/support-equality-work-within-the-sector/"
REASON = "The second group of schools starts a term later."
TITLE = "Ran a kitchen for new parents"


def the_officer_updates(page: Page) -> None:
    page.goto(COMMITMENT)
    follow(page.get_by_role("button", name="Update", exact=True))
    assert page.get_by_role("radio", checked=True).get_attribute("value") != "at_risk"
    page.get_by_role("radio", name="At risk", exact=True).check()
    page.get_by_role("button", name="Check your answers").click()
    expect(page).to_have_title(re.compile("^Error: "))
    page.get_by_role("link", name=re.compile("why", re.I)).first.click()
    page.get_by_label("Why?").fill(REASON)
    page.get_by_label("What will be done about it?").fill("We start with four schools.")
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".govuk-panel")).to_contain_text("Sent")


def the_partner_logs(page: Page) -> None:
    page.goto("/evidence/new/")
    page.get_by_label("What did you do?").fill(TITLE)
    page.locator("input[type=file]").set_input_files(
        {"name": "kitchen.jpg", "mimeType": "image/jpeg", "buffer": a_photograph()}
    )
    page.get_by_role("button", name="Save and send").click()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_role("main")).to_contain_text("kitchen.jpg")  # the files need not be chosen again
    page.get_by_label("When was it, or when did it begin?").fill("3 March 2026")
    group = page.locator("details").filter(
        has=page.locator('[name="commitments"][value="address-inequalities-where-need-is-greatest"]')
    )
    if group.get_attribute("open") is None:
        group.locator("summary").click()
    page.locator('[name="commitments"][value="address-inequalities-where-need-is-greatest"]').check()
    page.get_by_role("button", name="Save and send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before you send")
    page.get_by_role("button", name="Send it to the council").click()
    expect(page.get_by_role("main")).to_contain_text("Sent. A council officer will review it")


def the_officer_returns(page: Page) -> None:
    page.goto("/review/")
    page.get_by_role("link", name=TITLE).last.click()
    page.get_by_role("radio", name=re.compile("^Return")).check()
    page.get_by_role("button", name="Decide, then show the next").click()
    expect(page).to_have_title(re.compile("^Error: "))
    page.get_by_label("What needs to change?").fill("How many parents came?")
    page.get_by_role("button", name="Decide, then show the next").click()
    expect(page.get_by_role("main")).to_contain_text(f"You returned “{TITLE}”")


@pytest.mark.timeout(300)
def test_the_main_steps_need_no_script(open_browser: Callable[..., Page], accounts: list[Account]) -> None:
    officer, partner, steering = (open_browser(javascript=False) for _ in range(3))
    sign_in_with_password(officer, account_of(accounts, "officer"))
    the_officer_updates(officer)

    sign_in_with_code(partner, account_of(accounts, "contributor"))
    the_partner_logs(partner)
    the_officer_returns(officer)
    partner.goto("/my-work/")
    partner.get_by_role("link", name=TITLE).first.click()
    expect(partner.get_by_role("main")).to_contain_text("How many parents came?")

    sign_in_with_code(steering, account_of(accounts, "cowslip.crane"))
    steering.goto("/reports/")
    steering.get_by_role("radio").last.check()
    follow(steering.get_by_role("button", name="Request the report"))
    times: list[str] = []
    steering.on("load", lambda page: times.append(page.url))
    expect(steering.get_by_role("button", name=re.compile("^Download"))).to_be_visible(timeout=120_000)
    assert times, "the page did not load itself again"
    assert len(set(times)) == 1
