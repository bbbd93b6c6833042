"""A partnership's yearly update has the shape of the paper that a city council gets: its labels, headings, order and appendices.

Source: Oxford City Council, report to Council of 15 July 2024, "The Oxford Strategic Partnership". The labels and headings below
are its words, in its order, with its own abbreviation (OSP) in place of a name. Names of people are left out. The themes under
the last 12 months are those of the invented partnership.
"""

import re
from dataclasses import replace

import pytest

from reporting.facts import TextFacts
from reporting.paper import docx, odt
from reporting.paper.blocks import HeaderLine, Heading, ListItem, Paragraph, TableBlock, words
from reporting.paper.outline import outline
from tests.reporting.paper_back import expected, read_docx, read_odt
from tests.reporting.partnership import BODIES, SERVICES, THEMES, Partnership

pytestmark = pytest.mark.django_db

LABELS = (
    "To:", "Date:", "Report of:", "Title of Report:", "Purpose of report:", "Key decision:", "Cabinet Member with responsibility:",
    "Corporate Priority:", "Policy Framework:", "Recommendation(s):", "Appendices",
)  # fmt: skip
ASKED_FOR_BESIDES = ("Report author:", "Contact:", "Exempt information:", "Wards or divisions affected:")
"""What a clerk needs besides, and the source does not show."""
SUB_GROUPS = (
    "Economic Development Steering Board sub-group", "Stronger Communities sub-group", "Zero Carbon Oxford Partnership sub-group",
    "Safer Communities sub-group",
)  # fmt: skip
ACTIVITY = (
    "Economic Development",
    "Stronger Communities sub-group",
    "Safer Communities",
    "Zero Carbon Oxford Partnership",
)
"""The source tells of the sub-groups in two orders; the portal keeps the one of the activity for both."""
HEADINGS = (
    "Introduction and background", "OSP Vision", "OSP Aims", "OSP Steering Group", "OSP Sub-Groups", "Activity and achievements over last 12 months",
    "Other OSP activities", "Forward Planning", "Financial implications", "Legal issues", "Level of risk", "Equalities impact",
    "Conclusion",
)  # fmt: skip
APPENDICES = ("Appendix 1: OSP membership – June 2024", "Appendix 2: Safer Communities Partnership Representatives")
ADDED = "Appendix 3: You said, we did"
"""The portal’s own, last: the source has no points."""
OURS = {
    "OSP": "Ashmere Strategic Partnership",
    "Economic Development Steering Board sub-group": "Economic Development sub-group",
    "Zero Carbon Oxford Partnership": "Zero Carbon",
    "Safer Communities Partnership Representatives": "Ashmere Growth Board and Ashmere Safety Board representatives",
}
"""What the invented partnership calls that which the source names."""
WRITTEN = {"conclusion": "The partnership goes on.", "financial": "Its budget is £8,320."}


def ours(heading):
    for theirs, own in OURS.items():
        heading = heading.replace(theirs, own)
    return heading


def theirs_without_noun(heading):
    return heading.removesuffix(" sub-group")


@pytest.fixture
def report():
    found = Partnership().tell().report()
    return replace(found, texts=tuple(TextFacts(section, text) for section, text in WRITTEN.items()))


def test_labels_headings_and_appendices_are_those_of_the_source_in_its_order(report):
    blocks = outline(report).blocks
    labels = [block.label for block in blocks if isinstance(block, HeaderLine) and block.label]
    assert tuple(label for label in labels if label not in ASKED_FOR_BESIDES) == LABELS
    assert set(ASKED_FOR_BESIDES) < set(labels)
    first = [block.text for block in blocks if isinstance(block, Heading) and block.level == 1]
    assert first.pop(first.index("Consultation")), "the portal’s own"
    added = first.index("Background papers")  # the portal's own: these, where the report is, and how to check it
    assert first[:added] == [ours(heading) for heading in HEADINGS]
    assert first[added + 1] == "The report that this paper was made from"
    assert first[added + 2 :] == [*(ours(heading) for heading in APPENDICES), ADDED]
    listed = [words(block.runs) for block in blocks if isinstance(block, HeaderLine)][-3:]
    assert listed == [*(ours(heading) for heading in APPENDICES), ADDED]


def test_each_sub_group_has_a_heading_where_it_is_introduced_and_where_its_year_is_told(report):
    below: dict[str, list[tuple[int, str]]] = {}
    for block in outline(report).blocks:
        if isinstance(block, Heading) and block.level == 1:
            inside = below.setdefault(block.text, [])
        elif isinstance(block, Heading):
            inside.append((block.level, block.text))
    introduced = [text for level, text in below[ours("OSP Sub-Groups")] if level == 2]
    assert sorted(introduced) == sorted(map(ours, SUB_GROUPS))
    assert introduced == [f"{title} sub-group" for title, _, _ in THEMES]
    told = below["Activity and achievements over last 12 months"]
    assert [text for level, text in told if level == 2] == [theirs_without_noun(ours(heading)) for heading in ACTIVITY]
    assert [text for level, text in told if level == 3] == [theme for _, _, themes in THEMES for theme in themes]


def test_paragraphs_are_numbered_once_through_and_the_sub_groups_say_what_they_are(report):
    blocks = outline(report).blocks
    numbered = [block for block in blocks if isinstance(block, Paragraph) and block.number]
    assert [block.number for block in numbered] == list(range(1, len(numbered) + 1))
    told = " ".join(words(block.runs) for block in numbered)
    for sentence in (
        "Ashmere Strategic Partnership was founded in 2003.",
        "It meets quarterly. It has 21 seats, one of which is vacant.",
        "It has been chaired by the Chief executive of River Trust since October 2022.",
        "Its work is supported by the Policy and partnerships team of Ashmere City Council.",
        "It has been chaired by the Managing director of Ash Engineering since May 2023.",
        "It has not met since 29 February 2024, because its purpose is under review.",
        "It was founded in 1998. It is required by law: Crime and Disorder Act 1998.",
        "Its budget is £8,320.",
    ):
        assert sentence in told, sentence
    [achieved] = [block for block in numbered if block.notes == (1,)]
    item = blocks[blocks.index(achieved) + 1]
    assert isinstance(item, ListItem)
    assert words(item.runs) == "Opened two youth clubs (River Trust, note 1)"


def test_the_appendices_list_21_seats_by_post_and_12_bodies_one_with_4_services(report):
    blocks = outline(report).blocks
    [seats, _] = [block for block in blocks if isinstance(block, TableBlock)]
    assert seats.caption == "Seats of Ashmere Strategic Partnership, as held on 20 June 2024"
    assert len(seats.rows) == 21
    assert seats.rows[0] == ("Chair", "Chief executive", "River Trust")
    assert [row for row in seats.rows if "Vacant" in row[1]] == [("Larger business representative", "Vacant", "")]
    start = next(
        at
        for at, b in enumerate(blocks)
        if isinstance(b, Paragraph) and words(b.runs) == "Ashmere Safety Board has representatives of:"
    )
    items = [(block.level, words(block.runs)) for block in blocks[start + 1 :] if isinstance(block, ListItem)]
    assert [text for level, text in items if not level] == [*BODIES, "Ashshire County Council, including:"]
    assert [text for level, text in items if level] == list(SERVICES)


def test_what_was_held_and_what_is_planned_has_its_place(report):
    items = [words(block.runs) for block in outline(report).blocks if isinstance(block, ListItem)]
    assert (
        "Convening anchor institutions, workshop, 8 November 2023, Town Hall. 31 people attended. Purchasing came up most often."
        in items
    )
    assert "Meeting on transport, meeting, 5 September 2024, Town Hall" in items


def test_both_formats_hold_the_same_blocks(report):
    told = expected(outline(report))
    assert read_docx(docx.write(report)) == told
    assert read_odt(odt.write(report)) == told


def test_a_part_without_anything_to_say_is_left_out():
    partnership = Partnership()
    partnership.group.aims = ""
    partnership.group.save()
    headings = [b.text for b in outline(partnership.report()).blocks if isinstance(b, Heading)]
    assert not [heading for heading in headings if re.search("Aims|Other|Forward|Conclusion", heading)]
