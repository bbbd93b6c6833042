"""An officer fills the figures in on a spreadsheet: two wrong cells are corrected, and a row that a colleague changed meanwhile."""

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import account_of, follow, sign_in_with_password

HEADINGS_ROW, FIRST_ROW, SECOND_ROW = 3, 4, 6
"""The rows of two numbers that are there already."""
PAGE = "/strategies/oxfordshire-vcs-2022-27/"
NOTE = "Counted at the spring gathering"
CONTESTED, UNDISTURBED = "4.3a", "2.1a"
"""Keys of the figure that a colleague changes as well, and of one that nobody else touches."""


def row_of(file: Path, key: str) -> int:
    """The row of the workbook with this key."""
    keys = [cell.value for cell in openpyxl.load_workbook(file)["Figures"]["A"]]
    return keys.index(key) + 1


def downloaded(page: Page, folder: Path) -> Path:
    """The workbook of the figures, from the page that My tasks leads to."""
    page.goto("/my-work/")
    follow(page.locator(f'main a[href="{PAGE}spreadsheets/"]'))
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Excel file of Figures")).first.click()
    file = folder / "figures.xlsx"
    download.value.save_as(file)
    return file


def filled(file: Path, cells: dict[tuple[int, str], Any]) -> bytes:
    """The downloaded workbook with cells filled in, by row and heading."""
    book = openpyxl.load_workbook(file)
    sheet = book["Figures"]
    columns = {cell.value: cell.column for cell in sheet[HEADINGS_ROW]}
    for (row, heading), value in cells.items():
        sheet.cell(row, columns[heading]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(page: Page, content: bytes) -> None:
    file: Any = {"name": "Our figures.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    follow(page.get_by_role("button", name="Upload and check"))


@pytest.mark.timeout(300)
def test_an_officer_corrects_two_wrong_cells_and_the_history_names_the_file(open_browser, accounts, tmp_path):
    page = open_browser(javascript=False)
    sign_in_with_password(page, account_of(accounts, "officer"))
    file = downloaded(page, tmp_path)
    key = str(openpyxl.load_workbook(file)["Figures"].cell(FIRST_ROW, 1).value)
    wrong = {(FIRST_ROW, "Figure"): "about 40", (SECOND_ROW, "Key"): "9.9z", (SECOND_ROW, "Note"): NOTE}
    upload(page, filled(file, wrong))
    faults = page.get_by_role("table").inner_text()
    assert "“about 40”" in faults
    assert "Write a number, such as 12 or 1,204.5" in faults
    assert "“9.9z”" in faults
    assert "There is nothing in the portal with this key" in faults
    expect(page.get_by_role("button", name="Save the ticked rows")).to_have_count(0)
    follow(page.get_by_role("link", name="Upload a corrected file"))
    upload(page, filled(file, {(FIRST_ROW, "Figure"): 4040, (SECOND_ROW, "Note"): NOTE}))
    expect(page.get_by_text("4040", exact=False).first).to_be_visible()
    follow(page.get_by_role("button", name="Save the ticked rows"))
    expect(page.get_by_text("Nothing will change")).to_be_visible()
    page.goto(f"{PAGE}indicators/{key}/")
    expect(page.get_by_role("main")).to_contain_text("Our figures.xlsx")


@pytest.mark.timeout(300)
def test_a_row_that_a_colleague_changed_meanwhile_is_settled_by_the_officer(open_browser, accounts, tmp_path):
    page, colleague = open_browser(), open_browser()
    sign_in_with_password(page, account_of(accounts, "officer"))
    file = downloaded(page, tmp_path)

    sign_in_with_password(colleague, account_of(accounts, "heath.harebell"))
    colleague.goto(f"{PAGE}indicators/{CONTESTED}/")
    follow(colleague.get_by_role("main").get_by_role("button", name=re.compile("^Enter the figure for 2")).first)
    was = colleague.get_by_label(re.compile("^How many")).input_value()
    colleague.get_by_label(re.compile("^How many")).fill("39")
    follow(colleague.get_by_role("button", name=re.compile("^Save the figure")))

    mine = {(row_of(file, CONTESTED), "Figure"): 35, (row_of(file, UNDISTURBED), "Figure"): 460}
    page.goto(f"{PAGE}spreadsheets/")
    upload(page, filled(file, mine))
    contested = page.get_by_role("group", name="Changed in the portal since you downloaded the file")
    row = contested.get_by_role("checkbox")
    expect(row).not_to_be_checked()
    for words in (f"When downloaded: {was}", "Now: 39", "Will be: 35"):
        expect(contested).to_contain_text(words)
    changing = page.get_by_role("group", name="Rows that will change")
    expect(changing.get_by_role("checkbox")).to_be_checked()
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing goes over the edge"

    follow(page.get_by_role("button", name="Save the ticked rows"))
    expect(page.get_by_role("main")).to_contain_text("1 figure was saved.")
    colleague.goto(f"{PAGE}indicators/{CONTESTED}/")
    expect(colleague.get_by_role("main")).to_contain_text("39 days in 20")
    expect(row).not_to_be_checked()
    row.check()
    follow(page.get_by_role("button", name="Save the ticked rows"))
    expect(page.get_by_text("Nothing will change")).to_be_visible()
    colleague.reload()
    expect(colleague.get_by_role("main")).to_contain_text("35 days in 20")
    expect(colleague.get_by_role("main")).to_contain_text("Our figures.xlsx")
