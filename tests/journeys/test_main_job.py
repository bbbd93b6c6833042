"""The main job, told once from end to end: officer, partner, officer, steering group, stranger, on the running stack."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys.conftest import Account, account_of, follow, sign_in_with_code, sign_in_with_password
from tests.pdf import in_catalogue

COMMITMENT = "5.1"
REASON = "Two of the five places that were promised have been let to somebody else."
REMEDY = "We are talking with three halls that could stand in for them."
TITLE = "Opened the green room to nine new groups"
CAPTION = "The room on its first evening"


def a_photograph() -> bytes:
    """A JPEG of a room with a window, of the size that a telephone makes."""
    picture = Image.new("RGB", (1600, 1200), (214, 226, 208))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((500, 200, 1100, 700), fill=(150, 190, 220))
    pen.rectangle((0, 900, 1600, 1200), fill=(140, 110, 80))
    out = BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def reading(path: Path) -> tuple[PdfReader, str]:
    """The report, and its words with single spaces."""
    report = PdfReader(path)
    return report, " ".join(" ".join(page.extract_text() for page in report.pages).split())


def address_of_commitment(page: Page, reference: str) -> str:
    """Go to it from the front page, by its tile."""
    page.goto("/")
    tile = page.locator(".app-board a.app-tile").filter(has_text=re.compile(rf"^\s*{re.escape(reference)}")).first
    tile.click()
    expect(page).to_have_url(re.compile(r"/commitments/[a-z-]+/$"))
    return page.url


def the_officer_updates(page: Page) -> tuple[str, str, str]:
    """Write, check, send. Returns the commitment's address, the round and the new status."""
    address = address_of_commitment(page, COMMITMENT)
    follow(page.get_by_role("button", name="Update", exact=True))
    round_ = re.search(r"20\d\d-\d\d", page.locator("main .govuk-caption-l").inner_text())
    assert round_
    now = page.get_by_role("radio", checked=True)
    before = now.get_attribute("value") if now.count() else ""
    status = "Delayed" if before == "at_risk" else "At risk"
    page.get_by_role("radio", name=status, exact=True).check()
    page.get_by_label("Why?").fill(REASON)
    page.get_by_label("What will be done about it?").fill(REMEDY)
    page.get_by_label("What has happened?").fill("Three places have opened. **Two** have not.")
    page.get_by_label("What comes next?").fill("- A visit to each hall")
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.get_by_role("main")).to_contain_text(REASON)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".govuk-panel")).to_contain_text("Sent")
    return address, round_.group(), status


def a_colleague_approves(page: Page, address: str, status: str) -> None:
    """The second pair of eyes; only then can everybody read it."""
    page.goto(address)
    expect(page.get_by_role("main")).not_to_contain_text(REASON)
    page.goto("/review/updates/")
    page.get_by_role("main").get_by_role("link", name=re.compile(rf"^{re.escape(COMMITMENT)} ")).first.click()
    page.get_by_role("radio", name=re.compile("^Approve")).check()
    follow(page.get_by_role("button", name="Decide, then show the next"))
    page.goto(address)
    expect(page.get_by_role("main")).to_contain_text(REASON)
    page.goto("/")
    tile = page.locator(f'.app-board a.app-tile[href="{address.removeprefix(page.url.rstrip("/"))}"]').first
    expect(tile).to_contain_text(status)


def the_partner_logs(page: Page, round_: str) -> None:
    """On a telephone: the line, the photograph, the day, the commitment, the story; look once more; send."""
    page.goto("/my-work/")
    page.get_by_role("main").get_by_role("button", name="Tell us what you did").first.click()
    page.get_by_role("link", name="All questions on one page").click()
    page.get_by_label("What did you do?").fill(TITLE)
    page.locator("input[type=file]").set_input_files(
        {"name": "room.jpg", "mimeType": "image/jpeg", "buffer": a_photograph()}
    )
    page.get_by_label("Caption (optional)").fill(CAPTION)
    page.get_by_label("When was it, or when did it begin?").fill(f"12 March {int(round_[:4]) + 1}")
    page.locator("summary").filter(has_text=re.compile(rf"^\s*{COMMITMENT[0]}\.? ")).click()
    page.get_by_role("checkbox", name=re.compile(rf"^{re.escape(COMMITMENT)} ")).check()
    page.get_by_role("checkbox", name="All of the county").check()
    page.get_by_label("What happened?").fill("Nine groups met in it in the first month.")
    page.get_by_label("People reached").fill("140")
    page.get_by_role("checkbox", name="This may be published").check()
    page.get_by_role("button", name="Save and send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before you send")
    expect(page.get_by_role("img", name=CAPTION)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("It may be published")
    page.get_by_role("button", name="Send it to the council").click()
    expect(page.get_by_role("main")).to_contain_text("Sent. A council officer will review it")


def the_officer_accepts(page: Page) -> None:
    page.goto("/review/")
    page.get_by_role("link", name=TITLE).last.click()  # the longest-waiting stands first
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.get_by_role("radio", name=re.compile("^Accept")).check()
    page.get_by_role("button", name="Decide, then show the next").click()
    expect(page.get_by_role("alert")).to_contain_text(f"You accepted “{TITLE}”")


def the_steering_group_gets_the_report(page: Page, round_: str, folder: Path) -> tuple[str, Path]:
    """Ask, watch it to the end on one page, download. Returns the edition's address and the file."""
    page.goto("/reports/")
    page.get_by_role("radio", name=re.compile(rf"^{round_}")).check()
    page.get_by_role("button", name="Request the report").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Report for {round_}")
    page.evaluate("window.neverLoadedAgain = true")
    download = page.get_by_role("button", name=re.compile("^Download the report"))
    expect(download).to_be_visible(timeout=120_000)
    assert page.evaluate("window.neverLoadedAgain") is True
    with page.expect_download() as waiting:
        download.click()
    kept = folder / "report.pdf"
    waiting.value.save_as(kept)
    assert waiting.value.suggested_filename.endswith(".pdf")
    return page.url, kept


@pytest.mark.timeout(300)
def test_from_the_officer_s_update_to_the_report_in_a_stranger_s_hands(
    open_browser: Callable[..., Page], accounts: list[Account], tmp_path: Path
) -> None:
    officer, partner, steering = open_browser(), open_browser(phone=True), open_browser()
    sign_in_with_password(officer, account_of(accounts, "officer"))
    address, round_, status = the_officer_updates(officer)
    colleague = open_browser()
    sign_in_with_password(colleague, account_of(accounts, "administrator"))
    a_colleague_approves(colleague, address, status)

    sign_in_with_code(partner, account_of(accounts, "partner"))
    the_partner_logs(partner, round_)
    the_officer_accepts(officer)

    sign_in_with_code(steering, account_of(accounts, "steering"))
    edition, file = the_steering_group_gets_the_report(steering, round_, tmp_path)
    report, words = reading(file)
    assert in_catalogue(report, "/MarkInfo", "/Marked")
    assert str(in_catalogue(report, "/Lang")) == "en-GB"
    for said in (TITLE, "Common Thread", REASON, REMEDY, status):
        assert said in words, said
    with steering.expect_download() as waiting:
        steering.get_by_role("link", name="The annex (PDF)").click()
    waiting.value.save_as(tmp_path / "annex.pdf")
    _, words = reading(tmp_path / "annex.pdf")
    for said in (TITLE, "Common Thread", CAPTION):
        assert said in words, said

    stranger = open_browser()
    stranger.goto(address)
    expect(stranger.get_by_role("main")).to_contain_text(REASON)
    stranger.get_by_role("link", name=TITLE).first.click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(stranger.get_by_role("img", name=CAPTION)).to_be_visible()
    for hidden in (edition, f"{edition}report.pdf"):
        assert stranger.request.get(hidden).status == 404
    answer = stranger.goto(edition)
    assert answer
    assert answer.status == 404

    officer.goto(edition)
    officer.get_by_role("button", name="Check and publish").click()
    expect(officer.get_by_role("main")).to_contain_text("The round is open: updates are still being written.")
    expect(officer.get_by_role("button", name="Propose to publish")).to_have_count(0)
    assert stranger.request.get(edition).status == 404, "nothing is published while its round is open"
