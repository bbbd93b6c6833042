"""The decisions have one form, and their index names each of them as its page does."""

import re
from datetime import date
from pathlib import Path

import pytest

from tests.house.source_rules import ROOT

FOLDER = ROOT / "docs" / "decisions"
PAGES = sorted(FOLDER.glob("[0-9]*.md"))
SECTIONS = ["Question", "Decision", "Why", "What follows"]
ROW = re.compile(
    r"\| \[(?P<number>\d{4})\]\((?P<file>[^)]+)\) \| (?P<title>.+?) \| (?P<date>[\d-]+) \| (?P<status>.+?) \| (?P<sentence>[^|]+\.) \|"
)


def rows() -> list[re.Match[str]]:
    lines = [line for line in (FOLDER / "README.md").read_text().splitlines() if line.startswith("| [")]
    found = [ROW.fullmatch(line) for line in lines]
    assert None not in found, [line for line, row in zip(lines, found, strict=True) if row is None]
    return [row for row in found if row is not None]


def test_the_index_names_every_decision_in_order():
    assert [row["file"] for row in rows()] == [page.name for page in PAGES]
    assert [row["number"] for row in rows()] == [page.name[:4] for page in PAGES]
    assert len({page.name[:4] for page in PAGES}) == len(PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_decision_has_the_form_of_all_decisions(page: Path):
    heading, blank, day, status, *rest = page.read_text().splitlines()
    row = next(row for row in rows() if row["file"] == page.name)
    assert heading == f"# {page.name[:4]}. {row['title']}"
    assert blank == ""
    assert day == f"Date: {date.fromisoformat(row['date'])}  "
    assert status == f"Status: {row['status']}"
    assert row["status"].startswith(("in force", "replaced by "))
    text = "\n".join(rest)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    assert all(part.strip() for part in re.split(r"^## .+$", text, flags=re.MULTILINE)[1:])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_decision_links_to_pages_that_exist(page: Path):
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    assert [link for link in links if not (FOLDER / link).exists()] == []
