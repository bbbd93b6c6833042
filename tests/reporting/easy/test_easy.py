"""The easy summary: two pages, plain sentences, every figure with its base, and the same bytes each time."""

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pypdf
import pytest
from outloud import check

from commitments.rules.status import STATUSES
from reporting.easy import drawing, to_pdf, words
from reporting.facts import (
    SCHEMA,
    ChangesFacts,
    CommitmentFacts,
    EvidenceFacts,
    MovedFacts,
    OrganisationFacts,
    PortalIdentity,
    PriorityFacts,
    ProductionDetails,
    Report,
    RoundFacts,
    StrategyFacts,
    YearFacts,
)

CODES = ["on_track", "at_risk", "delayed", "complete", "embedded", "closed", "not_started", ""]
REASON = "The hall closes in spring and the group has no other place to meet, so it looks for one with the parish."
PLAIN = 15
"""Words in a sentence, on average, at most."""


def told(shape: tuple[int, ...], *, long: bool = False, pieces: int = 40, codes: list[str] = CODES) -> Report:
    """A report with priorities of these sizes. ``long`` makes every title as long as it can be."""
    priorities, moved, place = [], [], 0
    for p, size in enumerate(shape, start=1):
        commitments = []
        for c in range(1, size + 1):
            code, was = codes[place % len(codes)], codes[(place + 3) % len(codes)]
            title = (
                "Work with every group in the county for as long as it takes to " * 2 if long else f"Open the doors {c}"
            )
            commitments.append(
                CommitmentFacts(
                    reference=f"{p}.{c}", wording=title, short_title=title[:120], ongoing=code == "embedded", status=code,
                    reason=REASON * (4 if long else 1) if code else "", remedy="", narrative="", next_steps="",
                    updated_on=date(2025, 5, 1) if code else None,
                    years=(YearFacts("2023-24", was), YearFacts("2024-25", code)), evidence=(),
                )
            )  # fmt: skip
            if code and was != code:
                moved.append(MovedFacts(f"{p}.{c}", title[:120], was, code, REASON, date(2025, 5, 1)))
            place += 1
        title = "A priority whose name is very long indeed, " * 4 if long else f"Priority number {p}"
        priorities.append(PriorityFacts(p, title[:200], "", tuple(commitments)))
    evidence = tuple(
        EvidenceFacts(n, n, f"Group {n % 9}", "Soup", "", date(2024, 6, 1), None, (), 12 if n % 2 else None, 3, None, ("1.1",), (), ())
        for n in range(1, pieces + 1)
    )  # fmt: skip
    silent = tuple(one.reference for priority in priorities for one in priority.commitments if not one.status)
    return Report(
        schema=SCHEMA,
        identity=PortalIdentity("The portal", "A County Council", "portal@example.org", "https://portal.example.org", "#17424f"),
        strategy=StrategyFacts("a-plan", "Working together " * (10 if long else 1), "", "", date(2022, 4, 1), date(2027, 3, 31), "A County Council", "", ""),
        round=RoundFacts("2024-25", date(2024, 4, 1), date(2025, 3, 31), date(2025, 4, 1), date(2025, 5, 31)),
        rounds=("2023-24", "2024-25"), making=ProductionDetails(datetime(2025, 7, 1, tzinfo=UTC), 1), priorities=tuple(priorities),
        evidence=evidence, organisations=tuple(OrganisationFacts(f"Group {n}", "Charity", (), 4) for n in range(min(9, pieces))),
        changes=ChangesFacts(
            date(2024, 3, 31), date(2025, 3, 31), moved=tuple(moved), silent=silent, partners=("Group 1",), against="2023-24",
            commitments=place,
        ),
    )  # fmt: skip


REAL = (8, 5, 6, 7, 6)


def text(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def lines(report: Report) -> list[str]:
    """What is said, a line each, without marks."""
    html = drawing.to_html(report).split("<body", 1)[1]
    found = re.findall(r"<(?:p|li|h1|h2)[^>]*>(.*?)</(?:p|li|h1|h2)>", html, re.S)
    return [unescape(re.sub(r"<[^>]+>", "", one)).strip() for one in found]


@pytest.mark.parametrize(
    ("shape", "long"),
    [
        ((), False), ((1,), False), ((3, 4), False), (REAL, False), (REAL, True), ((9,) * 8, False), ((9,) * 8, True),
        ((40,) * 8, False), ((4,) * 14, True),
    ],
)  # fmt: skip
def test_it_is_two_pages_whatever_it_tells_of(shape, long):
    drawn = to_pdf(told(shape, long=long, pieces=40 if shape else 0))
    assert drawn.pages == 2
    first, second = text(drawn.content)
    assert "Where to read more" in second
    assert "https://portal.example.org/reports/of/a-plan/2024-25/" in second.replace(" ", "")
    pictures = all(f"{number}. " in first for number in range(1, len(shape) + 1))
    assert pictures or "There is no room here for a picture of each." in first
    if len(shape) <= 8 and not long and max(shape, default=0) < 10:
        assert pictures, "so many have room"
    if not shape:
        assert "The plan has no commitments yet." in first


def test_the_picture_of_each_priority_stands_with_its_words():
    report = told(REAL)
    shown = drawing.values(report)
    assert [row["priority"].number for row in shown["rows"]] == [1, 2, 3, 4, 5]
    for row in shown["rows"]:
        assert all(f"{one.reference} " in row["picture"] for one in row["priority"].commitments)
        assert f"{len(row['priority'].commitments)} commitments: " in row["says"]
    assert {label for _, label, _ in shown["key"]} == {*(status.label for status in STATUSES), words.NO_UPDATE}


def test_the_sentences_are_short_and_a_commitment_is_explained_once():
    said = [line for line in lines(told(REAL)) if REASON not in line and "http" not in line]
    sentences = [one for line in said for one in re.split(r"(?<=[.:])\s+", line) if one]
    lengths = [len(one.split()) for one in sentences]
    assert len(lengths) > 40
    assert sum(lengths) / len(lengths) <= PLAIN
    assert max(lengths) <= PLAIN + 5, [one for one in sentences if len(one.split()) > PLAIN + 5]
    assert sum("A commitment is a promise" in line for line in said) == 1
    jargon = r"\b(stakeholders?|outcomes?|deliverables?|infrastructure|co-production|VCS|KPI|indicators?|evidence)\b"
    assert not re.search(jargon, " ".join(said), re.I)


def test_every_sum_has_its_base_and_silence_is_no_nought():
    said = lines(told(REAL))
    whole = " ".join(said)
    assert "They reached 240 people. 20 of 40 stories say so." in said
    assert "hours" not in whole, "nobody gave any"
    assert "4 of 32 commitments" in whole
    assert "That does not mean that nothing was done." in said
    assert "%" not in whole
    assert not re.search(r"\b0\b", whole)


def test_nothing_is_late_where_nobody_said_so_and_nothing_is_known_where_nobody_spoke():
    said = " ".join(lines(told((4,), codes=[""], pieces=0)))
    assert "We got no update for 4 of 4 commitments." in said
    assert "No update said that something is late or at risk." in said
    assert "No commitment is on track or done yet." in said
    assert "No group’s story could be told this year." in said


def test_a_long_reason_is_cut_between_words_and_more_is_counted():
    part = words.worry(told(REAL, long=True), 2)
    assert len(part.points) == 2
    assert part.more == "The report has 6 more."
    assert all(len(says) < words.MAX_REASON_CHARACTERS + 20 for _, says in part.points)


def test_it_can_be_read_aloud_and_comes_out_the_same(tmp_path):
    report = told(REAL)
    one, two = to_pdf(report), to_pdf(report)
    assert one.content == two.content
    file = tmp_path / "easy.pdf"
    file.write_bytes(one.content)
    found = check(str(file))
    assert found.stats["tagged"]
    assert found.errors == 0, [one for one in found.findings if one.severity == "error"]


def test_what_people_wrote_is_text_and_never_mark_up():
    report = told((2,))
    priority = report.priorities[0]
    bad = replace(
        priority,
        title="<script>alert(1)</script>",
        commitments=tuple(
            replace(c, short_title="<b>x</b>", reason="<img src=http://x.example>", status="at_risk")
            for c in priority.commitments
        ),
    )
    html = drawing.to_html(replace(report, priorities=(bad,)))
    assert "<script>" not in html
    assert "<b>x" not in html
    assert "<img src=http" not in html
