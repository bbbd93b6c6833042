"""Our own fonts, unpacked for print and as they are for a file that stands alone."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from django.conf import settings
from fontTools.ttLib import woff2  # type: ignore[import-untyped]

OURS: Final = "report:/"
"""The one scheme, beside ``data:``, that a report may name."""
FONTS: Final = tuple(
    (weight, style, suffix) for weight in (400, 700) for style in ("normal", "italic") for suffix in ("-ext", "")
)
RANGES: Final = {
    "": "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, U+2191, "
    "U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
    "-ext": "U+0100-0130, U+0132-0151, U+0154-02BA, U+1E00-1E9F, U+1EF2-1EFF, U+20A0-20AB, U+20AD-20C0",
}


class FontsMissing(Exception):
    """The report's own fonts are not where the front end's build puts them."""


@cache
def fonts() -> dict[str, bytes]:
    """Return the fonts unpacked, read once in a process."""
    folder = Path(settings.BASE_DIR) / "static" / "build" / "fonts"
    found = {}
    for weight, style, suffix in FONTS:
        file = folder / f"atkinson-hyperlegible-{weight}-{style}{suffix}.woff2"
        try:
            packed = BytesIO(file.read_bytes())
        except OSError as error:
            raise FontsMissing(
                f"The report's font {file.name} is not in static/build/fonts. Build the front end (npm run build), then try again."
            ) from error
        unpacked = BytesIO()
        woff2.decompress(packed, unpacked)
        found[f"fonts/{weight}-{style}{suffix}.ttf"] = unpacked.getvalue()
    return found


def faces() -> str:
    """Return the rules that name our own fonts, for a print style sheet."""
    return "".join(
        f'@font-face{{font-family:"Report Hyperlegible";font-weight:{weight};font-style:{style};'
        f"src:url({OURS}fonts/{weight}-{style}{suffix}.ttf);unicode-range:{RANGES[suffix]}}}"
        for weight, style, suffix in FONTS
    )
