"""A committee's clerk at a desk: to the committee paper in three clicks, opened, and checked to be the genuine one."""

import re
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_verify import choose, is_found, posts_of, published


def download_committee_paper(page: Page, round_slug: str, folder: Path) -> Path:
    """Take the Word file of the round's report, from the home page; return where it was saved, under its own name."""
    page.goto("/")
    page.get_by_role("navigation").get_by_role("link", name="Reports", exact=True).first.click()
    page.get_by_role("link", name=re.compile(f"^All files of the report for {round_slug}")).click()
    with page.expect_download() as waiting:
        page.get_by_role("main").get_by_role("link", name="Committee paper (Word)").first.click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file


@pytest.mark.timeout(300)
def test_a_clerk_takes_the_committee_paper_and_checks_it(open_browser: Callable[..., Page], tmp_path: Path) -> None:
    page = open_browser()
    edition = published(page)
    round_slug = edition["round"] if isinstance(edition["round"], str) else edition["round"]["slug"]
    file = download_committee_paper(page, round_slug, tmp_path)
    assert re.search(rf"annual-report-{round_slug}.*committee-paper.*\.docx$", file.name), file.name

    paper = docx.Document(str(file))
    words = " ".join(paragraph.text for paragraph in paper.paragraphs)
    assert "Recommendation" in words
    assert round_slug in words
    headings = [
        paragraph.text
        for paragraph in paper.paragraphs
        if "Heading" in str(paragraph.style.name if paragraph.style else "")
    ]
    for reference in ("1.1", "5.6"):
        assert any(f" {reference}: " in heading for heading in headings), headings

    sent = posts_of(page)
    choose(page, {"name": file.name, "mimeType": "application/octet-stream", "buffer": file.read_bytes()})
    is_found(page)
    expect(page.get_by_role("main")).to_contain_text(round_slug)
    assert sent == [], "the browser works the checksum out; the file stays on the clerk's computer"
