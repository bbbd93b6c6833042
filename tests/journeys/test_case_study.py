"""A partner tells an item of evidence at length on a telephone; what was typed outlives the page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Account, account_of, follow, sign_in_with_password
from tests.journeys.test_tell_us import wide

HEADLINE = "A kitchen that feeds a village"


@pytest.mark.timeout(300)
def test_a_partner_tells_it_at_length_on_a_telephone(
    open_browser: Callable[..., Page], accounts: list[Account]
) -> None:
    partner = open_browser(phone=True)
    sign_in_with_password(partner, account_of(accounts, "partner"))
    partner.goto("/evidence/?show=mine&state=accepted")
    follow(partner.locator(".app-cards").get_by_role("link").first)
    follow(partner.get_by_role("main").get_by_role("link", name="Tell it at length"))
    main = partner.get_by_role("main")
    assert wide(partner) <= 0
    main.get_by_label("Headline").fill(HEADLINE)
    main.get_by_label("What did you do?").fill("We opened the hall kitchen on Tuesdays.")
    main.get_by_label("What did someone say about it?").fill("I have not laughed so much in years.")
    main.get_by_label("Who said it?").fill("a regular guest")
    expect(partner.locator("[data-kept]")).to_contain_text("Kept at", timeout=15_000)
    partner.reload()  # as a telephone does that was put away
    expect(main.get_by_label("Headline")).to_have_value(HEADLINE)
    follow(main.get_by_role("button", name="Send it to the council"))
    expect(partner.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    expect(main).to_contain_text("Waiting")
    expect(main).to_contain_text("nobody has recorded that its speaker agreed")
    assert wide(partner) <= 0
    stranger = open_browser(phone=True)
    answer = stranger.goto(partner.url)
    assert answer is not None
    assert answer.status == 404
