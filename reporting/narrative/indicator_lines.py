"""An indicator as a small line through the rounds, with its target dashed, drawn as SVG in one ink; and as rows of a table.

The scale begins at 0, so that a small change looks small. A round without a figure is a gap in the line, never a 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import groupby
from typing import Final

from reporting.facts import FigureFacts, IndicatorFacts, Report
from reporting.narrative import indicator_words
from reporting.narrative.charts import FONT, MAX_YEARS, OUTLINE, PIXELS_PER_POINT, Chart

WIDTH_POINTS: Final = 118.0
HEIGHT_POINTS: Final = 58.0
LABEL_POINTS: Final = 10.0
"""What the names of the first and the last round take below the line."""
MARGIN_POINTS: Final = 5.0


@dataclass(frozen=True, slots=True)
class IndicatorRound:
    """One round of an indicator, as its table and its line show it.

    ``value`` and ``target`` are what is compared: totals so far, where figures add up. ``counted`` and ``aimed`` say them in
    words.
    """

    round: str
    value: Decimal | None
    target: Decimal | None
    counted: str
    aimed: str
    verdict: str


def rounds(report: Report, indicator: IndicatorFacts) -> list[IndicatorRound]:
    """Return an indicator's rounds, the oldest first and the reported one last; only those that have a figure or a target."""
    return [_round(report, indicator, figure) for figure in indicator.rounds[-MAX_YEARS:]]


def _round(report: Report, indicator: IndicatorFacts, figure: FigureFacts) -> IndicatorRound:
    counted = figure.actual_said
    if figure.actual is not None and figure.total_said and figure.total != figure.actual:
        counted = f"{counted}; {figure.total_said} in all"
    aimed = indicator_words.target(report, indicator, figure)
    if figure.target_total_said and figure.target_total != figure.target:
        aimed = f"{aimed}; {figure.target_total_said} in all"
    adds_up = indicator.cumulative and figure.actual is not None
    return IndicatorRound(
        report.label_of(figure.round),
        figure.total if adds_up and figure.total is not None else figure.actual,
        figure.target_total if indicator.cumulative and figure.target_total is not None else figure.target,
        counted,
        aimed,
        figure.verdict,
    )


def is_drawn(found: list[IndicatorRound]) -> bool:
    """Return whether there is a line to draw: figures of two rounds or more, none below 0."""
    values = [each.value for each in found if each.value is not None]
    targets = [each.target for each in found if each.target is not None]
    return len(values) > 1 and min([*values, *targets]) >= 0


def line(indicator: IndicatorFacts, found: list[IndicatorRound], ink: str = OUTLINE) -> Chart | None:
    """Return the small line; None where there is none to draw.

    :param ink: the one colour in which it is drawn.
    """
    if not is_drawn(found):
        return None
    most = max(number for each in found for number in (each.value, each.target) if number is not None) or Decimal(1)
    step = (WIDTH_POINTS - 2 * MARGIN_POINTS) / (len(found) - 1)
    room = HEIGHT_POINTS - LABEL_POINTS - 2 * MARGIN_POINTS

    def place(number: Decimal, at: int) -> tuple[float, float]:
        return MARGIN_POINTS + at * step, round(MARGIN_POINTS + room * float(1 - number / most), 2)

    actual = [None if each.value is None else place(each.value, at) for at, each in enumerate(found)]
    aimed = [None if each.target is None else place(each.target, at) for at, each in enumerate(found)]
    floor = MARGIN_POINTS + room
    parts = [
        f'<path d="M{MARGIN_POINTS:g} {floor:g}H{WIDTH_POINTS - MARGIN_POINTS:g}" stroke="{ink}" stroke-width=".5"/>',
        *(
            f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="1" stroke-dasharray="3 2"/>'
            for path in _paths(aimed, alone=4)
        ),
        *(f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="1.6"/>' for path in _paths(actual)),
        *(f'<circle cx="{x:g}" cy="{y:g}" r="2.4" fill="{ink}"/>' for x, y in filter(None, actual)),
        *_labels(found, ink),
    ]
    sentence = _sentence(indicator, found)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH_POINTS:g} {HEIGHT_POINTS:g}" '
        f'width="{WIDTH_POINTS * PIXELS_PER_POINT:g}" height="{HEIGHT_POINTS * PIXELS_PER_POINT:g}">'
        f"<title>{escape(sentence)}</title>{''.join(parts)}</svg>"
    )
    return Chart(svg, sentence)


def _paths(points: list[tuple[float, float] | None], alone: float = 0) -> Iterable[str]:
    """Yield a path for each run of points without a gap; of a single point a stroke of ``alone`` to both sides, or nothing."""
    for there, run in groupby(points, key=lambda point: point is not None):
        run_of = [point for point in run if point is not None]
        if there and len(run_of) > 1:
            yield "M" + "L".join(f"{x:g} {y:g}" for x, y in run_of)
        elif there and alone:
            [(x, y)] = run_of
            yield f"M{x - alone:g} {y:g}H{x + alone:g}"


def _labels(found: list[IndicatorRound], ink: str) -> Iterable[str]:
    for text, x, anchor in (
        (found[0].round, MARGIN_POINTS, "start"),
        (found[-1].round, WIDTH_POINTS - MARGIN_POINTS, "end"),
    ):
        yield (
            f'<text x="{x:g}" y="{HEIGHT_POINTS - 1.5:g}" text-anchor="{anchor}" font-family="{FONT}" font-size="8.5" '
            f'fill="{ink}">{escape(text if len(text) <= 12 else f"{text[:11]}…")}</text>'
        )


def _sentence(indicator: IndicatorFacts, found: list[IndicatorRound]) -> str:
    """Return what the line shows, round by round: its alternative in words."""
    said = [f"{indicator.title}, as a line"]
    for each in found:
        figure = (
            f"it stood at {_aside(each.counted)}"
            if each.value is not None
            else "there is no figure, and the line has a gap"
        )
        aim = f", against a target of {_aside(each.aimed)}" if each.target is not None else ""
        said.append(f"In {each.round} {figure}{aim}")
    return f"{'. '.join(said)}.{' Targets are dashed.' if any(each.target is not None for each in found) else ''}"


def _aside(text: str) -> str:
    """Return ``12 halls; 30 halls in all`` as ``12 halls (30 halls in all)``, which is read within a sentence."""
    first, sep, rest = text.partition("; ")
    return f"{first} ({rest})" if sep else text
