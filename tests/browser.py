"""The browser of the tests: the one that ``CHROMIUM`` names, or Debian's, without its own errands on the network."""

import os
import re
import shutil
from typing import Any, Final

from playwright.sync_api import Page

from vcsportal.local.prepare import BROWSERS

CHROMIUM: Final = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), "")
QUIET: Final = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
]


def open_email(page: Page, *words: str | re.Pattern[str]) -> None:
    """Open the newest email whose line in the list has all these words, once the worker has sent it."""
    sent = page.get_by_role("main").get_by_role("listitem")
    for part in words:
        sent = sent.filter(has_text=part)
    for _again in range(60):  # half a minute; a list that was opened stays as it was
        page.goto("/dev/mail/")
        if sent.count():
            break
        page.wait_for_timeout(500)
    with page.expect_navigation():
        sent.first.get_by_role("link").first.click()


def pass_second_step(page: Any) -> None:
    """Type the code that the page of a demo account shows, if the page that follows the password asks for one."""
    shown = page.get_by_role("main").get_by_text("Demo: the code is now").locator("strong")
    if shown.count():
        page.locator('main [name="code"]').first.fill(shown.inner_text())
        with page.expect_navigation():
            page.get_by_role("main").get_by_role("button", name="Sign in").click()
