"""A member of the steering group: the work is on the first page, the draft is read, what changed is read, a comment is left."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Account, account_of, sign_in_with_code

REMARK = "Can this name the two halls, please?"


@pytest.mark.timeout(240)
def test_a_member_lands_on_the_work_and_reads_it(open_browser: Callable[..., Page], accounts: list[Account]) -> None:
    page = open_browser()
    sign_in_with_code(page, account_of(accounts, "steering"))
    page.goto("/my-work/")
    main = page.get_by_role("main")
    for heading in ("The draft report", "Open comments", "Next dates"):
        expect(main.get_by_role("heading", name=heading).first).to_be_visible()
    expect(main.get_by_role("heading", name=re.compile(r"^What changed since \d+\s\w+\s20\d\d$")).first).to_be_visible()

    main.get_by_role("link", name=re.compile("^Read the whole draft for 20")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Draft report for")
    expect(main).to_contain_text("This is a draft")
    page.get_by_role("link", name="All sections").click()
    main.get_by_role("link", name=re.compile("^(Comment|[0-9]+ open comments?) on ")).first.click()
    page.get_by_label("Your comment on this section").fill(REMARK)
    page.get_by_role("button", name="Add the comment").click()
    expect(page.get_by_role("region", name=re.compile("^Comments: [0-9]+ open"))).to_contain_text(REMARK)

    page.goto("/my-work/")
    expect(main.get_by_role("region").filter(has_text="Open comments").first).to_contain_text("comment")
    main.get_by_role("link", name="See what changed").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What changed")
    page.goto("/my-work/")
    assert main.get_by_role("link", name=re.compile("report for 20", re.I)).count(), (
        "the latest report is one click away"
    )
