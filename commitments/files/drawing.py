"""Redraws a photograph in a process of its own: ``python -I drawing.py`` reads one and writes the two that are stored.

A process of its own, as a stranger's picture is decoded in it: it has none of the portal's secrets, is stopped when it
takes too long or wants too much memory, and no library of the web process has a say in it. WeasyPrint, for one, lets Pillow
take half a picture for a whole one in every process that imports it. So this module imports nothing of the portal.
"""

import io
import resource
import sys
from typing import Final

from PIL import Image, ImageFile, ImageOps

SCREEN_PIXELS: Final = 2400
PRINT_PIXELS: Final = 900
FORMATS: Final = ("JPEG", "PNG", "WEBP")
MAX_MEMORY_BYTES: Final = 768 * 1024**2
"""Bytes of address space. Measured: JPEG 320 MB and PNG 420 MB at 40 million pixels, WebP 390 MB at 20 million."""
CPU_SECONDS: Final = 10
EXIT_DAMAGED: Final = 3
"""The exit status for a picture that can't be read to its end."""


def draw(data: bytes) -> tuple[bytes, bytes]:
    """Return the photograph as two JPEGs, of screen size and of print size, without metadata such as the place.

    :raises Exception: the decoder's own error, for a picture that is damaged or incomplete.
    """
    if data.startswith(b"RIFF") and int.from_bytes(data[4:8], "little") + 8 > len(data):
        raise ValueError("The picture ends before its own end.")
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        scale = SCREEN_PIXELS / max(image.size)
        if scale < 1:  # a JPEG is unpacked at a half, a quarter or an eighth of its size while that is large enough
            image.draft(None, (max(1, int(image.width * scale)), max(1, int(image.height * scale))))
        picture = _upright_on_white(image)
    screen = _as_jpeg(picture)
    picture.thumbnail((PRINT_PIXELS, PRINT_PIXELS), Image.Resampling.LANCZOS)
    return screen, _as_jpeg(picture)


def _upright_on_white(image: Image.Image) -> Image.Image:
    """The picture at the size of the screen. It is made small first, so that a large one is never copied whole."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    elif image.mode in {"P", "1"}:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((SCREEN_PIXELS, SCREEN_PIXELS), Image.Resampling.LANCZOS)
    image = ImageOps.exif_transpose(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")


def _as_jpeg(picture: Image.Image) -> bytes:
    picture.info.clear()  # no EXIF, no comment, no place
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    return out.getvalue()


def main() -> int:
    """Read a picture from standard input; write the length of the first (8 bytes), the first and the second."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        screen, small = draw(sys.stdin.buffer.read())
    except Exception as fault:
        sys.stderr.write(type(fault).__name__)
        return EXIT_DAMAGED
    sys.stdout.buffer.write(len(screen).to_bytes(8) + screen + small)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
