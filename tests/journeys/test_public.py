"""A resident on a telephone: what was promised, how it stands, who says so, and the report, without an account."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, follow

SCREENS_TO_THE_REPORT = 5
"""On a telephone the latest report is met within so many screens; the board of 32 tiles and its key take most of them."""


@pytest.mark.timeout(300)
def test_a_resident_reads_from_the_home_page_to_the_report(open_browser: Callable[..., Page]) -> None:
    page = open_browser(phone=True)
    page.goto("/")
    main = page.get_by_role("main")
    lead = main.locator(".app-lead").first.inner_text()
    assert "32 commitments" in lead, lead
    assert "five" in lead or "5" in lead, lead
    expect(main).to_contain_text(re.compile(r"\d+ of 32 (commitments )?(were|was|have been) updated in the last year"))
    latest = main.get_by_role("link", name=re.compile("^Read the report|^Report for|^The report for", re.I)).first
    box = latest.bounding_box()
    assert box
    assert box["y"] < SCREENS_TO_THE_REPORT * PHONE["height"], box["y"]

    for folded in main.locator("details.app-quiet").all():
        expect(folded).not_to_have_attribute("open", re.compile(".*"))
    tile = main.locator(".app-board a.app-tile").first
    assert re.search(r"1\.1", tile.inner_text())
    tile.click()
    expect(page).to_have_url(re.compile(r"/commitments/[a-z0-9-]+/$"))
    expect(main).to_contain_text("Reported by")

    page.goto("/")
    latest = main.get_by_role("link", name=re.compile("^Read the report|^Report for|^The report for", re.I)).first
    latest.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Report for")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"the report is {wide} px wider than the telephone"

    page.goto("/evidence/")
    first = page.get_by_role("main").locator("a[href^='/evidence/']").filter(has_text=re.compile(r"\w")).first
    title = first.inner_text()
    follow(first)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
