"""The report as a record: written, spoken of, made, sealed, read, verified and withdrawn, on the running stack."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys.conftest import Account, account_of, follow, sign_in_with_code, sign_in_with_password
from vcsportal.demo.years import Years

PLAN = "In the year to come every village hall gets a key safe."
REMARK = "Which halls come first? Members will ask."
ANSWER = "Those that open for breakfast. The sentence will say so."
ENOUGH = "The Board meets on Monday; what is missing is named in the report."
CLOSED = Years(date.today()).rounds()[2].slug
"""The round of the demo that was closed last."""
WHY = "A figure in the second priority was counted twice. A new edition follows."


def the_report_to_write(page: Page) -> None:
    """From the list of reports to the texts for the round that was closed last."""
    page.goto("/reports/")
    others = page.locator("section[aria-labelledby=write-reports]")
    if others.locator("details:not([open]) > summary").count():
        others.locator("summary").click()
    # Whoever sees the reports of one strategy only isn't told which it is.
    follow(others.get_by_role("link", name=re.compile(f"^Report for {CLOSED}($|, .*Sector Strategy)")))


def the_section(page: Page, name: str) -> None:
    """To a section of that report."""
    the_report_to_write(page)
    follow(page.get_by_role("main").get_by_role("link", name=re.compile(f" on {name}$")).first)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def the_officer_writes(page: Page) -> None:
    """Last year's words stand beside the box; the preview shows the new ones; they are saved."""
    the_section(page, "Forward plan")
    expect(page.get_by_role("complementary").filter(has_text="What was written for")).to_contain_text("Compact")
    page.get_by_role("main").locator("textarea[name=text]").fill(PLAN)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#as-printed")).to_contain_text(PLAN)
    follow(page.get_by_role("button", name="Save draft"))
    the_section(page, "Forward plan")
    expect(page.get_by_role("main").locator("textarea[name=text]")).to_have_value(PLAN)


def the_edition(page: Page) -> str:
    """Ask for the report of the round that is being written; return the edition's address once it is ready.

    While another journey's edition of the round is being made, which may lack these texts, the portal says so.
    """
    while True:
        the_report_to_write(page)
        follow(page.get_by_role("link", name="Request the report with these texts"))
        follow(page.get_by_role("button", name="Request the report"))
        expect(page.get_by_role("heading", level=1)).to_contain_text("Report for")
        another = page.get_by_role("alert").filter(has_text="already being made").count()
        expect(page.get_by_role("button", name=re.compile("^Download the report"))).to_be_visible(timeout=120_000)
        if not another:
            return page.url


def verified(page: Page, name: str, content: bytes) -> str:
    """What the public page says of a file."""
    page.goto("/reports/verify/")
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
    if page.get_by_role("button", name="Verify the file").is_visible():
        page.get_by_role("button", name="Verify the file").click()
    page.wait_for_url(re.compile(r"/reports/verify/[0-9a-f]{64}/"))
    return page.get_by_role("heading", level=1).inner_text()


def tick_all(page: Page) -> None:
    """Tick every warning, as somebody does who has read the list. The page has to be whole: a list is not waited for."""
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        box.check()


def confirmed(page: Page, reason: str) -> None:
    """A second person finds the proposal among their tasks, reads it and confirms."""
    page.goto("/my-work/")
    links = page.get_by_role("main").get_by_role("link", name=re.compile(f"the report for {CLOSED}"))
    for address in [link.get_attribute("href") for link in links.all()]:  # those who look at every page propose, too
        page.goto(str(address))
        if reason in page.get_by_role("main").inner_text():
            break
    expect(page.get_by_role("main")).to_contain_text(reason)
    tick_all(page)
    page.get_by_role("radio", name="Confirm").check()
    follow(page.get_by_role("button", name="Save your decision"))


@pytest.mark.timeout(300)
def test_a_report_is_written_spoken_of_sealed_verified_and_withdrawn(
    open_browser: Callable[..., Page], accounts: list[Account]
) -> None:
    officer, second, steering, stranger = open_browser(), open_browser(), open_browser(), open_browser(phone=True)
    password = account_of(accounts, "officer").password
    sign_in_with_password(officer, Account("marigold.mead@example.org", "", password))
    sign_in_with_password(second, account_of(accounts, "officer"))
    sign_in_with_code(steering, account_of(accounts, "steering"))

    the_officer_writes(officer)
    the_section(steering, "Forward plan")
    expect(steering.get_by_role("main")).to_contain_text(PLAN)
    expect(steering.get_by_role("button", name="Save draft")).to_have_count(0)
    steering.get_by_label("Your comment on this section").fill(REMARK)
    follow(steering.get_by_role("button", name="Add the comment"))
    the_section(officer, "Forward plan")
    mine = officer.locator(".app-comment").filter(has_text=REMARK)
    mine.locator("summary").click()
    mine.locator("textarea").fill(ANSWER)
    follow(mine.get_by_role("button", name=re.compile("^Resolve")))
    expect(officer.locator(".app-comment").filter(has_text=REMARK)).to_contain_text(ANSWER)

    edition = the_edition(steering)
    assert stranger.request.get(f"{edition}read/").status == 404
    officer.goto(edition)
    follow(officer.get_by_role("button", name="Check and publish"))
    tick_all(officer)
    officer.get_by_label("Why should it be published despite the warnings?").fill(ENOUGH)
    officer.get_by_role("button", name="Propose to publish").click()
    expect(officer.get_by_role("alert")).to_contain_text("A colleague now has to confirm it")
    assert stranger.request.get(f"{edition}read/").status == 404
    confirmed(second, ENOUGH)
    expect(second.get_by_role("alert")).to_contain_text("Everyone can now read it")

    stranger.goto("/reports/")
    follow(stranger.locator(".app-shelf__name").first)
    assert "/reports/of/" in stranger.url
    permanent = stranger.url
    expect(stranger.get_by_role("main")).to_contain_text(PLAN)
    content = stranger.request.get(f"{edition}report.pdf").body()
    last = " ".join(PdfReader(BytesIO(content)).pages[-1].extract_text().split())
    groups = re.search(r"((?:[0-9a-f]{8} ){7}[0-9a-f]{8})", last)
    assert groups, last

    assert verified(stranger, "report.pdf", content) == "This is a published report"
    assert "not a file of any edition" in verified(stranger, "report.pdf", content.replace(b"%%EOF", b"%%EOf"))
    stranger.goto("/reports/verify/")
    stranger.get_by_label("The checksum").fill(groups[1])
    stranger.get_by_role("button", name="Verify the checksum").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This is a published report")
    expect(stranger.get_by_role("main")).to_contain_text("It is printed on its last page")

    officer.goto(edition)
    officer.get_by_role("link", name="Withdraw this edition").click()
    officer.get_by_role("main").locator("textarea").fill(WHY)
    follow(officer.get_by_role("button", name="Propose to withdraw"))
    confirmed(second, WHY)
    stranger.goto("/reports/")
    expect(stranger.get_by_role("main")).to_contain_text(WHY)
    assert verified(stranger, "report.pdf", content) == "This report was published, and has been withdrawn"
    assert stranger.request.get(f"{edition}report.pdf").status == 410
    answer = stranger.goto(permanent)
    assert answer
    assert answer.status == 410
