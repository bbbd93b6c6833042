"""What can be a reference, and what ids are made of it."""

import itertools
import re

import pytest

from commitments.rules.references import anchor, heading, is_reference, may_be_reference, numbered


@pytest.mark.parametrize(
    "text", ["1.4", "A1", "CW1.2b", "5b", "4", "5(b)", "[2]", "1/3", "A-1", "Action 3", "Ŷ1", "x" * 20]
)
def test_what_sources_use_is_a_reference(text):
    assert is_reference(text)


@pytest.mark.parametrize(
    "text", ["", " A1", "A1 ", "A  1", "A\n1", "A_1", "A#1", "A<1", "1,2", "…", ".", "()", "x" * 21, "A\x001"]
)
def test_what_no_id_or_address_could_be_made_of_is_none(text):
    assert not is_reference(text)


def test_an_anchor_is_valid_and_no_two_references_share_one():
    signs = [*"aB1.-/()[] ", "Ŷ"]
    all_of_them = [f"x{''.join(each)}x" for size in (0, 1, 2) for each in itertools.product(signs, repeat=size)]
    anchors = [anchor(reference) for reference in all_of_them]
    assert len(set(anchors)) == len(all_of_them)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", each) for each in anchors)


@pytest.mark.parametrize("reference", ["1.4", "A1", "CW1.2b", "former-1.2", "former-1.2-2"])
def test_plain_references_are_their_own_anchor(reference):
    assert anchor(reference) == reference


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("1.4", True),
        ("A1", True),
        ("5b", True),
        ("ii", True),
        ("chairs-2", True),
        ("lend-chairs", False),
        ("a\x00b", False),
    ],
)
def test_a_name_in_an_address_may_be_a_reference(name, may):
    assert may_be_reference(name) is may


@pytest.mark.parametrize(
    ("priority", "number", "made"), [("", 3, "3.2"), ("A", 1, "A.2"), ("Theme 1", 1, "1.2"), ("5", 3, "5.2")]
)
def test_a_commitment_without_a_reference_is_called_by_its_place(priority, number, made):
    assert numbered(priority, number, 2) == made


@pytest.mark.parametrize(
    ("reference", "called"), [("3", "Priority 3"), ("A", "Priority A"), ("Theme 1", "Theme 1"), ("5 b", "Priority 5 b")]
)
def test_a_priority_whose_reference_has_a_word_is_called_by_it_alone(reference, called):
    assert heading("Priority", reference) == called
