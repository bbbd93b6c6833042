"""With the keyboard alone: in, to a commitment by its tile, through the update to sending it. Focus is always seen."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Account, account_of

FOCUSED = """() => {
    const here = document.activeElement;
    if (!here || here === document.body) return null;
    const seen = element => {
        const style = getComputedStyle(element);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)
            || style.boxShadow !== 'none';
    };
    // A radio's ring is drawn by the label beside it.
    const label = here.labels && here.labels[0];
    const ring = label && getComputedStyle(label, '::before');
    const shown = seen(here) || (ring && (ring.boxShadow !== 'none' || ring.outlineStyle !== 'none'));
    const box = here.getBoundingClientRect();
    return {
        words: (here.getAttribute('aria-label') || (label && label.innerText) || here.innerText || '').trim(),
        tag: here.tagName, id: here.id, classes: here.className, href: here.getAttribute('href') || '',
        value: here.value || '', type: here.type || '', shown: !!shown,
        inside: box.bottom > 0 && box.top < innerHeight,
    };
}"""


class Keys:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stops = 0

    def here(self) -> dict[str, Any]:
        """What has the focus; it must be seen."""
        found = self.page.evaluate(FOCUSED)
        assert found, f"nothing has the focus at {self.page.url}"
        assert found["shown"], f"nobody sees the focus on {found}"
        assert found["inside"], f"the focus is outside the window, on {found}"
        return found

    def tab_to(self, wanted: Callable[[dict[str, Any]], bool], most: int = 90) -> dict[str, Any]:
        for _ in range(most):
            self.page.keyboard.press("Tab")
            self.stops += 1
            found = self.here()
            if wanted(found):
                return found
        raise AssertionError(f"not reached within {most} stops at {self.page.url}")

    def tab_to_words(self, words: str) -> dict[str, Any]:
        return self.tab_to(lambda found: found["words"] == words)

    def tab_to_id(self, name: str) -> dict[str, Any]:
        return self.tab_to(lambda found: found["id"] == name)

    def press(self, key: str) -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def write(self, words: str) -> None:
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(words)


def test_the_first_stop_skips_to_the_page_s_own_part(open_browser: Callable[..., Page]) -> None:
    page = open_browser()
    page.goto("/")
    keys = Keys(page)
    assert keys.tab_to_words("Skip to main content")
    assert keys.stops == 1
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.timeout(240)
def test_an_officer_sends_an_update_with_the_keyboard_alone(
    open_browser: Callable[..., Page], accounts: list[Account]
) -> None:
    officer = account_of(accounts, "officer")
    page = open_browser()
    keys = Keys(page)
    page.goto("/")
    keys.tab_to_words("Sign in")
    keys.press("Enter")
    keys.tab_to_id("id_email")
    keys.write(officer.email)
    keys.tab_to_words("Use a password")
    keys.press("Enter")
    keys.tab_to_id("id_password")
    keys.write(officer.password)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    code = page.get_by_text("Demo: the code is now").locator("strong").inner_text()
    keys.tab_to_id("id_code")
    keys.write(code)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("My tasks")

    page.goto("/")
    tile = keys.tab_to(
        lambda found: "app-tile" in found["classes"] and "/commitments/support-strong-leadership/" in found["href"]
    )
    assert "3.4" in tile["words"]
    keys.press("Enter")
    expect(page).to_have_url(re.compile(r"/commitments/support-strong-leadership/$"))
    keys.tab_to_words("Update")
    keys.press("Enter")

    # Choose with the arrows, forget the reason, and be told.
    radio = keys.tab_to(lambda found: found["type"] == "radio")
    before = radio["value"]
    page.keyboard.press("ArrowDown")
    chosen = keys.here()["value"]
    assert chosen != before
    for _ in range(6):
        if chosen == "at_risk":
            break
        page.keyboard.press("ArrowDown")
        chosen = keys.here()["value"]
    assert chosen == "at_risk"
    keys.tab_to_id("id_reason")
    keys.write("")
    page.keyboard.press("Delete")
    keys.tab_to_words("Check your answers")
    keys.press("Enter")
    expect(page).to_have_title(re.compile("^Error: "))
    page.wait_for_function("document.activeElement.classList.contains('govuk-error-summary')")
    assert keys.here()["classes"]
    keys.tab_to(lambda found: found["href"] == "#id_reason")
    page.keyboard.press("Enter")
    assert keys.here()["id"] == "id_reason"
    keys.write("The hall is closed for repairs.")
    keys.tab_to_id("id_remedy")
    keys.write("We meet in the library until May.")
    keys.tab_to_words("Check your answers")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    keys.tab_to_words("Send")
    keys.press("Space")
    expect(page.locator(".govuk-panel")).to_contain_text("Sent")
    print(f"{keys.stops} stops, and the focus was seen at each")
