"""Which indicators can be broken down by strand, and which counts a breakdown may have.

Strands overlap, as one person may be counted under several. So the counts need not add up to the whole, but none is more than it.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from vcsportal.common.words import Invalid

CURRENCIES: Final = frozenset("£€$")
ONLY_COUNTS: Final = "Only numbers of people, groups and the like can be broken down by strand."


def check_counts_things(kind: str, unit: str) -> None:
    """Raise :class:`Invalid` for money, shares, percentages and scales: small numbers among them could not be found and hidden."""
    if kind != "number" or unit.strip() == "%" or unit[:1] in CURRENCIES:
        raise Invalid(ONLY_COUNTS, field="strand")


def check_by_strand(shape: Any) -> None:
    """Raise :class:`Invalid` for an indicator that can't be counted by strand, or is counted by district as well.

    :param shape: has ``by_strand``, ``by_district``, ``kind``, ``unit`` and ``counts``.
    """
    if not shape.by_strand:
        return
    try:
        check_counts_things(shape.kind, shape.unit)
    except Invalid as refused:
        raise Invalid(refused.sentence, field="by_strand") from None
    if shape.by_district:
        raise Invalid(
            "Choose districts or strands, not both: together they could identify people. Make a second indicator for the other.",
            field="by_strand",
        )
    if shape.counts:
        raise Invalid("What the portal counts itself has no strands.", field="by_strand")


def checked_counts(counts: Mapping[str, Any], whole: Decimal | None) -> dict[str, int]:
    """Return a breakdown as it is kept: whole numbers by the codes of their strands.

    :param whole: the figure that is broken down; None where there is none.
    :raises Invalid: for a breakdown without a figure, and for a count that is no whole number from 0 to the figure. Its field is the
        strand's code.
    """
    if not counts:
        return {}
    if whole is None:
        raise Invalid("Enter the figure for everyone first, or leave the strands empty.", field="strands")
    for code, count in counts.items():
        if count != int(count) or count < 0:
            raise Invalid("By strand, enter a whole number of 0 or more.", field=code)
        if count > whole:
            raise Invalid(f"This is more than the figure for everyone ({whole.normalize():,f}).", field=code)
    return {code: int(count) for code, count in counts.items()}
