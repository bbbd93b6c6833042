"""Somebody of a partner uploads a table of their own: one row is logged, the other comes back in a file and is logged once corrected."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import account_of, follow, sign_in_with_password

HEADINGS_ROW, ROW = 3, 4
"""Of the file with the rows to correct."""


def upload(page: Page, name: str, content: bytes) -> None:
    file: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    follow(page.get_by_role("button", name="Upload and check"))


def corrected(file: Path) -> bytes:
    """The rows that came back, with the number in words written as a number."""
    book = openpyxl.load_workbook(file)
    sheet = book["Evidence"]
    columns = {cell.value: cell.column for cell in sheet[HEADINGS_ROW]}
    assert sheet.cell(ROW, columns["People reached"]).value == "about forty"
    assert "Write a number" in str(sheet.cell(ROW, columns["What to correct"]).value)
    sheet.cell(ROW, columns["People reached"]).value = 40
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.timeout(300)
def test_a_partner_logs_a_table_of_their_own_and_corrects_what_came_back(open_browser, accounts, tmp_path):
    page = open_browser(javascript=False)
    sign_in_with_password(page, account_of(accounts, "partner"))
    page.goto("/evidence/")
    follow(page.get_by_role("link", name="Many at once, from a spreadsheet"))
    rows = "Your reference;What you did;When it began;People reached\nJ-1;Held a tea;12/03/2025;12\nJ-2;Held a fair;13/03/2025;about forty\n"
    upload(page, "Ours.csv", rows.encode("cp1252"))
    expect(page.get_by_role("checkbox")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    file = tmp_path / "to-correct.xlsx"
    download.value.save_as(file)
    follow(page.get_by_role("button", name="Save the ticked rows"))
    expect(page.get_by_role("main")).to_contain_text("1 item of evidence was saved.")
    follow(page.get_by_role("link", name="Upload a corrected file"))
    upload(page, "Ours corrected.xlsx", corrected(file))
    follow(page.get_by_role("button", name="Save the ticked rows"))
    page.goto("/evidence/?show=mine&q=fair")
    expect(page.get_by_role("link", name="Held a fair")).to_have_count(1)
    page.goto("/evidence/?show=mine&q=tea")
    expect(page.get_by_role("link", name="Held a tea")).to_have_count(1)
