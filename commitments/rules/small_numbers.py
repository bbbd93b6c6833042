"""Small numbers of a strand are hidden, so that nobody can be identified. Outside the people responsible for the strategy:

* 0 stays 0; 1 to 4 reads "fewer than 5";
* the next smallest number is hidden with it, so that the small one is not the total less the others;
* where even then a number could be worked out from the total and these rules, the breakdown is not shown at all.

What can be worked out is reckoned as if the numbers added up to a total that everyone knows, whether one is shown or not: it may be
published elsewhere. A whole that is printed beside them is known too, and none of them is more than it. The choice depends only on
what a reader sees, so that it gives nothing away itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

SMALLEST_SHOWN: Final = 5
FEWER: Final = f"fewer than {SMALLEST_SHOWN}"
HIDDEN: Final = "not shown"
WITHHELD: Final = "This breakdown is not shown, because numbers this small could identify people."
EXPLAINED: Final = f"Numbers from 1 to {SMALLEST_SHOWN - 1} read “{FEWER}”, and the next smallest is left out too: such small numbers could identify people."
KEPT: Final = (
    f"Only the people who can change these numbers see them. Everyone else reads “{FEWER}”, or no breakdown at all."
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


def is_small(count: int) -> bool:
    """Whether a count is from 1 to 4."""
    return 1 <= count < SMALLEST_SHOWN


def shown(counts: Sequence[int], *, whole: Decimal | None = None) -> list[ShownCount] | None:
    """Return the counts of a breakdown as everyone may see them, in their order; None where the breakdown can't be shown at all.

    :param counts: whole numbers of 0 or more, each of one strand.
    :param whole: the whole that the counts are parts of, where it is printed beside them; no count is larger.
    """
    small = {place for place, count in enumerate(counts) if is_small(count)}
    if not small:
        return [ShownCount(count) for count in counts]
    others = [place for place, count in enumerate(counts) if count >= SMALLEST_SHOWN]
    with_them = min(others, key=lambda place: (counts[place], place), default=None)
    if _can_be_worked_out(counts, small, with_them, whole):
        return None
    return [
        ShownCount(None, FEWER)
        if place in small
        else ShownCount(None, HIDDEN)
        if place == with_them
        else ShownCount(count)
        for place, count in enumerate(counts)
    ]


def _can_be_worked_out(counts: Sequence[int], small: set[int], with_them: int | None, whole: Decimal | None) -> bool:
    """Whether a hidden count has only one value that fits the sum of the hidden counts and what their words say."""
    bounds = dict.fromkeys(small, (1, SMALLEST_SHOWN - 1))
    if with_them is not None:
        bounds[with_them] = (SMALLEST_SHOWN, _most(counts, with_them))
    if whole is not None:
        bounds = {place: (low, min(high, int(whole))) for place, (low, high) in bounds.items()}
    total = sum(counts[place] for place in bounds)
    least, most = sum(low for low, _ in bounds.values()), sum(high for _, high in bounds.values())
    return any(max(low, total - (most - high)) >= min(high, total - (least - low)) for low, high in bounds.values())


def _most(counts: Sequence[int], with_them: int) -> int:
    """Return the most that the next smallest count can be: no more than those that are shown, and less than one that stands before it."""
    seen = [
        count - 1 if place < with_them else count
        for place, count in enumerate(counts)
        if count >= SMALLEST_SHOWN and place != with_them
    ]
    return min(seen) if seen else sum(counts)
