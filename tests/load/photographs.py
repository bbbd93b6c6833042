"""Photographs as a telephone makes them: 12 million pixels, with as much in them as makes two megabytes or so."""

from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

SIZE: Final = (4000, 3000)
GRAIN: Final = 55
"""How strongly the grain of the sensor shows; it makes the file as large as those of telephones."""


def take(folder: Path, count: int, size: tuple[int, int] = SIZE) -> list[Path]:
    """Write so many different photographs into the folder and return them."""
    folder.mkdir(parents=True, exist_ok=True)
    grain = Image.effect_noise((size[0] // 2, size[1] // 2), GRAIN).resize(size).convert("RGB")
    made = []
    for number in range(count):
        picture = Image.new("RGB", size, (214 - 9 * number, 226, 60 + 14 * number))
        pen = ImageDraw.Draw(picture)
        left = size[0] * number // (2 * count)
        pen.rectangle((left, size[1] // 6, left + size[0] // 3, size[1] // 2), fill=(150, 190, 220))
        pen.rectangle((0, size[1] * 3 // 4, *size), fill=(140, 110, 80))
        file = folder / f"{number}.jpg"
        out = BytesIO()
        Image.blend(picture, grain, 0.25).save(out, "JPEG", quality=82)
        file.write_bytes(out.getvalue())
        made.append(file)
    return made
