"""Counts of each priority as bars in print: a number upon each part, its pattern for those who see no colours, and a key."""

from collections.abc import Iterable
from html import escape
from typing import Final

from reporting.facts import Report
from reporting.narrative import standings
from reporting.narrative.charts import FONT, OUTLINE, Chart, broken, label, picture
from reporting.narrative.standings import Standing
from vcsportal.common import plurals

PLAIN_PATTERNS: Final = frozenset({"empty", "solid", "grey", "dashed", "dotted"})
"""Patterns that are a fill, or an edge, and nothing upon it."""
SWATCH_UNITS: Final = 36.0
"""A pattern in the key, and the room beside it."""
KEY_LETTER_UNITS: Final = 7.2
KEY_LINE_UNITS: Final = 24.0
KEY_GAP_UNITS: Final = 12.0


def bars(report: Report) -> Chart:
    """Return counts per priority as stacked bars on one scale, in the strategy's own order."""
    high, gap = 34, 10
    nouns = report.strategy.nouns
    left = round(max([96.0, *(8.7 * len(priority.heading(nouns)) for priority in report.priorities)]))
    wide = 616 - left
    most = max((len(priority.commitments) for priority in report.priorities), default=1) or 1
    unit, parts, sentences = wide / most, [], []
    for place, priority in enumerate(report.priorities):
        y, x, said = place * (high + gap) + 1, float(left), []
        parts.append(
            f'<text x="0" y="{y + 22}" font-family="{FONT}" font-size="15" font-weight="700" fill="{OUTLINE}">'
            f"{escape(priority.heading(nouns))}</text>"
        )
        counts = priority.counts()
        for code in report.statuses():
            if not (count := counts.get(code, 0)):
                continue
            parts.append(_bar(standings.of(code), x, y, unit * count, high, count))
            said.append(f"{label(code)} {count}")
            x += unit * count
        sentences.append(f"{priority.heading(nouns)}, {priority.title}: {', '.join(said)}.")
    height = max(len(report.priorities) * (high + gap) - gap + 2, high)
    key, lines = _key(report.statuses(), left, left + wide, height)
    sentence = f"How many {nouns.commitments} of each {nouns.priority} have each status. {' '.join(sentences)}"
    return picture(left + wide + 2, height + KEY_GAP_UNITS + lines * KEY_LINE_UNITS, sentence, parts + key)


def _key(codes: Iterable[str], left: float, right: float, top: float) -> tuple[list[str], int]:
    """Return what each pattern means, below the bars, and how many lines that takes.

    A black-and-white print has nothing else that tells one part of a bar from another, and a label shows a shape and no pattern.
    """
    x, line, parts = left, 0, []
    for code in codes:
        words = plurals.capital(label(code))
        width = SWATCH_UNITS + KEY_LETTER_UNITS * len(words)
        if x > left and x + width > right:
            x, line = left, line + 1
        y = top + KEY_GAP_UNITS + line * KEY_LINE_UNITS
        parts.append(
            f"{_box(standings.of(code), x, y, SWATCH_UNITS - 10, 16)}"
            f'<text x="{x + SWATCH_UNITS - 3:g}" y="{y + 13:g}" font-family="{FONT}" font-size="13" fill="{OUTLINE}">{escape(words)}</text>'
        )
        x += width + 14
    return parts, line + 1 if parts else 0


def _bar(status: Standing, x: float, y: float, width: float, height: float, count: int) -> str:
    dark = _is_dark(status)
    middle, digits = x + width / 2, len(str(count))
    plate = (
        ""
        if dark
        else (
            f'<rect x="{middle - 6 - 5 * digits:g}" y="{y + 6:g}" width="{12 + 10 * digits}" height="{height - 12:g}" rx="3" fill="{_fill(status)}"/>'
        )
    )
    return (
        f"{_box(status, x, y, width, height, plate)}"
        f'<text x="{middle:g}" y="{y + height / 2 + 6:g}" text-anchor="middle" font-family="{FONT}" font-size="17" '
        f'font-weight="700" fill="{"#ffffff" if dark else status.ink}">{count}</text>'
    )


def _box(status: Standing, x: float, y: float, width: float, height: float, upon: str = "") -> str:
    """Return a part of a bar with its fill, its pattern, what stands upon that, and its edge."""
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return (
        f'<rect {place} fill="{_fill(status)}"/>{_pattern(status, x, y, width, height)}{upon}'
        f'<rect {place} fill="none" stroke="{OUTLINE}" stroke-width="1.4"{broken(status, 1.4)}/>'
    )


def _fill(status: Standing) -> str:
    return status.ink if _is_dark(status) else "#ffffff" if status.fill == "none" else status.fill


def _is_dark(status: Standing) -> bool:
    """Return whether it is the one dark fill, upon which a number is white."""
    return status.pattern == "solid"


def _pattern(status: Standing, x: float, y: float, width: float, height: float) -> str:
    """Return what a black-and-white printer shows upon a bar's fill, as plain lines and dots within the bar."""
    mark = f'stroke="{status.edge}" stroke-width="1"'
    if status.pattern == "dots":
        dots = "".join(
            f"M{x + 4 + i * 7:g} {y + 4 + j * 7:g}h.01"
            for i in range(int((width - 4) // 7) + 1)
            for j in range(int((height - 4) // 7) + 1)
        )
        return f'<path d="{dots}" stroke="{status.edge}" stroke-width="2" stroke-linecap="round"/>'
    if status.pattern in {"vertical", "horizontal", "grid"}:
        step = 9 if status.pattern == "grid" else 6
        upright = "".join(f"M{x + 4 + i * step:g} {y:g}v{height:g}" for i in range(int((width - 4) // step) + 1))
        level = "".join(f"M{x:g} {y + 4 + i * step:g}h{width:g}" for i in range(int((height - 4) // step) + 1))
        lines = {"vertical": upright, "horizontal": level}.get(status.pattern, upright + level)
        return f'<path d="{lines}" {mark}/>'
    if status.pattern in {"diagonal", "hatch"}:
        rising = _diagonals(x, y, width, height, 7 if status.pattern == "diagonal" else 6)
        crossing = rising if status.pattern == "diagonal" else rising + [_mirrored(x, width, line) for line in rising]
        path = "".join(f"M{a:g} {b:g}L{c:g} {d:g}" for a, b, c, d in crossing)
        return f'<path d="{path}" {mark}/>'
    if status.pattern in PLAIN_PATTERNS:
        return ""
    raise ValueError(f"It is not said how the pattern “{status.pattern}” is drawn.")


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
