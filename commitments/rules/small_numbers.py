"""Small numbers of a strand are hidden, so that nobody can be identified. Outside the people responsible for the strategy:

* 0 stays 0; 1 to 4 reads "fewer than 5";
* a number that leaves 1 to 4 of a whole that is printed beside it reads "more than …": 38 of 40 would give away the other 2;
* the next smallest number is hidden with them, so that a hidden one is not the total less the others;
* where even then a number could be worked out from the total and these rules, the breakdown is not shown at all.

What can be worked out is reckoned as if the numbers added up to a total that everyone knows, whether one is shown or not: it may be
published elsewhere. A whole that is printed beside them is known too, and none of them is more than it. Of a whole from 1 to 4, a 0
leaves all of it, so a breakdown with a 0 is not shown. The choice depends only on what a reader sees, so that it gives nothing away
itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import ceil, floor
from typing import Final

SMALLEST_SHOWN: Final = 5
FEWER: Final = f"fewer than {SMALLEST_SHOWN}"
HIDDEN: Final = "not shown"
WITHHELD: Final = "This breakdown is not shown, because numbers this small could identify people."
EXPLAINED: Final = f"Numbers from 1 to {SMALLEST_SHOWN - 1} read “{FEWER}”, and the next smallest is left out too: such small numbers could identify people."
EXPLAINED_WITH_WHOLE: Final = (
    f"Numbers from 1 to {SMALLEST_SHOWN - 1}, and those that leave only 1 to {SMALLEST_SHOWN - 1} of the whole, are not shown exactly, and the next "
    "smallest is left out too: such small numbers could identify people."
)
KEPT: Final = (
    f"Only the people who can change these numbers see them. Everyone else reads “{FEWER}” or “more than …” in their place, "
    "or no breakdown at all."
)
KEPT_BACK: Final = (
    "Only the people who can change these numbers see them. Everyone else reads that this breakdown is not shown: together with an "
    "earlier one, or with that of the figure that it is part of or of its parts, it would give a small number away. "
    "Reports that were published earlier may show numbers that are hidden now."
)


@dataclass(frozen=True, slots=True)
class ShownCount:
    """A count as everyone may see it: the number, or None with the words in its place."""

    count: int | None
    words: str = ""


def explained(cells: Sequence[ShownCount]) -> str:
    """Return what a reader is told of the hidden numbers of a breakdown; "" where none is hidden."""
    hidden = {cell.words for cell in cells if cell.count is None}
    if not hidden:
        return ""
    return EXPLAINED if hidden <= {FEWER, HIDDEN} else EXPLAINED_WITH_WHOLE


def is_small(count: int) -> bool:
    """Whether a count is from 1 to 4."""
    return 1 <= count < SMALLEST_SHOWN


def leaves_few(count: int, wholes: Collection[Decimal]) -> bool:
    """Whether a count leaves more than 0 and less than 5 of a whole that is printed beside it."""
    return any(0 < whole - count < SMALLEST_SHOWN for whole in wholes)


def shown(counts: Sequence[int], *, wholes: Collection[Decimal] = ()) -> list[ShownCount] | None:
    """Return the counts of a breakdown as everyone may see them, in their order; None where the breakdown can't be shown at all.

    :param counts: whole numbers of 0 or more, each of one strand.
    :param wholes: what is printed beside them as the whole that they are parts of: one, or several where sources differ; no
        count is larger.
    """
    small = {place for place, count in enumerate(counts) if is_small(count)}
    large = {place for place, count in enumerate(counts) if place not in small and leaves_few(count, wholes)}
    if not small and not large:
        return [ShownCount(count) for count in counts]
    if any(counts[place] == 0 for place in large) or (large and len(set(wholes)) > 1):
        return None
    others = [place for place, count in enumerate(counts) if count >= SMALLEST_SHOWN and place not in large]
    with_them = min(others, key=lambda place: (counts[place], place), default=None)
    ranges = {place: [(1, SMALLEST_SHOWN - 1)] for place in small}
    ranges |= {place: [_most_of(max(wholes))] for place in large}
    if with_them is not None:
        ranges[with_them] = _between(SMALLEST_SHOWN, _most(counts, with_them, large), wholes)
    if _can_be_worked_out(sum(counts[place] for place in ranges), ranges, wholes):
        return None
    words = {
        **dict.fromkeys(small, FEWER),
        **{place: f"more than {_most_of(max(wholes))[0] - 1:,}" for place in large},
        **({} if with_them is None else {with_them: HIDDEN}),
    }
    return [
        ShownCount(None, words[place]) if place in words else ShownCount(count) for place, count in enumerate(counts)
    ]


def _most_of(whole: Decimal) -> tuple[int, int]:
    """The least and the most of a count of 5 or more that leaves few of the whole."""
    return max(SMALLEST_SHOWN, floor(whole - SMALLEST_SHOWN) + 1), ceil(whole) - 1


def _between(least: int, most: int, wholes: Collection[Decimal]) -> list[tuple[int, int]]:
    """The ranges from ``least`` to ``most`` without the numbers that leave few of a whole: such a one has other words."""
    found = [(least, most)]
    for whole in wholes:
        low, high = floor(whole - SMALLEST_SHOWN) + 1, ceil(whole) - 1
        found = [
            part
            for first, last in found
            for part in ((first, min(last, low - 1)), (max(first, high + 1), last))
            if part[0] <= part[1]
        ]
    return found


def _can_be_worked_out(total: int, ranges: dict[int, list[tuple[int, int]]], wholes: Collection[Decimal]) -> bool:
    """Whether a hidden count has only one value that fits the sum of the hidden counts and what their words say."""
    most_of_all = floor(max(wholes)) if wholes else None
    fits: dict[int, list[int]] = {place: [] for place in ranges}
    for choice in product(*ranges.values()):
        bounds = {
            place: (low, high if most_of_all is None else min(high, most_of_all))
            for place, (low, high) in zip(ranges, choice, strict=True)
        }
        least, most = sum(low for low, _ in bounds.values()), sum(high for _, high in bounds.values())
        if not least <= total <= most or any(low > high for low, high in bounds.values()):
            continue
        for place, (low, high) in bounds.items():
            fits[place] += max(low, total - (most - high)), min(high, total - (least - low))
    return any(not values or min(values) == max(values) for values in fits.values())


def _most(counts: Sequence[int], with_them: int, large: Collection[int]) -> int:
    """Return the most that the next smallest count can be: no more than those that are shown, and less than one that stands before it."""
    seen = [
        count - 1 if place < with_them else count
        for place, count in enumerate(counts)
        if count >= SMALLEST_SHOWN and place != with_them and place not in large
    ]
    return min(seen) if seen else sum(counts)
