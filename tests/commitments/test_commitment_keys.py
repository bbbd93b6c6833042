"""Keys of commitments: what can be one, and how one is made from a short title."""

import pytest

from commitments.rules.commitment_keys import MAX_KEY_CHARACTERS, is_key, make_key


@pytest.mark.parametrize("text", ["chairs", "lend-chairs", "a1", "2nd-room", "a" * MAX_KEY_CHARACTERS])
def test_lowercase_letters_digits_and_single_hyphens_make_a_key(text):
    assert is_key(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Chairs",
        "lend chairs",
        "-chairs",
        "chairs-",
        "a--b",
        "1.2",
        "12",
        "1-2",
        "é",
        "a" * (MAX_KEY_CHARACTERS + 1),
    ],
)
def test_anything_else_is_none_nor_what_could_be_a_reference(text):
    assert not is_key(text)


def test_a_key_is_made_from_the_short_title_and_is_not_used_twice():
    assert make_key("Lend chairs", set()) == "lend-chairs"
    assert make_key("Lend chairs!", {"lend-chairs"}) == "lend-chairs-2"
    assert make_key("Lend chairs", {"lend-chairs", "lend-chairs-2"}) == "lend-chairs-3"


@pytest.mark.parametrize("title", ["2025", "…", "Сад", "1.2"])
def test_a_title_without_a_letter_for_an_address_gets_a_word(title):
    assert is_key(make_key(title, set()))
    assert make_key(title, set()).startswith("commitment")


def test_a_long_title_is_cut_and_stays_a_key():
    made = make_key("word " * 30, {"word-" * 10 + "word"})
    assert is_key(made)
    assert len(made) <= MAX_KEY_CHARACTERS
