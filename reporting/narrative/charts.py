"""The report's pictures, drawn as SVG. Every picture has a sentence with the same content. A status is never shown by
colour alone: shape, pattern and number say the same.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Final

from commitments.rules import stances
from commitments.rules.kinds import GENERAL, Nouns
from commitments.rules.status_shapes import SHAPES
from reporting.facts import CommitmentFacts, PriorityFacts, Report, YearFacts
from reporting.narrative import standings
from reporting.narrative.standings import Standing
from vcsportal.common import plurals

FONT: Final = "Report Hyperlegible, sans-serif"
OUTLINE: Final = "#26333a"
QUIET: Final = "#3f4a4f"
CURRENT_COLOUR: Final = "currentColor"
"""The ink of a picture that is part of a page on screen."""
TILE_UNITS: Final = 100
TILE_GAP_UNITS: Final = 14
MAX_TILES_PER_ROW: Final = 10
"""Tiles in a row of the board before it goes on below."""
MAX_TILES_IN_WORDS: Final = 30
"""The most tiles that the sentence of a row names one by one; of more it gives the counts."""
MIN_TILES_PER_ROW: Final = 6
"""Tiles that a row has room for, however few there are: a small strategy's tiles are no larger than others'."""
TEXT_WIDTH_POINTS: Final = 374.0
"""The column of text in points: pictures of years are drawn to it, so that their letters have the size they say."""
PIXELS_PER_POINT: Final = 4 / 3
MAX_YEARS: Final = 5
"""Years in a line."""
BOARDS_PER_ROW: Final = 4
MAX_SMALL_TILES: Final = 100
"""The most commitments for which the boards of several years show a tile each; more would not fit, and are only counted."""
SMALL_TILE_UNITS: Final = 16.4
MAX_LABEL_CHARACTERS: Final = 14
"""Characters of a round's label in one line above its tiles; a longer one goes on in a second line."""
LABEL_LINE_UNITS: Final = 10.0
NO_YEAR: Final = YearFacts("", "")
EDGES: Final = {"dashed": (3.0, 2.0), "dotted": (0.0, 1.9)}
"""Patterns that are a broken edge: the length of a stroke and of a gap, in widths of the line. A stroke of none is a dot."""


@dataclass(frozen=True, slots=True)
class Chart:
    """An SVG document, and the sentence that says the same."""

    svg: str
    sentence: str


def _shape(status: Standing) -> str:
    """Return the parts of a status's shape, for a square of 24."""
    how = {
        "line": f'fill="none" stroke="{status.ink}" stroke-width="3"/>',
        "body": f'fill="{status.ink}"/>',
        "mark": f'fill="none" stroke="{status.fill}" stroke-width="3"/>',
    }
    return "".join(f"{part} {how[kind]}" for kind, part in SHAPES[status.shape])


def shape(status: Standing) -> str:
    """Return a status's shape as an SVG document, for use as the background image of its label."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24">{_shape(status)}</svg>'


def picture(width: float, height: float, sentence: str, parts: Iterable[str], scale: float = 1) -> Chart:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width * scale:g}" height="{height * scale:g}"><title>{escape(sentence)}</title>{"".join(parts)}</svg>'
    )
    return Chart(svg, sentence)


def _tile(x: float, y: float, status: Standing, label: str) -> str:
    fill = "#ffffff" if status.fill == "none" else status.fill
    return (
        f'<g transform="translate({x:g} {y:g})"><rect x="1.5" y="1.5" width="{TILE_UNITS - 3}" height="{TILE_UNITS - 3}" rx="6" '
        f'fill="{fill}" stroke="{status.edge}" stroke-width="3"{broken(status, 3)}/>'
        f"{_reference(label, status.ink)}"
        f'<g transform="translate(31 46) scale(1.6)">{_shape(status)}</g></g>'
    )


def broken(status: Standing, width: float) -> str:
    """Return what breaks the edge of a standing that is no status, for a line of this width; "" for a whole edge."""
    if status.pattern not in EDGES:
        return ""
    stroke, gap = (part * width for part in EDGES[status.pattern])
    ends = "" if stroke else ' stroke-linecap="round"'
    return f' stroke-dasharray="{stroke:.3g} {gap:.3g}"{ends}'


def _reference(label: str, ink: str) -> str:
    """Return a tile's reference; more than five characters are smaller, and more than ten are in two lines."""
    size = 25 if len(label) <= 5 else 140 // len(label) if len(label) <= 10 else 12
    half = (len(label) + 1) // 2
    lines = [(33, label)] if len(label) <= 10 else [(24, label[:half]), (40, label[half:])]
    return "".join(
        f'<text x="12" y="{y}" font-family="{FONT}" font-size="{size}" font-weight="700" fill="{ink}">{escape(line.strip())}</text>'
        for y, line in lines
    )


def _row_sentence(priority: PriorityFacts, nouns: Nouns) -> str:
    if len(priority.commitments) > MAX_TILES_IN_WORDS:
        counts = priority.counts()
        said = [f"{counts[word.code]} {standings.counted_as(word)}" for word in standings.ALL if word.code in counts]
        said += [f"{counts['']} without an update"] if counts.get("") else []
        return f"{priority.heading(nouns)} has {nouns.counted_commitments(len(priority.commitments))}: {', '.join(said)}. Each is named below."
    tiles = "; ".join(
        f"{c.reference} {c.short_title}, {label(c.standing, was_there=c.was_there, nouns=nouns)}"
        for c in priority.commitments
    )
    return f"{priority.heading(nouns)}: {tiles}."


def label(code: str, *, was_there: bool = True, nouns: Nouns = GENERAL) -> str:
    """Return the label of a standing; for "", that no update was received or that the commitment did not exist yet."""
    if code:
        return standings.of(code).label
    return "no update was received" if was_there else f"not yet {nouns.a_commitment}"


def board(priorities: Sequence[PriorityFacts], *, columns: int = 0, nouns: Nouns = GENERAL) -> Chart:
    """Return the board: a row of equal tiles for each priority. ``columns`` is the width to draw for, in tiles, so that several boards have tiles of one size."""
    columns = columns or min(MAX_TILES_PER_ROW, max((len(priority.commitments) for priority in priorities), default=1))
    step, parts, y = TILE_UNITS + TILE_GAP_UNITS, [], 0.0
    for priority in priorities:
        for place, commitment in enumerate(priority.commitments):
            line, column = divmod(place, columns)
            parts.append(_tile(column * step, y + line * step, standings.of(commitment.standing), commitment.reference))
        y += (max(0, len(priority.commitments) - 1) // columns + 1) * step
    title = " ".join(_row_sentence(priority, nouns) for priority in priorities)
    return picture(max(columns, MIN_TILES_PER_ROW) * step - TILE_GAP_UNITS, max(step, y) - TILE_GAP_UNITS, title, parts)


def earlier_board(report: Report, round_: str) -> Chart:
    """Return the board as it stood in a round, with its counts as its sentence: the table of all commitments names each."""
    nouns = report.strategy.nouns
    columns = min(MAX_TILES_PER_ROW, max((len(priority.commitments) for priority in report.priorities), default=1))
    step, parts, y, counts = TILE_UNITS + TILE_GAP_UNITS, [], 0.0, Counter[str]()
    for priority in report.priorities:
        for place, commitment in enumerate(priority.commitments):
            year = year_of(commitment, round_)
            counts[year.standing] += year.was_there or bool(year.standing)
            if year.standing or year.was_there:
                line, column = divmod(place, columns)
                parts.append(_tile(column * step, y + line * step, standings.of(year.standing), commitment.reference))
        y += (max(0, len(priority.commitments) - 1) // columns + 1) * step
    said = [f"{counts[word.code]} {standings.counted_as(word)}" for word in standings.ALL if counts[word.code]]
    said += [f"{counts['']} without an update"] if counts[""] else []
    sentence = f"The {nouns.commitments} in {report.label_of(round_)}: {', '.join(said) or 'none yet'}."
    return picture(
        max(columns, MIN_TILES_PER_ROW) * step - TILE_GAP_UNITS, max(step, y) - TILE_GAP_UNITS, sentence, parts
    )


def years(report: Report, pairs: Sequence[tuple[str, str, bool]]) -> Chart:
    """Return one commitment's tiles through the rounds, each with its word; five in a line.

    :param pairs: each round, the status in it, and whether it belonged to the strategy by then.
    """
    nouns = report.strategy.nouns
    wide, step = 70.0, TEXT_WIDTH_POINTS / MAX_YEARS
    above = _room_above(report, [round_ for round_, _, _ in pairs])
    high, parts = 38.0 + above, []
    for place, (round_, code, was_there) in enumerate(pairs):
        line, column = divmod(place, MAX_YEARS)
        status = standings.of(code)
        this = round_ == report.round.slug
        is_bare = status.shape == "none"
        fill = "#ffffff" if status.fill == "none" else status.fill
        mark = "" if is_bare else f'<g transform="translate(5 {20 + above:g}) scale(.46)">{_shape(status)}</g>'
        parts.append(
            f'<g transform="translate({column * step:g} {line * (high + 6):g})">'
            f"{_label(report, round_, weight=700 if this else 400, fill=OUTLINE if this else QUIET)}"
            f'<rect x="1" y="{14 + above:g}" width="{wide:g}" height="23" rx="3" fill="{fill}" stroke="{status.edge}" '
            f'stroke-width="{2 if this else 1}"{broken(status, 2 if this else 1)}/>{mark}'
            f'<text x="{7 if is_bare else 18.5}" y="{28.6 + above:g}" font-family="{FONT}" font-size="8.5" font-weight="700" '
            f'fill="{status.ink}">{escape(_short(code, was_there=was_there))}</text></g>'
        )
    said = ", ".join(
        f"{label(code, was_there=there, nouns=nouns).lower()} in {report.label_of(round_)}"
        for round_, code, there in pairs
    )
    lines, columns = (max(1, len(pairs)) - 1) // MAX_YEARS, min(MAX_YEARS, max(1, len(pairs)))
    width = (columns - 1) * step + wide + 2
    return picture(
        width,
        lines * (high + 6) + high,
        f"How the {nouns.commitment} stood in each {report.period.noun}: {said}.",
        parts,
        PIXELS_PER_POINT,
    )


def _short(code: str, *, was_there: bool) -> str:
    """Return the word in a year's tile, which has room for some twelve letters."""
    if code == stances.AWAITED_CODE:
        return "Awaited"
    return standings.of(code).label if code else "No update" if was_there else "Not yet"


def boards(report: Report, priority: PriorityFacts) -> Chart:
    """Return a priority's boards through the rounds, side by side, each with its counts in words; five in a line.

    The tiles stand in the same order in each. Where :func:`has_tiles`
    is False, only the counts are drawn.
    """
    rounds, nouns = report.rounds[-MAX_YEARS:], report.strategy.nouns
    step, most = TEXT_WIDTH_POINTS / MAX_YEARS, len(priority.commitments)
    tiles = has_tiles(priority)
    tall = ((most - 1) // BOARDS_PER_ROW + 1) * SMALL_TILE_UNITS if most and tiles else 0.0
    above, parts, said, lines = _room_above(report, rounds), [], [], 1
    for place, round_ in enumerate(rounds):
        codes, counts = in_year(priority, round_)
        weight = 700 if round_ == report.round.slug else 400
        inner = [_label(report, round_, weight=weight, fill=OUTLINE)]
        inner += [
            _small(
                n % BOARDS_PER_ROW * SMALL_TILE_UNITS,
                15 + above + n // BOARDS_PER_ROW * SMALL_TILE_UNITS,
                standings.of(code),
            )
            for n, code in enumerate(codes if tiles else [])
        ]
        inner += [
            f'<text x="1" y="{15 + above + tall + 11 + 11 * n:g}" font-family="{FONT}" font-size="8.5" fill="{OUTLINE}">{line}</text>'
            for n, line in enumerate(counts)
        ]
        lines = max(lines, len(counts))
        parts.append(f'<g transform="translate({place * step:g} 0)">{"".join(inner)}</g>')
        said.append(f"in {report.period.noun} {report.label_of(round_)} {plurals.join_with_and(counts)}")
    sentence = (
        f"The {nouns.commitments} of {priority.called(nouns)} {report.period.one_by_one.lower()}: {'; '.join(said)}."
    )
    return picture(TEXT_WIDTH_POINTS, 15 + above + tall + 11 * lines + 4, sentence, parts, PIXELS_PER_POINT)


def _label_lines(report: Report, round_: str) -> list[str]:
    """Return what people call a round in one line or two, cut where it is longer. Its sentence has it in full."""
    return wrap(report.label_of(round_), MAX_LABEL_CHARACTERS, max_lines=2, placeholder="…")


def _room_above(report: Report, rounds: Iterable[str]) -> float:
    """Return how much lower the tiles stand, so that every label has its lines."""
    return LABEL_LINE_UNITS * (max((len(_label_lines(report, round_)) for round_ in rounds), default=1) - 1)


def _label(report: Report, round_: str, *, weight: int, fill: str) -> str:
    """Return what people call a round as SVG, above its tiles."""
    return "".join(
        f'<text x="1" y="{9 + LABEL_LINE_UNITS * place:g}" font-family="{FONT}" font-size="9" font-weight="{weight}" '
        f'fill="{fill}">{escape(line)}</text>'
        for place, line in enumerate(_label_lines(report, round_))
    )


def in_year(priority: PriorityFacts, round_: str) -> tuple[list[str], list[str]]:
    """Return how a priority's commitments stood in a round: the status of each, and how many of each kind, in words."""
    years = [year_of(commitment, round_) for commitment in priority.commitments]
    codes = [year.standing for year in years]
    counts = [f"{codes.count(word.code)} {_counted_as(word)}" for word in standings.ALL if word.code in codes]
    silent = sum(not year.standing and year.was_there for year in years)
    counts += [f"{silent} without update"] if silent else []
    not_yet = sum(not year.standing and not year.was_there for year in years)
    counts += [f"{not_yet} not yet there"] if not_yet else []
    return codes, counts


def year_of(commitment: CommitmentFacts, round_: str) -> YearFacts:
    """Return a commitment's standing in a round, by its slug."""
    return next((year for year in commitment.years if year.round == round_), NO_YEAR)


def _counted_as(standing: Standing) -> str:
    """Return how a count says it in a column that is narrow: ``on track``, ``awaited``."""
    return "awaited" if standing.code == stances.AWAITED_CODE else standings.counted_as(standing)


def has_tiles(priority: PriorityFacts) -> bool:
    """Return whether the boards of several years show a tile for each commitment."""
    return len(priority.commitments) <= MAX_SMALL_TILES


def _small(x: float, y: float, status: Standing) -> str:
    fill = "#ffffff" if status.fill == "none" else status.fill
    return (
        f'<g transform="translate({x:g} {y:g})"><rect x="1" y="1" width="{SMALL_TILE_UNITS - 3:g}" height="{SMALL_TILE_UNITS - 3:g}" rx="1.5" '
        f'fill="{fill}" stroke="{status.edge}" stroke-width=".9"{broken(status, 0.9)}/>'
        f'<g transform="translate(2.9 2.9) scale(.4)">{_shape(status)}</g></g>'
    )
