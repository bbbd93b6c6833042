"""Names that may mean the same organisation."""

import pytest

from partners.likeness import alike, are_alike


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Ash Green Allotments", "The Ash Green Allotments Ltd", True),
        ("Ash Green Allotments", "Ashgreen Allotments", True),
        ("Ash Green Allotment", "Ash Green Allotments", True),
        ("Friends of the Mill", "Mill Friends", True),
        ("St Mary’s Lunch Club", "St Marys Lunch Club", True),
        ("Ash Green Allotments", "Ash Green Choir", False),
        ("Larkhythe Choir", "Otterby Choir", False),
        ("The Trust", "The Charity", False),
    ],
)
def test_names_are_alike_or_not(first, second, same):
    assert are_alike(first, second) is same


def test_the_likeliest_comes_first_once_whatever_it_was_called():
    named = [(1, "Ashgreen Allotments"), (2, "Ash Green Allotments"), (1, "Ash Green Allotment"), (3, "Choir")]
    assert alike("The Ash Green Allotments", named) == [2, 1]
