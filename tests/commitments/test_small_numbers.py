"""Small numbers of a strand: what is shown, and that nobody can work out what is not."""

from collections import defaultdict
from decimal import Decimal
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.rules.small_numbers import EXPLAINED, EXPLAINED_WITH_WHOLE, FEWER, HIDDEN, explained, shown

NOT_GIVEN = None


def view(counts, *wholes):
    """Return what a reader sees of the strands that are given: words and numbers, or that nothing is shown."""
    given_places = [place for place, count in enumerate(counts) if count is not NOT_GIVEN]
    told = shown([counts[place] for place in given_places], wholes=wholes)
    if told is None:
        return None
    return tuple((place, cell.words or cell.count) for place, cell in zip(given_places, told, strict=True))


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([12, 3, 9, 30], [12, FEWER, HIDDEN, 30]),
        ([0, 5, 6], [0, 5, 6]),
        ([0, 0, 0], [0, 0, 0]),
        ([], []),
        ([4, 9, 30], [FEWER, HIDDEN, 30]),
        ([5, 9, 30], [5, 9, 30]),
        ([2, 3, 9, 30], [FEWER, FEWER, HIDDEN, 30]),
        ([2, 3, 0], [FEWER, FEWER, 0]),
        ([3, 9, 0], [FEWER, HIDDEN, 0]),
        ([3, 9, 9, 30], [FEWER, HIDDEN, 9, 30]),
    ],
)
def test_one_to_four_reads_fewer_than_five_and_the_next_smallest_goes_with_it(counts, said):
    assert [cell.words or cell.count for cell in shown(counts) or []] == said


@pytest.mark.parametrize(
    "counts",
    [
        [3],  # one strand alone is the total
        [3, 0],
        [1, 1],  # 2 is 1 and 1
        [4, 4],  # 8 is 4 and 4
        [1, 5, 30],  # 6 is 1 and 5
        [4, 9, 9],  # the hidden one is no more than the 9 that is shown
        [2, 5, 5],
    ],
)
def test_a_breakdown_whose_small_numbers_could_be_worked_out_is_not_shown(counts):
    assert shown(counts) is None
    assert shown([9, 2, 9]) is not None


@cache
def seen_by_all(strands: int, most: int):
    """Return every breakdown of a few strands by what a reader sees of it, with the total that the reader knows."""
    found = defaultdict(list)
    for counts in product([NOT_GIVEN, *range(most + 1)], repeat=strands):
        found[view(counts), sum(filter(None, counts))].append(counts)
    return found


def test_no_hidden_number_can_be_worked_out_by_someone_who_knows_these_rules():
    looked = 0
    for (told, total), fitting in seen_by_all(3, 14).items():
        if total > 14:
            continue  # other breakdowns with this total have larger numbers than were tried
        hidden = range(3) if told is None else [place for place, said in told if said in {FEWER, HIDDEN}]
        for place in hidden:
            looked += 1
            values = {counts[place] for counts in fitting}
            assert len(values) > 1, (told, fitting)
    assert looked > 350


def test_no_hidden_number_can_be_worked_out_from_the_whole_that_is_printed_beside_it():
    looked = 0
    for whole in range(13):
        seen = defaultdict(list)
        for counts in product([NOT_GIVEN, *range(whole + 1)], repeat=3):  # no strand is more than the whole
            told, total = view(counts, Decimal(whole)), sum(filter(None, counts))
            known = (
                told is not None or total == whole
            )  # of a breakdown that is not shown, only the whole may be the total
            seen[told, total if known else None].append(counts)
        for (told, _total), fitting in seen.items():
            hidden = range(3) if told is None else [place for place, said in told if isinstance(said, str)]
            for place in hidden:
                looked += 1
                assert len({counts[place] for counts in fitting}) > 1, (whole, told, fitting)
    assert looked > 700


@pytest.mark.parametrize(
    ("counts", "whole", "is_shown"),
    [
        ([2, 2, 2], None, True),
        ([2, 2, 2], "2", False),  # none is more than 2, and together they are 6
        ([2, 2, 2], "3.5", True),
        ([3, 6, 6, 6], "100", True),
        ([3, 6, 6, 6], "6", False),  # a hidden 5 would leave 1 of 6, so it is 6
        ([3, 3, 6], "6", False),
        ([3, 6, 12], "12", True),
        ([38], "40", False),  # one strand alone is the total
        ([5, 9], "6", False),  # of 5 to 5
        ([0, 9], "9", True),
        ([0, 0], "4", False),  # a 0 of 4 leaves all 4
        ([0, 0], "5", True),
        ([0, 0], "0", True),
        ([3, 3, 3], "3", False),
        ([1, 0, 0], "1", False),
    ],
)
def test_a_breakdown_is_not_shown_where_the_whole_gives_a_number_away(counts, whole, is_shown):
    assert (shown(counts, wholes=[Decimal(whole)] if whole else []) is not None) is is_shown


MORE = "more than 35"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, [0, 20, 10]),
        (1, [FEWER, 20, HIDDEN]),
        (4, [FEWER, 20, HIDDEN]),
        (5, [5, 20, 10]),
        (35, [35, 20, 10]),
        (36, [MORE, 20, HIDDEN]),
        (39, [MORE, 20, HIDDEN]),
        (40, [40, 20, 10]),
    ],
)
def test_what_leaves_one_to_four_of_the_whole_is_hidden_as_one_to_four_is(count, said):
    told = shown([count, 20, 10], wholes=[Decimal(40)]) or []
    assert [cell.words or cell.count for cell in told] == said
    hides = said[0] in {FEWER, MORE}
    assert explained(told) == ((EXPLAINED if said[0] == FEWER else EXPLAINED_WITH_WHOLE) if hides else "")
    alone = shown([count, 20, 10])
    assert (alone is not None and alone[0].count) == (None if said[0] == FEWER else count), (
        "without a whole it is shown"
    )


def test_several_wholes_of_which_one_is_almost_reached_show_nothing():
    wholes = [Decimal(40), Decimal(60)]
    assert shown([38, 20, 10], wholes=wholes) is None
    assert shown([35, 20, 10], wholes=wholes) == shown([35, 20, 10])
    assert shown([38, 20, 10], wholes=[Decimal(40), Decimal(40)]) is not None


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.integers(0, 45))
def test_nothing_that_leaves_one_to_four_of_the_whole_is_ever_shown(counts, whole):
    counts = [min(count, whole) for count in counts]
    for cell in shown(counts, wholes=[Decimal(whole)]) or []:
        assert cell.count is None or whole - cell.count not in range(1, 5)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=6))
def test_every_hidden_number_has_another_value_that_fits_the_total(counts):
    told = shown(counts)
    if told is None:
        return
    hidden = [place for place, cell in enumerate(told) if cell.count is None]
    for place in hidden:
        assert any(_looks_the_same(counts, told, place, other, step) for other in hidden for step in range(-40, 41)), (
            counts
        )


def _looks_the_same(counts, told, place, other, step):
    if step == 0 or place == other:
        return False
    moved = list(counts)
    moved[place] += step
    moved[other] -= step
    return min(moved) >= 0 and shown(moved) == told


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 40), max_size=6))
def test_no_number_from_one_to_four_is_ever_shown_and_zero_always_is(counts):
    told = shown(counts)
    for count, cell in zip(counts, told or [], strict=False):
        assert cell.count in {None, count}
        assert not 1 <= (cell.count or 0) <= 4
        assert count or cell.count == 0
