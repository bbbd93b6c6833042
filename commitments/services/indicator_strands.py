"""The breakdown of a figure by strand: it is checked, reviewed and changed together with the figure. Only services call these."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from commitments.models import Indicator, IndicatorValue
from commitments.rules.indicators import say_number
from commitments.rules.strand_counts import checked_counts
from partners.models import Strand
from vcsportal.common.words import Invalid

STRANDS = "strands"
"""Under what name the history keeps a breakdown, which only the people who enter and approve figures may read."""


def strands_after(
    indicator: Indicator, stored: IndicatorValue | None, given: Mapping[str, Any] | None, value: Any
) -> dict[str, int]:
    """Return the breakdown that a figure is to have.

    :param given: counts by the codes of their strands; None leaves what is stored, as long as there is a figure.
    :param value: the figure, None where there is none.
    :raises Invalid: where it is not counted by strand, for a strand that is unknown, and for what is no part of the figure.
    """
    kept = stored.by_strand if stored else {}
    if given is None:
        given = {} if value is None else kept
    if not given:
        return {}
    if not indicator.by_strand:
        raise Invalid(f"{indicator.code} is not counted by strand.", field=STRANDS)
    known = set(Strand.objects.filter(code__in=given).values_list("code", flat=True))
    if unknown := sorted(given.keys() - known):
        raise Invalid(f"“{unknown[0][:40]}” is not the code of a strand.", field=STRANDS)
    return checked_counts(given, value)


def remember_breakdown(value: IndicatorValue, now: Mapping[str, int] | None = None) -> None:
    """Before a figure that counts is changed or returned, note the breakdown that everyone could read. It is not saved here.

    :param now: the breakdown that takes its place; None where it stops counting.
    """
    before = value.by_strand
    if value.state == "approved" and before and before != now and before not in value.earlier_strands:
        value.earlier_strands = [*value.earlier_strands, before]


def breakdown_said(value: IndicatorValue) -> dict[str, Any]:
    """Return a figure's breakdown as the history keeps it, a text for each strand; empty where there is none."""
    if not value.by_strand:
        return {}
    strands = Strand.objects.filter(code__in=value.by_strand).in_order()
    return {STRANDS: [f"{strand.words} {say_number(Decimal(value.by_strand[strand.code]))}" for strand in strands]}
