"""The board as a picture for the cards that other sites show of a link: the strategy's name, its sentence, its tiles.

Drawn with the report's own fonts, at twice the size and then made smaller, so that edges are smooth.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from commitments.reading.glance import Row, Tile
from reporting.rendering import fonts

WIDTH, HEIGHT = 1200, 630
"""Pixels: the shape that cards have."""
FINER: Final = 2
MARGIN: Final = 60
WHITE: Final = "#ffffff"
LARGEST_TILE, SMALLEST_TILE = 84, 6
TITLE_LINES: Final = 2
GAPS: Final = {"dashed": (0.2, 0.5, 0.8), "dotted": (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)}
"""Where a broken edge has its gaps, as shares of a tile's side, by the pattern of its standing."""

Point = tuple[float, float]


def draw(title: str, sentence: str, rows: Sequence[Row], *, brand: str) -> bytes:
    """Return the picture as PNG.

    :param sentence: what stands below the title, in one line.
    :param brand: the council's colour as hex, on which the title stands in white.
    """
    picture = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), WHITE)
    pen = ImageDraw.Draw(picture)
    lines = _wrapped(pen, title, _font(54))[:TITLE_LINES]
    head = 90 + 62 * len(lines) + 20
    pen.rectangle(_scaled(0, 0, WIDTH, head), fill=brand)
    for number, line in enumerate(lines):
        pen.text(_point(MARGIN, 45 + 62 * number), line, font=_font(54), fill=WHITE)
    pen.text(_point(MARGIN, 45 + 62 * len(lines) + 12), sentence, font=_font(26, 400), fill=WHITE)
    _board(pen, rows, top=head + 30)
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).quantize(128, dither=Image.Dither.NONE)
    file = BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


def _board(pen: ImageDraw.ImageDraw, rows: Sequence[Row], *, top: int) -> None:
    wide, high = WIDTH - 2 * MARGIN, HEIGHT - top - 30
    size = next(
        (size for size in range(LARGEST_TILE, SMALLEST_TILE, -1) if _fits(rows, size, wide, high)), SMALLEST_TILE
    )
    step, y = size * 1.12, float(top)
    across = max(1, int((wide + step - size) // step))
    for row in rows:
        for place, tile in enumerate(row.tiles):
            line, column = divmod(place, across)
            if y + line * step + size > HEIGHT:
                return
            _tile(pen, tile, MARGIN + column * step, y + line * step, size)
        y += step * max(1, -(-len(row.tiles) // across))


def _fits(rows: Sequence[Row], size: int, wide: float, high: float) -> bool:
    step = size * 1.12
    across = max(1, int((wide + step - size) // step))
    return sum(max(1, -(-len(row.tiles) // across)) for row in rows) * step <= high


def _tile(pen: ImageDraw.ImageDraw, tile: Tile, x: float, y: float, size: float) -> None:
    status = tile.status
    fill = WHITE if tile.stale or status.fill == "none" else status.fill
    box = _scaled(x, y, x + size, y + size)
    pen.rounded_rectangle(
        box, radius=size * 0.06 * FINER, fill=fill, outline=status.edge, width=max(2, round(size / 30)) * FINER
    )
    if gaps := GAPS.get(status.pattern):  # a broken edge
        for part in gaps:
            gap = size * 0.18 / len(gaps)
            for at in (
                (x + size * part - gap, y - 2, x + size * part + gap, y + size + 2),
                (x - 2, y + size * part - gap, x + size + 2, y + size * part + gap),
            ):
                pen.rectangle(_scaled(*at), fill=WHITE)
        pen.rectangle(_scaled(x + 4, y + 4, x + size - 4, y + size - 4), fill=WHITE)
    if size >= 28:
        wide = size * 0.8 * FINER
        font = next(
            (
                font
                for share in (0.27, 0.22, 0.18)
                if (font := _font(round(size * share))).getlength(tile.reference) <= wide
            ),
            None,
        )
        if font:  # a longer reference would leave its tile
            pen.text(_point(x + size * 0.1, y + size * 0.06), tile.reference, font=font, fill=status.ink)
    _shape(pen, tile, x + size * 0.5, y + size * 0.48, size * 0.42)


def _shape(pen: ImageDraw.ImageDraw, tile: Tile, x: float, y: float, size: float) -> None:
    """Draw the status's shape, which its table describes in a square of 24, into a square of this size."""
    status, part = tile.status, size / 24

    def at(*points: float) -> list[Point]:
        return [_point(x + a * part, y + b * part) for a, b in zip(points[::2], points[1::2], strict=True)]

    def ring(radius: float, *, filled: bool) -> None:
        box = at(12 - radius, 12 - radius, 12 + radius, 12 + radius)
        width = max(1, round(3 * part * FINER))
        pen.ellipse(box, fill=status.edge if filled else None, outline=status.edge, width=width)

    def stroke(*points: float) -> None:
        pen.line(at(*points), fill=status.edge, width=max(1, round(3 * part * FINER)))

    match status.shape:
        case "circle":
            ring(10.25, filled=True)
        case "circle-open":
            ring(10.5, filled=False)
        case "double-ring":
            ring(11, filled=False)
            ring(5.9, filled=False)
        case "triangle":
            pen.polygon(at(12, 1.8, 23, 21.8, 1, 21.8), fill=status.edge)
        case "diamond":
            pen.polygon(at(12, 0.8, 23.2, 12, 12, 23.2, 0.8, 12), fill=status.edge)
        case "bar":
            pen.rectangle(at(1.5, 8.5, 22.5, 15.5), fill=status.edge)
        case "tick":
            pen.rectangle(at(2, 2, 22, 22), fill=status.edge)
            pen.line(at(6.5, 12.3, 10.5, 16.5, 17.5, 8), fill=status.fill, width=max(1, round(3.5 * part * FINER)))
        case "ellipsis":
            for across in (3.5, 12, 20.5):
                pen.ellipse(at(across - 3, 9, across + 3, 15), fill=status.edge)
        case "check":
            stroke(3.5, 13, 9, 19, 20.5, 5)
        case "half":
            ring(11, filled=False)
            pen.pieslice(at(2.4, 2.4, 21.6, 21.6), start=-90, end=90, fill=status.edge)
        case "cross":
            stroke(4.5, 4.5, 19.5, 19.5)
            stroke(19.5, 4.5, 4.5, 19.5)
        case "lines":
            for high, end in ((5.5, 21), (12, 21), (18.5, 14)):
                stroke(3, high, end, high)


def _wrapped(pen: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and pen.textlength(longer, font=font) > (WIDTH - 2 * MARGIN) * FINER:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def _font(size: int, weight: int = 700) -> ImageFont.FreeTypeFont:
    faces = fonts.families()[0].faces
    file = next(face.file for face in faces if (face.weight, face.style) == (weight, "normal"))
    return ImageFont.truetype(BytesIO(fonts.unpacked(file)), size * FINER)


def _point(x: float, y: float) -> Point:
    return x * FINER, y * FINER


def _scaled(*values: float) -> tuple[float, ...]:
    return tuple(value * FINER for value in values)
