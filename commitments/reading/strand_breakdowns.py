"""Counts by strand as pages, the API and reports show them: of figures with sources, and of indicators.

This is the one way from a count by strand to a reader: :mod:`commitments.rules.small_numbers` says what is hidden, and
:mod:`commitments.rules.related_breakdowns` what is not shown because of what could be read before.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from commitments.models import IndicatorValue
from commitments.reading.source_lines import SourceLine
from commitments.rules import small_numbers
from commitments.rules.indicators import say_number
from commitments.rules.related_breakdowns import earlier_gives_away
from partners.models import Strand


@dataclass(frozen=True, slots=True)
class StrandLine:
    """A strand of a breakdown: the count in words, and as a number unless it is hidden."""

    code: str
    words: str
    said: str
    count: int | None
    key: int = 0


@dataclass(frozen=True, slots=True)
class StrandBreakdown:
    """A count by strand. ``says`` explains what is hidden, "" where nothing is; without lines nothing can be shown."""

    when: str
    source: SourceLine | None
    lines: tuple[StrandLine, ...]
    says: str

    @property
    def sentence(self) -> str:
        """All of it in a sentence or two."""
        lines = "; ".join(f"{line.words} {line.said}" for line in self.lines)
        return f"By strand: {lines}. {self.says}".rstrip() if lines else self.says


def breakdown(
    lines: Sequence[StrandLine],
    *,
    when: str,
    source: SourceLine | None = None,
    keeps: bool,
    wholes: Collection[Decimal] = (),
    withheld: bool = False,
) -> StrandBreakdown:
    """Return a breakdown with its small numbers hidden from everyone but those who keep them.

    :param lines: with all their numbers.
    :param keeps: whether it is for someone who enters or approves these numbers.
    :param wholes: as in :func:`commitments.rules.small_numbers.shown`.
    :param withheld: whether it gives a number away together with another, so that nobody else may see it.
    """
    public = None if withheld else small_numbers.shown([line.count or 0 for line in lines], wholes=wholes)
    hides = public is None or any(cell.count is None for cell in public)
    if keeps:
        says = small_numbers.KEPT_BACK if withheld else small_numbers.KEPT
        return StrandBreakdown(when, source, tuple(lines), says if hides else "")
    if public is None:
        return StrandBreakdown(when, source, (), small_numbers.WITHHELD)
    shown = tuple(
        line if cell.count is not None else replace(line, said=cell.words, count=None)
        for line, cell in zip(lines, public, strict=True)
    )
    return StrandBreakdown(when, source, shown, small_numbers.explained(public))


def strands_of(values: Iterable[IndicatorValue]) -> list[Strand]:
    """Return the strands by which these figures are broken down, in their order. One query, none where there is no breakdown."""
    codes = {code for value in values for code in value.by_strand}
    return list(Strand.objects.filter(code__in=codes).in_order()) if codes else []


def breakdown_of(
    value: Any, strands: Sequence[Strand], *, when: str = "", keeps: bool = False
) -> StrandBreakdown | None:
    """Return the breakdown of an indicator's figure, None where it has none. No query.

    :param value: an :class:`IndicatorValue`, or a figure that is not saved yet and has no breakdown.
    :param strands: those of :func:`strands_of`.
    """
    counts: Mapping[str, int] = getattr(value, "by_strand", {})
    if not counts:
        return None
    lines = [
        StrandLine(strand.code, strand.words, say_number(Decimal(counts[strand.code])), counts[strand.code])
        for strand in strands
        if strand.code in counts
    ]
    wholes = [] if value.value is None else [value.value]
    withheld = earlier_gives_away(counts, value.earlier_strands, wholes)
    return breakdown(lines, when=when, keeps=keeps, wholes=wholes, withheld=withheld)
