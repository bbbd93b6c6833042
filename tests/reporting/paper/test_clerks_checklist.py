"""What a clerk looks for before a paper goes on an agenda, held against both formats of a paper whose texts are written.

The labels and headings are those of a city council's paper on its strategic partnership (15 July 2024) and of what it lacked.
"""

from dataclasses import replace

import pytest

from reporting.facts import ProductionDetails, Report, checksum_of
from reporting.narrative.sections import FOR_THE_PAPER
from reporting.paper import docx, odt, skeleton
from tests.reporting.paper_back import read_docx, read_odt
from tests.reporting.paper_facts import AT, make_commitment, make_report

READERS = {"docx": lambda report: read_docx(docx.write(report)), "odt": lambda report: read_odt(odt.write(report))}
LABELS = (
    "To:", "Date:", "Report of:", "Report author:", "Contact:", "Title of report:", "Purpose of report:", "Key decision:",
    "Exempt information:", "Wards or divisions affected:", "Cabinet Member with responsibility:", "Corporate priority:",
    "Policy framework:", "Recommendations:", "Appendices:",
)  # fmt: skip
HEADINGS = (
    "Introduction and background", "Forward plan", "Consultation", "Financial implications", "Legal implications", "Risk implications",
    "Equalities implications", "Conclusion", "Background papers",
)  # fmt: skip


@pytest.fixture
def report() -> Report:
    """A year with every section of the paper written, and a commitment with a status and nothing else."""
    texts = {section.key: f"Words for {section.key}." for section in FOR_THE_PAPER}
    found = make_report(
        texts={**texts, "forward-plan": "* Rooms\n* Money", "background-papers": "Survey\nMinutes"},
        making=ProductionDetails(AT, 2, key=41),
    )
    first, *others = found.priorities
    bare = make_commitment("1.1", wording="Open every hall in the county to everybody", reason="", evidence=(1, 2))
    return replace(found, priorities=(replace(first, commitments=(bare, *first.commitments[1:])), *others))


@pytest.fixture(params=READERS)
def told(request, report):
    """What a reader of one of the formats sees."""
    return READERS[request.param](report)


def under(told, heading):
    at = next(place for place, (kind, _, text) in enumerate(told) if kind == "heading 1" and text == heading)
    end = next(place for place in range(at + 1, len(told)) if told[place][0] == "heading 1")
    return told[at + 1 : end]


def test_every_label_of_the_header_is_there_and_filled_in(told):
    lines = [text.split("\t") for kind, _, text in told if kind == "line"]
    assert [label for label, _ in lines if label] == list(LABELS)
    for label, text in lines:
        assert text.strip(), label
        assert "Not stated" not in text


def test_the_parts_of_the_body_are_there_in_their_order_and_no_sentence_stands_in_for_one(told):
    found = [text for kind, _, text in told if kind == "heading 1"]
    assert [heading for heading in found if heading in HEADINGS] == list(HEADINGS)
    assert not any("stated for this report" in text or "listed for this report" in text for _, _, text in told)


@pytest.mark.parametrize("part", ["Financial", "Legal", "Equalities"])
def test_comments_name_a_post_and_a_day(told, part):
    key = part.lower()
    [*_, (_, _, last)] = under(told, f"{part} implications")
    assert last == f"Comments given by: Words for {key}-by., Words for {key}-on."


def test_the_wording_of_every_commitment_and_its_status_are_there(told, report):
    texts = [text for kind, _, text in told if kind == "numbered"]
    for commitment in report.commitments():
        assert any(text.startswith(f"Commitment: {commitment.wording}") for text in texts)
    assert "On track." not in texts


def test_everything_that_can_be_cited_has_a_number(told):
    assert [kind for kind, _, _ in under(told, "Forward plan")] == ["numbered", "numbered"]
    numbers = [mark for kind, mark, _ in told if kind == "numbered"]
    assert numbers == [f"{number}." for number in range(1, len(numbers) + 1)]


def test_background_papers_and_the_edition_are_named(told, report):
    assert [text for kind, _, text in under(told, "Background papers") if kind == "item"] == ["Survey", "Minutes"]
    sources = " ".join(text for _, _, text in under(told, "The report that this paper was made from"))
    assert "edition 2" in sources
    assert "https://portal.example.org/reports/41/" in sources
    assert checksum_of(report) in sources


def test_actions_stand_once_below_their_commitment(told):
    at = next(
        place
        for place, (_, _, text) in enumerate(told)
        if text == "Appendix 1: Actions" and told[place][0] == "heading 1"
    )
    texts = [(kind, text) for kind, _, text in told[at:]]
    headings = [text for kind, text in texts if kind == "heading 3"]
    assert headings[:2] == ["1.1 Do what 1.1 says: On track", "1.2 Do what 1.2 says: No update was received"]
    assert len(headings) == len(set(headings)) == 3


def test_nothing_is_left_that_publishing_would_stop_at(report):
    assert skeleton.unfilled(report) == ()


def test_people_reached_volunteers_and_hours_are_told(report):
    first, *others = report.evidence
    counted = replace(report, evidence=(replace(first, people_reached=120, volunteers=14, hours=300), *others))
    text = " ".join(text for _, _, text in under(READERS["docx"](counted), "The year in brief"))
    for number in ("120", "14", "300"):
        assert number in text
