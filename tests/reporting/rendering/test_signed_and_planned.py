"""The foreword is signed by a post, the forward plan has days and teams, each late action says whose it is, addresses are printed."""

import io
from dataclasses import replace
from datetime import date

import lxml.html
import pypdf
import pytest

from reporting import rendering
from reporting.facts import CaseStudyFacts, TextFacts
from reporting.narrative.sections import WRITTEN
from reporting.rendering import annex, body, case_studies
from reporting.rendering.links import PrintLinks, printed
from reporting.rendering.section import to_section
from tests.reporting.small import small


def section(report, name: str) -> str:
    """What a section of the report in print says; "" where it is not there."""
    found = lxml.html.fromstring(rendering.to_html(report)).xpath(f"//section[@id='{name}']")
    return " ".join(found[0].text_content().split()) if found else ""


def in_annex(report) -> str:
    return " ".join(
        lxml.html.fromstring(annex.to_html(report, photographs=frozenset())).xpath("//body")[0].text_content().split()
    )


def with_team(report, team: str):
    first, *others = report.priorities
    one, *rest = first.commitments
    return replace(report, priorities=(replace(first, commitments=(replace(one, team=team), *rest)), *others))


def test_the_foreword_is_signed_where_somebody_signed_it():
    signed = replace(small(), texts=(*small().texts, TextFacts("foreword-by", " Leader of the Council ")))
    assert "wait for a roof. Leader of the Council" in section(signed, "foreword")
    assert "wait for a roof. Communities" in section(small(), "foreword")
    alone = replace(small(), texts=(TextFacts("foreword-by", "Leader of the Council"),))
    assert section(alone, "foreword") == "", "a name under nothing is no foreword"


def test_who_signs_is_previewed_under_the_foreword():
    [signed] = [section for section in WRITTEN if section.key == "foreword-by"]
    reader = pypdf.PdfReader(io.BytesIO(to_section(small(), signed, "Leader of the Council").content))
    said = " ".join(reader.pages[0].extract_text().split())
    assert "wait for a roof. Leader of the Council" in said
    assert "Forward plan" not in said


def test_the_forward_plan_has_days_and_teams():
    assert "Due Action Whose it is 30 September 2025 1.1 Find a third hall Example County Council" in section(
        small(), "forward-plan"
    )
    assert "1.1 Find a third hall Policy team" in section(with_team(small(), "Policy team"), "forward-plan")
    assert "Write to the landlords" not in section(small(), "forward-plan"), "what is late is no plan"


def test_there_is_a_forward_plan_without_a_text_and_none_without_anything():
    silent = replace(small(), texts=())
    assert section(silent, "forward-plan").startswith("Forward plan Actions that are due next")
    assert 'href="#forward-plan"' in rendering.to_html(silent)
    nothing = replace(silent, actions_as_at=date(2025, 10, 1))
    assert section(nothing, "forward-plan") == ""
    assert 'href="#forward-plan"' not in rendering.to_html(nothing)
    assert "30 September 2025" in section(replace(silent, actions_as_at=date(2025, 9, 30)), "forward-plan"), (
        "due on that day"
    )


def test_a_long_plan_is_cut_and_says_so():
    first, *others = small().priorities
    one, *rest = first.commitments
    [open_one] = [action for action in one.actions if action.title == "Find a third hall"]
    many = replace(one, actions=tuple(replace(open_one, title=f"Find hall {n}") for n in range(62)))
    said = section(replace(small(), priorities=(replace(first, commitments=(many, *rest)), *others)), "forward-plan")
    assert said.count("Find hall") == 60
    assert "2 more actions are due later: see under each commitment." in said


def test_each_late_action_says_whose_it_is():
    assert "These are the responsibility of Example County Council." in section(small(), "changes")
    named = section(with_team(small(), "Policy team"), "changes")
    assert "Write to the landlords: due 31 January 2025, still not done on 30 June 2025 (Policy team)." in named
    assert "responsibility" not in named


@pytest.mark.parametrize(("address", "said"), [
    ("https://www.example.org/soup/", "example.org/soup"),
    ("http://portal.example.org/evidence/41/", "portal.example.org/evidence/41"),
    (f"https://{'a' * 60}", "a" * 60),
    (f"https://{'a' * 61}", ""),
    ("", ""),
])  # fmt: skip
def test_an_address_that_can_be_typed_is_printed(address, said):
    assert printed(address) == said


def test_the_annex_prints_the_address_of_each_item_and_of_its_links():
    said = in_annex(small())
    assert (
        "12 people reached · 1 volunteer · More about it (long-table.example.org/soup) · portal.example.org/evidence/41"
        in said
    )
    assert all(f"portal.example.org/evidence/{item.id}" in said for item in small().evidence)
    assert PrintLinks(small()).strategy() in section(small(), "method")
    web = " ".join(rendering.to_alone(small(), photographs={}).split())
    assert "(long-table.example.org/soup)" not in web, "a link on screen needs no address"


def studies(*references: str):
    return tuple(
        CaseStudyFacts(number, 40 + number, f"Headline {number}", "Long Table", "", "", (), date(2024, 5, 1), None, (reference,), what_was_done="We cooked.")
        for number, reference in enumerate(references, 1)
    )  # fmt: skip


def test_at_most_two_case_studies_of_a_priority_are_in_the_body_and_the_others_in_the_annex():
    report = replace(small(), case_studies=studies("1.1", "2.1", "1.2", "1.3", "1.1"))
    said = section(report, "case-studies")
    assert [number for number in range(1, 6) if f"Headline {number}" in said] == [1, 2, 3]
    assert "2 more case studies are in the annex." in said
    assert [number for number in range(1, 6) if f"Headline {number}" in in_annex(report)] == [4, 5]
    web = rendering.to_alone(report, photographs={})
    assert all(f"Headline {number}" in web for number in range(1, 6))
    few = replace(small(), case_studies=studies("1.1", "1.2"))
    assert case_studies.in_annex(few) == []
    assert "in the annex" not in section(few, "case-studies")
    assert "case studies" not in in_annex(few)


def test_the_body_in_print_is_not_the_pages():
    assert body.values(
        replace(small(), case_studies=studies(*["1.1"] * 3)), photographs=frozenset(), links=PrintLinks(small())
    )["case_studies"][2:]
