"""A chapel with one volunteer signs a charter on a telephone, pledges, and reaffirms a year later with one tap."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Account, follow, sign_in_with_password
from tests.journeys.test_pace import Reader
from tests.journeys.test_yearly_round import day, main, press
from tests.pages import COMPACT, PASSWORD
from tests.stack import Stack, portal_with_story, started

REGISTER = f"{COMPACT}signatories/"
CHAPEL = "Willowbank Chapel Friends"
PLEDGE = "We tell the parish council early when the roof needs money."
LONGEST = 60.0
"""Seconds for signing, at reading speed."""
MOST_TAPS_TO_SIGN, MOST_TAPS_TO_PLEDGE = 2, 3
LATER = timedelta(days=330)
"""From the day of signing until the next round of the charter."""


@contextmanager
def visitor(browser: Browser, stack: Stack, who: str = "", *, phone: bool = False) -> Iterator[Page]:
    """Somebody at a browser of their own, signed in unless they are nobody. In a later year without JavaScript, as the clock of
    the browser is not that of the portal."""
    context = browser.new_context(
        base_url=stack.url, viewport=PHONE if phone else DESKTOP, java_script_enabled="PORTAL_DAY" not in stack.env
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    if who:
        sign_in_with_password(page, Account(f"{who}@example.org", "", PASSWORD))
    yield page
    context.close()


def line_of(page: Page):
    """The chapel's row of the register."""
    page.goto(REGISTER)
    return page.get_by_role("row").filter(has_text=CHAPEL)


def signs_and_pledges(page: Page) -> None:
    """From the public register, with nothing but taps until the pledge."""
    page.goto(REGISTER)
    expect(main(page)).to_contain_text(f"{CHAPEL} has not signed.")
    reader = Reader(page)
    reader.reads(down_to="Sign for")
    reader.presses("Sign for")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The Oxfordshire Compact")
    reader.presses("Sign", reads=False)
    thanks = page.get_by_role("alert")
    expect(thanks).to_contain_text(f"{CHAPEL} has signed")
    reader.words += len(thanks.inner_text().split())
    print(f"signed with {reader.taps} taps in {reader.seconds:.0f} s: {reader.words} words")
    assert reader.taps <= MOST_TAPS_TO_SIGN
    assert reader.seconds < LONGEST

    before = reader.taps
    follow(main(page).get_by_role("link", name=re.compile("^Add your pledges")))
    reader.taps += 1
    reader.types("1 Uphold the principles of the Compact", PLEDGE)
    reader.presses("Save pledges", reads=False)
    print(f"signed and pledged in {reader.seconds:.0f} s, {reader.taps} taps")
    assert reader.taps - before <= MOST_TAPS_TO_PLEDGE
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing goes over the edge"


def opens_the_next_round(page: Page, today: date) -> None:
    """End the round before, plan the next one and open it."""
    page.goto(f"{COMPACT}rounds/")
    follow(main(page).get_by_role("link", name=re.compile(r"20\d\d-\d\d")).first)
    if main(page).get_by_role("link", name="End the window").count():
        follow(main(page).get_by_role("link", name="End the window"))
        press(page, "End the window")
    follow(main(page).get_by_role("link", name="Close the round"))
    press(page, "Close the round")
    page.goto(f"{COMPACT}rounds/")
    press(page, "Plan a round")
    page.get_by_label("The window opens on").fill(day(today))
    page.get_by_label("The window closes on").fill(day(today + timedelta(days=30)))
    page.get_by_label("Late updates accepted until").fill(day(today + timedelta(days=40)))
    press(page, "Continue")
    press(page, "Plan this round")
    press(page, "Open the round")
    press(page, "Open the round")


@pytest.mark.timeout(240)
def test_a_chapel_signs_in_under_a_minute_and_reaffirms_a_year_later(browser: Browser, tmp_path: Path) -> None:
    with portal_with_story(tmp_path) as now:
        with started(now, jobs=False), visitor(browser, now) as reader:
            expect(line_of(reader)).to_have_count(0)
            with visitor(browser, now, "faith", phone=True) as volunteer:
                signs_and_pledges(volunteer)
            for words in ("Signed since the last round opened", PLEDGE):
                expect(line_of(reader)).to_contain_text(words)
            expect(line_of(reader)).not_to_contain_text("Ivy")

        today = date.today() + LATER
        later = replace(now, env=now.env | {"PORTAL_DAY": today.isoformat()})
        with started(later, jobs=False, wsgi="tests.shots.fixed_day"), visitor(browser, later) as reader:
            with visitor(browser, later, "administrator") as administrator:
                opens_the_next_round(administrator, today)
            expect(line_of(reader)).to_contain_text("No reply yet")
            expect(main(reader)).to_contain_text("No reply does not count as a “no”.")
            with visitor(browser, later, "faith", phone=True) as volunteer:
                volunteer.goto("/my-work/")
                press(volunteer, "We still stand by it")
                expect(volunteer.get_by_role("alert")).to_contain_text(f"{CHAPEL} still stands by")
            expect(line_of(reader)).to_contain_text(re.compile("Reaffirmed in 20"))
            expect(line_of(reader)).to_contain_text(PLEDGE)
