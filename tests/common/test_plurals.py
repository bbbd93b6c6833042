"""Nouns and verbs agree with their numbers."""

import pytest

from vcsportal.common import plurals


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("commitment", "commitments"), ("priority", "priorities"), ("day", "days"), ("story", "stories"), ("match", "matches"),
        ("address", "addresses"), ("person", "people"), ("new partner", "new partners"), ("item of evidence", "items of evidence"),
        ("person reached", "people reached"), ("commitment with an update", "commitments with an update"), ("half", "halves"), ("y", "ys"),
    ],
)  # fmt: skip
def test_a_plural_is_of_the_noun_that_is_counted(one, many):
    assert plurals.plural(one) == many
    assert plurals.counted(1, one) == f"1 {one}"
    assert plurals.counted(0, one) == f"0 {many}"
    assert plurals.counted(2, one) == f"2 {many}"


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("groups", "group"), ("people", "person"), ("priorities", "priority"), ("days", "day"), ("matches", "match"), ("addresses", "address"),
        ("boxes", "box"), ("items of evidence", "item of evidence"), ("new partners", "new partner"), ("staff", "staff"), ("glass", "glass"),
        ("campus", "campus"), ("analysis", "analysis"), ("ties", "tie"), ("", ""), ("hours", "hour"),
    ],
)  # fmt: skip
def test_the_singular_of_a_unit_is_found_as_far_as_a_rule_can_tell(many, one):
    assert plurals.singular(many) == one


def test_large_numbers_have_their_commas_and_a_plural_of_its_own_is_taken():
    assert plurals.counted(1204, "commitment") == "1,204 commitments"
    assert plurals.counted(2, "of them", "of them") == "2 of them"
    assert plurals.noun(1, "commitment") == "commitment"
    assert plurals.noun(2, "person", "persons") == "persons"


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "no commitments"), (1, "one commitment"), (9, "nine commitments"), (10, "10 commitments"), (1204, "1,204 commitments")],
)  # fmt: skip
def test_numbers_below_ten_are_spelt_out(count, words):
    assert plurals.spelt(count, "commitment") == words


@pytest.mark.parametrize(
    ("count", "words"), [(0, "are were have stand"), (1, "is was has stands"), (2, "are were have stand")]
)
def test_verbs_agree(count, words):
    found = plurals.be(count), plurals.was(count), plurals.has(count), plurals.agree(count, "stands", "stand")
    assert " ".join(found) == words


def test_a_sentence_begins_with_a_capital_and_keeps_the_rest():
    assert plurals.capital("three at Bicester") == "Three at Bicester"
    assert plurals.capital("") == ""
