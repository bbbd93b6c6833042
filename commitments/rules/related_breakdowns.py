"""Breakdowns by strand that everyone may read, each with its small numbers hidden, can give a number away together. Two are related:

* one and what could be read in its place before, while it was entered in steps or until it was corrected;
* that of a figure and that of a part of it: the whole less the part is what is in the whole alone.

Then neither is shown. A breakdown that is hidden as a whole gives nothing away.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from commitments.rules.small_numbers import is_small, shown

Counts = Mapping[Any, int]
"""The counts of a breakdown by the keys or the codes of their strands, in the order of the strands."""


def earlier_gives_away(counts: Counts, earlier: Iterable[Counts], wholes: Collection[Decimal] = ()) -> bool:
    """Return whether a hidden number follows from a breakdown and what could be read in its place before.

    :param wholes: what is printed beside them, as in :func:`commitments.rules.small_numbers.shown`.
    """
    hidden = hides(counts, wholes)
    before = [hides(other, wholes) for other in earlier if other != counts]
    return any(told is not None and (told or hidden) for told in before)


def part_gives_away(whole: Counts, parts: Sequence[Counts]) -> bool:
    """Return whether a small number follows from the breakdown of a figure and those of its parts.

    It does where one of them has a small number, and where the whole less a part, or less all parts, is a small number. Where no
    part, and not what is left of the whole, is small, the whole less some of the parts is not small either.
    """
    if not parts:
        return False
    if any(is_small(count) for counts in (whole, *parts) for count in counts.values()):
        return True
    for strand, count in whole.items():
        there = [part.get(strand, 0) for part in parts]
        if any(is_small(count - less) for less in (*there, sum(there))):
            return True
    return False


def hides(counts: Counts, wholes: Collection[Decimal] = ()) -> bool | None:
    """Return whether a number of a breakdown is hidden; None where it is not shown at all."""
    told = shown(list(counts.values()), wholes=wholes)
    return None if told is None else any(cell.count is None for cell in told)
