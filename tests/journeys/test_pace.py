"""How long a partner's update takes at reading speed, from the email with the code to the receipt: under two minutes.

And how much of it there is: at most 8 taps and 220 words from *My tasks* to the receipt, with a photograph.
"""

import re
import statistics
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Account, account_of, sign_in_with_code
from tests.journeys.test_main_job import a_photograph

WORDS_A_SECOND = 4.0
"""Reading on a screen without haste: 240 words a minute."""
LETTERS_A_SECOND = 3.3
"""Typing with two thumbs: 40 words a minute."""
LIMIT = 120.0
TIMES = 3
MAX_TAPS = 8
MAX_WORDS = 220
LINE = "Ran a drop-in for new parents"


SEEN = """lowest => [...document.querySelectorAll('main *')]
    .filter(one => one.getBoundingClientRect().top <= lowest)
    .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
    .filter(one => one.checkVisibility() && !one.closest('.govuk-visually-hidden'))
    .map(one => one.innerText.trim())"""
"""What the page's own part shows down to a place in pixels, piece by piece."""
TO_THE_END = 1_000_000.0


class Reader:
    """Counts what a person reads and types; the machine's own time is added to it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.began = time.monotonic()
        self.words = self.letters = self.taps = 0
        self.known: set[str] = set()
        self.words_on_the_way = 0

    def reads(self, down_to: str = "") -> None:
        """Every word that is shown, each line once: what stood on the page before is not read again.

        :param down_to: the button at which the person stops reading; without one, the whole page is read.
        """
        box = (
            self.page.get_by_role("main").get_by_role("button", name=down_to).first.bounding_box() if down_to else None
        )
        for line in self.page.evaluate(SEEN, box["y"] if box else TO_THE_END):
            if line not in self.known:
                self.known.add(line)
                self.words += len(line.split())

    def types(self, label: str, text: str) -> None:
        self.letters += len(text)
        self.taps += 1
        self.page.get_by_label(label).fill(text)

    def presses(self, name: str, *, reads: bool = True) -> None:
        self.taps += 1
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("button", name=re.compile(f"^{name}")).first.click()
        if reads:
            self.reads()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began + self.words / WORDS_A_SECOND + self.letters / LETTERS_A_SECOND


def one_update(page: Page, account: Account) -> Reader:
    """From the code to the receipt, as a volunteer does it on a telephone."""
    reader = Reader(page)
    sign_in_with_code(page, account)
    reader.letters += len(account.email) + len("1234-5678")
    reader.reads()
    at_my_tasks = reader.words
    reader.presses("Tell us what you did")
    reader.taps += 1
    page.locator("input[type=file]").set_input_files(
        {"name": "hall.jpg", "mimeType": "image/jpeg", "buffer": a_photograph()}
    )
    reader.presses("No, continue")
    reader.types("What did you do?", LINE)
    reader.presses("Continue")
    page.get_by_role("checkbox").first.check()
    reader.taps += 1
    reader.presses("Check your answers")
    reader.presses("Yes, send it", reads=False)
    receipt = page.get_by_role("alert")
    expect(receipt).to_contain_text("Sent. A council officer will review it")
    reader.words += len(receipt.inner_text().split())
    reader.words_on_the_way = reader.words - at_my_tasks
    return reader


@pytest.mark.timeout(240)
def test_a_partner_s_update_takes_less_than_two_minutes(
    open_browser: Callable[..., Page], accounts: list[Account]
) -> None:
    taken = []
    for _ in range(TIMES):
        reader = one_update(open_browser(phone=True), account_of(accounts, "faith"))
        taken.append(reader.seconds)
        own = reader.seconds - reader.words / WORDS_A_SECOND - reader.letters / LETTERS_A_SECOND
        print(f"{reader.taps} taps and {reader.words_on_the_way} words after My tasks")
        assert reader.taps <= MAX_TAPS
        assert reader.words_on_the_way <= MAX_WORDS
        print(f"{reader.seconds:.0f} s, of which the machine {own:.0f}: {reader.words} words, {reader.letters} letters")
    assert statistics.median(taken) < LIMIT, taken
