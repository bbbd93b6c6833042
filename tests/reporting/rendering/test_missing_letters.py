"""Letters that no font of ours has are named before publishing, each with every place where it stands."""

from dataclasses import replace
from datetime import date

import pytest

from reporting.facts import ActionFacts, TextFacts
from reporting.rendering import MissingLetter, find_missing
from tests.reporting.rendering.test_rendering import report, told

__all__ = ["report", "told"]
pytestmark = pytest.mark.django_db


def test_a_report_in_european_letters_lacks_none(report):
    assert find_missing(report) == ()


def test_each_letter_is_named_once_with_every_place_in_the_report_s_order(report):
    first, *others = report.priorities
    commitment = replace(first.commitments[0], short_title="Ask Ꭱ", narrative="Said Ꭰ, and Ꭰ again")
    piece = replace(report.evidence[0], title="Ꭰ day of 🌻, Łódź and Ṣọlá", organisation="Ꭰ")
    report = replace(
        report,
        strategy=replace(report.strategy, title="Ꭰ"),
        priorities=(replace(first, title="Title Ꭰ", commitments=(commitment, *first.commitments[1:])), *others),
        evidence=(piece, *report.evidence[1:]),
        texts=(TextFacts("foreword", "\ue000"), TextFacts("priority-1", "Ꭱ")),
    )
    assert find_missing(report) == (
        MissingLetter("Ꭰ", "U+13A0", "cherokee letter a", (
            "the strategy, title", "priority 1, title", f"commitment {commitment.reference}, narrative",
            f"evidence {piece.number}, organisation", f"evidence {piece.number}, title",
        )),
        MissingLetter("Ꭱ", "U+13A1", "cherokee letter e", (
            f"commitment {commitment.reference}, short title", "the text “Priority 1”",
        )),
        MissingLetter("\ue000", "U+E000", "", ("the text “Foreword”",)),
    )  # fmt: skip


def test_what_no_reader_is_shown_is_not_searched(report):
    piece = report.evidence[0]
    photograph = replace(piece.photographs[0], file="Ꭰ.jpg", caption="A hall")
    assert find_missing(replace(report, evidence=(replace(piece, photographs=(photograph,)),))) == ()


def test_a_part_of_something_is_named_with_what_it_is_a_part_of(report):
    priority = report.priorities[0]
    action = ActionFacts("Ꭰ", date(2025, 3, 1), None, slipped=False)
    commitment = replace(priority.commitments[0], actions=(action,))
    report = replace(report, priorities=(replace(priority, commitments=(commitment,)),))
    assert [letter.where for letter in find_missing(report)] == [
        (f"commitment {commitment.reference}, actions, title",)
    ]
