"""An address that is filled in is the one that Django would find."""

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from vcsportal.common.addresses import address


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("commitments:home", ()),
        ("commitments:evidence", (12,)),
        ("commitments:evidence-file", (3, 40)),
        ("commitments:commitment", ("our-strategy", "lend-chairs")),
        ("commitments:priority", ("our-strategy", 4)),
        ("partners:organisation", ("st-marys_2",)),
    ],
)
def test_it_is_what_django_finds(name, args):
    for _ in range(2):
        assert address(name, *args) == reverse(name, args=args)


def test_what_is_no_plain_word_is_left_to_django():
    assert address("commitments:commitment", "our-strategy", "1.4") == reverse(
        "commitments:commitment", args=["our-strategy", "1.4"]
    )
    with pytest.raises(NoReverseMatch):
        address("partners:organisation", "two words")
    with pytest.raises(NoReverseMatch):
        address("no-such-view")


def test_it_stands_below_the_portals_own_folder():
    set_script_prefix("/portal/")
    try:
        assert address("commitments:evidence", 12).startswith("/portal/")
    finally:
        set_script_prefix("/")
    assert not address("commitments:evidence", 12).startswith("/portal/")
