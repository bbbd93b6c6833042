"""What a screen reader hears of the report, from the first line to the last."""

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from outloud import check
from outloud.model import Document

from reporting import easy, rendering
from reporting.facts import Report
from tests.reporting.read_aloud import Heard, read_aloud
from tests.reporting.small import empty, photographs, small

HEADINGS = """
1 Working together, 2020 to 2025
2 The year in short
3 What changed
3 What is late
3 What comes next
3 Where the sector sees it differently
2 Contents
2 Foreword
2 What changed since last year
3 Without an update
3 Actions that were late
3 New partners
3 Wording amended
2 The strategy at a glance
3 Counts for each priority
3 Compared with earlier years
3 In each district
2 Priority 1 Meeting one another
3 Year by year
3 What organisations counted
3 Figures
3 1.1 Open the halls, together with the groups that know the place best
4 What happened
4 What comes next
4 Actions
4 Evidence
3 1.2 Bring groups together, together with the groups that know the place best
4 The council
4 The sector
4 What happened
4 What comes next
4 Evidence
3 1.3 Keep the list of groups, together with the groups that know the place best
4 What happened
4 What comes next
2 Priority 2 Being heard
3 Year by year
3 What organisations counted
3 2.1 Ask before deciding, together with the groups that know the place best
4 What happened
4 What comes next
4 Evidence
3 2.2 Answer every letter, together with the groups that know the place best
2 Forward plan
3 Before the summer
3 By the end of the year
2 Organisations that took part
2 What the words and figures mean
3 Statuses of commitments
2 How this report was made
3 Who made it
2 How to check this edition
3 Checksum of the facts
3 How to check
"""

COMMITMENT = """
H3: 1.1 Open the halls, together with the groups that know the place best
P: On track Update of 12 May 2025
Figure: How the commitment stood in each year: on track in 2020-21, on track in 2021-22, at risk in 2022-23, at risk in 2023-24, on track in 2024-25.
P: People and rooms have been found for the whole year.
H4: What happened
P: The year of open the halls began with a survey.
Lbl: •
LBody: Ninety groups answered it.
Lbl: •
LBody: Six of them helped to read it.
H4: What comes next
P: Go on with open the halls in the autumn.
P: Source: Update of 12 May 2025. Notes 1, 2 and 4.
H4: Actions
Lbl: •
LBody: Open the hall in the north: due 30 June 2024; done on 14 May 2024.
Lbl: •
LBody: Mend the roof in the south: due 31 October 2024; done late, on 3 February 2025.
Lbl: •
LBody: Write to the landlords: due 31 January 2025; late, not done by 30 June 2025.
Lbl: •
LBody: Find a third hall: due 30 September 2025; still to come.
H4: Evidence
LBody: Note 1 Soup on Tuesdays, Willow Carers
LBody: Note 2 A letter that all could read, Long Table
LBody: Note 4 The kettle that was mended, Long Table
"""

NAMES = ("Halls", "Letters", "Kettles", "Choirs", "Maps", "Gardens", "Bicycles", "Evenings")

ANNEX = """
1 Annex: what organisations did
2 Priority 1: Meeting one another
3 1.1 Open the halls
4 Note 1 Soup on Tuesdays
4 Note 2 A letter that all could read
4 Note 4 The kettle that was mended
3 1.2 Bring groups together
4 Note 3 Four evenings in one hall
2 Priority 2: Being heard
3 2.1 Ask before deciding
4 Note 5 Maps by those who walk
4 Note 6 What the choir asked for
"""
ITEM = """
H4: Note 1 Soup on Tuesdays
P: Willow Carers, 1 to 7 May 2024, North
P: We opened the door at ten and closed it at two. Soup on Tuesdays was asked for by those who came.
P: 12 people reached · 1 volunteer · More about it (long-table.example.org/soup) · portal.example.org/evidence/41
Figure: Photograph with note 1, described by its caption.
Caption: Note 1: People at a long table.
Figure: Photograph with note 1, described by its caption.
Caption: Note 1: A kettle on a stand.
H4: Note 2 A letter that all could read
"""


def with_priorities(count: int) -> Report:
    """Return the small year with so many priorities of two commitments, each with words of its own."""
    report = small()
    one = replace(
        report.priorities[0].commitments[0], evidence=(), narrative="", next_steps="", actions=(), updated_on=None
    )
    found = []
    for number in range(1, count + 1):
        each = tuple(
            replace(one, reference=f"{number}.{n}", short_title=f"Do {NAMES[n]}", wording=f"{NAMES[number]} {n}",
                    reason=f"{NAMES[number]} came first.")
            for n in (1, 2)
        )  # fmt: skip
        found.append(replace(report.priorities[0], number=number, title=NAMES[number], commitments=each, indicators=()))
    return replace(report, priorities=tuple(found), evidence=(), organisations=(), changes=None, texts=())


def with_percentages() -> Report:
    """Return the small year with an indicator whose rounds are nearly all figures."""
    report = small()
    [indicator] = report.priorities[0].indicators
    rounds = tuple(
        replace(figure, actual=Decimal(9), total=Decimal(9), actual_said="9%", total_said="9%", target_said="10%", target_total_said="10%", absent_reason="")
        for figure in indicator.rounds
    )  # fmt: skip
    its = replace(indicator, title="A", rounds=rounds, cumulative=False)
    return replace(report, priorities=(replace(report.priorities[0], indicators=(its,)), *report.priorities[1:]))


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return rendering.to_pdf(small()).content


@pytest.fixture(scope="module")
def heard(drawn) -> list[Heard]:
    return read_aloud(drawn)


@pytest.fixture(scope="module")
def annex() -> list[Heard]:
    return read_aloud(rendering.to_annex(small(), photographs=photographs()).content)


def _headings(heard):
    return [one for one in heard if re.fullmatch("H[1-6]", one.kind)]


def _lines(heard):
    return [str(one).replace(" , ", ", ").replace(" .", ".") for one in heard]


def test_the_headings_alone_tell_the_report_in_its_order(heard):
    assert [f"{one.kind[1]} {one.words}" for one in _headings(heard)] == HEADINGS.strip().splitlines()


def test_the_headings_of_the_annex_are_the_notes_under_their_commitments(annex):
    assert [f"{one.kind[1]} {one.words}" for one in _headings(annex)] == ANNEX.strip().splitlines()


def test_an_item_of_the_annex_is_heard_with_its_figures_and_photographs(annex):
    lines, expected = _lines(annex), ITEM.strip().splitlines()
    begin = lines.index(expected[0])
    assert lines[begin : begin + len(expected)] == expected


@pytest.mark.parametrize("document", ["heard", "annex"])
def test_no_level_of_headings_is_skipped(request, document):
    levels = [int(one.kind[1]) for one in _headings(request.getfixturevalue(document))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_commitment_is_heard_from_its_wording_to_its_last_note(heard):
    lines, expected = _lines(heard), COMMITMENT.strip().splitlines()
    begin = lines.index(expected[0])
    assert lines[begin : begin + len(expected)] == expected


def test_pages_are_heard_one_after_another(heard):
    pages = [one.page for one in heard]
    assert pages == sorted(pages)
    assert set(pages) == set(range(max(pages) + 1)), "no page is silent"


def test_every_picture_is_told_in_words(heard):
    pictures = [one for one in heard if one.kind == "Figure"]
    assert len(pictures) == 1 + 2 + 2 + 2 * 2 + 1 + 5 + 1, (
        "cover, boards of two years, bars, map, two of each priority, an indicator, five rows of years, code"
    )
    assert all(len(one.words) > 20 for one in pictures)


def test_every_table_has_its_caption_and_its_heads(heard):
    tables = [(n, one) for n, one in enumerate(heard) if one.kind == "Caption" and one.within[-1] == "Table"]
    assert len(tables) == 10
    for place, caption in tables:
        assert heard[place + 1].kind == "TH", caption
        assert "THead" in heard[place + 1].within, caption
    assert all(one.within[-1] == "TR" for one in heard if one.kind in {"TH", "TD"})


def test_nothing_is_heard_twice_in_a_row_and_no_sentence_of_a_story_twice_at_all(heard, annex):
    for document in (heard, annex):
        assert not [a.words for a, b in pairwise(document) if str(a) == str(b) and a.kind not in {"TD", "Figure"}]
    assert not [one for one in heard if one.words.startswith("We opened the door")]
    stories = [one.words for one in annex if one.words.startswith("We opened the door")]
    assert len(stories) == len(set(stories)) == 6


def test_running_heads_and_page_numbers_are_silent(heard):
    words = [one.words for one in heard]
    assert words.count("What changed since last year") == 1
    assert words.count("Priority 1 Meeting one another") == 1
    assert not [one for one in heard if re.fullmatch(r"\d+", one.words) and int(one.words) > 9 and one.kind != "TD"]
    assert not [one for one in heard if one.kind == "(loose)"]


def test_the_last_page_says_how_to_check(heard):
    last = [one.words for one in heard if one.page == heard[-1].page]
    assert last[0] == "How to check this edition"
    [total] = [words for words in last if re.fullmatch("[0-9a-f ]{64,80}", words)]
    assert [len(group) for group in total.split()] == [8] * 8
    assert any("edition 3 " in words for words in last)
    assert any("https://portal.example.org/" in words for words in last)


@pytest.fixture(scope="module")
def file(request, tmp_path_factory):
    file = tmp_path_factory.mktemp("pdf") / "report.pdf"
    file.write_bytes(DOCUMENTS[request.param]().content)
    return file


DOCUMENTS = {
    "small": lambda: rendering.to_pdf(small()),
    "empty": lambda: rendering.to_pdf(empty()),
    "annex": lambda: rendering.to_annex(small(), photographs=photographs()),
    "easy": lambda: easy.to_pdf(small()),
    "percentages through five years": lambda: rendering.to_pdf(with_percentages()),
    "six priorities": lambda: rendering.to_pdf(with_priorities(6)),
}


def test_what_was_done_in_earlier_years_is_said_once_for_each_priority(heard):
    """The same short sentence under many commitments would be taken for a running head."""
    told = [one.words for one in heard if "in earlier years" in one.words]
    assert len(told) == 1
    assert told[0].endswith("1 action was done in earlier years: 1 under 1.1.")


@pytest.mark.parametrize("file", DOCUMENTS, indirect=True)
def test_outloud_finds_no_error_and_nothing_to_warn_of_in_any_document(file):
    result = check(str(file))
    assert result.error in (None, "")
    assert [str(f) for f in result.findings if f.severity in {"error", "warning"}] == []


@pytest.mark.parametrize("file", DOCUMENTS, indirect=True)
def test_everything_is_painted_in_the_order_in_which_it_is_read(file):
    """Some readers, and all that copy text, follow what is painted. Bullets, pictures and page numbers of the contents are in turn."""
    document = Document(str(file))
    looked_at = 0
    for page in document.pages:
        read = [(ref.stream, ref.mcid) for one in document.elements for ref in one.mcrefs if ref.page == page.index]
        places = [read.index(mark) for mark in document.content(page.index).paint_order if mark in read]
        assert places == sorted(places), f"page {page.number}"
        looked_at += len(places)
    assert looked_at > 60


def test_a_draft_says_so_and_an_edition_does_not(heard):
    draft = read_aloud(rendering.to_pdf(empty()).content)
    assert any("Draft of 30 June 2025: not an edition" in one.words for one in draft)
    assert "How to check this edition" not in {one.words for one in draft}
    assert not any("Draft" in one.words for one in heard)
