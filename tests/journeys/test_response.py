"""A recommendation is answered: an officer writes the response, another approves it, the board shows it, and progress opens."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Account, account_of, follow, sign_in_with_password

BOARD = "/strategies/community-wealth-building/"
WORDS = "The districts and the anchors will be asked what they want to measure, and then we begin."


@pytest.mark.timeout(360)
def test_a_response_is_written_approved_and_opens_progress(
    open_browser: Callable[..., Page], accounts: list[Account]
) -> None:
    reader, writer, second = (open_browser() for _ in range(3))
    tile = reader.locator("a.app-tile").and_(reader.get_by_role("link", name=re.compile("^2c ")))
    reader.goto(BOARD)
    expect(tile).to_have_accessible_name(re.compile("Awaiting a response"))
    follow(tile)
    address = reader.url

    sign_in_with_password(writer, account_of(accounts, "heath.harebell"))
    writer.goto(address)
    expect(writer.get_by_role("button", name="Change status")).to_have_count(0)
    follow(writer.get_by_role("link", name="Open the response of Oxfordshire County Council"))
    writer.get_by_label("Accepted", exact=True).check()
    writer.get_by_label("What will be done, or why not?").fill(WORDS)
    writer.get_by_label("Where was it decided? (optional)").fill("Cabinet")
    follow(writer.get_by_role("button", name="Send for approval"))
    expect(writer.get_by_role("main")).to_contain_text("Awaiting a response")
    reader.reload()
    expect(reader.get_by_role("main")).not_to_contain_text(WORDS)

    sign_in_with_password(second, account_of(accounts, "officer"))
    second.goto("/my-work/")
    follow(second.get_by_role("main").get_by_role("link", name=re.compile("^2c ")).first)
    expect(second.get_by_role("main")).to_contain_text(WORDS)
    second.get_by_label("Approve", exact=True).check()
    follow(second.get_by_role("button", name="Save your decision"))

    reader.reload()
    expect(reader.get_by_role("main")).to_contain_text(WORDS)
    expect(reader.get_by_role("main")).to_contain_text("Decided by Cabinet")
    reader.goto(BOARD)
    expect(tile).to_have_accessible_name(re.compile(r"\bAccepted\b"))
    writer.goto(address)
    expect(writer.get_by_role("button", name="Change status")).to_be_visible()
