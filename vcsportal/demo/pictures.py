"""The story's photographs: scenes drawn afresh for each, with captions."""

import random
from collections.abc import Callable
from typing import Final

from commitments.files.uploads import CheckedFile, check_upload
from vcsportal.demo.brush import CLOTHES, WOOD, Brush
from vcsportal.demo.cast import read

SCENES: Final[dict[str, Callable[[Brush], None]]] = {}


def photograph(scene: str, rng: random.Random) -> tuple[CheckedFile, str]:
    """Return a photograph, checked as every upload is, and its caption."""
    brush = Brush(rng)
    SCENES[scene](brush)
    return check_upload(f"{scene.replace('-', ' ')} {rng.randrange(100, 1000)}.jpg", brush.jpeg()), rng.choice(
        read("captions")[scene]
    )


def scene(draw: Callable[[Brush], None]) -> Callable[[Brush], None]:
    """Enter a scene under its function's name."""
    SCENES[draw.__name__.strip("_").replace("_", "-")] = draw
    return draw


@scene
def stalls(b: Brush) -> None:
    b.indoors()
    b.people([170, 480, 800], 520, 0.95)
    for at, x in enumerate((40, 350, 660)):
        b.table(x, 430, 260, CLOTHES[(at * 2) % len(CLOTHES)])
        b.box(x + 10, 448, 240, 70, CLOTHES[(at * 2 + 3) % len(CLOTHES)])
        b.mugs(x + 30, 430, 3)
    b.people([250, 600], 630, 1.15)


@scene
def round_table(b: Brush) -> None:
    b.indoors()
    b.people([230, 380, 560, 720], 500, 1.0, sitting=True)
    b.oval(480, 500, 350, 74, WOOD)
    b.mugs(300, 490, 5)
    for x in (350, 450, 560):
        b.box(x, 505, 52, 34, "#ffffff")
    b.people([150, 810], 630, 1.15, sitting=True)


@scene
def screen(b: Brush) -> None:
    b.indoors()
    b.people([250, 400, 640], 510, 1.1, sitting=True)
    b.table(120, 480, 720)
    for x in (210, 420, 620):
        b.shape([(x, 480), (x + 12, 400), (x + 122, 400), (x + 134, 480)], "#4b5563")
        b.shape([(x + 12, 474), (x + 22, 408), (x + 112, 408), (x + 122, 474)], "#9fb8c8")
    b.person(800, 600, 1.2, busy=-0.8)


@scene
def training(b: Brush) -> None:
    b.indoors()
    b.box(360, 120, 260, 210, "#ffffff")
    for at in range(4):
        b.line([(385, 165 + at * 40), (385 + b.rng.randint(90, 200), 165 + at * 40)], CLOTHES[at], 7)
    b.person(690, 480, 1.1, busy=-0.9)
    b.people([140, 320, 500, 700, 860], 630, 1.05, sitting=True)


@scene
def bench(b: Brush) -> None:
    b.outdoors("#c9b99a")
    b.house(60, 430, 250, 170)
    b.house(640, 430, 270, 190)
    b.people([400, 500, 590], 540, 1.0, sitting=True)
    b.box(330, 500, 330, 16, WOOD)
    for x in (350, 630):
        b.box(x, 510, 12, 60, "#5b4636")
    b.person(780, 590, 1.05, busy=-0.7)


@scene
def shop(b: Brush) -> None:
    b.outdoors("#c9b99a")
    b.house(200, 500, 560, 250)
    b.box(260, 380, 170, 120, "#fdf3d0")
    b.box(560, 380, 150, 120, "#fdf3d0")
    b.shape([(250, 380), (720, 380), (740, 340), (230, 340)], b.rng.choice(CLOTHES))
    b.people([180, 480, 790], 590, 1.0)


@scene
def stage(b: Brush) -> None:
    b.indoors()
    b.bunting()
    b.box(180, 420, 600, 60, "#7a4a2b")
    b.people([300, 420, 540, 660], 424, 0.95)
    b.box(470, 240, 8, 100, "#3f4a4f")
    b.people([90, 250, 420, 600, 770, 890], 680, 1.05, sitting=True)


@scene
def garden(b: Brush) -> None:
    b.outdoors()
    for y in (470, 530, 590):
        b.box(60, y, 840, 34, "#7a5230", round_=8)
        for x in range(90, 880, 46):
            b.oval(x, y - 4, 16, b.rng.randint(12, 22), b.rng.choice(["#3f7d4e", "#86a84a", "#c8553d"]))
    b.people([200, 470, 730], 560, 0.95)
    b.tree(880, 450, 1.0)


@scene
def books(b: Brush) -> None:
    b.indoors()
    for y in (130, 230, 330):
        b.box(60, y + 78, 840, 14, WOOD)
        x = 70
        while x < 870:
            w, h = b.rng.randint(14, 30), b.rng.randint(48, 76)
            b.box(x, y + 78 - h, w, h, b.rng.choice(CLOTHES))
            x += w + 4
    b.people([260, 520, 720], 600, 1.15)


@scene
def phone(b: Brush) -> None:
    b.indoors()
    b.person(480, 540, 1.4, sitting=True, busy=0.6)
    b.table(200, 480, 560)
    b.box(290, 440, 110, 40, "#2f3437", round_=12)
    b.line([(300, 440), (345, 420), (390, 440)], "#2f3437", 14)
    b.box(580, 452, 120, 28, "#ffffff")
    b.mugs(500, 480, 1)


@scene
def workshop(b: Brush) -> None:
    b.indoors()
    for at, x in enumerate(range(110, 880, 90)):
        b.line([(x, 120), (x, 210)], CLOTHES[at % len(CLOTHES)], 10)
        b.ring(x, 110, 16, "#59636b", 7)
    b.people([210, 760], 540, 1.1)
    b.table(300, 470, 360)
    b.bicycle(480, 470, 1.15)


@scene
def kitchen(b: Brush) -> None:
    b.indoors()
    b.people([230, 430, 640, 800], 530, 1.1)
    b.box(60, 440, 840, 40, "#e8e4da")
    b.box(80, 480, 800, 150, "#8fa3a0")
    for x in (160, 400, 640):
        b.box(x, 378, 120, 64, "#59636b", round_=10)
        b.oval(x + 60, 380, 60, 14, b.rng.choice(["#e0a458", "#c8553d", "#8ac926"]))


@scene
def river(b: Brush) -> None:
    b.outdoors()
    b.shape([(0, 500), (300, 470), (640, 520), (960, 480), (960, 600), (620, 640), (280, 590), (0, 640)], "#7fb6cf")
    b.tree(120, 450, 1.1)
    b.tree(860, 440, 0.9)
    b.people([300, 470, 690], 500, 0.9)
    for x in (360, 560):
        b.oval(x, 478, 22, 28, "#6a8f3c")


@scene
def walk(b: Brush) -> None:
    b.outdoors()
    b.shape([(420, 430), (520, 430), (760, 640), (180, 640)], "#d8c3a0")
    for x, size in ((90, 1.3), (240, 0.9), (770, 0.9), (890, 1.2)):
        b.tree(x, 470, size)
    b.people([400, 470, 540], 520, 0.75)
    b.people([340, 480, 620], 610, 1.05)


@scene
def play(b: Brush) -> None:
    b.outdoors()
    b.shape([(620, 540), (760, 300), (780, 300), (700, 540)], "#c8553d")
    b.line([(770, 300), (830, 540)], "#59636b", 10)
    b.people([160, 330, 500], 570, 0.7)
    b.person(250, 610, 1.15, busy=0.8)
    for x in (420, 560):
        b.oval(x, 590, 22, 22, b.rng.choice(CLOTHES))


@scene
def roof(b: Brush) -> None:
    b.outdoors()
    b.house(180, 540, 600, 220)
    for x in (300, 400, 500):
        b.shape([(x, 305), (x + 14, 245), (x + 92, 245), (x + 82, 305)], "#27496d")
    b.people([110, 870], 600, 1.1)


@scene
def trees(b: Brush) -> None:
    b.outdoors()
    for x in (130, 360, 600, 840):
        b.box(x - 4, 470, 8, 110, "#7a5a3a")
        b.oval(x, 470, 26, 34, "#86a84a")
        b.oval(x, 584, 44, 12, "#6b4a2b")
    b.people([230, 480, 720], 600, 1.0)


@scene
def bus(b: Brush) -> None:
    b.outdoors("#9aa0a3")
    b.house(40, 430, 200, 150)
    b.box(300, 330, 480, 200, b.rng.choice(["#2d728f", "#c8553d", "#588b8b"]), round_=30)
    for x in range(330, 740, 100):
        b.box(x, 360, 80, 70, "#dff1f7", round_=8)
    for x in (400, 680):
        b.oval(x, 530, 42, 42, "#2f3437")
        b.oval(x, 530, 16, 16, "#c9ced1")
    b.people([160, 250, 850], 600, 1.05)
