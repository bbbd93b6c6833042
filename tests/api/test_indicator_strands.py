"""Indicators counted by strand through the API: small numbers and the next smallest hidden from everyone who can't enter figures."""

import pytest

from commitments.rules.small_numbers import EXPLAINED, KEPT, WITHHELD
from tests.strand_figures import LARGE, NEXT_SMALLEST, SHOWN, SMALL, StrandFigures, make_strand_figures

pytestmark = pytest.mark.django_db
THERE = "strategies/our-strategy/indicators/"


@pytest.fixture
def figures(world, now) -> StrandFigures:
    return make_strand_figures(world.commitment, world.officer, now, world.round)


def figure_of(reader, code="S1"):
    answer = reader.get(f"{THERE}{code}/").json()
    assert answer["by_strand"] is True
    [figure] = answer["figures"]
    return figure


def test_small_numbers_and_the_next_smallest_are_hidden_from_everybody_else(api, stranger, figures, partner, officer):
    for reader in (stranger, api(partner)):
        figure = figure_of(reader)
        assert [row["said"] for row in figure["by_strand"]] == SHOWN
        assert [row["count"] for row in figure["by_strand"]] == [None, None, *LARGE]
        assert [row["strand"] for row in figure["by_strand"]] == ["faith", "age", "women", "disability"]
        assert figure["by_strand_note"] == EXPLAINED
        withheld = figure_of(reader, "S2")
        assert (withheld["by_strand"], withheld["by_strand_note"]) == ([], WITHHELD)
        listed = reader.get(THERE).content.decode()
        assert str(LARGE[0]) in listed
        assert str(NEXT_SMALLEST) not in listed
    own = figure_of(api(officer))
    assert [row["count"] for row in own["by_strand"]] == [SMALL, NEXT_SMALLEST, *LARGE]
    assert own["by_strand_note"] == KEPT


def test_an_indicator_without_a_breakdown_says_so(stranger, figures):
    answer = stranger.get(f"{THERE}1.1a/").json()
    assert answer["by_strand"] is False
    assert [(figure["by_strand"], figure["by_strand_note"]) for figure in answer["figures"]] == [([], "")]
