"""Somebody looks for a word: on a telephone without a script, and with the keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import follow
from tests.journeys.test_keyboard import Keys


@pytest.mark.timeout(300)
def test_on_a_telephone_a_button_opens_the_box_without_a_script(open_browser: Callable[..., Page]) -> None:
    page = open_browser(phone=True, javascript=False)
    page.goto("/")
    box = page.get_by_role("searchbox", name="Search the portal")
    expect(box).to_be_hidden()
    page.get_by_role("button", name="Search").click()
    expect(box).to_be_visible()
    box.fill("volunteers")
    with page.expect_navigation():
        box.press("Enter")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"\d+ results"))
    expect(page.get_by_role("main").locator("mark").first).to_be_visible()
    follow(page.get_by_role("navigation", name="Kinds of result").get_by_role("link", name="Evidence"))
    expect(page.get_by_role("main").get_by_role("heading", level=2)).to_contain_text(["Searching for", "Evidence"])
    follow(page.get_by_role("link", name="Remove Evidence"))
    follow(page.get_by_role("link", name="Remove “volunteers”"))
    expect(page).to_have_url(re.compile(r"/search/\?q=$"))


@pytest.mark.timeout(300)
def test_with_the_keyboard_alone_a_word_leads_to_a_page(open_browser: Callable[..., Page]) -> None:
    page = open_browser()
    page.goto("/reports/")
    keys = Keys(page)
    keys.tab_to_id("site-search-words")
    assert keys.stops <= 3, "the box comes right after the portal's name"
    keys.write("volunteering")
    keys.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=volunteering$"))
    found = page.locator(".app-hit__title a").first.get_attribute("href")
    keys.tab_to(lambda here: here["href"] == found)
    keys.press("Enter")
    assert page.url.endswith(found or "nowhere")
