"""Draws the parts of the story's pictures: people, tables, trees, houses. Simple shapes, no real person or place."""

import io
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from PIL import Image, ImageDraw

WIDTH_PIXELS: Final = 960
HEIGHT_PIXELS: Final = 640
FINE: Final = 1.875  # drawn larger than it will be, then halved to 900 × 600, so that edges are smooth

SKIN: Final = ("#f0c9a4", "#d9a06f", "#a86d43", "#7a4a2b", "#5b3620", "#e8b48a")
HAIR: Final = ("#2a1c14", "#5a3a22", "#8c8c8c", "#b08d57", "#a8a39b", "#7c2f1d")
CLOTHES: Final = ("#c8553d", "#f28f3b", "#588b8b", "#2d728f", "#6a4c93", "#8ac926", "#d7263d", "#3d5a80", "#e0a458")
PAPER: Final = "#fbf6ea"
WOOD: Final = "#b5835a"


@dataclass(slots=True)
class Brush:
    """A canvas measured 960 × 640, with the parts that scenes are made of."""

    rng: random.Random
    image: Image.Image = field(init=False)
    pen: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (round(WIDTH_PIXELS * FINE), round(HEIGHT_PIXELS * FINE)), PAPER)
        self.pen = ImageDraw.Draw(self.image)

    def jpeg(self) -> bytes:
        """The picture as a camera would have kept it."""
        out = io.BytesIO()
        self.image.reduce(2).save(out, "JPEG", quality=90)
        return out.getvalue()

    # shapes

    def box(self, x: float, y: float, w: float, h: float, colour: str, *, round_: float = 0) -> None:
        self.pen.rounded_rectangle(
            (x * FINE, y * FINE, (x + w) * FINE, (y + h) * FINE), radius=round_ * FINE, fill=colour
        )

    def oval(self, x: float, y: float, rx: float, ry: float, colour: str) -> None:
        self.pen.ellipse(((x - rx) * FINE, (y - ry) * FINE, (x + rx) * FINE, (y + ry) * FINE), fill=colour)

    def shape(self, points: Sequence[tuple[float, float]], colour: str) -> None:
        self.pen.polygon([(x * FINE, y * FINE) for x, y in points], fill=colour)

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float = 5) -> None:
        self.pen.line([(x * FINE, y * FINE) for x, y in points], fill=colour, width=round(width * FINE), joint="curve")

    def ring(self, x: float, y: float, r: float, colour: str, width: float = 6) -> None:
        edges = ((x - r) * FINE, (y - r) * FINE, (x + r) * FINE, (y + r) * FINE)
        self.pen.ellipse(edges, outline=colour, width=round(width * FINE))

    # grounds

    def outdoors(self, ground: str = "#7fb069") -> None:
        """Sky with sun and clouds, hills, and ground."""
        self.box(0, 0, WIDTH_PIXELS, HEIGHT_PIXELS, self.rng.choice(["#bfe3f2", "#d8ecf3", "#f6e2c4", "#cfe0ee"]))
        self.oval(self.rng.randint(100, 860), self.rng.randint(70, 130), 42, 42, "#fff1b8")
        for _ in range(self.rng.randint(1, 3)):
            x, y = self.rng.randint(60, 900), self.rng.randint(60, 170)
            for dx, r in ((0, 30), (34, 40), (72, 28)):
                self.oval(x + dx, y, r, r * 0.6, "#ffffff")
        for colour, top in (("#a9c99a", 310), ("#93bb80", 350)):
            x = self.rng.randint(150, 800)
            self.oval(x, 640, 700, 640 - top, colour)
        self.box(0, 430, WIDTH_PIXELS, 210, ground)

    def indoors(self) -> None:
        """A wall with windows or bunting, and a floor."""
        self.box(
            0, 0, WIDTH_PIXELS, HEIGHT_PIXELS, self.rng.choice(["#f3e4cf", "#e3ecdf", "#e6e3f0", "#f4dfd6", "#dcebf0"])
        )
        self.box(0, 470, WIDTH_PIXELS, 170, self.rng.choice(["#c49a6c", "#a98467", "#b8b0a2"]))
        for x in (90, 640) if self.rng.random() < 0.6 else (360,):
            self.box(x, 90, 230, 190, "#ffffff")
            self.box(x + 10, 100, 210, 170, "#bfe3f2")
            self.box(x + 111, 100, 8, 170, "#ffffff")
            self.box(x + 10, 180, 210, 8, "#ffffff")
        if self.rng.random() < 0.6:
            self.bunting()

    def bunting(self) -> None:
        points = [(x, 30 + 26 * math.sin(x / 152) ** 2) for x in range(0, WIDTH_PIXELS + 1, 40)]
        self.line(points, "#6b5b4b", 3)
        for at, (x, y) in enumerate(points[:-1]):
            self.shape([(x + 6, y), (x + 34, y + 2), (x + 20, y + 40)], CLOTHES[at % len(CLOTHES)])

    # things

    def person(self, x: float, y: float, size: float = 1.0, *, sitting: bool = False, busy: float = 0) -> None:
        """Somebody whose feet are at (x, y). ``busy`` leans the arms: below 0 to the left, above 0 to the right."""
        rng, s = self.rng, size
        skin, coat, trousers = rng.choice(SKIN), rng.choice(CLOTHES), rng.choice(["#39424e", "#5b5f97", "#6b4f3a"])
        legs = 34 if sitting else 70
        for dx in (-13, 13):
            self.line([(x + dx * s, y), (x + dx * s * 0.8, y - legs * s)], trousers, 19 * s)
        top = y - (legs + 88) * s
        self.box(x - 29 * s, top, 58 * s, 96 * s, coat, round_=24 * s)
        for side in (-1, 1):
            hand = (x + (side * 40 + busy * 34) * s, top + (66 - abs(busy) * 26) * s)
            self.line([(x + side * 22 * s, top + 20 * s), hand], coat, 16 * s)
            self.oval(*hand, 9 * s, 9 * s, skin)
        self.oval(x, top - 24 * s, 26 * s, 29 * s, skin)
        self.pen.pieslice(
            ((x - 28 * s) * FINE, (top - 56 * s) * FINE, (x + 28 * s) * FINE, (top + 2 * s) * FINE), 180, 360, fill=rng.choice(HAIR)
        )  # fmt: skip
        for dx in (-9, 9):
            self.oval(x + dx * s, top - 22 * s, 2.6 * s, 3.4 * s, "#2b2b2b")
        edges = ((x - 10 * s) * FINE, (top - 22 * s) * FINE, (x + 10 * s) * FINE, (top - 8 * s) * FINE)
        self.pen.arc(edges, 20, 160, fill="#7a3b2e", width=round(2.4 * s * FINE))

    def people(self, xs: list[float], y: float, size: float = 1.0, *, sitting: bool = False) -> None:
        for x in xs:
            lean = self.rng.uniform(-0.9, 0.9)
            self.person(
                x + self.rng.uniform(-14, 14), y, size * self.rng.uniform(0.9, 1.08), sitting=sitting, busy=lean
            )

    def table(self, x: float, y: float, w: float, colour: str = WOOD) -> None:
        self.box(x, y, w, 20, colour, round_=8)
        for leg in (x + 18, x + w - 30):
            self.box(leg, y + 18, 12, 110, "#8a6242")

    def mugs(self, x: float, y: float, count: int) -> None:
        for at in range(count):
            self.box(x + at * 62, y - 24, 22, 24, self.rng.choice(CLOTHES), round_=4)

    def tree(self, x: float, y: float, size: float = 1.0) -> None:
        self.box(x - 8 * size, y - 90 * size, 16 * size, 90 * size, "#7a5a3a")
        green = self.rng.choice(["#3f7d4e", "#5a9a4a", "#86a84a", "#c98b3c"])
        for dx, dy, r in ((0, -150, 58), (-38, -112, 44), (38, -112, 44)):
            self.oval(x + dx * size, y + dy * size, r * size, r * size, green)

    def house(self, x: float, y: float, w: float, h: float) -> None:
        wall = self.rng.choice(["#e7d3b1", "#d9b99b", "#efe3cf", "#c98f6b"])
        self.box(x, y - h, w, h, wall)
        self.shape([(x - 16, y - h), (x + w / 2, y - h - w * 0.42), (x + w + 16, y - h)], "#8c4a3a")
        self.box(x + w * 0.42, y - h * 0.5, w * 0.18, h * 0.5, "#5b4636")
        for dx in (0.12, 0.7):
            self.box(x + w * dx, y - h * 0.75, w * 0.2, h * 0.26, "#bfe3f2")

    def bicycle(self, x: float, y: float, size: float = 1.0) -> None:
        s, colour = size, self.rng.choice(CLOTHES)
        for dx in (-62, 62):
            self.ring(x + dx * s, y - 44 * s, 44 * s, "#2f3437", 6 * s)
        frame = [(-62, -44), (-22, -104), (40, -104), (0, -44), (-62, -44)]
        self.line([(x + a * s, y + b * s) for a, b in frame], colour, 8 * s)
        self.line([(x + 62 * s, y - 44 * s), (x + 36 * s, y - 124 * s), (x + 58 * s, y - 130 * s)], colour, 8 * s)
        self.line([(x, y - 44 * s), (x - 28 * s, y - 120 * s)], colour, 7 * s)
        self.box(x - 48 * s, y - 128 * s, 38 * s, 10 * s, "#2f3437", round_=4)
