"""The position of the bars in an indicator's picture. Lengths are percentages of its width, so that its text never
shrinks."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from commitments.reading.indicator_words import IndicatorSummary
from commitments.rules import indicators as rules

HEAD_PIXELS: Final = 26
LINE_PIXELS: Final = 24
BAR_PIXELS: Final = 16
GAP_PIXELS: Final = 26
LONGEST_BAR_PERCENT: Final = Decimal(96)
"""Per cent of the width that the longest bar takes."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its words above it, where it begins and how long it is; ``carried`` is what earlier rounds had given."""

    kind: str  # "target" or "actual"
    words: str
    words_y: int
    y: int
    x: str
    width: str
    carried: str


@dataclass(frozen=True, slots=True)
class Band:
    """One round of the picture: its name and whether its target was met, its bars, and words where there is no figure."""

    round: str
    y: int
    bars: tuple[Bar, ...]
    gap: str
    gap_y: int


@dataclass(frozen=True, slots=True)
class IndicatorChart:
    """A drawn indicator: heights in pixels, lengths in per cent, and the sentence that says the same."""

    height: int
    bands: tuple[Band, ...]
    zero: str
    start: str
    start_words: str
    sentence: str


def draw(summary: IndicatorSummary) -> IndicatorChart | None:
    """Return the picture of target against actual over the rounds; None where there is no number to draw."""
    numbers = [number for cell in summary.cells for number in (cell.actual, cell.target) if number is not None]
    if not numbers:
        return None
    baseline = summary.baseline if summary.baseline is not None and not summary.cumulative else None
    lowest, highest = _ends([*numbers, *([baseline] if baseline is not None else [])])
    unit = LONGEST_BAR_PERCENT / (highest - lowest)

    def at(number: Decimal) -> str:
        return _per_cent((number - lowest) * unit)

    def bar(kind: str, words: str, y: int, number: Decimal, added: Decimal | None) -> Bar:
        left, right = min(Decimal(0), number), max(Decimal(0), number)
        before = number - added if summary.cumulative and added is not None else Decimal(0)
        carried = _per_cent(max(Decimal(0), before) * unit)
        return Bar(kind, words, y + 17, y + LINE_PIXELS, at(left), _per_cent((right - left) * unit), carried)

    y, bands = HEAD_PIXELS if baseline is not None else 0, []
    for cell in summary.cells:
        top, bars = y, []
        y += LINE_PIXELS
        if cell.target is not None:
            bars.append(
                bar(
                    "target",
                    _words("Target", summary, cell.target, cell.aimed, cell.target_said),
                    y,
                    cell.target,
                    cell.aimed,
                )
            )
            y += LINE_PIXELS + BAR_PIXELS + 4
        gap, gap_y = "", 0
        if cell.actual is not None:
            words = _words("Counted", summary, cell.actual, cell.added, cell.actual_said)
            bars.append(bar("actual", words, y, cell.actual, cell.added))
            y += LINE_PIXELS + BAR_PIXELS
        else:
            # A reason is too long for a line of a picture: the table and the text alternative give it.
            gap, gap_y = (cell.actual_said if cell.gap else "No figure"), y + 17
            y += LINE_PIXELS
        title = f"{cell.label}: {cell.verdict_said.lower()}" if cell.verdict else cell.label
        bands.append(Band(title, top + 17, tuple(bars), gap, gap_y))
        y += GAP_PIXELS
    start = at(baseline) if baseline is not None else ""
    return IndicatorChart(
        y - GAP_PIXELS + 4, tuple(bands), at(Decimal(0)), start, _start_words(summary), summary.whole_sentence
    )


def _words(what: str, summary: IndicatorSummary, total: Decimal, added: Decimal | None, said: str) -> str:
    # Short enough for one line of a telephone: SVG breaks none.
    if summary.cumulative and added is not None:
        so_far, here = (rules.say_short(number, kind=summary.kind, unit=summary.unit) for number in (total, added))
        return f"{what} so far: {so_far} ({here} in this round)"
    return f"{what}: {said}"


def _start_words(summary: IndicatorSummary) -> str:
    return "" if summary.baseline is None else f"Dashed line: baseline, {summary.baseline_short}"


def _ends(numbers: Iterable[Decimal]) -> tuple[Decimal, Decimal]:
    several = [Decimal(0), *numbers]
    lowest, highest = min(several), max(several)
    return lowest, highest if highest > lowest else lowest + 1


def _per_cent(number: Decimal) -> str:
    return f"{number.quantize(Decimal('0.01')).normalize():f}%"
