"""A case study on its way from a partner's telephone to the draft report, until the person quoted in it changes their mind."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys.conftest import Account, account_of, follow, sign_in_with_password
from tests.journeys.test_yearly_round import main, press, told
from tests.pages import REPORT

HEADLINE = "A swap shop where six groups teach each other"
CHANGED = "Two groups now buy their insurance together, and save a fifth of it."
QUOTATION = "I taught bookkeeping and went home with a roof bar."
SHELF = "/evidence/case-studies/"


def evidence_without_case_study(page: Page) -> str:
    """The page of evidence of the partner's that was accepted and may be published, and has no case study."""
    handled = page.request.get("/evidence/case-studies/?show=handled").text()
    found = page.request.get("/api/v1/evidence/?state=accepted&organisation=common-thread").json()["results"]
    addresses = [
        "/" + each["page"].split("/", 3)[3]
        for each in found
        if each["publishable"] and each["story"] and not each["files"]
    ]
    return next(address for address in addresses if f"{address}case-study/" not in handled)


def writes_on_a_telephone(page: Page, evidence: str) -> Page:
    """From the evidence; the tab is closed in the middle, and what was typed is there."""
    page.goto(evidence)
    follow(main(page).get_by_role("link", name="Write a case study"))
    page.get_by_label("Headline").fill(HEADLINE)
    page.get_by_label("What changed?").fill(CHANGED)
    page.get_by_label("What did someone say about it?").fill(QUOTATION)
    expect(page.locator("[data-kept]")).to_contain_text("Kept at", timeout=15_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing goes over the edge"
    address = page.url
    other = page.context.new_page()
    page.close()
    other.goto(address)
    told(other, "What you typed was saved")
    expect(other.get_by_label("What did someone say about it?")).to_have_value(QUOTATION)
    other.get_by_label("Who said it?").fill("a treasurer")
    press(other, "Send it to the council")
    told(other, "Sent. A council officer will review it")
    return other


def records_that_the_speaker_agreed(page: Page, evidence: str) -> None:
    page.goto(f"{evidence}consents/")
    told(page, "The speaker’s consent has not been recorded")
    follow(main(page).get_by_role("button", name="Record who agreed to the quotation"))
    page.get_by_label("Who agreed?").fill("the treasurer who said it")
    page.get_by_label("The portal's pages").check()
    page.get_by_label("The yearly report").check()
    press(page, "Record it")
    told(page, "Shown, as agreed.")


def the_officer_accepts_and_chooses_it(page: Page, evidence: str) -> str:
    """From My tasks; returns the round whose report it is chosen for."""
    page.goto("/my-work/")
    follow(main(page).get_by_role("link", name=re.compile("case stud(y|ies) (is|are) waiting for review$")))
    follow(main(page).get_by_role("link", name=HEADLINE))
    told(page, QUOTATION)
    page.get_by_role("radio", name="Approve", exact=True).check()
    press(page, "Save your decision")
    told(page, "Accepted. Everyone can read it now.")
    choose = main(page).get_by_role("button", name=re.compile("^Choose for the report for ")).first
    round_ = choose.inner_text().split()[-1]
    follow(choose)
    told(page, f"It will be printed in full in the report for {round_}.")
    return round_


def faces_of(page: Page, officer: Page, evidence: str, round_: str) -> dict[str, str]:
    """The words of everything that shows the case study: its page, printed too, the shelf, the API, its PDF and the draft."""
    page.goto(f"{evidence}case-study/")
    faces = {"page": main(page).inner_text()}
    pdf_url = main(page).get_by_role("link", name="Print or share (PDF)").get_attribute("href") or ""
    page.emulate_media(media="print")
    faces["print"] = page.locator("body").inner_text()
    page.emulate_media(media="screen")
    page.goto(f"{SHELF}?q=swap")
    faces["shelf"] = main(page).inner_text()
    faces["api"] = page.request.get("/api/v1/case-studies/?q=swap").text()
    pdf = page.request.get(pdf_url)
    faces["pdf"] = " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(BytesIO(pdf.body())).pages).split())
    officer.goto(f"{REPORT}/{round_}/draft/")
    faces["draft"] = main(officer).inner_text()
    return faces


@pytest.mark.timeout(240)
def test_a_case_study_reaches_the_draft_report_and_a_quotation_is_withdrawn_from_everywhere(
    open_browser: Callable[..., Page], accounts: list[Account]
) -> None:
    partner, officer, reader = open_browser(phone=True), open_browser(), open_browser()
    sign_in_with_password(partner, account_of(accounts, "partner"))
    evidence = evidence_without_case_study(partner)
    partner = writes_on_a_telephone(partner, evidence)
    assert reader.request.get(f"{evidence}case-study/").status == 404, "nobody else reads what was only sent"
    records_that_the_speaker_agreed(partner, evidence)
    sign_in_with_password(officer, account_of(accounts, "officer"))
    round_ = the_officer_accepts_and_chooses_it(officer, evidence)

    faces = faces_of(reader, officer, evidence, round_)
    assert {name for name, words in faces.items() if HEADLINE in words} == set(faces)
    assert {name for name, words in faces.items() if QUOTATION in words} == set(faces) - {"shelf"}

    partner.goto(f"{evidence}consents/")
    follow(main(partner).get_by_role("link", name=re.compile("^Withdraw consent")))
    press(partner, "Remove it from every page")
    told(partner, "Consent withdrawn. Nobody can see it.")
    expect(main(partner)).not_to_contain_text(QUOTATION)

    after = faces_of(reader, officer, evidence, round_)
    assert {name for name, words in after.items() if HEADLINE in words} == set(after)
    assert [name for name, words in after.items() if QUOTATION in words or "treasurer" in words] == []
    assert CHANGED in after["draft"]
