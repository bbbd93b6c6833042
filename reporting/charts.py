"""The report's pictures, as SVG of our own. Every picture carries its whole meaning as a sentence.

A status is never told by colour alone: shape, pattern and number say the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from commitments import status as words
from commitments.status import Status
from reporting.facts import PriorityFacts, Report

FONT: Final = "Report Hyperlegible, sans-serif"
OUTLINE: Final = "#26333a"
TILE: Final = 100
GAP: Final = 14
WIDEST: Final = 10
"""Tiles in a row of the board before it goes on below."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG document, and the sentence that says the same."""

    svg: str
    sentence: str


# What stands for a status, drawn in a square of 24: l is a line, b a filled body, m a mark upon it.
SHAPES: Final = {
    "circle-open": (("l", '<circle cx="12" cy="12" r="9"'),),
    "circle": (("b", '<circle cx="12" cy="12" r="10.25"'),),
    "triangle": (("b", '<path d="M12 1.8L23 21.8H1z"'),),
    "diamond": (("b", '<path d="M12 .8L23.2 12 12 23.2.8 12z"'),),
    "tick": (
        ("b", '<rect x="2" y="2" width="20" height="20" rx="2"'),
        ("m", '<path d="M6.5 12.3l4 4.2 7-8.5"'),
    ),
    "double-ring": (("l", '<circle cx="12" cy="12" r="9.6"'), ("l", '<circle cx="12" cy="12" r="4.4"')),
    "bar": (("b", '<rect x="1.5" y="8.5" width="21" height="7" rx="1"'),),
    "none": (),
}


def _shape(status: Status) -> str:
    """Return the parts of a status's shape, for a square of 24."""
    how = {
        "l": f'fill="none" stroke="{status.ink}" stroke-width="3"/>',
        "b": f'fill="{status.ink}"/>',
        "m": f'fill="none" stroke="{status.fill}" stroke-width="3"/>',
    }
    return "".join(f"{part} {how[kind]}" for kind, part in SHAPES[status.shape])


def shape(status: Status) -> str:
    """Return a status's shape as a document of its own, to stand beside the word as a background."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24">{_shape(status)}</svg>'


def _picture(width: float, height: float, sentence: str, parts: Iterable[str], scale: float = 1) -> Picture:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width * scale:g}" height="{height * scale:g}"><title>{escape(sentence)}</title>{"".join(parts)}</svg>'
    )
    return Picture(svg, sentence)


def _tile(x: float, y: float, status: Status, label: str) -> str:
    dashes = ' stroke-dasharray="9 6"' if status.shape == "none" else ""
    fill = "#ffffff" if status.fill == "none" else status.fill
    return (
        f'<g transform="translate({x:g} {y:g})"><rect x="1.5" y="1.5" width="{TILE - 3}" height="{TILE - 3}" rx="6" '
        f'fill="{fill}" stroke="{status.edge}" stroke-width="3"{dashes}/>'
        f'<text x="12" y="33" font-family="{FONT}" font-size="25" font-weight="700" fill="{status.ink}">{escape(label)}</text>'
        f'<g transform="translate(31 46) scale(1.6)">{_shape(status)}</g></g>'
    )


def _row_sentence(priority: PriorityFacts) -> str:
    tiles = "; ".join(f"{c.reference} {c.short_title}, {label(c.status)}" for c in priority.commitments)
    return f"Priority {priority.number}: {tiles}."


def label(code: str) -> str:
    """Return the word for how a commitment stood in a round; without one, that nothing was received."""
    return words.of(code).label if code else "no update was received"


def board(priorities: Sequence[PriorityFacts], *, columns: int = 0) -> Picture:
    """Return the board of equal tiles, one row a priority. ``columns`` keeps tiles of several boards equally large."""
    columns = columns or min(WIDEST, max((len(priority.commitments) for priority in priorities), default=1))
    step, parts, y = TILE + GAP, [], 0.0
    for priority in priorities:
        for place, commitment in enumerate(priority.commitments):
            line, column = divmod(place, columns)
            parts.append(_tile(column * step, y + line * step, words.of(commitment.status), commitment.reference))
        y += (max(0, len(priority.commitments) - 1) // columns + 1) * step
    title = " ".join(_row_sentence(priority) for priority in priorities)
    return _picture(columns * step - GAP, max(step, y) - GAP, title, parts)


def years(report: Report, pairs: Sequence[tuple[str, str]]) -> Picture:
    """Return one commitment's tiles through the rounds, given as (round, status)."""
    step = 84
    parts = []
    for place, (round_, code) in enumerate(pairs):
        status = words.of(code)
        dashes = ' stroke-dasharray="4 3"' if not code else ""
        fill = "#ffffff" if not code else status.fill
        edge = 2.5 if round_ == report.round.slug else 1.2
        parts.append(
            f'<g transform="translate({place * step} 0)"><rect x="2" y="2" width="{step - 12}" height="30" rx="3" '
            f'fill="{fill}" stroke="{status.edge}" stroke-width="{edge:g}"{dashes}/>'
            f'<g transform="translate({(step - 8) / 2 - 8:g} 9) scale(.667)">{_shape(status)}</g>'
            f'<text x="{(step - 8) / 2:g}" y="47" text-anchor="middle" font-family="{FONT}" font-size="12" '
            f'fill="#3f4a4f">{escape(round_)}</text></g>'
        )
    said = ", ".join(f"{label(code).lower()} in {round_}" for round_, code in pairs)
    return _picture(step * max(1, len(pairs)) - 8, 52, f"How the commitment stood in each year: {said}.", parts, 0.75)


def _pattern(status: Status, x: float, y: float, width: float, height: float) -> str:
    """Return what a black-and-white printer shows upon a bar's fill, as plain lines and dots within the bar."""
    mark = f'stroke="{status.edge}" stroke-width="1"'
    if status.pattern == "dots":
        dots = "".join(
            f"M{x + 4 + i * 7:g} {y + 4 + j * 7:g}h.01"
            for i in range(int((width - 4) // 7) + 1)
            for j in range(int((height - 4) // 7) + 1)
        )
        return f'<path d="{dots}" stroke="{status.edge}" stroke-width="2" stroke-linecap="round"/>'
    if status.pattern == "vertical":
        lines = "".join(f"M{x + 4 + i * 6:g} {y:g}v{height:g}" for i in range(int((width - 4) // 6) + 1))
        return f'<path d="{lines}" {mark}/>'
    if status.pattern in {"diagonal", "hatch"}:
        rising = _diagonals(x, y, width, height, 7 if status.pattern == "diagonal" else 6)
        crossing = rising if status.pattern == "diagonal" else rising + [_mirrored(x, width, line) for line in rising]
        path = "".join(f"M{a:g} {b:g}L{c:g} {d:g}" for a, b, c, d in crossing)
        return f'<path d="{path}" {mark}/>'
    return ""


def _diagonals(x: float, y: float, width: float, height: float, step: float) -> list[tuple[float, float, float, float]]:
    """Return the lines at 45 degrees that cross a box, cut at its edges."""
    lines, at = [], step
    while at < width + height:
        lines.append((x + max(0, at - height), y + min(at, height), x + min(at, width), y + max(0.0, at - width)))
        at += step
    return lines


def _mirrored(x: float, width: float, line: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    a, b, c, d = line
    return 2 * x + width - a, b, 2 * x + width - c, d


def bars(report: Report) -> Picture:
    """Return counts per priority as stacked bars on one scale, in the strategy's own order."""
    left, wide, high, gap = 96, 520, 34, 16
    most = max((len(priority.commitments) for priority in report.priorities), default=1) or 1
    unit, parts, sentences = wide / most, [], []
    for place, priority in enumerate(report.priorities):
        y, x, said = place * (high + gap) + 1, float(left), []
        parts.append(
            f'<text x="0" y="{y + 22}" font-family="{FONT}" font-size="15" font-weight="700" fill="{OUTLINE}">'
            f"Priority {priority.number}</text>"
        )
        counts = priority.counts()
        for code in report.statuses():
            if not (count := counts.get(code, 0)):
                continue
            parts.append(_bar(words.of(code), x, y, unit * count, high, count))
            said.append(f"{label(code)} {count}")
            x += unit * count
        sentences.append(f"Priority {priority.number}, {priority.title}: {', '.join(said)}.")
    height = len(report.priorities) * (high + gap) - gap + 2
    sentence = f"How many commitments of each priority stood where. {' '.join(sentences)}"
    return _picture(left + wide + 2, max(height, high), sentence, parts)


def _bar(status: Status, x: float, y: float, width: float, height: float, count: int) -> str:
    dark = status.pattern == "solid"  # the one dark fill: its number is white
    fill = status.ink if dark else "#ffffff" if status.fill == "none" else status.fill
    dashes = ' stroke-dasharray="4 3"' if status.shape == "none" else ""
    middle, digits = x + width / 2, len(str(count))
    plate = (
        ""
        if dark
        else (
            f'<rect x="{middle - 6 - 5 * digits:g}" y="{y + 6:g}" width="{12 + 10 * digits}" height="{height - 12:g}" rx="3" fill="{fill}"/>'
        )
    )
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"/>'
        f"{_pattern(status, x, y, width, height)}{plate}"
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="none" stroke="{OUTLINE}" stroke-width="1.4"{dashes}/>'
        f'<text x="{middle:g}" y="{y + height / 2 + 6:g}" text-anchor="middle" font-family="{FONT}" font-size="17" '
        f'font-weight="700" fill="{"#ffffff" if dark else status.ink}">{count}</text>'
    )
