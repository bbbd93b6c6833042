"""Counts by strand in the answers of the API: of figures with sources, and of indicators."""

from typing import Any

from rest_framework import serializers

from commitments.reading.strand_breakdowns import StrandBreakdown


class StrandCount(serializers.Serializer[Any]):
    """A count by strand."""

    strand = serializers.CharField()
    name = serializers.CharField()
    said = serializers.CharField(help_text="As it is printed: the number, or what hides it, such as “fewer than 5”.")
    count = serializers.IntegerField(allow_null=True, help_text="Null where it is hidden.")


def by_strand_of(breakdown: StrandBreakdown | None) -> dict[str, Any]:
    """Return a breakdown as the fields ``by_strand`` and ``by_strand_note``; an empty list and text where there is none."""
    lines = breakdown.lines if breakdown else ()
    return {
        "by_strand": [
            {"strand": line.code, "name": line.words, "said": line.said, "count": line.count} for line in lines
        ],
        "by_strand_note": breakdown.says if breakdown else "",
    }
