"""The committee paper's appendix “You said, we did”: numbered rows in three columns, which go on on the next page."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from reporting.facts import PartFacts, PointFacts
from reporting.paper import docx, odt
from reporting.paper.blocks import HeaderLine, Heading, Paragraph, TableBlock, words
from reporting.paper.outline import outline
from reporting.paper.skeleton import default
from reporting.rendering.body import to_html
from tests.reporting.paper_back import expected, read_docx, read_odt
from tests.reporting.paper_facts import make_report

POINTS = (
    PointFacts(
        7, "said", date(2024, 11, 8), "More evening buses.\n\nAnd  a shelter.", raised_by="a parish council",
        engagement="Workshop on transport", stance="in_part", response="Two more run since May.\nThe shelter has no land.",
        responded_on=date(2025, 2, 3), became=("1.1 Ask the groups",), done_on=date(2025, 5, 1),
    ),
    PointFacts(9, "said", date(2024, 12, 9), "A hall for every village."),
    PointFacts(12, "decision", date(2025, 3, 31), "Ask the districts to join."),
)  # fmt: skip
LONG = " ".join(["A word that was said and that somebody wants to read in full."] * 200)


@pytest.fixture
def report():
    return make_report(points=POINTS, actions_as_at=date(2025, 6, 3))


def appendix(report):
    """Return the heading of the appendix, the sentence below it and its table."""
    blocks = outline(report).blocks
    at = next(at for at, b in enumerate(blocks) if isinstance(b, Heading) and b.text.endswith("You said, we did"))
    heading, sentence, table = blocks[at : at + 3]
    assert isinstance(heading, Heading)
    assert isinstance(sentence, Paragraph)
    assert isinstance(table, TableBlock)
    return heading, sentence, table


def test_it_tells_what_was_asked_said_and_done_row_by_row(report):
    heading, sentence, table = appendix(report)
    assert heading.text == "Appendix 4: You said, we did"
    assert heading.new_page
    assert words(sentence.runs) == (
        "2 points that people made were published, and one has been answered. 1 decision was published, and none has been "
        "carried out. Answers are as published by 3 June 2025."
    )
    assert sentence.number == 0, "an appendix has no numbered paragraphs"
    assert table.columns == ("Row", "You said", "Our answer", "We did")
    assert table.rows == (
        (
            "1",
            "More evening buses.\nAnd a shelter.\n(Said at a meeting or event: a parish council, Workshop on transport, 8 November 2024)",
            "Accepted in part.\nTwo more run since May.\nThe shelter has no land.\nAnswered on 3 February 2025.",
            "Done on 1 May 2025.\nIt led to: 1.1 Ask the groups.",
        ),
        (
            "2",
            "A hall for every village.\n(Said at a meeting or event: 9 December 2024)",
            "Awaiting a response.",
            "Nothing recorded yet.",
        ),
        (
            "3",
            "Ask the districts to join.\n(Decision: 31 March 2025)",
            "No answer is needed.",
            "Nothing recorded yet.",
        ),
    )


def test_the_header_names_it_and_without_points_it_is_absent(report):
    listed = [words(block.runs) for block in outline(report).blocks if isinstance(block, HeaderLine)]
    assert listed[-1] == "Appendix 4: You said, we did"
    bare = outline(replace(report, points=())).blocks
    assert not [block for block in bare if isinstance(block, Heading) and "You said" in block.text]


def test_a_layout_may_place_it_under_a_heading_of_its_own(report):
    kept = default()
    named = replace(kept, appendices=(PartFacts("What people asked for", "points"), *kept.appendices))
    first = [b.text for b in outline(replace(report, skeleton=named)).blocks if isinstance(b, Heading) and b.new_page]
    assert first[0] == "Appendix 1: What people asked for"
    assert len(first) == 4
    without = [
        b.text
        for b in outline(replace(report, skeleton=named, points=())).blocks
        if isinstance(b, Heading) and b.new_page
    ]
    assert without[0] == "Appendix 1: Actions"


def test_both_formats_hold_its_paragraphs(report):
    told = expected(outline(report))
    assert read_docx(docx.write(report)) == told
    assert read_odt(odt.write(report)) == told


def part(content: bytes, name: str) -> str:
    with ZipFile(BytesIO(content)) as file:
        return file.read(name).decode()


def test_only_its_rows_go_on_on_the_next_page(report):
    report = replace(report, points=(replace(POINTS[0], words=LONG), *POINTS[1:]))
    tables = re.findall(r"<w:tbl>.*?</w:tbl>", part(docx.write(report), "word/document.xml"), re.S)
    assert [table.count("<w:cantSplit/>") for table in tables][-1] == 1, "the row of headings alone stays whole"
    assert all(table.count("<w:cantSplit/>") == table.count("<w:tr>") for table in tables[:-1])
    content = part(odt.write(report), "content.xml")
    assert re.search(r'style:name="long-row"[^>]*><style:table-row-properties fo:keep-together="auto"', content)
    assert content.count('table:style-name="long-row"') == len(POINTS)


def test_the_report_gives_each_row_the_same_number(report):
    html = to_html(report)
    told = " ".join(re.sub(r"<[^>]*>", " ", html[html.index('id="you-said"') :]).split())
    assert "And a shelter. Row 1. Said at a meeting or event: a parish council" in told
    assert "Ask the districts to join. Row 3. Decision: 31 March 2025" in told
