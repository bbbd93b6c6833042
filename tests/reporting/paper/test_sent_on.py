"""What a clerk would otherwise type into the paper before it is sent on: header lines, comments, papers, numbers, its edition."""

from dataclasses import replace

import pytest

from reporting.facts import ProductionDetails, checksum_of, from_json, to_json
from reporting.paper.blocks import HeaderLine, Heading, ListItem, Paragraph, TextRun, words
from reporting.paper.outline import outline
from reporting.paper.skeleton import default, unfilled
from tests.reporting.paper_facts import AT, make_commitment, make_report

FILLED = {
    "paper-to": "Cabinet", "paper-date": "15 July 2025", "paper-author": "Policy Officer", "paper-contact": "policy@example.org",
    "paper-key-decision": "No", "paper-exempt": "No", "paper-wards": "All", "paper-cabinet-member": "Cabinet Member for Communities",
    "paper-corporate-priority": "Thriving communities",
}  # fmt: skip


def under(report, heading):
    """What stands under a heading of the first level, with the numbers of its paragraphs."""
    blocks = outline(report).blocks
    at = next(place for place, block in enumerate(blocks) if isinstance(block, Heading) and block.text == heading)
    found = []
    for block in blocks[at + 1 :]:
        if isinstance(block, Heading) and block.level == 1:
            break
        if isinstance(block, Paragraph | ListItem):
            found.append((getattr(block, "number", None), words(block.runs)))
    return found


def texts(report, heading):
    return [text for _, text in under(report, heading)]


def with_first(report, commitment):
    first, *others = report.priorities
    return replace(report, priorities=(replace(first, commitments=(commitment, *first.commitments[1:])), *others))


def test_the_wording_of_every_commitment_stands_under_its_heading():
    report = make_report()
    told = [words(block.runs) for block in outline(report).blocks if isinstance(block, Paragraph)]
    for commitment in report.commitments():
        assert f"Commitment: {commitment.wording}" in told


def test_a_wording_that_is_its_own_heading_is_not_repeated():
    report = with_first(make_report(), make_commitment("1.1", wording="Do what  1.1 says"))
    told = [words(block.runs) for block in outline(report).blocks if isinstance(block, Paragraph)]
    assert not any(text.startswith("Commitment: Do what") for text in told)


@pytest.mark.parametrize("wording", ["Promise 1.1", "Do what 1.1 says"])
def test_no_paragraph_says_a_status_and_nothing_else(wording):
    bare = make_commitment("1.1", wording=wording, reason="")
    told = [
        words(block.runs) for block in outline(with_first(make_report(), bare)).blocks if isinstance(block, Paragraph)
    ]
    assert f"Commitment: {wording} On track." in told
    assert "On track." not in told
    assert "On track. Half of it is done." not in [text for text in told if "1.1" in text]


@pytest.mark.parametrize("more", [{"reason": "Because."}, {"remedy": "A room."}, {"confirms": "2023-24"}])
def test_a_status_with_something_to_it_has_a_paragraph_of_its_own(more):
    told = [
        words(block.runs)
        for block in outline(with_first(make_report(), make_commitment("1.1", **{"reason": "", **more}))).blocks
        if isinstance(block, Paragraph)
    ]
    assert "Commitment: Promise 1.1" in told
    assert any(text.startswith("On track. ") for text in told)


def test_each_thing_in_the_forward_plan_has_a_number():
    plan = "First words.\n\n* Rooms\n    1. north\n    2. south\n* Money\n\n1. Last"
    found = under(make_report(texts={"forward-plan": plan}), "Forward plan")
    assert [text for _, text in found] == ["First words.", "Rooms", "north", "south", "Money", "Last"]
    numbers = [number for number, _ in found]
    first = numbers[0]
    assert numbers == [first, first + 1, None, None, first + 2, first + 3]


def test_lists_elsewhere_stay_lists():
    assert (None, "Rooms") in under(make_report(texts={"conclusion": "We need:\n\n* Rooms"}), "Conclusion")


def test_comments_say_which_post_gave_them_and_when():
    written = {"legal": "The Act applies.", "legal-by": "Head of Legal Services", "legal-on": "3 June 2025"}
    assert texts(make_report(texts=written), "Legal implications") == [
        "The Act applies.", "Comments given by: Head of Legal Services, 3 June 2025",
    ]  # fmt: skip
    del written["legal-by"]
    assert texts(make_report(texts=written), "Legal implications")[1:] == ["Comments given on: 3 June 2025"]
    written |= {"legal-by": "Head of Legal Services", "legal-on": " "}
    assert texts(make_report(texts=written), "Legal implications") == ["The Act applies."], (
        "the post is kept from before"
    )
    del written["legal"]
    assert texts(make_report(texts=written), "Legal implications") == [
        "No legal implications were stated for this report."
    ]


def test_background_papers_are_listed_one_alone_as_a_sentence_and_none_is_said():
    heading = "Background papers"
    assert texts(make_report(), heading) == ["No background papers were listed for this report."]
    assert texts(make_report(texts={"background-papers": "None"}), heading) == ["None"]
    two = make_report(texts={"background-papers": "1. Survey of halls\n- Minutes of May"})
    assert texts(two, heading) == ["The report relies on these papers:", "Survey of halls", "Minutes of May"]
    parts = tuple(replace(part, otherwise="") if part.kind == "papers" else part for part in default().parts)
    without = make_report(skeleton=replace(default(), parts=parts))
    assert heading not in [block.text for block in outline(without).blocks if isinstance(block, Heading)]


def links(report):
    return [
        run for block in outline(report).blocks if isinstance(block, Paragraph) for run in block.runs if isinstance(run, TextRun) and run.address
    ]  # fmt: skip


def test_the_paper_names_and_links_the_edition_that_it_was_made_from():
    report = make_report(making=ProductionDetails(AT, 2, key=41))
    addresses = [run.address for run in links(report)]
    assert "https://portal.example.org/reports/41/" in addresses
    assert f"https://portal.example.org/reports/verify/{checksum_of(report)}/" in addresses
    assert "edition 2" in texts(report, "The report that this paper was made from")[0]
    before = [run.address for run in links(make_report())]
    assert "https://portal.example.org/reports/of/together/2024-25/" in before, "an edition that did not say its key"


def test_required_lines_that_nobody_filled_in_are_named_and_what_the_portal_knows_fills_them():
    assert unfilled(make_report()) == (
        "Date", "Report author", "Contact", "Key decision", "Exempt information", "Wards or divisions affected",
        "Cabinet Member with responsibility", "Corporate priority",
    )  # fmt: skip
    assert unfilled(make_report(texts=FILLED)) == ()
    assert unfilled(make_report(texts={**FILLED, "paper-wards": " \n"})) == ("Wards or divisions affected",)
    unnamed = make_report(texts={**FILLED, "paper-to": ""})
    assert unfilled(unnamed) == (), "the strategy says whom it reports to"
    assert unfilled(replace(unnamed, strategy=replace(unnamed.strategy, reports_to=""))) == ("To",)


def test_editions_of_before_require_nothing():
    assert unfilled(make_report(skeleton=None)) == ()
    old = to_json(make_report())
    for line in old["skeleton"]["header"]:
        del line["required"]
    for part in old["skeleton"]["parts"]:
        del part["by"], part["on"]
    del old["making"]["key"]
    assert unfilled(from_json(old)) == ()


def test_required_lines_print_what_was_written():
    lines = {
        block.label: words(block.runs)
        for block in outline(make_report(texts=FILLED)).blocks
        if isinstance(block, HeaderLine)
    }
    assert lines["Report author:"] == "Policy Officer"
    assert lines["Contact:"] == "policy@example.org"
    assert lines["Wards or divisions affected:"] == "All"
    assert lines["Exempt information:"] == "No"
