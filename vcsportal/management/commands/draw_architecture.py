"""Draw the floors and their rooms, ``docs/pictures/architecture.svg``, from the import contracts in ``pyproject.toml``."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

PICTURE: Final = "docs/pictures/architecture.svg"
FLOORS: Final = {
    "vcsportal": "Settings, addresses and start-up. It joins the floors, and nothing below imports it.",
    "reporting": "The yearly report: its facts, its files, publishing and verifying.",
    "commitments": "What was promised and how it is going: rounds, updates, evidence, indicators.",
    "partners": "Who takes part: people, roles, signing in, organisations, emails.",
}
SHARED: Final = "vcsportal/common"
SHARED_SENTENCE: Final = "Helpers that every floor may use, and that import none of them."

# Sizes in pixels.
WIDTH: Final = 960
MARGIN: Final = 24
INSET: Final = 22
CHARACTER_WIDTH: Final = 7.85  # of a monospaced letter of 13 px
NAME_CHARACTER_WIDTH: Final = 9.7  # of one of 16 px
CHIP_HEIGHT: Final = 28
CHIP_PADDING: Final = 11
BETWEEN_ROOMS: Final = 15
BETWEEN_CHIPS: Final = 24
LINE_HEIGHT: Final = 38
CAPTION_HEIGHT: Final = 26
BETWEEN_FLOORS: Final = 30

STYLE: Final = """
  .page { fill: #ffffff } .floor { fill: #f3f6f5; stroke: #d5dcda } .chip { fill: #ffffff; stroke: #a9b5b3 }
  .bar { stroke: #a9b5b3 } .arrow { fill: none; stroke: #60706d; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
  text { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #22302e }
  .quiet { fill: #52615e } .name { font: 700 16px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace } .title { font-weight: 700; font-size: 20px }
  .room { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
  .vcsportal { fill: #1d70b8 } .reporting { fill: #6f4aa8 } .commitments { fill: #1f7a4d } .partners { fill: #b0561c } .shared { fill: #7b868b }
  @media (prefers-color-scheme: dark) {
    .page { fill: #12181a } .floor { fill: #1b2427; stroke: #33413f } .chip { fill: #243033; stroke: #556664 }
    .bar { stroke: #556664 } .arrow { stroke: #9aaba8 } text { fill: #eef3f2 } .quiet { fill: #b4c2bf }
    .vcsportal { fill: #6ab0ec } .reporting { fill: #b597e6 } .commitments { fill: #5cc592 } .partners { fill: #eb9a60 } .shared { fill: #9aa7a5 }
  }
"""


@dataclass(frozen=True, slots=True)
class Layer:
    """Rooms of one layer of a contract. ``apart`` says that none of them may import another."""

    rooms: tuple[str, ...]
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """The layers of one contract on one floor, the importing ones first."""

    name: str
    layers: tuple[Layer, ...]


def contracts(root: Path) -> list[dict[str, Any]]:
    """Return the import contracts as they stand in ``pyproject.toml``."""
    configuration = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return list(configuration["tool"]["importlinter"]["contracts"])


def flows(root: Path, floor: str) -> list[Flow]:
    """Return a floor's flows: each contract of layers inside it that names a room not named by an earlier one."""
    drawn_flows: list[Flow] = []
    drawn: set[str] = set()
    for contract in contracts(root):
        if floor not in contract.get("containers", ()):
            continue
        layers = tuple(layer for text in contract["layers"] if (layer := _layer(root, floor, text)).rooms)
        rooms = {room for layer in layers for room in layer.rooms}
        if rooms - drawn:
            drawn_flows.append(Flow(contract["name"], tuple(_held_apart(root, floor, layer) for layer in layers)))
            drawn |= rooms
    return drawn_flows


def folders(root: Path, floor: str) -> list[str]:
    """Return the packages of a floor, except migrations and what every floor shares."""
    return sorted(
        file.parent.name
        for file in (root / floor).glob("*/__init__.py")
        if file.parent.name != "migrations" and f"{floor}/{file.parent.name}" != SHARED
    )


def undrawn(root: Path) -> list[str]:
    """Return the names of the contracts that the picture can't show as layers: it lists them below."""
    shown = {flow.name for floor in FLOORS for flow in flows(root, floor)}
    return [
        contract["name"]
        for contract in contracts(root)
        if contract["name"] not in shown and contract.get("layers") != list(FLOORS)
    ]


def _layer(root: Path, floor: str, text: str) -> Layer:
    names = [name.strip(" ()") for name in re.split(r"[|:]", " ".join(text.split()))]
    there = tuple(
        name
        for name in names
        if f"{floor}/{name}" != SHARED
        and ((root / floor / f"{name}.py").exists() or (root / floor / name / "__init__.py").exists())
    )
    return Layer(there, apart="|" in text)


def _held_apart(root: Path, floor: str, layer: Layer) -> Layer:
    """Return the layer with ``apart``, if a contract of independence names all its rooms."""
    names = {f"{floor}.{room}" for room in layer.rooms}
    independent = any(
        contract["type"] == "independence" and names <= set(contract["modules"]) for contract in contracts(root)
    )
    return Layer(layer.rooms, layer.apart or (independent and len(names) > 1))


def picture(root: Path) -> str:
    """Return the whole drawing, as SVG for light and dark."""
    y = MARGIN + 20.0
    parts = [_text(MARGIN, y, "Floors and rooms", "title")]
    for line in (
        "An arrow means “may import”. A floor imports those below it; a room imports those to its right.",
        "Rooms in one box may import each other, unless there is a bar between them.",
    ):
        y += 22
        parts.append(_text(MARGIN, y, line, "quiet"))
    y += 20
    for floor, sentence in FLOORS.items():
        drawn, bottom = _floor(root, floor, sentence, y)
        parts += drawn
        y = bottom + BETWEEN_FLOORS
        if floor != list(FLOORS)[-1]:
            parts.append(_arrow_down(WIDTH / 2, bottom + 5, BETWEEN_FLOORS - 10))
    parts += [*_band(SHARED, "shared", SHARED_SENTENCE, y, 46)]
    y += 46 + 34
    parts.append(_text(MARGIN, y, "The contracts also hold:"))
    for name in undrawn(root):
        y += 21
        parts.append(_text(MARGIN, y, f"•  {name}", "quiet"))
    height = y + MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}" '
            'role="img" aria-labelledby="title about">',
            '<title id="title">Floors and rooms</title>',
            '<desc id="about">Four floors, each of which imports only those below it, and the rooms of each floor in the order '
            "in which they may import each other.</desc>",
            "<!-- Drawn by manage.py draw_architecture from the import contracts in pyproject.toml. -->",
            f"<style>{STYLE}</style>",
            f'<rect class="page" width="{WIDTH}" height="{height:g}" rx="10"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _floor(root: Path, floor: str, sentence: str, top: float) -> tuple[list[str], float]:
    """Return the drawing of a floor that begins at ``top``, and where it ends."""
    y = top + 48
    inside: list[str] = []
    found = flows(root, floor)
    for number, flow in enumerate(found):
        if number:
            inside.append(_text(MARGIN + INSET, y + 14, flow.name, "quiet"))
            y += CAPTION_HEIGHT
        drawn, y = _layers(flow.layers, y)
        inside += drawn
    if not found:
        drawn, y = _layers([Layer((folder,)) for folder in folders(root, floor)], y, arrows=False)
        inside += drawn
    bottom = y + 8
    return [*_band(floor, floor, sentence, top, bottom - top), *inside], bottom


def _layers(layers: Sequence[Layer], top: float, *, arrows: bool = True) -> tuple[list[str], float]:
    """Return layers from left to right, in as many lines as they need, and where the next thing may begin."""
    parts: list[str] = []
    x, y = float(MARGIN + INSET), top
    right = WIDTH - MARGIN - INSET
    for number, layer in enumerate(layers):
        width = _chip_width(layer)
        if number and x + (BETWEEN_CHIPS if arrows else 10) + width > right:
            x, y = float(MARGIN + INSET), y + LINE_HEIGHT
            if arrows:
                x += BETWEEN_CHIPS
                parts.append(_arrow_right(x - BETWEEN_CHIPS + 4, y + CHIP_HEIGHT / 2))
        elif number:
            if arrows:
                parts.append(_arrow_right(x + 4, y + CHIP_HEIGHT / 2))
            x += BETWEEN_CHIPS if arrows else 10
        parts += _chip(layer, x, y, width)
        x += width
    return parts, y + LINE_HEIGHT


def _chip_width(layer: Layer) -> float:
    letters = sum(len(room) for room in layer.rooms) * CHARACTER_WIDTH
    return letters + 2 * CHIP_PADDING + (len(layer.rooms) - 1) * BETWEEN_ROOMS


def _chip(layer: Layer, x: float, y: float, width: float) -> Iterator[str]:
    yield f'<rect class="chip" x="{x:g}" y="{y:g}" width="{width:g}" height="{CHIP_HEIGHT}" rx="6"/>'
    x += CHIP_PADDING
    for number, room in enumerate(layer.rooms):
        if number:
            if layer.apart:
                middle = x + BETWEEN_ROOMS / 2
                yield f'<path class="bar" d="M{middle:g} {y:g}v{CHIP_HEIGHT}"/>'
            x += BETWEEN_ROOMS
        yield _text(x, y + 18.5, room, "room")
        x += len(room) * CHARACTER_WIDTH


def _band(name: str, colour: str, sentence: str, top: float, height: float) -> Iterator[str]:
    width = WIDTH - 2 * MARGIN
    yield f'<rect class="floor" x="{MARGIN}" y="{top:g}" width="{width}" height="{height:g}" rx="8"/>'
    yield f'<rect class="{colour}" x="{MARGIN}" y="{top + 8:g}" width="5" height="{height - 16:g}" rx="2"/>'
    yield _text(MARGIN + INSET, top + 29, name, "name")
    yield _text(MARGIN + INSET + 18 + len(name) * NAME_CHARACTER_WIDTH, top + 29, sentence, "quiet")


def _text(x: float, y: float, words: str, style: str = "") -> str:
    kind = f' class="{style}"' if style else ""
    return f'<text{kind} x="{x:g}" y="{y:g}">{escape(words, quote=False)}</text>'


def _arrow_right(x: float, y: float) -> str:
    return f'<path class="arrow" d="M{x:g} {y:g}h14m-5 -5l5 5l-5 5"/>'


def _arrow_down(x: float, y: float, length: float) -> str:
    return f'<path class="arrow" d="M{x:g} {y:g}v{length:g}m-5 -5l5 5l5 -5"/>'


class Command(BaseCommand):
    """Write the picture, or with ``--check`` fail when it is stale."""

    help = f"Draw {PICTURE} from the import contracts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the picture is stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        file, fresh = root / PICTURE, picture(root)
        if check:
            if not file.exists() or file.read_text(encoding="utf-8") != fresh:
                raise CommandError(f"{PICTURE} is stale. Run `manage.py draw_architecture` and commit the picture.")
            self.stdout.write(f"{PICTURE} is in step with the import contracts.")
            return
        file.write_text(fresh, encoding="utf-8")
        self.stdout.write(f"Wrote {PICTURE}.")
