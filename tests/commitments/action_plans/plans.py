"""Spreadsheets of councils that keep their action plans in different ways, written anew for each test."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import openpyxl

THEMES = ("Networks", "Volunteering", "Skills", "Sustainable sector")
RAG = ("Amber", "Red", "Complete", "Green")
HEADINGS = (
    "Ref", "Theme", "Action", "Lead officer", "Partner", "Due", "RAG", "Update", "Baseline 22/23", "Target 23/24",
)  # fmt: skip


def written(rows: Iterable[Sequence[Any]], *, merged: Sequence[str] = (), title: str = "Action plan") -> bytes:
    """Return an .xlsx file with these rows on its one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for place in merged:
        sheet.merge_cells(place)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows_of(count: int = 32, headings: Sequence[str] = HEADINGS) -> list[Sequence[Any]]:
    """Return the rows of a plan with four themes of equal size, as a council keeps it."""
    size = count // 4
    found: list[Sequence[Any]] = [headings]
    for place in range(count):
        theme, number = place // size, place % size + 1
        found.append(
            (
                f"CW{theme + 1}.{number}", THEMES[theme], f"Do thing {place + 1} with the sector", f"Officer {(place + 1) % 5}",
                f"Charity {(place + 1) % 7}", "31/03/2026", RAG[place % 4], "Going well", place + 1, place + 3,
            )
        )  # fmt: skip
    return found


def by_theme() -> bytes:
    """One row an action, with references, leads, partners, a status, a baseline and a target."""
    return written(rows_of())


def quarters() -> bytes:
    """Wide: a status and an update for each quarter, dates in several forms, a title above the headings, a row of totals."""
    return written(
        [
            ("Shirewell Council: voluntary sector action plan 2026/27",),
            (),
            (
                "No.", "Priority area", "What we will do", "Responsible officer", "Delivered by", "By when", "Q1 RAG",
                "Q1 comments", "Q2 RAG", "Q2 comments", "Target 26/27",
            ),
            (1, "Places", "Open a room in every village", "Officer 1", "Charity 1; Charity 2", date(2027, 3, 31), "Green",
             "Begun", "Amber", "Two halls are late", 12),
            (2, "Places", "Lend chairs to groups", "Officer 2", "Shirewell Council / Charity 1", "Q4 26/27", "On hold", "", "",
             "", "12%"),
            (3, "People", "Continue to thank volunteers", "Officer 1", "TBC", "Ongoing", "Complete", "", "Green", "Thanked 40",
             "as many as last year"),
            (4, "People", "Train treasurers", "Officer 3", "", "March 2027", "", "", "Not started", "", None),
            (None, None, None, "Total", None, None, None, None, None, None, 12),
        ],
        title="2026-27",
    )  # fmt: skip


def lettered() -> bytes:
    """Themes in merged cells, references with letters below others, due dates in words."""
    return written(
        [
            ("Theme", "Reference", "Commitment", "Owner", "Timescale", "Notes"),
            ("Thriving networks", "CW1.1", "Map the networks of the county", "Policy team", "TBC", "See the annex."),
            (None, "CW1.2", "Set up a forum in each district", "Policy team", "31 March 2027", None),
            (None, "CW1.2a", "Agree its terms with the partners", "Policy team", "by end of June 2026", None),
            (None, "CW1.2b", "Hold the first meeting", "Districts", "Autumn 2026", None),
            ("Fair funding", "CW2.1", "Publish every grant", "Finance", "2026/27", None),
        ],
        merged=["A2:A5"],
        title="Plan",
    )


def semicolons() -> bytes:
    """A CSV with semicolons between its cells and commas in its numbers, themes as rows of their own."""
    lines = (
        "Reference;Action;Lead;Due date;Status;Baseline 2025;Target 2027",
        "Volunteering;;;;;;",
        "V1;Recruit volunteers in every town;Officer 1;31.12.2027;In progress;1.204,5;1.500,0",
        "V2;Measure how long people volunteer;Officer 2;31/12/2027;Not yet started;12,5;15",
        "Grants;;;;;;",
        "G1;Simplify the forms for small grants;Officer 1;ongoing;BAU;;",
    )
    return "\r\n".join(lines).encode("cp1252")
