"""Breakdowns that are read side by side, or after each other: nobody can work out a number that is hidden in one of them."""

from collections import defaultdict
from decimal import Decimal
from itertools import product

import pytest

from commitments.rules.related_breakdowns import earlier_gives_away, part_gives_away
from commitments.rules.small_numbers import FEWER, HIDDEN, shown

NOT_GIVEN = None


def given(counts):
    return {place: count for place, count in enumerate(counts) if count is not NOT_GIVEN}


def view(counts, *, withheld=False):
    """What a reader sees of a breakdown: words and numbers by strand, or that nothing is shown."""
    told = None if withheld else shown(list(counts.values()))
    if told is None:
        return None
    return tuple((place, cell.words or cell.count) for place, cell in zip(counts, told, strict=True))


def hidden_in(told, strands):
    return range(strands) if told is None else [place for place, said in told if said in {FEWER, HIDDEN}]


def printed(views, place):
    """Numbers that a reader saw of a strand, in one breakdown or another."""
    return {said for told in views if isinstance(told, tuple) for where, said in told if where == place} - {
        FEWER,
        HIDDEN,
    }


def check_that_nothing_follows(seen, strands, breakdowns):
    """Check that of everything that looks the same, each hidden number has several values; return how many were looked at."""
    looked = 0
    for views, fitting in seen.items():
        for which in breakdowns:
            for place in hidden_in(views[which], strands):
                looked += 1
                numbers = {case[which].get(place) for case in fitting}
                assert len(numbers) > 1 or numbers <= {None, *printed(views, place)}, (views, fitting[:4])
    return looked


MOST = 13
ENTERED = [NOT_GIVEN, *range(MOST + 1)]


def steps():
    """Every breakdown of three strands, with the one from which it came by entering, correcting or withdrawing one strand.

    Those with larger totals are left out: what looks the same may have larger numbers than are tried.
    """
    small = [counts for counts in product(ENTERED, repeat=3) if sum(filter(None, counts)) <= MOST]
    for counts in small:
        for place, number in product(range(3), ENTERED):
            before = (*counts[:place], number, *counts[place + 1 :])
            if before != counts and sum(filter(None, before)) <= MOST:
                yield given(before), given(counts)


def test_no_hidden_number_follows_from_what_was_read_before_it_was_entered_or_corrected():
    seen = defaultdict(list)
    for before, now in steps():
        views = view(before), view(now, withheld=earlier_gives_away(now, [before]))
        totals = [
            None if told is None else sum(counts.values()) for told, counts in zip(views, (before, now), strict=True)
        ]
        seen[(*views, *totals)].append((before, now))
    for views in seen:
        if None not in views[:2] and {FEWER, HIDDEN} & {said for told in views[:2] for _, said in told}:
            assert views[0] == views[1], "a number that is hidden in one of them is not hidden in the other"
    assert check_that_nothing_follows(seen, 3, [1]) > 500


@pytest.mark.parametrize(
    ("counts", "earlier", "withheld"),
    [
        ({1: 3, 2: 9, 3: 30}, [{2: 9}], True),  # Age was read before Faith was entered
        ({1: 3, 2: 9, 3: 30}, [{1: 3}, {1: 3, 2: 0}], False),  # nothing could be read before
        ({1: 8, 2: 9, 3: 30}, [{2: 9}, {2: 9, 3: 30}], False),  # nothing is hidden
        ({1: 8, 2: 9, 3: 30}, [{1: 3, 2: 9, 3: 30}], True),  # the 9 was hidden with the 3
        ({1: 3, 2: 9, 3: 30}, [{1: 3, 2: 9, 3: 30}], False),  # the note was corrected
        ({1: 3, 2: 9, 3: 30}, [], False),
    ],
)
def test_a_breakdown_is_withheld_where_an_earlier_one_gives_a_number_away(counts, earlier, withheld):
    assert earlier_gives_away(counts, earlier) is withheld


@pytest.mark.parametrize(
    ("counts", "earlier", "wholes", "withheld"),
    [
        ({1: 35, 2: 20, 3: 10}, [{1: 38, 2: 20, 3: 10}], [40], True),  # the 10 was hidden with the 38
        ({1: 38, 2: 20, 3: 10}, [{1: 35, 2: 20, 3: 10}], [40], True),  # and could be read before
        ({1: 35, 2: 20, 3: 10}, [{1: 30, 2: 20, 3: 10}], [40], False),
        ({1: 38, 2: 20, 3: 10}, [{1: 35, 2: 20, 3: 10}], [], False),  # no whole is printed
    ],
)
def test_what_leaves_few_of_the_whole_counts_as_hidden_in_both(counts, earlier, wholes, withheld):
    assert earlier_gives_away(counts, earlier, [Decimal(whole) for whole in wholes]) is withheld


PARTS = [0, 1, 4, 5, 6]


def families():
    """Every figure of two strands with two parts that do not overlap, and what is in neither."""
    for cells in product(PARTS, repeat=6):
        first, second, rest = given(cells[:2]), given(cells[2:4]), cells[4:]
        whole = {place: first[place] + second[place] + rest[place] for place in range(2)}
        yield whole, first, second


def test_no_number_follows_from_a_figure_and_its_parts():
    seen, single = defaultdict(list), 0
    for family in families():
        withheld = part_gives_away(family[0], family[1:])
        views = tuple(view(counts, withheld=withheld) for counts in family)
        seen[views].append(family)
        if not withheld:
            whole, first, second = family
            for place in range(2):
                left = [
                    whole[place] - first[place],
                    whole[place] - second[place],
                    whole[place] - first[place] - second[place],
                ]
                assert not {1, 2, 3, 4} & {*left, first[place], second[place], whole[place]}
            single += 1
    assert check_that_nothing_follows(seen, 2, range(3)) > 5
    assert single > 30, "where nothing is small, everything is shown"


@pytest.mark.parametrize(
    ("whole", "parts", "withheld"),
    [
        ({1: 25, 2: 40}, [{1: 22, 2: 30}, {1: 3, 2: 10}], True),  # 25 less 22
        ({1: 25, 2: 40}, [{1: 22, 2: 30}], True),  # 3 are in no part
        ({1: 50, 2: 40}, [{1: 20, 2: 10}, {1: 26, 2: 20}], True),  # 4 are in neither part
        ({1: 50, 2: 40}, [{1: 30, 2: 10}, {1: 47, 2: 20}], True),  # they overlap, and 3 are outside the second
        ({1: 50, 2: 40}, [{1: 20, 2: 10}, {1: 25, 2: 20}], False),
        ({1: 25, 2: 40}, [{1: 25, 2: 40}], False),
        ({1: 3, 2: 40}, [{2: 20}], True),
        ({1: 4}, [], False),  # it is judged by itself
        ({2: 40}, [{1: 4}], True),
    ],
)
def test_a_figure_and_its_parts_are_withheld_where_they_give_a_number_away(whole, parts, withheld):
    assert part_gives_away(whole, parts) is withheld
