"""A strategy is named within a sentence as people say it."""

import pytest

from vcsportal.common.names import with_the


@pytest.mark.parametrize(
    ("title", "within"),
    [
        ("Voluntary and Community Sector Strategy 2022–2027", "the Voluntary and Community Sector Strategy 2022–2027"),
        ("The Oxfordshire Compact", "the Oxfordshire Compact"),
        ("A plan for volunteers", "a plan for volunteers"),
        ("The", "the The"),
        ("Theatres for all", "the Theatres for all"),
    ],
)
def test_a_title_has_one_article(title, within):
    assert with_the(title) == within
