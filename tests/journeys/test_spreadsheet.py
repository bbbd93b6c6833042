"""An officer downloads the figures, fills them in with two wrong cells, reads what is wrong, corrects them and uploads again."""

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect

from tests.journeys.conftest import account_of, follow, sign_in_with_password

HEADINGS_ROW, FIRST_ROW, SECOND_ROW = 3, 4, 6
"""The rows of two numbers that are there already."""
PAGE = "/strategies/oxfordshire-vcs-2022-27/"
NOTE = "Counted at the spring gathering"


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


def test_an_officer_corrects_two_wrong_cells_and_the_history_names_the_file(open_browser, accounts, tmp_path):
    page = open_browser(javascript=False)
    sign_in_with_password(page, account_of(accounts, "officer"))
    page.goto("/my-work/")
    follow(page.locator(f'main a[href="{PAGE}spreadsheets/"]'))
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Excel file of Figures")).first.click()
    file = tmp_path / "figures.xlsx"
    download.value.save_as(file)
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
